"""What a share of each invented issuer cost on each day.

Promises: a seeded walk around a course that the cast gives (so a dip is a dip under every seed), in dollars and cents
as the exchange would have printed them on that day: before a split, before it. Equal seeds give equal prices.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

# Days of history; the oldest demo trade lies within.
_DAYS = 2200
_PULL, _STEP = 0.93, 0.009
CENT = Decimal("0.01")


def cents(amount: float | Decimal) -> Decimal:
    return Decimal(amount).quantize(CENT)


@dataclass(frozen=True)
class Split:
    """`ratio` new shares for one old, first traded split on `on`."""

    on: date
    ratio: int


@dataclass(frozen=True)
class Tranche:
    """Shares that traded on one day within one band of prices, with their weighted average."""

    shares: int
    average: Decimal
    low: Decimal
    high: Decimal

    @property
    def note(self) -> str:
        """The footnote that such a price needs."""
        return (
            "This price is a weighted average. The shares traded in several lots at prices ranging from "
            f"${self.low} to ${self.high}, inclusive. The reporting person will tell the issuer, any of its holders "
            "or the SEC staff, on request, how many shares traded at each price."
        )


class Tape:
    """One issuer's price by day. `course` is (days before `until`, price in today's shares), oldest first."""

    def __init__(self, course: tuple[tuple[int, float], ...], until: date, random: Random, split: Split | None) -> None:
        self.until = until
        self.split = split
        self._course = course
        self._noise = [0.0]
        for _ in range(_DAYS):
            self._noise.append(_PULL * self._noise[-1] + random.gauss(0.0, _STEP))

    def price(self, on: date) -> Decimal:
        """The day's middle price, as printed on that day."""
        days = (self.until - on) // timedelta(days=1)
        noise = self._noise[min(max(days, 0), _DAYS)]
        return cents(self._along(days) * math.exp(noise) * self.ratio_still_to_come(on))

    def ratio_still_to_come(self, on: date) -> int:
        """By how much shares were still to be split on this day: prices were higher, and counts lower, by it."""
        return self.split.ratio if self.split and on < self.split.on else 1

    def _along(self, days: int) -> float:
        """The course on that day, straight between its points on a scale of ratios."""
        older = self._course[0]
        if days >= older[0]:
            return older[1]
        for newer in self._course[1:]:
            if days >= newer[0]:
                share = (older[0] - days) / (older[0] - newer[0])
                return math.exp(math.log(older[1]) * (1 - share) + math.log(newer[1]) * share)
            older = newer
        return older[1]
