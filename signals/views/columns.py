"""The columns of a screen: what stands in each, as a figure for a file and in words for a page. One table for both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from django.urls import reverse

from form4site.kit.markup import cell, dated, link
from form4site.kit.markup import words as escaped
from signals import criteria_words as words
from signals.addresses import filing_address, insider_address, issuer_address
from signals.criteria import ScreenCriteria
from signals.readings.explain.words import number, percent, price
from signals.selectors.hits import Listed
from signals.selectors.matching import Group, Page
from signals.templatetags.facts import dollars, thousands

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
NOT_REPORTED = '<span class="quiet" title="not reported">–</span>'


class Row(NamedTuple):
    """`href` is the filing, or the screen of a group's own trades; `cells` are markup."""

    href: str
    cells: str
    sentence: str | None


class Head(NamedTuple):
    """How a column is headed: `href` is the list in its order, `sorted` the way in which it is so already."""

    label: str
    numeric: bool
    href: str
    sorted: str | None


@dataclass(frozen=True, slots=True)
class Column:
    """`value` is what a file has, `inside` what a cell of the page has, as markup."""

    value: Callable[[Any], Any]
    inside: Callable[[Any], str]
    numeric: bool = False


def _column(value: Callable[[Any], Any], say: Callable[[Any], str], numeric: bool = False) -> Column:
    """A column that says nothing but its value; `say` makes markup of it."""

    def inside(row: Any) -> str:
        found = value(row)
        return NOT_REPORTED if found is None else say(found)

    return Column(value, inside, numeric)


def _figure(name: str) -> Callable[[Group], Any]:
    return lambda group: group.figures[name]


def _roles(trade: Listed) -> str | None:
    return ", ".join(words.ROLES[slug] for slug in trade.roles) or None


# The same companies and people stand in one list after another.
@lru_cache(4096)
def _company(cik: str, name: str | None, ticker: str | None) -> str:
    return NOT_REPORTED if name is None else link(issuer_address(cik), escaped(name)) + _quiet(ticker)


@lru_cache(4096)
def _insider(cik: str, name: str, owners: int) -> str:
    others = f"with {owners - 1} more" if owners > 1 else None
    return link(insider_address(cik), escaped(name)) + _quiet(others)


def _insider_of_group(group: Group) -> str:
    if group.insider_name is None:
        return NOT_REPORTED
    return (
        _insider(group.decision_maker, group.insider_name, 1) if group.decision_maker else escaped(group.insider_name)
    )


@lru_cache
def deed(kind: str) -> str:
    """What kind of trade it is, behind its mark."""
    mark, tone = MARKS.get(kind, MECHANICS)
    told = escaped(words.KINDS[kind].capitalize())
    return f'<span class="deed deed--{tone}"><span aria-hidden="true">{mark}</span> {told}</span>'


def _price(trade: Listed) -> str:
    if trade.price is None:
        return NOT_REPORTED
    if trade.value is None:
        return number(trade.price) + _quiet("not in dollars, or not to be relied on")
    told = price(trade.price)
    # An average price has more digits than anybody paid; below a dollar they count.
    few = len(told.partition(".")[2]) <= 4 or trade.price < 1
    return told if few else price(round(trade.price, 2))


def _value(trade: Listed) -> str:
    if trade.value is None:
        return NOT_REPORTED
    unpriced = trade.unpriced_lines
    return dollars(trade.value) + (_quiet(f"{unpriced} lines without a price") if unpriced else "")


def _total(group: Group) -> str:
    total, unvalued = group.figures["total"], group.figures["unvalued"]
    if total is None:
        return NOT_REPORTED
    return dollars(total) + (_quiet(f"{unvalued} without a value") if unvalued else "")


def _quiet(said: str | None) -> str:
    return f' <span class="quiet">{escaped(said)}</span>' if said else ""


def _signed(value: Decimal) -> str:
    return f"{'−' if value < 0 else '+' if value > 0 else ''}{percent(abs(value))}"


COLUMNS: dict[str, Column] = {
    "filed": _column(attrgetter("filed_on"), dated),
    "traded": _column(attrgetter("traded_on"), dated),
    "issuer": Column(
        attrgetter("issuer_name"), lambda trade: _company(trade.issuer_id, trade.issuer_name, trade.ticker)
    ),
    "insider": Column(
        attrgetter("insider_name"), lambda trade: _insider(trade.insider_id, trade.insider_name, trade.owners)
    ),
    "role": _column(_roles, escaped),
    "what": _column(attrgetter("kind"), deed),
    "code": _column(attrgetter("code"), escaped),
    "class": _column(attrgetter("security_class"), escaped),
    "shares": _column(attrgetter("shares"), number, numeric=True),
    "price": Column(attrgetter("price"), _price, numeric=True),
    "value": Column(attrgetter("value"), _value, numeric=True),
    "stake_after": _column(attrgetter("stake_after"), number, numeric=True),
    "stake": _column(attrgetter("stake_change_pct"), _signed, numeric=True),
    "plan": _column(attrgetter("plan_status"), PLANS.__getitem__),
    "ownership": _column(
        attrgetter("ownership"), lambda kind: {"D": "direct", "I": "indirect"}.get(kind) or escaped(kind)
    ),
    "table": _column(attrgetter("table"), escaped),
    "delay": _column(attrgetter("delay_days"), lambda days: f"{days} day{'' if days == 1 else 's'}", True),
    "late": _column(attrgetter("timeliness"), TIMELINESS.__getitem__),
    "score": _column(attrgetter("score"), str, numeric=True),
    "sic": _column(attrgetter("sic"), lambda sic: f"SIC {sic:04}"),
    "form": _column(attrgetter("form"), escaped),
}
GROUP_COLUMNS: dict[str, Column] = {
    "filed": _column(_figure("filed"), dated),
    "traded": _column(_figure("traded"), dated),
    "issuer": Column(
        attrgetter("issuer_name"), lambda group: _company(group.issuer_id, group.issuer_name, group.ticker)
    ),
    "insider": Column(attrgetter("insider_name"), _insider_of_group),
    **{name: _column(_figure(name), thousands, True) for name in ("trades", "filings", "insiders", "officers")},
    "total": Column(_figure("total"), _total, True),
    "total_stake": _column(_figure("total_stake"), _signed, True),
}


def columns(criteria: ScreenCriteria) -> dict[str, Column]:
    """Those that the criteria show, in their order."""
    table = GROUP_COLUMNS if criteria.group else COLUMNS
    return {name: table[name] for name in criteria.columns}


def labels(criteria: ScreenCriteria) -> dict[str, str]:
    """How the columns are headed."""
    return words.GROUP_COLUMNS if criteria.group else words.COLUMNS


def rows(criteria: ScreenCriteria, page: Page) -> list[Row]:
    """The page's rows as cells."""
    called = labels(criteria)
    shown = [
        (cell(called[name], "", number=column.numeric).removesuffix("</td>"), column.inside)
        for name, column in columns(criteria).items()
    ]
    whole = criteria.whole.without("group", "sort", "columns", "rows") if criteria.group else criteria
    made = []
    for row in page.rows:
        cells = "".join([f"{opening}{inside(row)}</td>" for opening, inside in shown])
        if isinstance(row, Group):
            made.append(Row(_group_address(whole, row), cells, None))
        else:
            made.append(Row(f"{filing_address(row.filing_id)}#{row.anchor}", cells, row.sentence))
    return made


def _group_address(whole: ScreenCriteria, group: Group) -> str:
    if group.accession:
        return filing_address(group.accession)
    own = whole.having(issuer=group.issuer_id, **({"insider": group.decision_maker} if group.decision_maker else {}))
    return f"{reverse('signals:screen')}?{own.query}"
