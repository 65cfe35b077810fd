"""The one definition of a match: criteria -> trades, or groups of trades. Every page, count, file and alert asks here.

Promises: the rows are those whose every test holds (`signals.criteria`); a page is a keyset page in a total order,
those without the value that orders them last; a count is exact where that is cheap and says so where it is not.
Everything is bounded in time: what takes longer raises `TooBroad`, and nothing is shown as if it were whole.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import OperationalError, connection, transaction
from django.db.models import OuterRef, Q, QuerySet
from django.utils import timezone
from psycopg.errors import QueryCanceled

from filings.models import Insider, Issuer
from filings.ownership.submission import EASTERN
from signals.criteria import ANY_OF, AT_LEAST, AT_MOST, OVERLAPS, WITHIN, ScreenCriteria, Test
from signals.models import Citation, Trade
from signals.models.trade import FILED_QUARTER
from signals.readings.vocabulary import MARKET
from signals.selectors.compiling import (
    FIGURES,
    GROUP_KEYS,
    GROUP_ORDERS,
    ORDERS,
    condition,
    on_citations,
    on_trades,
)
from signals.selectors.hits import Listed, at_once, by_key
from signals.selectors.kept import each_until_the_archive_changes
from signals.selectors.keyset import Each, Order, Sql, Unindexed, page, parts

PAGE_MS = 2_000
COUNT_MS = 250
COUNT_MOST = 10_000
EMPTIED_MS, EMPTIED_MOST_MS = 40, 120  # of one criterion, and when no other is begun
A_QUARTER = 85  # days of filing, from which on the largest are sooner found than all of them sorted
FIRST_OF_EACH = 100_000  # rows that are read for a page of several issuers
# The orders that an index of trades has, of numbers and days.
_INDEXED = ("filed", "value", "stake", "score")


class TooBroad(Exception):
    """It would take longer to answer than anybody should wait, or the others can spare."""


@dataclass(frozen=True, slots=True)
class Group:
    """Trades of one filing, insider or issuer. `figures` has what was asked for of `compiling.FIGURES`."""

    issuer_id: str
    issuer_name: str | None
    ticker: str | None
    decision_maker: str | None
    insider_name: str | None
    accession: str | None
    figures: dict[str, Any]

    @property
    def key(self) -> str:
        return self.accession or " ".join(filter(None, (self.issuer_id, self.decision_maker)))


@dataclass(frozen=True, slots=True)
class Page:
    """`rows` are trades, or groups where the criteria group. `after` is the key of the next page, None on the last."""

    rows: Sequence[Listed] | Sequence[Group]
    after: str | None


@dataclass(frozen=True, slots=True)
class Many:
    """How many rows there are: `number`, or more than that where not `exact`."""

    number: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """`many` is None where counting took too long; `emptied`, of a first page without rows, as in `emptied_by`."""

    page: Page
    many: Many | None
    emptied: dict[str, int] | None


def today() -> date:
    """The day it is where filings are filed."""
    return timezone.now().astimezone(EASTERN).date()


@contextmanager
def within(milliseconds: int) -> Iterator[None]:
    """A transaction in which no statement may take longer; `TooBroad` if one does."""
    nested = connection.in_atomic_block
    with _too_broad_after(milliseconds), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(milliseconds)])
        yield
        if nested:  # releasing a savepoint keeps what was set
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout TO DEFAULT")


def fetched(sql: str, params: Sequence[Any], ms: int | None = None) -> list[tuple[Any, ...]]:
    """The rows of one statement, as `within` the time of a page, in one message to the server. Raises `TooBroad`."""
    ms = ms or PAGE_MS
    bounded = f"SET LOCAL statement_timeout = {ms}; {sql}; SET LOCAL statement_timeout TO DEFAULT"
    with _too_broad_after(ms), connection.cursor() as cursor:
        cursor.execute(bounded, params)
        cursor.nextset()
        return cursor.fetchall()


@contextmanager
def _too_broad_after(milliseconds: int) -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TooBroad(f"no answer within {milliseconds} ms") from error
        raise


def matching(criteria: ScreenCriteria, on: date | None = None) -> QuerySet[Trade]:
    """The trades that meet what is asked of trades, in no order; `on` is what days are counted back from."""
    on = on or today()
    return Trade.objects.filter(*on_trades(criteria.whole.tests(), on))


def grouped(
    criteria: ScreenCriteria,
    on: date | None = None,
    among: Q | None = None,
    figures: Collection[str] = FIGURES.keys(),
) -> QuerySet[Any, dict[str, Any]]:
    """The groups of those trades that meet what is asked of groups, each with these figures, in no order.

    What is asked of groups has its figures in any case.
    """
    assert criteria.group
    found = matching(criteria, on) if among is None else matching(criteria, on).filter(among)
    # One at least, and that one is cheap: without a figure the rows would be trades.
    needed = {"trades", *figures, *(test.column for test in criteria.group_tests())}
    groups = found.values(*GROUP_KEYS[criteria.group]).annotate(
        **{name: figure for name, figure in FIGURES.items() if name in needed}
    )
    return groups.filter(*(condition(test, on or today()) for test in criteria.group_tests()))


def trades(
    criteria: ScreenCriteria,
    after: str = "",
    *,
    limit: int | None = None,
    on: date | None = None,
    ms: int | None = None,
) -> Page:
    """A page of trades or groups after the row with this key; a key that is none begins at the top.

    Raises `TooBroad` where a statement takes more than `ms`, or the time of a page.
    """
    limit = limit or criteria.rows
    if criteria.group is None:
        return Page(*_listed(criteria, after, limit, on, ms))
    name, falling = criteria.order.removeprefix("-"), criteria.order.startswith("-")
    keys = GROUP_KEYS[criteria.group]
    # Many groups are sorted by one figure, and few are shown: the other figures are those few's alone.
    placed = grouped(criteria, on, figures={name})
    asked = parts(placed, GROUP_ORDERS[name], keys, falling=falling, after=after, limit=limit)
    with within(ms or PAGE_MS):
        found, key = page(asked, list, keys, limit)
        return Page(groups_of(_with_figures(criteria, found, on)), key)


def _order(criteria: ScreenCriteria, name: str) -> Order:
    """Of insiders, all trades are taken by the index of owners: few, and nobody knows how far back in any order."""
    order = ORDERS[name]
    if name in _INDEXED and any(test.column == "owners" and test.op == OVERLAPS for test in criteria.whole.tests()):
        return replace(order, expression=Unindexed(order.expression))
    return order


def _with_figures(criteria: ScreenCriteria, found: Sequence[dict[str, Any]], on: date | None) -> list[dict[str, Any]]:
    """These groups with all of their figures, in their order. One query."""
    keys = GROUP_KEYS[criteria.group or ""]
    among = Q(**{f"{name}__in": {row[name] for row in found} for name in keys})
    whole = {tuple(row[name] for name in keys): row for row in grouped(criteria, on, among)} if found else {}
    held = (whole.get(tuple(row[name] for name in keys)) for row in found)
    return [row for row in held if row is not None]  # one may be gone since the page was found


def trade_page(
    criteria: ScreenCriteria,
    after: str,
    *,
    limit: int,
    worded: Callable[[QuerySet[Any, Any]], Sql | None],
    fetch: Callable[[Sql], list[Any]],
    on: date | None = None,
) -> tuple[list[Any], str | None]:
    """A page of the trades of criteria that do not group, and its end.

    `fetch` has rows for the statements that `worded`, which is a function of a module, makes of them.
    """
    statements = _statements.__wrapped__ if after else _statements  # what many ask for again is the top of a list
    return page(statements(criteria, after, limit, on or today(), worded), fetch, _ENDS, limit)


_ENDS = ("filing_id", "number")


# To put them together takes longer than most take to answer. Of five hundred companies they are fifty kilobytes.
@lru_cache(200)
def _statements(
    criteria: ScreenCriteria, after: str, limit: int, on: date, worded: Callable[[QuerySet[Any, Any]], Sql | None]
) -> tuple[Sql, ...]:
    name, falling = criteria.order.removeprefix("-"), criteria.order.startswith("-")
    each = _each_issuer(criteria, limit) if name == "filed" else None
    each = each or _each_signal(criteria, name, on) or _each_quarter(criteria, name, on)
    rows = matching(criteria, on) if each is None or each.among is None else Trade.objects.all()
    asked = parts(rows, _order(criteria, name), _ENDS, falling=falling, after=after, limit=limit, each=each)
    return tuple(statement for part in asked if (statement := worded(part)))


def _each_issuer(criteria: ScreenCriteria, limit: int) -> Each | None:
    """Where there are several: nobody knows how far back in the list of all their trades stand.

    Of very many, the first of each would be more rows than the list of all is likely to be read through.
    """
    for test in criteria.whole.tests():
        if test.column == "issuer_id" and test.op == ANY_OF and 1 < len(test.value) <= FIRST_OF_EACH // limit:
            return Each("issuer_id", [int(cik) for cik in test.value])
    return None


def _each_signal(criteria: ScreenCriteria, order: str, on: date | None) -> Each | None:
    """Where kinds of signals are asked for, in an order that their citations have. Of parties few trades are left."""
    kinds = criteria.get("signal")
    if not kinds or order not in ("filed", "value") or {"issuer", "insider"} & set(criteria.keys):
        return None
    return Each("kind", kinds, _citations(criteria, on), "trade")


def _each_quarter(criteria: ScreenCriteria, order: str, on: date) -> Each | None:
    """Of one side of the market, the largest of a period.

    By value alone those of all years would be passed by, and by day all of the period sorted, which is sooner done of
    few days. Of many years the largest are not far from each other.
    """
    tests = criteria.whole.tests()
    columns = {test.column for test in tests}
    if order != "value" or not _of_market(tests) or not {"direction", "standing"} <= columns:
        return None
    if {"issuer_id", "owners"} & columns:  # of parties few trades are left
        return None
    first, last = _period(tests, on)
    if first is None or not A_QUARTER <= (last - first).days <= 8 * A_QUARTER:
        return None
    # What is accepted in the evening is filed on the next business day, and a clock may be behind.
    quarters = [*range(_quarter(first), _quarter(last) + (2 if last == on else 1))]
    return Each("quarter", quarters, matching(criteria, on).annotate(quarter=FILED_QUARTER))


def _period(tests: Sequence[Test], on: date) -> tuple[date | None, date]:
    """The first day of filing that is asked for, None without one, and the last, up to today."""
    asked = [test for test in tests if test.column == "filed_on"]
    since = [on - timedelta(test.value) for test in asked if test.op == WITHIN]
    since += [test.value for test in asked if test.op == AT_LEAST]
    until = [test.value for test in asked if test.op == AT_MOST]
    return max(since, default=None), min([*until, on])


def _quarter(day: date) -> int:
    """As `FILED_QUARTER` counts them."""
    return day.year * 4 + (day.month + 2) // 3


def _citations(criteria: ScreenCriteria, on: date | None) -> QuerySet[Citation]:
    """The citations of the trades that meet what is asked of trades, by signals of any kind."""
    return Citation.objects.filter(*on_citations(criteria.whole.tests(), on or today()))


def hits(criteria: ScreenCriteria, *, limit: int, on: date | None = None) -> list[Listed]:
    """The newest trades, without regard to how the criteria group and order them. Raises `TooBroad`."""
    newest = criteria.whole.without("group", "sort")
    return _listed(newest, "", limit, on)[0]


def _listed(
    criteria: ScreenCriteria, after: str, limit: int, on: date | None, ms: int | None = None
) -> tuple[list[Listed], str | None]:
    def fetch(asked: Sql) -> list[Listed]:
        return [*map(Listed._make, fetched(*asked, ms))]

    return trade_page(
        criteria, after, limit=limit, worded=by_key if _told_by_index(criteria) else at_once, fetch=fetch, on=on
    )


def _told_by_index(criteria: ScreenCriteria) -> bool:
    """Whether an index may tell alone which trades are shown, or many be sorted: then no others are to be read whole.

    The indexes of trades on the market have what screens ask. Otherwise, in the order of the newest, each row that is
    looked at is read from the table anyway.
    """
    return (
        _of_market(criteria.tests())
        or criteria.order.removeprefix("-") != "filed"
        or bool({"insider", "signal"} & set(criteria.keys))
    )


def _of_market(tests: Sequence[Test]) -> bool:
    return any(test.column == "kind" and set(test.value) <= set(MARKET) for test in tests)


def groups_of(found: Sequence[dict[str, Any]]) -> list[Group]:
    """These rows as groups with the names of their parties, which no sooner are looked up than it is clear whose are
    shown. Two queries at most."""
    issuers = Issuer.objects.in_bulk({row["issuer_id"] for row in found})
    insiders = Insider.objects.in_bulk({row["decision_maker"] for row in found if "decision_maker" in row})
    groups = []
    for row in found:
        issuer, insider = issuers.get(row["issuer_id"]), insiders.get(row.get("decision_maker", ""))
        groups.append(
            Group(
                issuer_id=row["issuer_id"],
                issuer_name=issuer.name if issuer else None,
                ticker=issuer.ticker if issuer else None,
                decision_maker=row.get("decision_maker"),
                insider_name=insider.name if insider else None,
                accession=row.get("filing_id"),
                figures={name: row[name] for name in FIGURES},
            )
        )
    return groups


def grouped_hits(criteria: ScreenCriteria, among: Q, trade: Trade) -> list[Group]:
    """The group that this trade belongs to, if it meets the criteria; looked for `among` these trades alone."""
    own = Q(**{name: getattr(trade, name) for name in GROUP_KEYS[criteria.group or ""]})
    return groups_of(list(grouped(criteria, among=among & own)))


def _rows(criteria: ScreenCriteria, most: int, on: date | None = None) -> QuerySet[Any, Any]:
    """At most so many of what would be rows of the list, for counting."""
    if criteria.group:
        return grouped(criteria, on, figures=())[:most]
    if kinds := criteria.get("signal"):
        cited = _citations(criteria, on).values("trade")
        first, *others = (cited.filter(kind=kind)[:most] for kind in kinds)
        return first.union(*others)[:most] if others else first  # of which each trade is one
    return matching(criteria, on).values("pk")[:most]


def count(criteria: ScreenCriteria, *, on: date | None = None, most: int = COUNT_MOST, ms: int = COUNT_MS) -> Many:
    """How many rows there are, up to `most`. Raises `TooBroad` where it takes longer than that.

    The time is set and given back in the same message to the server.
    """
    sql, params = _rows(criteria, most + 1, on).query.get_compiler(connection=connection).as_sql()
    with _too_broad_after(ms), connection.cursor() as cursor:
        cursor.execute(
            f"SET LOCAL statement_timeout = {ms}; SELECT count(*) FROM ({sql}) AS counted;"
            " SET LOCAL statement_timeout TO DEFAULT",
            params,
        )
        cursor.nextset()
        (number,) = cursor.fetchone()
    return Many(min(number, most), number <= most)


def answer(criteria: ScreenCriteria, after: str = "") -> Answer:
    """A page with its count; of an empty first page, what emptied it. Raises `TooBroad`."""
    page, emptied = trades(criteria, after), None
    if not page.rows and not after:
        emptied = emptied_by(criteria.asked, today())
    whole = page.after is None and not after  # there is no more than what is shown
    return Answer(page, Many(len(page.rows), True) if whole else _many(criteria.asked, today()), emptied)


def _is_bound(many: Many | None) -> bool:
    """Which it remains while rows are added."""
    return many is None or not many.exact


# Screens that are opened at one time are few, and five hundred companies and as many people are sixty kilobytes.
@each_until_the_archive_changes(300, longer=_is_bound)
def _many(criteria: ScreenCriteria, on: date) -> Many | None:
    """As `count`, None where it takes too long."""
    try:
        return count(criteria, on=on)
    except TooBroad:
        return None


@each_until_the_archive_changes(100, longer=lambda emptied: emptied is None)
def emptied_by(criteria: ScreenCriteria, on: date) -> dict[str, int] | None:
    """Of a screen without rows: by criterion, how many rows (up to a hundred) there were if it alone were not asked.

    Empty where several criteria would each have emptied it. A criterion is left out where looking takes long, as it
    does where there are next to none without it either; None where that leaves nothing to say.
    """
    found: dict[str, int] = {}
    passed_over = False
    ends_at = time.monotonic() + EMPTIED_MOST_MS / 1e3
    for key in criteria.keys:
        if key == "group":
            continue
        try:
            number = (
                count(criteria.without(key), on=on, most=100, ms=EMPTIED_MS) if time.monotonic() < ends_at else None
            )
        except TooBroad:
            number = None
        if number is None:
            passed_over = True
        elif number.number:
            found[key] = number.number
    return None if passed_over and not found else found


def with_signals(found: QuerySet[Trade]) -> QuerySet[Trade]:
    """The trades with the kinds of the signals that cite them, as `signals`: all that a test may ask."""
    cited = Citation.objects.filter(trade=OuterRef("pk")).order_by("kind")
    return found.annotate(signals=ArraySubquery(cited.values("kind")))
