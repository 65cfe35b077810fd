"""Trades over time, as marks, and the numbers behind them. The layout is `swarm`.

Promises: the area of a mark is its value; its shape is its kind; under a plan it is hollow, and dotted where the plan
or the value is not known. More marks than can be told apart merge by week, or by the next longer period that is enough,
and the caption says so. A trade without a value is None, drawn smallest and said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from . import swarm
from .drawing import SHOWN_ROWS, WIDE, Cell, Chart, Column, Drawing, Row, Size, Table
from .merging import Group, Merges, total_words
from .scales import day_domain, nice_domain
from .shapes import runs_of
from .trade import BOUGHT, PLAN_WORDS, SHAPES, SIGNS, SOLD, WORDS, Episode, Price, Trade
from .words import NOT_REPORTED, plural, span


@dataclass(frozen=True)
class TradesChart(Chart):
    """`lanes` names the swimlanes from the top, or is empty for one shared line.

    `prices` further apart than `price_gap` days are not joined. `merged_href` makes the link of a merged mark from
    its first and last day; without it the mark leads to its largest trade. `since` and `until` widen the axis, and
    `left` the room to the left of it in the wide drawing, so that charts that stand together share their days.
    """

    ident: str
    trades: tuple[Trade, ...]
    title: str = "Trades"
    unit: str = "each mark’s area is the value in US dollars"
    lanes: tuple[str, ...] = ()
    prices: tuple[Price, ...] = ()
    price_title: str = "Filed prices, $ a share"
    price_gap: int = 45
    episodes: tuple[Episode, ...] = ()
    since: date | None = None
    until: date | None = None
    merged_href: Callable[[date, date], str] | None = None
    left: float = 0.0
    shown_rows: int = SHOWN_ROWS
    more_href: str | None = None

    def __post_init__(self) -> None:
        Chart.__post_init__(self)
        strangers = sorted({trade.lane for trade in self.trades} - set(self.lanes)) if self.lanes else []
        if strangers:
            raise ValueError(f"these lanes have trades but are not among the chart's lanes: {', '.join(strangers)}")

    @property
    def is_empty(self) -> bool:
        return not self.trades

    @property
    def empty_words(self) -> str:
        return "No trades of these kinds in these years."

    @cached_property
    def summary(self) -> str:  # said of both drawings, worked out once
        count = sum(trade.count for trade in self.trades)
        parts = [f"{plural(count, 'trade')}, {span(self.in_order[0].on, self.in_order[-1].on)}."]
        parts += [f"{WORDS[kind]}: {total}." for kind in SHAPES if (total := self.totals[kind])]
        return " ".join(parts)

    @cached_property
    def in_order(self) -> tuple[Trade, ...]:
        return tuple(sorted(self.trades, key=lambda trade: trade.on))

    @cached_property
    def totals(self) -> dict[str, str]:
        """What the trades of each kind come to, in words."""
        by_kind: dict[str, list[Trade]] = {kind: [] for kind in SHAPES}
        for trade in self.trades:
            by_kind[trade.kind].append(trade)
        return {kind: total_words(trades) for kind, trades in by_kind.items()}

    @cached_property
    def price_range(self) -> tuple[float, float]:
        """The lowest and the highest price, widened to what an axis can show."""
        return nice_domain([price for _, prices in self.price_runs for price in prices], from_zero=False)

    @cached_property
    def price_runs(self) -> list[tuple[list[int], list[float]]]:
        """The days (as ordinals) and prices that a line joins, broken where a price is unknown or long in coming."""
        days: list[tuple[int, float | None]] = []
        for on, price in sorted(self.prices, key=lambda price: price.on):
            ordinal = on.toordinal()
            if days and ordinal - days[-1][0] > self.price_gap:
                days.append((ordinal, None))
            days.append((ordinal, None if price is None else float(price)))
        return runs_of(days)

    @cached_property
    def days(self) -> tuple[date, date]:
        """The first day of the axis and the last."""
        days = [trade.on for trade in self.trades] + [price.on for price in self.prices]
        return day_domain([*days, *(on for on in (self.since, self.until) if on)])

    @cached_property
    def merges(self) -> Merges:
        return Merges(self)

    @property
    def notes(self) -> tuple[str, ...]:
        notes = [f"Shaded: {episode.words}." for episode in self.episodes[:3]]
        if len(self.episodes) > 3:
            notes.append(f"{len(self.episodes) - 3} more stretches are shaded; point at one for its words.")
        unvalued = sum(trade.unvalued for trade in self.trades)
        if unvalued:
            notes.append(f"{plural(unvalued, 'trade')} without a value in dollars: smallest mark, dotted, in no total.")
        if self.prices:
            notes.append(f"The price line breaks where {self.price_gap} days pass without a price.")
        return tuple(notes)

    @property
    def columns(self) -> tuple[Column, ...]:
        who = (Column("Who"),) if self.lanes else ()
        return (Column("Date"), *who, Column("What"), Column("Value", True), Column("In words"))

    def rows(self) -> tuple[Row, ...]:
        """One row for each mark of the wide drawing, newest first: each trade, or each period where they merged."""
        return self._rows(None)

    def _rows(self, most: int | None) -> tuple[Row, ...]:
        groups = sorted(
            self.arrangement(WIDE).groups, key=lambda group: (-group.on.toordinal(), group.lane, group.kind, group.plan)
        )
        return tuple([_row(group, bool(self.lanes)) for group in groups[:most]])

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        count = len(self.arrangement(WIDE).groups)
        first = Table(self.title, self.columns, self._rows(self.shown_rows), count)
        if not self.prices:
            return (first,)
        newest = sorted(self.prices, key=lambda price: price.on, reverse=True)[: self.shown_rows]
        prices = tuple((Cell.of_day(price.on), Cell.of_number(price.price, money=True)) for price in newest)
        return (first, Table(self.price_title, (Column("Date"), Column("Price", True)), prices, len(self.prices)))

    @cached_property
    def _arrangements(self) -> dict[str, swarm.Arranged]:
        return {}

    def arrangement(self, size: Size) -> swarm.Arranged:
        """Which marks this size draws, worked out once: the drawing and the table ask for the same."""
        if size.form not in self._arrangements:
            self._arrangements[size.form] = swarm.arranged(self, size)
        return self._arrangements[size.form]

    def layout(self, size: Size) -> Drawing:
        return swarm.layout(self, size)


def _row(group: Group, named: bool) -> Row:
    plan = PLAN_WORDS[group.plan] if group.kind in (BOUGHT, SOLD) else ""
    what = f"{SIGNS[group.kind]} {WORDS[group.kind]}{', ' + plan if plan else ''}"
    value = Cell(NOT_REPORTED if group.value is None else f"${group.value:,.0f}", number=True)
    who = (Cell(group.lane),) if named else ()
    return (
        Cell(span(group.first, group.last), on=group.first),
        *who,
        Cell(what),
        value,
        Cell(group.sentence, href=group.href),
    )
