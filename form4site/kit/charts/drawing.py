"""What every chart is made of: a drawing of plain marks for the template, tables behind it, and the two sizes.

Promises: a drawing holds numbers, words and class names only; colour is the stylesheet's. Text is 13 units high in both
sizes, which charts.css keeps between 11 and 17 px from a 290 px phone column to the full page. Refuses styles, scripts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple

from .scales import TimeScale
from .shapes import tenth
from .ticks import Tick, label_place, time_ticks
from .words import Number, day, exact

TEXT = 13.0
AXIS_ROOM = 26.0  # under the plot, for the labels of time
SHOWN_ROWS = 400


@dataclass(frozen=True, slots=True)
class Size:
    """One of the two widths each chart is laid out for; the stylesheet shows the one that fits the container."""

    form: str
    width: float


WIDE = Size("wide", 720)
NARROW = Size("narrow", 340)


class Rule(NamedTuple):
    x1: float
    y1: float
    x2: float
    y2: float
    name: str


class Path(NamedTuple):
    """`name` is the class; `words` a tooltip, or None."""

    d: str
    name: str
    words: str | None = None


class Label(NamedTuple):
    """`anchor` is "start", "middle" or "end"; `words` holds the whole text where `text` had to be cut."""

    x: float
    y: float
    text: str
    name: str = "tick"
    anchor: str = "middle"
    words: str | None = None


class Mark(NamedTuple):
    """A shape with a sentence; with an `href` it is a link. The box is where it lies, for whoever checks the layout."""

    d: str
    name: str
    sentence: str
    href: str | None
    box: tuple[float, float, float, float]


class KeyItem(NamedTuple):
    """One entry of the key: the class of its swatch, the swatch's path in a box from -8 to 8, and the word."""

    name: str
    d: str
    word: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """One layout of a chart. `plot` is (left, top, right, bottom); `notes` are sentences about this layout only.

    From the back: washes, rules, lines, labels, marks, what lies over the marks, the rules in front.
    """

    form: str
    width: float
    height: float
    plot: tuple[float, float, float, float]
    washes: tuple[Path, ...] = ()
    rules: tuple[Rule, ...] = ()
    lines: tuple[Path, ...] = ()
    marks: tuple[Mark, ...] = ()
    over: tuple[Path, ...] = ()
    front: tuple[Rule, ...] = ()
    labels: tuple[Label, ...] = ()
    key: tuple[KeyItem, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def linked(self) -> bool:
        return any(mark.href for mark in self.marks)

    @property
    def marks_path(self) -> str:
        """All marks as one path, where none of them says or leads to anything."""
        return "".join([mark.d for mark in self.marks])


class Column(NamedTuple):
    name: str
    number: bool = False


class Cell(NamedTuple):
    text: str
    href: str | None = None
    on: date | None = None
    number: bool = False

    @classmethod
    def of_day(cls, on: date) -> Cell:
        return cls(day(on), on=on)

    @classmethod
    def of_number(cls, value: Number | None, *, money: bool = False) -> Cell:
        return cls(exact(value, money=money), number=True)


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers behind a chart: the newest of `count` rows."""

    caption: str
    columns: tuple[Column, ...]
    shown: tuple[Row, ...]
    count: int

    @property
    def left_out(self) -> int:
        return self.count - len(self.shown)


class Chart:
    """What the template `kit/charts/_chart.html` asks of any chart.

    `ident` becomes the element's id and stands once on a page. `title` says what is shown and `unit` in what; `notes`
    are sentences for under the chart. A chart is a frozen dataclass: its drawings are computed once and kept.
    """

    ident: str
    title: str
    unit: str
    more_href: str | None = None  # where all rows stand, when the table is cut

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9-]*", self.ident):
            raise ValueError(f"a chart's ident is lower-case letters, digits and hyphens, not {self.ident!r}")

    @property
    def is_empty(self) -> bool:
        raise NotImplementedError

    @property
    def empty_words(self) -> str:
        raise NotImplementedError

    @property
    def summary(self) -> str:
        """What the chart shows, for a reader who does not see it."""
        raise NotImplementedError

    @property
    def notes(self) -> tuple[str, ...]:
        return ()

    @property
    def columns(self) -> tuple[Column, ...]:
        raise NotImplementedError

    def rows(self) -> tuple[Row, ...]:
        raise NotImplementedError

    def layout(self, size: Size) -> Drawing:
        raise NotImplementedError

    @cached_property
    def drawings(self) -> tuple[Drawing, ...]:
        return (self.layout(WIDE), self.layout(NARROW))

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        rows = self.rows()
        return (Table(self.title, self.columns, rows[:SHOWN_ROWS], len(rows)),)


def value_axis(ticks: tuple[Tick, ...], left: float, right: float) -> tuple[list[Rule], list[Label]]:
    """Light lines across, with their numbers to the left; zero is strong."""
    rules, labels = [], []
    for tick in ticks:
        y = tenth(tick.at)
        name = "zero" if tick.label in ("0", "$0") else "grid"
        rules.append(Rule(tenth(left), y, tenth(right), y, name))
        labels.append(Label(tenth(left - 8), tenth(tick.at + TEXT * 0.35), tick.label, "tick", "end"))
    return rules, labels


def time_axis(
    scale: TimeScale, top: float, bottom: float, right: float, *, grid: bool = True
) -> tuple[list[Rule], list[Label]]:
    """Ticks and labels under the plot; with `grid`, light lines up through it."""
    rules, labels = [], []
    upper, lower, below, under = tenth(top), tenth(bottom), tenth(bottom + 5), tenth(bottom + 19)
    for x, at, label in _time_places(scale, right):
        if grid:
            rules.append(Rule(x, upper, x, lower, "grid"))
        rules.append(Rule(x, lower, x, below, "tick"))
        labels.append(Label(at, under, label))
    return rules, labels


@lru_cache(maxsize=512)  # many parties filed last on the same day, and are drawn as wide
def _time_places(scale: TimeScale, right: float) -> list[tuple[float, float, str]]:
    """Of each tick of a time axis where it stands, where its label does, and the label."""
    return [
        (tenth(tick.at), tenth(label_place(tick.at, tick.label, TEXT, 0, right)), tick.label)
        for tick in time_ticks(scale, TEXT, left=0, right=right)
    ]
