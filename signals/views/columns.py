"""The columns of a screen: what stands in each, as a figure for a file and in words for a page. One table for both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.urls import reverse

from signals import criteria_words as words
from signals.addresses import filing_address, insider_address, issuer_address
from signals.criteria import ScreenCriteria
from signals.readings.explain.words import number, percent, price
from signals.selectors.hits import Hit, Listed
from signals.selectors.matching import Group, Page
from signals.templatetags.facts import dollars

TIMELINESS = {
    "on_time": "in time",
    "late": "late",
    "extension_possible": "may be excused",
    "not_judged": "not judged",
    "self_declared_late": "late, by its own word",
    "unknown": "not known",
}
PLANS = {"plan": "plan", "plan_filing": "plan box", "not_plan": "no plan", "unknown": "not stated"}
MARKS = {
    "buy": ("▲", "bought"),
    "planned_buy": ("△", "bought"),
    "sell": ("▼", "sold"),
    "planned_sell": ("▽", "sold"),
}
MECHANICS = ("◇", "mechanics")


class Cell(NamedTuple):
    """`words` is None where nothing was reported; `title` says more, `mark` and `tone` what kind of trade it is."""

    label: str
    words: str | None
    numeric: bool = False
    on: date | None = None
    href: str | None = None
    title: str | None = None
    mark: str | None = None
    tone: str = ""


class Row(NamedTuple):
    """`href` is the filing, or the screen of a group's own trades."""

    href: str
    cells: list[Cell]
    sentence: str | None


@dataclass(frozen=True, slots=True)
class Column:
    """`value` is what a file has; `say` puts it in words."""

    value: Callable[[Any], Any]
    say: Callable[[Any], str] = str
    numeric: bool = False


@lru_cache(4096)
def _day(value: date) -> str:
    return f"{value.day} {value:%b %Y}"


def _signed(value: Decimal) -> str:
    return f"{'−' if value < 0 else '+' if value > 0 else ''}{percent(abs(value))}"


def _roles(hit: Hit[Listed]) -> str | None:
    return ", ".join(words.ROLES[slug] for slug in hit.trade.roles) or None


COLUMNS: dict[str, Column] = {
    "filed": Column(lambda hit: hit.trade.filed_on, _day),
    "traded": Column(lambda hit: hit.trade.traded_on, _day),
    "issuer": Column(lambda hit: hit.trade.issuer.name),
    "insider": Column(lambda hit: hit.insider.name),
    "role": Column(_roles),
    "what": Column(lambda hit: hit.trade.kind, lambda kind: words.KINDS[kind].capitalize()),
    "code": Column(lambda hit: hit.trade.code),
    "class": Column(lambda hit: hit.trade.security_class),
    "shares": Column(lambda hit: hit.trade.shares, number, numeric=True),
    "price": Column(lambda hit: hit.trade.price, lambda value: price(_cents(value)), numeric=True),
    "value": Column(lambda hit: hit.trade.value, dollars, numeric=True),
    "stake_after": Column(lambda hit: hit.trade.stake_after, number, numeric=True),
    "stake": Column(lambda hit: hit.trade.stake_change_pct, _signed, numeric=True),
    "plan": Column(lambda hit: hit.trade.plan_status, PLANS.__getitem__),
    "ownership": Column(lambda hit: hit.trade.ownership, lambda kind: {"D": "direct", "I": "indirect"}.get(kind, kind)),
    "table": Column(lambda hit: hit.trade.table),
    "delay": Column(lambda hit: hit.trade.delay_days, lambda days: f"{days} day{'' if days == 1 else 's'}", True),
    "late": Column(lambda hit: hit.trade.timeliness, TIMELINESS.__getitem__),
    "score": Column(lambda hit: hit.trade.score, numeric=True),
    "sic": Column(lambda hit: hit.trade.sic, lambda sic: f"SIC {sic:04}"),
    "form": Column(lambda hit: hit.trade.form),
}
GROUP_COLUMNS: dict[str, Column] = {
    "filed": Column(lambda group: group.figures["filed"], _day),
    "traded": Column(lambda group: group.figures["traded"], _day),
    "issuer": Column(lambda group: group.issuer_name),
    "insider": Column(lambda group: group.insider_name),
    "trades": Column(lambda group: group.figures["trades"], lambda n: f"{n:,}", True),
    "filings": Column(lambda group: group.figures["filings"], lambda n: f"{n:,}", True),
    "insiders": Column(lambda group: group.figures["insiders"], lambda n: f"{n:,}", True),
    "officers": Column(lambda group: group.figures["officers"], lambda n: f"{n:,}", True),
    "total": Column(lambda group: group.figures["total"], dollars, True),
    "total_stake": Column(lambda group: group.figures["total_stake"], _signed, True),
}


def _cents(value: Decimal) -> Decimal:
    """An average price has more digits than anybody paid; below a dollar they count."""
    return value if value < 1 or value == round(value, 4) else round(value, 2)


def columns(criteria: ScreenCriteria) -> dict[str, Column]:
    """Those that the criteria show, in their order."""
    table = GROUP_COLUMNS if criteria.group else COLUMNS
    return {name: table[name] for name in criteria.columns}


def labels(criteria: ScreenCriteria) -> dict[str, str]:
    """How the columns are headed."""
    return words.GROUP_COLUMNS if criteria.group else words.COLUMNS


def rows(criteria: ScreenCriteria, page: Page) -> list[Row]:
    """The page's rows as cells."""
    shown = columns(criteria)
    if criteria.group:
        return [_group_row(criteria, group, shown) for group in page.rows if isinstance(group, Group)]
    return [_row(hit, shown) for hit in page.rows if isinstance(hit, Hit)]


def _row(hit: Hit[Listed], shown: dict[str, Column]) -> Row:
    trade = hit.trade
    href = f"{filing_address(trade.filing_id)}#{hit.anchor}"
    cells = []
    called = words.COLUMNS
    for name, column in shown.items():
        value = column.value(hit)
        said = None if value is None else column.say(value)
        more: dict[str, Any] = {}
        if name == "issuer":
            more = {"href": issuer_address(trade.issuer_id), "title": trade.issuer.ticker}
        elif name == "insider":
            others = len(hit.owners) - 1
            more = {"href": insider_address(hit.insider.cik), "title": f"with {others} more" if others else None}
        elif name == "what":
            mark, tone = MARKS.get(trade.kind, MECHANICS)
            more = {"mark": mark, "tone": tone}
        elif name == "price" and trade.value is None and value is not None:
            said, more = number(value), {"title": "not in dollars, or not to be relied on"}
        elif name == "value" and trade.unpriced_lines and said:
            more = {"title": f"{trade.unpriced_lines} lines without a price"}
        elif isinstance(value, date):
            more = {"on": value}
        cells.append(Cell(called[name], said, column.numeric, **more))
    return Row(href, cells, trade.detail.sentence)


def _group_row(criteria: ScreenCriteria, group: Group, shown: dict[str, Column]) -> Row:
    whole = criteria.whole.without("group", "sort", "columns", "rows")
    if group.accession:
        href = filing_address(group.accession)
    else:
        own = whole.having(
            issuer=group.issuer_id, **({"insider": group.decision_maker} if group.decision_maker else {})
        )
        href = f"{reverse('signals:screen')}?{own.query}"
    cells = []
    called = words.GROUP_COLUMNS
    for name, column in shown.items():
        value = column.value(group)
        said = None if value is None else column.say(value)
        more: dict[str, Any] = {}
        if name == "issuer":
            more = {"href": issuer_address(group.issuer_id), "title": group.ticker}
        elif name == "insider" and group.decision_maker:
            more = {"href": insider_address(group.decision_maker)}
        elif name == "total" and (without := group.figures["unvalued"]):
            more = {"title": f"{without} without a value"}
        elif isinstance(value, date):
            more = {"on": value}
        cells.append(Cell(called[name], said, column.numeric, **more))
    return Row(href, cells, None)
