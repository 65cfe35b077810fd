"""Scales: from values, days, bands and amounts to places and areas in the drawing.

Promises: monotone, with an inverse, and the same answer for the same input; an empty or single-valued domain is widened
so that nothing divides by zero. Refuses NaN and infinities, naming the value.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class LinearScale:
    """From `low`..`high` to `start`..`end`; `end` may lie before `start`, as on an axis that grows upwards."""

    low: float
    high: float
    start: float
    end: float

    def __post_init__(self) -> None:
        for name in ("low", "high", "start", "end"):
            if not math.isfinite(getattr(self, name)):
                raise ValueError(f"a scale needs finite numbers; {name} is {getattr(self, name)}")
        if not self.low < self.high:
            raise ValueError(f"a scale needs low < high, not {self.low} and {self.high}")

    def at(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def all_at(self, values: Iterable[float]) -> list[float]:
        """The places of many values."""
        low, high, start, wide = self.low, self.high - self.low, self.start, self.end - self.start
        return [start + (value - low) / high * wide for value in values]

    def value(self, place: float) -> float:
        return self.low + (place - self.start) / (self.end - self.start) * (self.high - self.low)


@dataclass(frozen=True, slots=True)
class TimeScale:
    """From the days `first`..`last`, both included, to `start`..`end`."""

    first: date
    last: date
    start: float
    end: float

    def __post_init__(self) -> None:
        if not self.first < self.last:
            raise ValueError(f"a time scale needs two days in order, not {self.first} and {self.last}")

    def at(self, on: date) -> float:
        return self.start + (on - self.first).days / (self.last - self.first).days * (self.end - self.start)

    def all_at(self, ordinals: Iterable[int]) -> list[float]:
        """The places of many days, given as `date.toordinal` counts them."""
        first, start, wide = self.first.toordinal(), self.start, self.end - self.start
        days = self.last.toordinal() - first
        return [start + (ordinal - first) / days * wide for ordinal in ordinals]

    def day(self, place: float) -> date:
        """The day whose place is nearest, within the domain."""
        days = (self.last - self.first).days
        offset = round((place - self.start) / (self.end - self.start) * days)
        return self.first + timedelta(days=min(days, max(0, offset)))


@dataclass(frozen=True, slots=True)
class BandScale:
    """`count` equal bands over `start`..`end`, each with `gap` (a share of it) left free, and none over `widest`."""

    count: int
    start: float
    end: float
    gap: float = 0.25
    widest: float = 48.0

    @property
    def step(self) -> float:
        return (self.end - self.start) / max(1, self.count)

    @property
    def band(self) -> float:
        return min(self.widest, self.step * (1 - self.gap))

    def at(self, index: int) -> float:
        """Where band `index` starts."""
        step = self.step
        return self.start + step * index + (step - self.band) / 2

    def middle(self, index: int) -> float:
        return self.start + self.step * (index + 0.5)


@dataclass(frozen=True, slots=True)
class AreaScale:
    """Area in proportion to value: `largest` gets a circle of `radius`, nothing is smaller than one of `least`.

    Radii are those of circles; every shape of `shapes` has the area of the circle it is given.
    """

    largest: float
    radius: float
    least: float

    def radius_of(self, value: float | None) -> float:
        """None, zero and what is too small for its true area get the smallest mark."""
        if not value or self.largest <= 0:
            return self.least
        return max(self.least, self.radius * math.sqrt(min(1.0, abs(value) / self.largest)))

    def all_of(self, values: Iterable[float | None]) -> list[float]:
        """The radii of many values."""
        least, radius, largest = self.least, self.radius, self.largest
        if largest <= 0:
            return [least for _ in values]
        return [max(least, radius * math.sqrt(min(1.0, abs(value) / largest))) if value else least for value in values]

    @property
    def floor(self) -> float:
        """The value under which all marks have the same, smallest size."""
        return self.largest * (self.least / self.radius) ** 2


def nice_domain(values: list[float], *, from_zero: bool) -> tuple[float, float]:
    """Lowest and highest of `values`, widened where they are equal or absent; with `from_zero`, zero is inside."""
    for value in values:
        if not math.isfinite(value):
            raise ValueError(f"a chart needs finite numbers, not {value}")
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if from_zero:
        low, high = min(0.0, low), max(0.0, high)
    if high - low <= abs(high) * 1e-9:  # equal, or so near that no axis can tell them apart
        widen = max(abs(low), abs(high)) * 0.1 or 1.0
        low, high = (low - widen, high + widen) if not from_zero else (low, low + 1.0)
    return low, high


def day_domain(days: list[date], *, least: int = 30) -> tuple[date, date]:
    """First and last day, widened evenly to at least `least` days. Without days, the 30 days to 1 January 2000."""
    first, last = (min(days), max(days)) if days else (date(1999, 12, 2), date(2000, 1, 1))
    short = least - (last - first).days
    if short > 0:
        first = date.fromordinal(max(1, first.toordinal() - (short + 1) // 2))
        last = date.fromordinal(min(date.max.toordinal(), last.toordinal() + (short + 1) // 2))
    return first, last
