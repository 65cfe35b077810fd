"""Round ticks: 1, 2 or 5 times a power of ten for numbers; days, Mondays, months, quarters and years for time.

Promises: every tick lies within the domain, and no two labels touch by their estimated widths. Where a finer step would
crowd, the next coarser one is taken, never a crowded axis.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from .scales import LinearScale, TimeScale
from .words import month_name, short, width

LABEL_GAP = 10.0


class Tick(NamedTuple):
    at: float
    label: str


class DayTick(NamedTuple):
    at: float
    on: date
    label: str


def nice_step(extent: float, count: int) -> float:
    """The smallest of 1, 2, 5 × 10ⁿ that needs at most `count` steps over `extent`."""
    mantissa, exponent = _nice(extent, count)
    return mantissa * 10.0**exponent


def nice_ticks(low: float, high: float, count: int) -> tuple[float, ...]:
    """Multiples of one nice step within `low`..`high`, at most `count` + 1 of them."""
    mantissa, exponent = _nice(high - low, count)
    unit = mantissa * 10.0**exponent
    first, last = math.ceil(low / unit - 1e-9), math.floor(high / unit + 1e-9)
    return tuple(_multiple(index * mantissa, exponent) for index in range(first, last + 1))


def widened(low: float, high: float, count: int) -> tuple[float, float]:
    """The domain let out to the nice steps around it."""
    mantissa, exponent = _nice(high - low, count)
    unit = mantissa * 10.0**exponent
    first, last = math.floor(low / unit + 1e-12), math.ceil(high / unit - 1e-12)
    return _multiple(first * mantissa, exponent), _multiple(last * mantissa, exponent)


def value_ticks(scale: LinearScale, count: int, *, money: bool) -> tuple[Tick, ...]:
    return tuple([Tick(scale.at(value), label) for value, label in _values(scale.low, scale.high, count, money)])


@lru_cache(maxsize=1024)  # a chart is drawn in two sizes, and axes end at round numbers
def _values(low: float, high: float, count: int, money: bool) -> tuple[tuple[float, str], ...]:
    """The nice values of an axis, with their labels."""
    values = nice_ticks(low, high, count)
    step = nice_step(high - low, count)
    largest = max((abs(value) for value in values), default=0.0)
    return tuple((value, short(value, money=money, step=step, largest=largest)) for value in values)


def time_ticks(scale: TimeScale, size: float, *, left: float, right: float) -> tuple[DayTick, ...]:
    """The finest ticks whose labels stand apart, inside `left`..`right`. At least one, where any day is round."""
    for step in _STEPS:
        if (scale.last - scale.first).days / step.days * size > right - left:  # no label is narrower than it is high
            continue
        for dated in (True, False) if step.unit == "month" else (True,):
            ticks = _labelled(scale, step, dated=dated)
            if ticks and _stand_apart(ticks, size, left, right):
                return ticks
    on = scale.first
    return (DayTick(scale.at(on), on, f"{on.day} {month_name(on)} {on.year}"),)


def label_place(at: float, label: str, size: float, left: float, right: float) -> float:
    """The middle of a label, moved inwards where it would stick out."""
    half = width(label, size) / 2
    return max(left + half, min(right - half, at))


@dataclass(frozen=True, slots=True)
class _Step:
    unit: str
    every: int
    days: float

    def round_days(self, first: date, last: date) -> Iterator[date]:
        if self.unit == "day":
            on = first
            while on <= last:
                yield on
                on += timedelta(days=self.every)
        elif self.unit == "week":
            on = first + timedelta(days=-first.weekday() % 7)
            while on <= last:
                yield on
                on += timedelta(weeks=self.every)
        else:
            yield from self._months(first, last)

    def _months(self, first: date, last: date) -> Iterator[date]:
        every = self.every * (12 if self.unit == "year" else 1)
        number = first.year * 12 + first.month - 1 + (first.day > 1)
        number += -number % every
        while number // 12 <= min(last.year, date.max.year):
            on = date(number // 12, number % 12 + 1, 1)
            if on > last:
                return
            yield on
            number += every

    def label(self, on: date, before: date | None) -> str:
        """Short, with the year where it is new to the reader."""
        if self.unit == "year":
            return str(on.year)
        if self.unit == "month":
            if on.month == 1:
                return str(on.year)
            return f"{month_name(on)} {on.year}" if before is None else month_name(on)
        new_year = before is None or before.year != on.year
        return f"{on.day} {month_name(on)} {on.year}" if new_year else f"{on.day} {month_name(on)}"


_STEPS = (
    _Step("day", 1, 1),
    _Step("day", 2, 2),
    _Step("week", 1, 7),
    _Step("week", 2, 14),
    _Step("month", 1, 30.4),
    _Step("month", 3, 91.3),
    _Step("month", 6, 182.6),
    *(_Step("year", every, every * 365.2) for every in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)),
)


def _labelled(scale: TimeScale, step: _Step, *, dated: bool) -> tuple[DayTick, ...]:
    return tuple([DayTick(scale.at(on), on, label) for on, label in _labels(scale.first, scale.last, step, dated)])


@lru_cache(maxsize=1024)  # the charts of a page have the same days, in two sizes each
def _labels(first: date, last: date, step: _Step, dated: bool) -> tuple[tuple[date, str], ...]:
    """With `dated` False the first month goes without its year, where a January after it says the year."""
    days = tuple(step.round_days(first, last))
    if not dated and not any(on.month == 1 for on in days):
        return ()
    labels = []
    before = None if dated else first
    for on in days:
        labels.append((on, step.label(on, before)))
        before = on
    return tuple(labels)


def _stand_apart(ticks: tuple[DayTick, ...], size: float, left: float, right: float) -> bool:
    end = -math.inf
    for tick in ticks:
        half = width(tick.label, size) / 2
        middle = label_place(tick.at, tick.label, size, left, right)
        if middle - half < end + LABEL_GAP or abs(middle - tick.at) > half:
            return False
        end = middle + half
    return True


def _nice(extent: float, count: int) -> tuple[int, int]:
    """Mantissa and exponent of the smallest nice step that needs at most `count` steps over `extent`."""
    if not extent > 0 or not math.isfinite(extent):
        raise ValueError(f"ticks need a positive extent, not {extent}")
    rough = extent / max(1, count)
    exponent = math.floor(math.log10(rough))
    for mantissa in (1, 2, 5):
        if mantissa * 10.0**exponent >= rough * (1 - 1e-9):
            return mantissa, exponent
    return 1, exponent + 1


def _multiple(number: int, exponent: int) -> float:
    """number × 10^exponent without the dust that 3 × 0.1 leaves."""
    return number * 10.0**exponent if exponent >= 0 else number / 10.0**-exponent
