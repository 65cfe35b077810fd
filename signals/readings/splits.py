"""Share splits and imported closes as plain values, and what a filed price or number becomes across splits.

Promises: what was filed is kept as filed; an adjusted figure is on the scale of the day that it is asked for. A split
counts from its day on: that day's trades are already at the new scale. `ratio` is new shares for one old (4 for a
4-for-1, 0.1 for a 1-for-10).
Refuses: to guess where nothing is known. Without splits a figure is as filed, whatever happened.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, Self

ONE = Decimal(1)


class Close(NamedTuple):
    """The price of one share at the end of a trading day, as traded then."""

    on: date
    price: Decimal


@dataclass(frozen=True, slots=True)
class Split:
    """`inferred` says that filings show it and no list of splits does; then `known_at` is the filing that showed it."""

    on: date
    ratio: Decimal
    inferred: bool = False
    known_at: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "on": self.on.isoformat(),
            "ratio": str(self.ratio),
            "known_at": self.known_at and self.known_at.isoformat(),
        }

    @classmethod
    def shown(cls, given: Mapping[str, Any]) -> Self:
        """An inferred split, from its JSON."""
        known_at = given["known_at"] and datetime.fromisoformat(given["known_at"])
        return cls(date.fromisoformat(given["on"]), Decimal(given["ratio"]), True, known_at)

    @property
    def words(self) -> str:
        """Day and ratio, such as "4 for 1 on 31 August 2020"."""
        new, old = (self.ratio, ONE) if self.ratio >= 1 else (ONE, ONE / self.ratio)
        return f"{_plain(new)} for {_plain(old)} on {self.on.day} {self.on:%B %Y}"


def _plain(number: Decimal) -> str:
    """Without the digits that dividing left: a third of a share was 3 for 1."""
    return f"{float(number):.4g}"


class Splits:
    """The splits of one issuer, by day."""

    def __init__(self, splits: Iterable[Split] = ()) -> None:
        self.all: tuple[Split, ...] = tuple(sorted(splits, key=lambda split: (split.on, split.ratio)))
        if any(split.ratio <= 0 for split in self.all):
            raise ValueError("a split's ratio is more than nothing")
        self._days = [split.on for split in self.all]

    def __bool__(self) -> bool:
        return bool(self.all)

    def between(self, start: date, end: date) -> tuple[Split, ...]:
        """Those after `start`, up to and including `end`."""
        return self.all[bisect_right(self._days, start) : bisect_right(self._days, end)]

    def factor(self, start: date, end: date, known_at: datetime | None = None) -> Decimal:
        """How many shares of `end` one share of `start` is; the days may stand in either order.

        With `known_at`, splits that were inferred from later filings do not count.
        """
        if not self.all:
            return ONE
        if start > end:
            return ONE / self.factor(end, start, known_at)
        factor = ONE
        for split in self.between(start, end):
            if known_at is None or split.known_at is None or split.known_at <= known_at:
                factor *= split.ratio
        return factor

    def price(self, price: Decimal, of: date, on: date, known_at: datetime | None = None) -> Decimal:
        """A price of day `of` on the scale of day `on`."""
        return price / self.factor(of, on, known_at) if self.all else price

    def shares(self, shares: Decimal, of: date, on: date, known_at: datetime | None = None) -> Decimal:
        """A number of shares of day `of` on the scale of day `on`."""
        return shares * self.factor(of, on, known_at) if self.all else shares


NO_SPLITS = Splits()
