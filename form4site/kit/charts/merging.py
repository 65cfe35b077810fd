"""Trades that are too many to draw one by one, as fewer marks: one for each lane, kind, side and plan in a period.

Promises: no trade is lost, the value of a mark is the sum of the values that are known, and the sentence says how many
it stands for and how many of them had no value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from .trade import BOUGHT, MECHANICS, PLAN_WORDS, PLANNED, SOLD, UNKNOWN, Trade
from .words import NOT_REPORTED, day, month_name, month_of, plural, short, span

if TYPE_CHECKING:
    from .trades import TradesChart

Place = tuple[date, str, str, str, bool]  # what makes one mark: start of the period, lane, kind, plan, side

PERIODS = ("trade", "week", "month", "quarter", "year", "whole time")
_NOUNS = {
    BOUGHT: ("purchase", "purchases"),
    SOLD: ("sale", "sales"),
    MECHANICS: ("mechanical line", "mechanical lines"),
    UNKNOWN: ("trade", "trades"),
}


@dataclass(slots=True)
class Group:
    """What one mark stands for: one trade, or those of one lane, kind, side and plan in one period."""

    on: date
    first: date
    last: date
    kind: str
    plan: str
    lane: str
    up: bool
    value: float | None
    count: int
    unvalued: int
    sentence: str
    href: str


def total_words(chosen: Sequence[Trade]) -> str:
    """ "$1.2M in 14 trades (2 without a value)", or "" where there is none."""
    known = [float(trade.value) for trade in chosen if trade.value is not None]
    count, unvalued = sum([trade.count for trade in chosen]), sum([trade.unvalued for trade in chosen])
    if not chosen:
        return ""
    if not known:
        return f"{plural(count, 'trade')}, value {NOT_REPORTED}"
    missing = f" ({unvalued} without a value)" if unvalued else ""
    return f"{short(sum(known), money=True)} in {plural(count, 'trade')}{missing}"


class Merges:
    """The trades of a chart by period, each period worked out once for both drawings."""

    def __init__(self, chart: TradesChart) -> None:
        self.chart = chart
        self._groups: dict[str, list[Group]] = {}
        self._together: dict[str, dict[Place, list[Trade]]] = {}

    def by(self, period: str, most: int | None = None) -> list[Group] | None:
        """In order of time; None where that makes more than `most`. By "trade", each stands alone."""
        chart = self.chart
        if period == "trade":
            if (most is not None and len(chart.trades) > most) or any(trade.count > 1 for trade in chart.trades):
                return None
        elif most is not None and len(self._by_place(period)) > most:
            return None
        if period not in self._groups:
            self._groups[period] = (
                [_alone(chart, trade) for trade in chart.in_order]
                if period == "trade"
                else [_group(chart, trades, start, period) for (start, *_), trades in self._by_place(period).items()]
            )
        return self._groups[period]

    def _by_place(self, period: str) -> dict[Place, list[Trade]]:
        """The trades of each mark, in order of time. What is longer than a month is put together from months."""
        found = self._together.get(period)
        if found is None:
            found = self._together[period] = {}
            for place, trades in self._months_or_trades(period):
                found.setdefault(place, []).extend(trades)
        return found

    def _months_or_trades(self, period: str) -> Iterator[tuple[Place, Sequence[Trade]]]:
        if period in ("week", "month"):
            starts = {on: _start(on, period) for on in {trade.on for trade in self.chart.trades}}
            named = bool(self.chart.lanes)
            for trade in self.chart.in_order:
                lane = trade.lane if named else ""
                yield (starts[trade.on], lane, trade.kind, trade.plan, trade.up), (trade,)
        else:
            for (month, *rest), trades in self._by_place("month").items():
                yield (_start(month, period), *rest), trades


def _start(on: date, period: str) -> date:
    if period == "week":
        return date.fromordinal(max(1, on.toordinal() - on.weekday()))
    if period == "month":
        return on.replace(day=1)
    if period == "quarter":
        return on.replace(month=(on.month - 1) // 3 * 3 + 1, day=1)
    if period == "year":
        return on.replace(month=1, day=1)
    return date.min


def _alone(chart: TradesChart, trade: Trade) -> Group:
    value = None if trade.value is None else float(trade.value)
    sentence, href = trade.sentence, trade.href
    if not sentence:
        worth = f"value {NOT_REPORTED}" if value is None else short(value, money=True)
        sentence = f"{trade.lane + ', ' if trade.lane else ''}{day(trade.on)}: {_counted(trade, 1)}, {worth}"
    if not href and chart.merged_href:
        href = chart.merged_href(trade.on, trade.on)
    return Group(
        trade.on, trade.on, trade.on, trade.kind, trade.plan, trade.lane if chart.lanes else "", trade.up, value, 1,
        int(value is None), sentence, href,
    )  # fmt: skip


def _group(chart: TradesChart, trades: list[Trade], start: date, period: str) -> Group:
    """Several trades as one mark, in the middle of their days."""
    first, last, one = trades[0].on, trades[-1].on, trades[0]
    count, unvalued = sum([trade.count for trade in trades]), sum([trade.unvalued for trade in trades])
    if count == 1:
        return _alone(chart, one)
    known = [float(trade.value) for trade in trades if trade.value is not None]
    value = sum(known) if known else None
    if chart.merged_href:
        href = chart.merged_href(first, last)
    else:
        href = max(trades, key=lambda trade: -1.0 if trade.value is None else float(trade.value)).href
    days = sum([trade.on.toordinal() for trade in trades])
    return Group(
        date.fromordinal(round(days / len(trades))), first, last, one.kind, one.plan,
        one.lane if chart.lanes else "", one.up, value, count, unvalued,
        _merged_sentence(one, count, value, unvalued, _when(start, period, first, last), bool(chart.lanes)), href,
    )  # fmt: skip


def _counted(one: Trade, count: int) -> str:
    return plural(count, *_NOUNS[one.kind]) + (f" {PLAN_WORDS[one.plan]}" if one.plan == PLANNED else "")


def _when(start: date, period: str, first: date, last: date) -> str:
    if period == "week":
        return f"Week of {day(start)}"
    if period == "month":
        return month_of(start)
    if period == "quarter":
        return f"{month_name(start, long=True)} to {month_of(start.replace(month=start.month + 2))}"
    return str(start.year) if period == "year" else span(first, last)


def _merged_sentence(one: Trade, count: int, value: float | None, unvalued: int, when: str, named: bool) -> str:
    what = _counted(one, count)
    worth = f"value {NOT_REPORTED}" if value is None else f"{short(value, money=True)} together"
    missing = f", {unvalued} without a value in dollars" if unvalued and value is not None else ""
    return f"{one.lane + ', ' if named else ''}{when}: {what}, {worth}{missing}"
