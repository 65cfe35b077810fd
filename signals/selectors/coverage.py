"""The days of a year at a glance: of which the archive is shown to be complete, and of which it is not.

Pure arrangement of what `filings.ledger.coverage` says. A day that nobody looked at is never shown as one without
filings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from filings.ledger import Coverage, DayState
from filings.services.looks import last_built

LONGEST_MONTH = 31


@dataclass(frozen=True, slots=True)
class Look:
    """How a state of days is shown: a shape and a word, besides the colour. `open` wants somebody's hand."""

    key: str
    mark: str
    word: str
    meaning: str


COMPLETE = Look("complete", "●", "complete", "its whole index was read, and every filing it names has its outcome")
FILLING = Look("filling", "◐", "filling", "its index was read, and filings of it are still on their way")
OPEN = Look("open", "!", "open gap", "EDGAR was open that day, and its index could not be had")
CLOSED = Look("closed", "·", "closed", "EDGAR was closed: a weekend, a holiday, a closure")
UNLOOKED = Look("unlooked", "○", "not looked at", "nobody has asked for its index: what was filed is not known")
AHEAD = Look("ahead", "", "not over", "its index cannot be whole yet")
LOOKS = {
    DayState.COMPLETE: COMPLETE,
    DayState.FILLING: FILLING,
    DayState.OPEN: OPEN,
    DayState.CLOSED: CLOSED,
    DayState.UNLOOKED: UNLOOKED,
}
KEY = (COMPLETE, FILLING, OPEN, CLOSED, UNLOOKED)


@dataclass(frozen=True, slots=True)
class Day:
    """One day with how it is shown."""

    covered: Coverage
    look: Look

    @property
    def tells(self) -> bool:
        """Whether a list of days has something to say of it: not of a weekend, nor of a day to come."""
        day = self.covered
        return self.look not in (CLOSED, AHEAD) or bool(day.listed or day.owed or day.published)

    @property
    def sentence(self) -> str:
        """What a screen reader says, and a pointer shows."""
        day = self.covered
        words = f"{day.day:%a} {day.day.day} {day.day:%B %Y}: {self.look.word}"
        if day.listed is None or self.look is CLOSED:
            return words
        settled = day.published + day.quarantined + day.withdrawn
        return f"{words}, {settled:,} of {max(day.listed, settled + day.owed):,} filings settled"


@dataclass(frozen=True, slots=True)
class Month:
    """A row of the year: `cells` has 31 places, None where the month is over."""

    number: int
    name: str
    cells: tuple[Day | None, ...]

    @property
    def days(self) -> list[Day]:
        return [day for day in self.cells if day is not None]

    @property
    def totals(self) -> tuple[tuple[Look, int], ...]:
        """How many days are in each state, as in the key."""
        found = Counter(day.look.key for day in self.days)
        return tuple((look, found[look.key]) for look in KEY)

    @property
    def listed(self) -> int:
        return sum(day.covered.listed or 0 for day in self.days)

    @property
    def published(self) -> int:
        return sum(day.covered.published for day in self.days)


@dataclass(frozen=True, slots=True)
class Year:
    """Twelve months, one of them `shown` day by day; `picked` where somebody asked for it."""

    number: int
    months: tuple[Month, ...]
    shown: Month
    picked: bool

    @property
    def gaps(self) -> list[Day]:
        """Business days whose index could not be had."""
        return [day for month in self.months for day in month.days if day.look is OPEN]


def year_of(coverage: Sequence[Coverage], month: int | None, now: datetime) -> Year:
    """These days, all of one year. Without a `month` the last one that has begun is shown day by day."""
    last = last_built(now)
    days = [Day(covered, AHEAD if covered.day > last else LOOKS[covered.state]) for covered in coverage]
    months = tuple(_month(number, days) for number in range(1, 13))
    begun = [each for each in months if each.days and each.days[0].look is not AHEAD]
    picked = month is not None and 1 <= month <= 12
    shown = months[month - 1] if month and picked else (begun or months[:1])[-1]
    return Year(days[0].covered.day.year, months, shown, picked)


def _month(number: int, days: Sequence[Day]) -> Month:
    found = {day.covered.day.day: day for day in days if day.covered.day.month == number}
    cells = tuple(found.get(day) for day in range(1, LONGEST_MONTH + 1))
    return Month(number, f"{date(2000, number, 1):%B}", cells)
