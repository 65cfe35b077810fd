"""How somebody usually trades: how often, in which months, in what sizes, and whether the latest trade broke with it.

Promises: a habit is of one person, issuer and side; a day counts once, however many trades it has; what the latest day
is held against are the days before it. A habit needs `FEWEST` days; with fewer there is none to tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import NamedTuple

FEWEST = 4
# A silence breaks a habit from a year on, and never before three times the usual gap.
LONGEST_SILENCE, TIMES_THE_GAP = 365, 3


@dataclass(frozen=True, slots=True)
class Deed:
    """A purchase or sale as a habit needs it. `side` is "bought" or "sold"; `value` is dollars or None."""

    issuer: str
    side: str
    on: date
    value: Decimal | None
    planned: bool = False


class Days(NamedTuple):
    """The days on which somebody traded on one side, oldest first, each with its dollars; `planned` of them by plan."""

    issuer: str
    side: str
    days: tuple[tuple[date, Decimal | None], ...]
    planned: int


@dataclass(frozen=True, slots=True)
class Habit:
    """`days` are those of trades, oldest first, each with its dollars; `gap` the usual days between two of them.

    `months` counts days by calendar month, January first. `usual` is the median of the sizes before the last day.
    `silence` are the days before the latest one; `broken` whether that is no gap but a break.
    """

    issuer: str
    side: str
    days: tuple[tuple[date, Decimal | None], ...]
    gap: float
    silence: int
    months: tuple[int, ...]
    usual: Decimal | None
    planned: int
    broken: bool

    @property
    def first(self) -> date:
        return self.days[0][0]

    @property
    def last(self) -> date:
        return self.days[-1][0]

    @property
    def last_value(self) -> Decimal | None:
        return self.days[-1][1]

    @property
    def times_usual(self) -> Decimal | None:
        """The latest day's size in usual ones."""
        return self.last_value / self.usual if self.last_value is not None and self.usual else None


def habits_of(deeds: Iterable[Deed]) -> list[Habit]:
    """The habits among these, that with the latest day first."""
    found: dict[tuple[str, str], dict[date, list[Deed]]] = {}
    for deed in deeds:
        found.setdefault((deed.issuer, deed.side), {}).setdefault(deed.on, []).append(deed)
    return habits_among(
        Days(
            issuer,
            side,
            tuple((on, _total(deeds)) for on, deeds in sorted(by_day.items())),
            sum(any(deed.planned for deed in deeds) for deeds in by_day.values()),
        )
        for (issuer, side), by_day in found.items()
    )


def habits_among(found: Iterable[Days]) -> list[Habit]:
    """The same of days that are added up already."""
    habits = [_habit(one) for one in found if len(one.days) >= FEWEST]
    return sorted(habits, key=lambda habit: (-habit.last.toordinal(), habit.issuer, habit.side))


def _habit(found: Days) -> Habit:
    days = found.days
    gaps = [(later - earlier).days for (earlier, _), (later, _) in pairwise(days)]
    usual_gap = float(median(gaps[:-1]))
    months = Counter([on.month for on, _ in days])
    sizes = [value for _, value in days[:-1] if value is not None]
    return Habit(
        issuer=found.issuer,
        side=found.side,
        days=days,
        gap=usual_gap,
        silence=gaps[-1],
        months=tuple(months[month] for month in range(1, 13)),
        usual=Decimal(median(sizes)) if sizes else None,
        planned=found.planned,
        broken=gaps[-1] >= max(LONGEST_SILENCE, TIMES_THE_GAP * usual_gap),
    )


def _total(deeds: Iterable[Deed]) -> Decimal | None:
    known = [deed.value for deed in deeds if deed.value is not None]
    return sum(known, Decimal(0)) if known else None
