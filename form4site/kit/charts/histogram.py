"""How many fall into each band of a scale: bars between edges, one of which may be named.

Promises: bars start at zero; every band is drawn, an empty one as a gap; the edges stand under the gaps between the
bars, and bands are of one width on the page whatever they span, which a note says. Refuses a count below zero.
"""

from __future__ import annotations

from dataclasses import dataclass

from .drawing import AXIS_ROOM, TEXT, Cell, Chart, Column, Drawing, Label, Mark, Row, Rule, Size, value_axis
from .scales import BandScale, LinearScale, nice_domain
from .shapes import box, tenth
from .ticks import label_place, value_ticks, widened
from .words import plural, width

_HEIGHT = {"wide": 250.0, "narrow": 230.0}


@dataclass(frozen=True, slots=True)
class Band:
    """What falls from `edge` on and below the next edge; the last one has no end. `edge` is a label."""

    edge: str
    words: str
    count: int

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError(f"{self.words} has {self.count}; a count is zero or more")


@dataclass(frozen=True)
class Histogram(Chart):
    """`thing` is what is counted, in the singular; `marked` the place of a band whose edge is drawn, with words."""

    ident: str
    bands: tuple[Band, ...]
    title: str
    unit: str
    thing: str = "trade"
    axis: str = "Days"
    marked: tuple[int, str] | None = None
    more_href: str | None = None

    @property
    def total(self) -> int:
        return sum(band.count for band in self.bands)

    @property
    def is_empty(self) -> bool:
        return not self.total

    @property
    def empty_words(self) -> str:
        return f"No {self.thing} here to count."

    @property
    def summary(self) -> str:
        most = max(self.bands, key=lambda band: band.count)
        return f"{plural(self.total, self.thing)} in all, most of them {most.words}: {most.count:,}."

    @property
    def notes(self) -> tuple[str, ...]:
        return ("Bars are of one width, whatever they span; the numbers below are where each begins.",)

    @property
    def columns(self) -> tuple[Column, ...]:
        return (Column(self.axis), Column(f"Number of {self.thing}s", True), Column("Share", True))

    def rows(self) -> tuple[Row, ...]:
        return tuple(
            (
                Cell(band.words[:1].upper() + band.words[1:]),
                Cell.of_number(band.count),
                Cell(f"{100 * band.count / max(1, self.total):.0f}%", number=True),
            )
            for band in self.bands
        )

    def layout(self, size: Size) -> Drawing:
        height = _HEIGHT[size.form]
        top, bottom = 2 * TEXT + 12, height - AXIS_ROOM - 4
        up = LinearScale(*self._extent(), bottom, top)
        ticks = value_ticks(up, 4, money=False)
        left, right = max(width(tick.label, TEXT) for tick in ticks) + 10, size.width - 6
        bands = BandScale(len(self.bands), left, right, gap=0.12, widest=size.width)
        rules, labels = value_axis(ticks, left, right)
        return Drawing(
            form=size.form,
            width=size.width,
            height=height,
            plot=(left, top, right, bottom),
            rules=tuple(rules),
            marks=tuple(self._marks(bands, up)),
            labels=(*labels, *self._edges(bands, bottom, size.width), *self._named(bands, size.width)),
            front=self._rule(bands, top, bottom),
        )

    def _extent(self) -> tuple[float, float]:
        low, high = nice_domain([0.0, *(float(band.count) for band in self.bands)], from_zero=True)
        return widened(low, max(high, 4.0), 4)

    def _marks(self, bands: BandScale, up: LinearScale) -> list[Mark]:
        marks = []
        for place, band in enumerate(self.bands):
            if not band.count:
                continue
            y = min(up.at(band.count), up.at(0) - 1)
            high = up.at(0) - y
            area = (bands.at(place), y, bands.at(place) + bands.band, y + high)
            sentence = f"{plural(band.count, self.thing)} {band.words}"
            marks.append(Mark(box(bands.at(place), y, bands.band, high), "bar mark--counted", sentence, None, area))
        return marks

    def _edges(self, bands: BandScale, bottom: float, wide: float) -> list[Label]:
        return [
            Label(
                tenth(label_place(bands.start + bands.step * place, band.edge, TEXT, 0, wide)),
                tenth(bottom + 19),
                band.edge,
            )
            for place, band in enumerate(self.bands)
        ]

    def _named(self, bands: BandScale, wide: float) -> list[Label]:
        if self.marked is None:
            return []
        place, words = self.marked
        at = bands.start + bands.step * place
        return [Label(tenth(label_place(at, words, TEXT, 0, wide)), TEXT, words, "panel")]

    def _rule(self, bands: BandScale, top: float, bottom: float) -> tuple[Rule, ...]:
        if self.marked is None:
            return ()
        at = tenth(bands.start + bands.step * self.marked[0])
        return (Rule(at, tenth(top - TEXT), at, tenth(bottom), "zero"),)
