"""A tiny strip of bars, one a value, for a row of a list: sizes, or counts by calendar month."""

from __future__ import annotations

from dataclasses import dataclass

from .drawing import Drawing, Mark, Rule, Size
from .scales import BandScale
from .shapes import box, tenth
from .words import Number

TINY = Size("tiny", 96)
_HEIGHT = 20.0
MOST_BARS = 24


@dataclass(frozen=True)
class TinyBars:
    """Of more than 24 `values` the last are drawn. None is not known: no bar. `summary` says in words what is shown.

    With `broken` a line stands before the last bar.
    """

    values: tuple[Number | None, ...]
    summary: str
    broken: bool = False

    @property
    def drawing(self) -> Drawing:
        shown = self.values[-MOST_BARS:]
        bands = BandScale(max(12, len(shown)), 0, TINY.width, gap=0.3)
        most = max((float(value) for value in shown if value is not None), default=0.0)
        marks = []
        for place, value in enumerate(shown):
            if value:
                high = max(1.5, (_HEIGHT - 2) * float(value) / most)
                x, y = bands.at(place), _HEIGHT - 1 - high
                marks.append(Mark(box(x, y, bands.band, high), "spark", "", None, (x, y, x + bands.band, y + high)))
        rules = [Rule(0, _HEIGHT - 0.5, TINY.width, _HEIGHT - 0.5, "zero")]
        if self.broken and len(shown) > 1:
            at = tenth(bands.at(len(shown) - 1) - 1.5)
            rules.append(Rule(at, 0, at, _HEIGHT, "tick"))
        return Drawing("tiny", TINY.width, _HEIGHT, (0, 0, TINY.width, _HEIGHT), rules=tuple(rules), marks=tuple(marks))
