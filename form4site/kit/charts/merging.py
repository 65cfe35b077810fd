"""Trades that are too many to draw one by one, as fewer marks: one for each lane, kind, side and plan in a period.

Promises: no trade is lost, the value of a mark is the sum of the values that are known, and the sentence says how many
it stands for and how many of them had no value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from .trade import BOUGHT, MECHANICS, PLAN_WORDS, PLANNED, SOLD, UNKNOWN, Trade
from .words import NOT_REPORTED, day, plural, short, span

if TYPE_CHECKING:
    from .trades import TradesChart

Key = tuple[str, str, str, bool]  # lane, kind, plan, side

PERIODS = ("trade", "week", "month", "quarter", "year", "whole time")
_NOUNS = {
    BOUGHT: ("purchase", "purchases"),
    SOLD: ("sale", "sales"),
    MECHANICS: ("mechanical line", "mechanical lines"),
    UNKNOWN: ("trade", "trades"),
}


@dataclass(frozen=True, slots=True)
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


def total_words(trades: Sequence[Trade], kind: str) -> str:
    """ "$1.2M in 14 trades (2 without a value)", or "" where there is none of the kind."""
    chosen = [trade for trade in trades if trade.kind == kind]
    known = [float(trade.value) for trade in chosen if trade.value is not None]
    count, unvalued = sum(trade.count for trade in chosen), sum(trade.unvalued for trade in chosen)
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
        self._found: dict[str, list[Group]] = {}
        self._more_than: dict[str, int] = {}

    @cached_property
    def keys(self) -> list[tuple[date, Key]]:
        """The day of each trade, in order, and what keeps it from merging with another of its period."""
        named = bool(self.chart.lanes)
        return [
            (trade.on, (trade.lane if named else "", trade.kind, trade.plan, trade.up)) for trade in self.chart.in_order
        ]

    def by(self, period: str, most: int | None = None) -> list[Group] | None:
        """In order of time; None where that makes more than `most`. By "trade", each stands alone."""
        if most is not None and self._more_than.get(period, -1) >= most:
            return None
        if period not in self._found:
            groups = _merged(self, period, most)
            if groups is None:
                assert most is not None
                self._more_than[period] = most
                return None
            self._found[period] = groups
        groups = self._found[period]
        return groups if most is None or len(groups) <= most else None


def _merged(merges: Merges, period: str, most: int | None) -> list[Group] | None:
    chart = merges.chart
    if period == "trade":
        if (most is not None and len(chart.trades) > most) or any(trade.count > 1 for trade in chart.trades):
            return None
        return [_alone(chart, trade) for trade in chart.in_order]
    first = chart.in_order[0].on if chart.in_order else date.min
    starts = {on: _start(on, period, first) for on in {on for on, _ in merges.keys}}
    places = [(starts[on], key) for on, key in merges.keys]
    if most is not None and len(set(places)) > most:
        return None
    together: dict[tuple[date, Key], list[Trade]] = {}
    for place, trade in zip(places, chart.in_order, strict=True):
        together.setdefault(place, []).append(trade)
    return [_group(chart, trades, start, period) for (start, _), trades in together.items()]


def _start(on: date, period: str, first: date) -> date:
    if period == "week":
        return date.fromordinal(max(1, on.toordinal() - on.weekday()))
    if period == "month":
        return on.replace(day=1)
    if period == "quarter":
        return on.replace(month=(on.month - 1) // 3 * 3 + 1, day=1)
    if period == "year":
        return on.replace(month=1, day=1)
    return first


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
    count, unvalued = sum(trade.count for trade in trades), sum(trade.unvalued for trade in trades)
    if count == 1:
        return _alone(chart, one)
    known = [float(trade.value) for trade in trades if trade.value is not None]
    value = sum(known) if known else None
    if chart.merged_href:
        href = chart.merged_href(first, last)
    else:
        href = max(trades, key=lambda trade: -1.0 if trade.value is None else float(trade.value)).href
    days = [trade.on.toordinal() for trade in trades]
    return Group(
        date.fromordinal(round(sum(days) / len(days))), first, last, one.kind, one.plan,
        one.lane if chart.lanes else "", one.up, value, count, unvalued,
        _merged_sentence(trades, count, value, unvalued, start, period, bool(chart.lanes)), href,
    )  # fmt: skip


def _counted(one: Trade, count: int) -> str:
    return plural(count, *_NOUNS[one.kind]) + (f" {PLAN_WORDS[one.plan]}" if one.plan == PLANNED else "")


def _merged_sentence(
    trades: list[Trade], count: int, value: float | None, unvalued: int, start: date, period: str, named: bool
) -> str:
    one = trades[0]
    when = {
        "week": f"Week of {day(start)}",
        "month": f"{start:%B %Y}",
        "quarter": f"{start:%B} to {(start.replace(day=28) + timedelta(days=62)):%B %Y}",
        "year": str(start.year),
    }.get(period, span(one.on, trades[-1].on))
    what = _counted(one, count)
    worth = f"value {NOT_REPORTED}" if value is None else f"{short(value, money=True)} together"
    missing = f", {unvalued} without a value in dollars" if unvalued and value is not None else ""
    return f"{one.lane + ', ' if named else ''}{when}: {what}, {worth}{missing}"
