"""Everything that is stored of one issuer's readings: a `FilingReading` for each filing, with its trades and lines.

Promises: a pure function of the filings given, whatever their order; nothing here looks at a clock. Each trade has its
sentence, its timeliness and its place among the purchases of its decision-maker; each transaction line has its trade.
Refuses: to leave a transaction line out, however odd.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from filings.ownership.document import Line
from signals.readings.explain import headline, trade_sentence
from signals.readings.history import FiledForm, History, RowRef
from signals.readings.outline import Beside
from signals.readings.prices import Prices
from signals.readings.score import Place, Score, scores
from signals.readings.timeliness import Timeliness, judge
from signals.readings.trade import Trade
from signals.readings.trades import EXACT, IssuerReading, issuer_reading

# Raised whenever the same facts may give another reading, so that what was read before is read again.
READER_VERSION = 4

# Why a value that could be computed is none to use.
QUALITIES = ("bad_price", "bad_value", "home_market")


@dataclass(frozen=True, slots=True)
class TradeReading:
    """A trade with what other readings add. `number` counts from 1 within its filing, in the order of its rows.

    `delay_days` runs from the trade to its filing, None where the date is missing or cannot be.
    """

    number: int
    trade: Trade
    form: FiledForm
    timeliness: Timeliness
    decision_maker: str
    delay_days: int | None
    first_purchase: bool
    score: Score | None

    @property
    def sentence(self) -> str:
        return trade_sentence(self.trade, self.form)


@dataclass(frozen=True, slots=True)
class LineReading:
    """A transaction line and the number of its trade. `value` is dollars; `quality` one of `QUALITIES` or None."""

    line: Line
    trade: int
    price: Decimal | None
    value: Decimal | None
    plan_status: str
    quality: str | None
    superseded_by: str | None
    withdrawn_by: str | None
    repeats: str | None


@dataclass(frozen=True, slots=True)
class FilingReading:
    """`superseded` are the rows of this filing, holdings too, that later ones restate, each with the one that does."""

    form: FiledForm
    headline: str
    amends: str | None
    superseded: tuple[tuple[RowRef, str], ...]
    trades: tuple[TradeReading, ...]
    lines: tuple[LineReading, ...]


def filing_readings(forms: History | Iterable[FiledForm]) -> tuple[FilingReading, ...]:
    """The readings of all filings of one issuer, in the order of knowledge."""
    return readings_of(issuer_reading(forms))


def readings_of(reading: IssuerReading, beside: Beside | None = None) -> tuple[FilingReading, ...]:
    """The same from what was worked out before; of some insiders where others stand `beside` them."""
    prices = Prices.of(reading, beside=beside.prices if beside else None)
    return _Work(reading, scores(reading, prices, beside.sales if beside else ())).all()


def reading_of(reading: IssuerReading, accession: str) -> FilingReading:
    """The same of one filing, without its lines, and without scores: they rest on the trades of everybody there."""
    return _Work(reading, {}).filing(reading.history.form(accession), lines=False)


class _Work:
    def __init__(self, reading: IssuerReading, scores: Mapping[Place, Score]) -> None:
        self.reading = reading
        self.scores = scores
        self.trades: dict[str, list[Trade]] = {}
        for trade in reading.trades:
            self.trades.setdefault(trade.accession, []).append(trade)
        self.lines: dict[str, dict[RowRef, Line]] = {}
        self.superseded: dict[str, list[tuple[RowRef, str]]] = {}
        for row, by in sorted(reading.amendments.superseded.items()):
            self.superseded.setdefault(row.accession, []).append((row, by))
        self.first = self._first_purchases()

    @cached_property
    def of_row(self) -> Mapping[RowRef, Trade]:
        return {ref: trade for trade in self.reading.trades for ref in trade.refs()}

    def all(self) -> tuple[FilingReading, ...]:
        return tuple(self.filing(form) for form in self.reading.history)

    def filing(self, form: FiledForm, *, lines: bool = True) -> FilingReading:
        amendment = self.reading.amendments.by_accession.get(form.accession)
        trades = sorted(self.trades.get(form.accession, ()), key=lambda trade: trade.lines)
        read = tuple(self._trade(number, trade, form) for number, trade in enumerate(trades, start=1))
        return FilingReading(
            form=form,
            headline=headline(form, trades, self.reading),
            amends=amendment.original if amendment else None,
            superseded=tuple(self.superseded.get(form.accession, ())),
            trades=read,
            lines=tuple(self._lines(form, read)) if lines else (),
        )

    def _lines(self, form: FiledForm, read: Iterable[TradeReading]) -> Iterator[LineReading]:
        number_of = {ref: item.number for item in read for ref in item.trade.refs()}
        for line in form.lines:
            if line.kind == "transaction":
                yield self._line(form, line, number_of[form.ref(line)])

    def _trade(self, number: int, trade: Trade, form: FiledForm) -> TradeReading:
        possible = trade.traded_on is not None and not any(item.reason == "bad_date" for item in trade.exclusions)
        return TradeReading(
            number=number,
            trade=trade,
            form=form,
            timeliness=self._timeliness(trade, form),
            decision_maker=self._maker(trade),
            delay_days=(form.filed_on - trade.traded_on).days if possible and trade.traded_on else None,
            first_purchase=(trade.accession, trade.lines) in self.first,
            score=self.scores.get((trade.accession, trade.lines)),
        )

    def _line(self, form: FiledForm, line: Line, number: int) -> LineReading:
        ref = form.ref(line)
        trade = self.of_row[ref]
        price = line.price
        if price is None and trade.price_from_note and (line.table, line.row) == trade.lines[0]:
            price = trade.price
        value = EXACT.multiply(line.shares, price) if line.shares is not None and price is not None else None
        reasons = {item.reason for item in trade.exclusions}
        quality = next((name for name in QUALITIES if name in reasons), None)
        taken = self.reading.amendments.withdrawn.get(ref)
        repeated = self.reading.duplicates.get(ref)
        return LineReading(
            line=line,
            trade=number,
            price=price,
            value=value if trade.value is not None and quality is None else None,
            plan_status=trade.plan.status if trade.plan else "unknown",
            quality=quality,
            superseded_by=self.reading.amendments.superseded.get(ref),
            withdrawn_by=taken.by if taken else None,
            repeats=repeated.of.accession if repeated else None,
        )

    def _maker(self, trade: Trade) -> str:
        return min(self.reading.decision_makers[cik] for cik in trade.owners)

    def _timeliness(self, trade: Trade, form: FiledForm) -> Timeliness:
        """The verdict on the trade's first row; a row that an amendment corrects keeps that of its first version."""
        ref = trade.refs()[0]
        planned = trade.plan is not None and trade.plan.planned
        if not form.is_amendment:
            return judge(form, self._row(form, ref), planned=planned)
        root = self.reading.amendments.first_version(ref)
        if root == ref:
            found = self.reading.amendments.by_accession[form.accession].original_found
            return judge(form, self._row(form, ref), planned=planned, addition=found)
        first = self.reading.history.form(root.accession)
        if first.is_amendment:
            return judge(form, self._row(form, ref), planned=planned)
        earlier = self.of_row[root].plan
        original = judge(first, self._row(first, root), planned=earlier is not None and earlier.planned)
        return judge(form, self._row(form, ref), planned=planned, original=original)

    def _row(self, form: FiledForm, ref: RowRef) -> Line:
        lines = self.lines.get(form.accession)
        if lines is None:
            lines = self.lines[form.accession] = {form.ref(line): line for line in form.lines}
        return lines[ref]

    def _first_purchases(self) -> set[tuple[str, tuple[tuple[str, int], ...]]]:
        """The first counted purchase of each decision-maker: by its day, then by what became known first."""
        first: dict[str, tuple[date, int, Trade]] = {}
        for place, trade in enumerate(self.reading.trades):
            if trade.counted and trade.kind in ("buy", "planned_buy") and trade.traded_on:
                maker = self._maker(trade)
                if maker not in first or (trade.traded_on, place) < first[maker][:2]:
                    first[maker] = (trade.traded_on, place, trade)
        return {(trade.accession, trade.lines) for _, _, trade in first.values()}
