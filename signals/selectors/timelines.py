"""What happened along time: the trades of an issuer, or of an insider, as marks, months, lanes and sums.

Promises: bought and sold are counted trades, so no event stands twice, however often it was filed; mechanics are there
only when they are asked for; a trade without a value has none, never zero; every mark and every sum leads to its rows.
One message to PostgreSQL: sums, marks, signals. Where trades are many it adds up those of a day first, in another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, cached_property
from typing import Any, NamedTuple

import orjson

from filings.models.fields import dashed
from form4site.kit.charts import (
    BOUGHT,
    MECHANICS,
    OUTSIDE_PLAN,
    PLAN_UNKNOWN,
    PLANNED,
    SOLD,
    Chart,
    Episode,
    Month,
    MonthlyBars,
    TradesChart,
)
from form4site.kit.charts import Price as Mark
from form4site.kit.charts import Trade as Traded
from form4site.kit.charts.words import day
from form4site.kit.statements import Question, Rows, Statement, asked, in_words, selected
from signals.addresses import filing_address
from signals.choice import ADJUSTED, ALL, LATE, Choice
from signals.choice import BOUGHT as ONLY_BOUGHT
from signals.choice import SOLD as ONLY_SOLD
from signals.readings.explain.words import money, number
from signals.readings.kind_words import KIND_WORDS
from signals.readings.splits import Splits
from signals.readings.vocabulary import MARKET
from signals.selectors.parties import IssuerPage
from signals.selectors.positions import Company
from signals.selectors.prices import PriceBook
from signals.selectors.signal_feed import BACKGROUND

# More trades than this are added up by day before they are drawn; the drawing merges them further by itself.
ONE_BY_ONE = 400
LANES = 12
SHOWN_ROWS = 30  # of the tables behind the charts; the list of trades has them all
NEWEST_SIGNALS = 8
LEFT = 170.0  # of all charts of a timeline, so that their days stand above one another
_UNDER_PLAN = ("plan", "plan_filing")
_BOUGHT, _SOLD = ("buy", "planned_buy"), ("sell", "planned_sell")


@dataclass(frozen=True, slots=True)
class Side:
    """Counted trades of one side. `value` None: none of them has one. `unvalued` of them have none."""

    trades: int = 0
    value: Decimal | None = None
    unvalued: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class KindRow:
    """What one kind comes to in one direction."""

    kind: str
    words: str
    direction: str | None
    trades: int
    counted: int
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Punctuality:
    """Of the standing trades whose deadline can be judged: how many were reported on time, and how many late."""

    on_time: int = 0
    late: int = 0
    not_judged: int = 0

    @property
    def judged(self) -> int:
        return self.on_time + self.late

    @property
    def share(self) -> float | None:
        return self.on_time / self.judged if self.judged else None


@dataclass(frozen=True)
class Timeline:
    """Everything between two days. `signals` are the newest, `all_signals` those of these years too."""

    choice: Choice
    since: date
    until: date
    charts: Sequence[Chart]
    bought: Side
    sold: Side
    kinds: Sequence[KindRow]
    punctuality: Punctuality
    signals: Sequence[ToldSignal] = ()
    all_signals: Sequence[ToldSignal] = ()
    book: PriceBook = field(default_factory=PriceBook)
    price_words: Sequence[str] = ()

    @cached_property
    def bought_rows(self) -> str:
        return self._rows(BOUGHT)

    @cached_property
    def sold_rows(self) -> str:
        return self._rows(SOLD)

    @cached_property
    def late_rows(self) -> str:
        return self._rows(LATE)

    def _rows(self, side: str) -> str:
        return self.choice.rows(side, self.since, self.until)


class ToldSignal(NamedTuple):
    """What a party's page shows of a `Signal`, by its names; `evidence` of inferred plans alone."""

    key: str
    kind: str
    tags: Sequence[str]
    known_at: datetime
    provisional: bool
    settles_on: date | None
    strength: int
    sentence: str
    window_from: date | None
    window_to: date | None
    issuer_id: str
    issuer: Company
    insiders: Sequence[Mapping[str, Any]]
    evidence: Mapping[str, Any] | None


class Party(NamedTuple):
    """Whose trades are asked for: the conditions of theirs and of their signals, in SQL on the number `party`.

    `lane` is the column of trades that tells one lane from another.
    """

    trades: str
    signals: str
    lane: str


OF_ISSUER = Party("issuer_id = %(party)s", "s.issuer_id = %(party)s", "decision_maker")
_INSIDER = f"ARRAY[{selected('party')}]"
OF_INSIDER = Party(f"owners @> {_INSIDER}", f"s.insider_ciks @> {_INSIDER}", "issuer_id")


@dataclass(frozen=True, slots=True)
class Scope:
    """What the lanes are called, by the number that tells them apart, and the prices behind the trades."""

    names: Mapping[str, str]
    lane_title: str
    book: PriceBook | None = None


def issuer_scope(page: IssuerPage, book: PriceBook) -> Scope:
    """A lane for each insider who decides for themselves."""
    return Scope(
        names=names_told_apart(
            {seat.owner.insider_id: seat.owner.name or seat.owner.insider_id for seat in page.seats}
        ),
        lane_title="Each insider",
        book=book,
    )


def names_told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """Two of one name are told apart by their numbers."""
    often = Counter(names.values())
    return {cik: f"{name}, CIK {cik}" if often[name] > 1 else name for cik, name in names.items()}


def timeline(scope: Scope, choice: Choice, happened: Happened) -> Timeline:
    """The trades of the years that were asked for."""
    since, until, sums, signals = happened[:4]
    cells = _cells(scope, happened)
    newest = sorted(signals, key=lambda one: (-one.known_at.timestamp(), one.key))
    book = scope.book or PriceBook()
    return Timeline(
        choice=choice,
        since=since,
        until=until,
        charts=_charts(scope, choice, cells, sums, signals, book, since, until),
        bought=_side(sums, _BOUGHT, "acquired"),
        sold=_side(sums, _SOLD, "disposed"),
        kinds=_kind_rows(sums),
        punctuality=_punctuality(sums),
        signals=[one for one in newest if one.kind not in BACKGROUND][:NEWEST_SIGNALS],
        all_signals=newest,
        book=book,
        price_words=_price_words(book, choice) if scope.book else (),
    )


# --- from the tables ------------------------------------------------------------------------------------------------


class Sum(NamedTuple):
    """The trades of one kind, direction and standing in a month: how many, of what value, how punctual."""

    month: date
    kind: str
    direction: str | None
    counted: bool
    standing: bool
    trades: int
    value: Decimal | None
    unvalued: int
    planned: Decimal | None
    on_time: int
    late: int


class Happened(NamedTuple):
    """What is kept of a party's trades between two days: their `marks` are rows, one by one or added up by day."""

    since: date
    until: date
    sums: Sequence[Sum]
    signals: Sequence[ToldSignal]
    one_by_one: bool
    marks: Rows


@asked
def happened_to(party: int, by: Party, choice: Choice, until: date) -> Question[Happened]:
    """The trades of the years up to `until`."""
    since = years_before(until, choice.years)
    given = {"party": party, "since": since, "until": until, "kinds": list(_kinds(choice))}
    *asked_first, added_up = _statements(by, choice.kinds)
    sums, marks, signals = yield [Statement(sql, given) for sql in asked_first]
    one_by_one = len(marks) <= ONE_BY_ONE
    if not one_by_one:
        (marks,) = yield [Statement(added_up, given)]
    return Happened(since, until, [Sum(*row) for row in sums], list(map(_signal, signals)), one_by_one, marks)


@cache
def _statements(by: Party, kinds: str) -> tuple[str, str, str, str]:
    """Those of the sums, of the marks one by one, of the signals, and of the marks by day."""
    wanted = _wanted(kinds)
    return (
        _SUMS.format(by=by), _EACH.format(by=by, wanted=wanted), _SIGNALS.format(by=by),
        _BY_DAY.format(by=by, wanted=wanted),
    )  # fmt: skip


# What is the same for all stands in the text: a plan that is made once for all then costs no more than one of its own.
# Written out, as the ORM takes longer to put them together for each page than PostgreSQL to answer them.
_WITHIN = "{by.trades} AND traded_on BETWEEN %(since)s AND %(until)s"
_SUMS = f"""
SELECT traded_on - extract(day FROM traded_on)::int + 1, kind, direction, counted, standing, count(*), sum(value),
       count(*) - count(value), sum(value) FILTER (WHERE plan_status IN ({in_words(_UNDER_PLAN)})),
       count(*) FILTER (WHERE timeliness = 'on_time'), count(*) FILTER (WHERE timeliness = 'late')
  FROM signals_trade WHERE {_WITHIN}
 GROUP BY 1, kind, direction, counted, standing
"""


def _wanted(kinds: str) -> str:
    """The condition of the trades that the marks show."""
    if kinds == ALL:
        return "(counted OR standing AND NOT kind = ANY(%(kinds)s))"
    return "counted AND kind = ANY(%(kinds)s)" if kinds in (ONLY_BOUGHT, ONLY_SOLD) else "counted"


def _kinds(choice: Choice) -> tuple[str, ...]:
    return {ONLY_BOUGHT: _BOUGHT, ONLY_SOLD: _SOLD}.get(choice.kinds, MARKET)


_EACH = f"""
SELECT traded_on, {{by.lane}}, kind, direction, plan_status, value, filing_id, shares
  FROM signals_trade WHERE {_WITHIN} AND {{wanted}}
 ORDER BY traded_on, filing_id, number LIMIT {ONE_BY_ONE + 1}
"""
# Added up exactly, then rounded as a drawing needs it.
_BY_DAY = f"""
SELECT traded_on, {{by.lane}}, kind, direction, plan_status, sum(value)::float8, count(*), count(*) - count(value)
  FROM signals_trade WHERE {_WITHIN} AND {{wanted}}
 GROUP BY 1, 2, 3, 4, 5
 ORDER BY 1, 2, 3, 4, 5
"""


def _cells(scope: Scope, happened: Happened) -> list[Traded]:
    """The marks: each trade with its sentence, or the trades of one day, kind, plan and lane as one."""
    names = {int(cik): name for cik, name in scope.names.items()}
    cells = []
    for on, lane, kind, direction, plan, value, *rest in happened.marks:
        name = names.get(lane) or f"{lane:010}"
        sentence, href, trades, unvalued = "", "", 1, -1
        if happened.one_by_one:
            filing, shares = rest
            sentence = mark_words(name, kind, direction, shares, value, on)
            href = filing_address(dashed(filing))
        else:
            trades, unvalued = rest
        cells.append(
            Traded(
                on, mark_kind(kind), value, sentence, href, mark_plan(plan), name, direction == "acquired", trades,
                unvalued,
            )
        )  # fmt: skip
    return cells


def mark_words(
    who: str, kind: str, direction: str | None, shares: Decimal | None, value: Decimal | None, on: date
) -> str:
    """A mark in a few words; its filing has the whole sentence."""
    what = KIND_WORDS[kind].lower()
    amount = f" {number(shares)} shares" if shares is not None and kind in MARKET else ""
    if kind not in MARKET and shares is not None:
        amount = f", {number(shares)} {'acquired' if direction == 'acquired' else 'disposed of'}"
    worth = f" for {money(value)}" if value is not None else ""
    plan = ""
    if kind.startswith("planned_"):
        what, plan = what.removesuffix(" under a plan"), ", under a plan"
    return f"{who}: {what}{amount}{worth} on {day(on)}{plan}"


def _rows_of(choice: Choice) -> Callable[[date, date], str]:
    """The rows behind marks of some days, of the side that the marks are of."""
    return choice.rows_of(choice.kinds if choice.kinds in (ONLY_BOUGHT, ONLY_SOLD) else "")


def mark_kind(kind: str) -> str:
    return BOUGHT if kind in _BOUGHT else SOLD if kind in _SOLD else MECHANICS


def mark_plan(status: str) -> str:
    return PLANNED if status in _UNDER_PLAN else OUTSIDE_PLAN if status == "not_plan" else PLAN_UNKNOWN


# The clusters of these years, for their bands, inferred plans, and the newest of any kind: found among the party's own
# first, as PostgreSQL takes the newest eight for quick to find by their index, among those of everybody.
_SIGNALS = f"""
WITH own AS MATERIALIZED (
    SELECT s.id, s.key, s.kind, s.known_at, s.window_from, s.window_to FROM signals_signal s WHERE {{by.signals}}
)
SELECT s.key, s.kind, s.tags, s.known_at, s.provisional, s.settles_on, s.strength, s.sentence, s.window_from,
       s.window_to, s.issuer_id, (SELECT ARRAY[name, ticker] FROM filings_issuer WHERE cik = s.issuer_id),
       s.insiders::text, CASE WHEN s.kind = 'inferred_plan' THEN s.evidence::text END
  FROM signals_signal s
 WHERE s.id = ANY (ARRAY(
    SELECT id FROM own
     WHERE starts_with(kind, 'cluster_') AND window_to >= %(since)s AND window_from <= %(until)s
        OR kind = 'inferred_plan' AND window_to >= %(since)s
     UNION
    (SELECT id FROM own WHERE NOT kind IN ({in_words(BACKGROUND)}) ORDER BY known_at DESC, key LIMIT {NEWEST_SIGNALS})
 ))
 ORDER BY s.window_from, s.key
"""


def _signal(row: tuple[Any, ...]) -> ToldSignal:
    *told, issuer, called, insiders, evidence = row
    return ToldSignal._make((
        *told, f"{issuer:010}", Company(f"{issuer:010}", *called), orjson.loads(insiders),
        evidence and orjson.loads(evidence),
    ))  # fmt: skip


# --- into charts and sums -------------------------------------------------------------------------------------------


def _charts(
    scope: Scope, choice: Choice, cells: list[Traded], sums: Sequence[Sum], signals: Iterable[ToldSignal],
    book: PriceBook, since: date, until: date,
) -> list[Chart]:  # fmt: skip
    href = _rows_of(choice)
    bands = tuple(
        Episode(one.window_from, one.window_to, one.sentence.rstrip("."))
        for one in signals
        if one.kind.startswith("cluster_") and one.window_from and one.window_to and one.window_to >= since
    )
    tape = tuple([Mark(on, _scaled(book, on, price, until, choice)) for on, price in book.tape(None)])
    lanes = lanes_of(cells)
    shown = set(lanes[:LANES])
    left_out = len(lanes) - len(shown)
    charts: list[Chart] = [
        TradesChart(
            ident="trades", trades=tuple(cells), title="Trades",
            unit="each mark’s area is the value in US dollars; counted once, whoever reported them", prices=tape,
            price_title=_price_title(book, choice), episodes=bands, since=since, until=until, merged_href=href,
            left=LEFT, more_href=choice.rows("", since, until), shown_rows=SHOWN_ROWS,
        ),
        _months(choice, sums, since, until),
    ]  # fmt: skip
    if len(lanes) > 1:  # one lane would say again what stands above
        charts.append(
            TradesChart(
                ident="lanes", trades=tuple(cell for cell in cells if cell.lane in shown), title=scope.lane_title,
                unit="last to act first" + (f"; {left_out} who acted longer ago are left out" if left_out else ""),
                lanes=tuple(lanes[:LANES]), since=since, until=until, merged_href=href, left=LEFT,
                more_href=choice.rows("", since, until), shown_rows=SHOWN_ROWS,
            )
        )  # fmt: skip
    return charts


def lanes_of(cells: Iterable[Traded]) -> list[str]:
    """The lanes, that with the latest trade first; ties by name."""
    last: dict[str, date] = {}
    for cell in cells:
        last[cell.lane] = max(cell.on, last.get(cell.lane, cell.on))
    return sorted(last, key=lambda lane: (-last[lane].toordinal(), lane))


def _months(choice: Choice, sums: Iterable[Sum], since: date, until: date) -> MonthlyBars:
    """Counted trades alone, whatever kinds the marks show."""
    found: dict[date, dict[str, Any]] = {}
    for row in sums:
        if not row.counted:
            continue
        sums_of = found.setdefault(row.month, {})
        side = "bought" if row.kind in _BOUGHT else "sold"
        known = row.value
        if known is not None:
            sums_of[side] = (sums_of.get(side) or Decimal(0)) + known
            sums_of[f"{side}_planned"] = sums_of.get(f"{side}_planned", Decimal(0)) + (row.planned or Decimal(0))
        else:
            sums_of.setdefault(side, None)  # traded, for nobody knows how many dollars: neither a value nor none
    href = choice.rows_of()
    for edge in (since.replace(day=1), until.replace(day=1)):
        found.setdefault(edge, {})
    months = tuple(
        Month(
            on=month,
            bought=values.get("bought", Decimal(0)),
            sold=values.get("sold", Decimal(0)),
            bought_planned=values.get("bought_planned", Decimal(0)),
            sold_planned=values.get("sold_planned", Decimal(0)),
            href=href(month, _month_end(month)) if values else None,
        )
        for month, values in sorted(found.items())
    )
    return MonthlyBars(ident="months", months=months, unit="US dollars, of counted trades", left=LEFT)


def _month_end(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _side(sums: Iterable[Sum], kinds: tuple[str, ...], direction: str) -> Side:
    counted = [row for row in sums if row.counted and row.kind in kinds]
    known = [row.value for row in counted if row.value is not None]
    return Side(
        trades=sum(row.trades for row in counted),
        value=sum(known, Decimal(0)) if known else None,
        unvalued=sum(row.unvalued for row in counted),
        left_out=sum(row.trades for row in sums if not row.counted and row.direction == direction),
    )


def _kind_rows(sums: Iterable[Sum]) -> list[KindRow]:
    """Standing trades by kind and direction, in the order of the kinds."""
    found: dict[tuple[str, str | None], list[Sum]] = {}
    for row in sums:
        if row.standing:
            found.setdefault((row.kind, row.direction), []).append(row)
    rows = []
    for kind, direction in sorted(found, key=lambda key: (list(KIND_WORDS).index(key[0]), key[1] or "")):
        of = found[kind, direction]
        known = [row.value for row in of if row.value is not None and row.counted]
        rows.append(
            KindRow(
                kind, KIND_WORDS[kind], direction, sum(row.trades for row in of),
                sum(row.trades for row in of if row.counted), sum(known, Decimal(0)) if known else None,
            )
        )  # fmt: skip
    return rows


def _punctuality(sums: Iterable[Sum]) -> Punctuality:
    standing = [row for row in sums if row.standing]
    on_time, late = sum(row.on_time for row in standing), sum(row.late for row in standing)
    return Punctuality(on_time, late, sum(row.trades for row in standing) - on_time - late)


def _scaled(book: PriceBook, on: date, price: Decimal, until: date, choice: Choice) -> Decimal:
    return book.splits.price(price, on, until) if choice.prices == ADJUSTED else price


def _price_title(book: PriceBook, choice: Choice) -> str:
    source = "Closes" if book.closes.get(book.main or "") else "Prices that insiders filed"
    scale = "adjusted for splits" if choice.prices == ADJUSTED and book.splits else "as filed"
    return f"{source}, $ a share, {scale}"


def _price_words(book: PriceBook, choice: Choice) -> list[str]:
    """What the line of prices is made of, and what it lacks."""
    days, closes = len(book.tape(None)), len(book.closes.get(book.main or "", ()))
    words = []
    if not days:
        words.append("No price of these years is known here: no purchase, sale or withholding with a price was filed.")
    elif not closes:
        words.append(
            f"The line has {days} {'day' if days == 1 else 'days'} on which an insider filed a price of "
            f"{book.main}; what it cost on other days is not known here."
        )
    if days and len(book.filed) > 1:
        words.append(f"Prices are those of {book.main}; other classes are left out of the line.")
    return [*words, *split_words({"this company": book.splits}, choice)]


def split_words(known: Mapping[str, Splits], choice: Choice) -> list[str]:
    """What the scale of figures rests on: each company's splits with day and ratio, or that none is known."""
    words = []
    for who, splits in known.items():
        if not splits and choice.prices == ADJUSTED:
            words.append(f"No split of {who} is known here, so prices and stakes are as they were filed.")
        elif splits:
            told = ", ".join(split.words for split in splits.all)
            source = " Inferred from strikes that its filings show; no list names it."
            words.append(
                ("Adjusted for" if choice.prices == ADJUSTED else "As filed, not adjusted for")
                + f" the split{'' if len(splits.all) == 1 else 's'} of {who}: {told}."
                + (source if any(split.inferred for split in splits.all) else "")
            )
    return words


def years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
