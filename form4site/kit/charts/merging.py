"""Trades that are too many to draw one by one, as fewer marks: one for each lane, kind, side and plan in a period.

Promises: no trade is lost, the value of a mark is the sum of the values that are known, and the sentence says how many
it stands for and how many of them had no value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from .trade import BOUGHT, MECHANICS, PLAN_WORDS, PLANNED, SOLD, UNKNOWN, Trade
from .words import NOT_REPORTED, day, month_name, month_of, plural, short, span

if TYPE_CHECKING:
    from .trades import TradesChart

Key = tuple[str, str, str, bool]  # lane, kind, plan, side

Places = dict[tuple[date, Key], list[Trade]]  # by the start of the period and the key: what makes one mark

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
        self._longer_places: dict[str, Places] = {}

    def by(self, period: str, most: int | None = None) -> list[Group] | None:
        """In order of time; None where that makes more than `most`. By "trade", each stands alone."""
        if period not in self._groups:
            groups = self._alone(most) if period == "trade" else self._merged(period, most)
            if groups is None:
                return None
            self._groups[period] = groups
        groups = self._groups[period]
        return groups if most is None or len(groups) <= most else None

    def _alone(self, most: int | None) -> list[Group] | None:
        trades = self.chart.in_order
        if (most is not None and len(trades) > most) or any(trade.count > 1 for trade in trades):
            return None
        return [_alone(self.chart, trade) for trade in trades]

    def _merged(self, period: str, most: int | None) -> list[Group] | None:
        places = self._placed(period, most) if period == "week" else self._longer(period)
        if places is None or (most is not None and len(places) > most):
            return None
        return [_group(self.chart, trades, start, period) for (start, _), trades in places.items()]

    @cached_property
    def _keys(self) -> list[Key]:
        """What keeps each trade, in order, from merging with another of its period."""
        named = bool(self.chart.lanes)
        return [(trade.lane if named else "", trade.kind, trade.plan, trade.up) for trade in self.chart.in_order]

    def _longer(self, period: str) -> Places:
        """Of months, and what is longer put together from the next shorter."""
        if period not in self._longer_places:
            if period == "month":
                found = self._placed(period) or {}
            else:
                found = {}
                for (start, key), trades in self._longer(PERIODS[PERIODS.index(period) - 1]).items():
                    found.setdefault((_start(start, period), key), []).extend(trades)
            self._longer_places[period] = found
        return self._longer_places[period]

    def _placed(self, period: str, most: int | None = None) -> Places | None:
        """The trades of each mark; None as soon as there are more than `most` marks."""
        found: Places = {}
        for trade, key in zip(self.chart.in_order, self._keys, strict=True):
            place = (_start(trade.on, period), key)
            if place in found:
                found[place].append(trade)
            elif len(found) == most:
                return None
            else:
                found[place] = [trade]
        return found


@lru_cache(maxsize=8192)  # the days of a few years come again and again
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
