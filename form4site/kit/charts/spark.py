"""A tiny strip of counts, one bar a month, for a row of a list. No axis and no words; its title says the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .drawing import Cell, Chart, Column, Drawing, Mark, Row, Rule, Size
from .scales import BandScale
from .shapes import box, tenth
from .words import month_of, plural

SPARK = Size("spark", 96)
_HEIGHT = 20.0
MOST_BARS = 36


@dataclass(frozen=True)
class Sparkbar(Chart):
    """`counts` of the months up to and including the one of `last`, oldest first; None where a month is not covered.

    Only the newest 36 are drawn. `noun` is what is counted, in the singular.
    """

    ident: str
    counts: tuple[int | None, ...]
    last: date
    noun: str = "filing"
    title: str = "By month"
    unit: str = ""
    more_href: str | None = None

    def __post_init__(self) -> None:
        Chart.__post_init__(self)
        for count in self.counts:
            if count is not None and count < 0:
                raise ValueError(f"a count is zero or more, not {count}")

    @property
    def is_empty(self) -> bool:
        return not any(self.counts)

    @property
    def empty_words(self) -> str:
        return f"No {self.noun} in these months."

    @property
    def summary(self) -> str:
        if not self.counts:
            return self.empty_words
        total = sum(count or 0 for count in self.counts)
        place = max(range(len(self.counts)), key=lambda i: (self.counts[i] or 0, i))
        words = f"{plural(total, self.noun)} in {plural(len(self.counts), 'month')} to {month_of(self.last)}"
        return f"{words}, most in {month_of(self._month(place))} ({self.counts[place]})" if total else words

    @property
    def columns(self) -> tuple[Column, ...]:
        return (Column("Month"), Column(f"{self.noun.capitalize()}s", True))

    def rows(self) -> tuple[Row, ...]:
        """One row a month, newest first."""
        places = reversed(range(len(self.counts)))
        return tuple((Cell(month_of(self._month(i))), Cell.of_number(self.counts[i])) for i in places)

    def _month(self, place: int) -> date:
        number = self.last.year * 12 + self.last.month - 1 - (len(self.counts) - 1 - place)
        return date(number // 12, number % 12 + 1, 1)

    def layout(self, size: Size) -> Drawing:
        shown = self.counts[-MOST_BARS:]
        bands = BandScale(max(12, len(shown)), 0, size.width, gap=0.3)
        spare = bands.count - len(shown)
        most = max((count or 0 for count in shown), default=0)
        marks = []
        for place, count in enumerate(shown):
            high = max(1.5, (_HEIGHT - 2) * count / most) if count and most else 0.0
            x, y = bands.at(place + spare), _HEIGHT - 1 - high
            if high:
                area = (x, y, x + bands.band, y + high)
                marks.append(Mark(box(x, y, bands.band, high), "spark", f"{count}", None, area))
        start = tenth(bands.at(spare))
        base = Rule(start if shown else 0, _HEIGHT - 0.5, size.width, _HEIGHT - 0.5, "zero")
        return Drawing("spark", size.width, _HEIGHT, (0, 0, size.width, _HEIGHT), rules=(base,), marks=tuple(marks))

    @property
    def drawing(self) -> Drawing:
        return self.layout(SPARK)
