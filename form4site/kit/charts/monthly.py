"""Bought above, sold below: one pair of bars for each month.

Promises: bars start at zero; the part under a plan is hollow, at the outer end; a month that was not given is a month
without trades, and a month whose numbers are None is marked as not known. Where months grow too thin to see,
quarters or years are drawn, and the caption says so. Refuses negative amounts, naming the month.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from .drawing import (
    AXIS_ROOM,
    TEXT,
    Cell,
    Chart,
    Column,
    Drawing,
    KeyItem,
    Label,
    Mark,
    Path,
    Row,
    Rule,
    Size,
    value_axis,
)
from .scales import BandScale, LinearScale, nice_domain
from .shapes import box, tenth
from .ticks import LABEL_GAP, label_place, value_ticks, widened
from .words import Number, month_name, month_of, plural, short, width

_HEIGHT = {"wide": 270.0, "narrow": 250.0}
_THINNEST = {"wide": 3.0, "narrow": 5.0}
_PERIODS = (("month", 1), ("quarter", 3), ("year", 12), ("five years", 60))
_LENGTHS = dict(_PERIODS)


@dataclass(frozen=True, slots=True)
class Month:
    """Totals of one month; `on` is any day of it. The planned part is within the total. None: not known."""

    on: date
    bought: Number | None
    sold: Number | None
    bought_planned: Number = 0
    sold_planned: Number = 0
    href: str | None = None

    def __post_init__(self) -> None:
        for name in ("bought", "sold", "bought_planned", "sold_planned"):
            value = getattr(self, name)
            if value is not None and not 0 <= value < float("inf"):
                raise ValueError(f"{name} of {self.on:%B %Y} is {value}; an amount is zero or more")

    @property
    def known(self) -> bool:
        return self.bought is not None and self.sold is not None


@dataclass(frozen=True)
class MonthlyBars(Chart):
    ident: str
    months: tuple[Month, ...]
    title: str = "Bought and sold by month"
    unit: str = "US dollars"
    money: bool = True
    left: float = 0.0  # the least room to the left in the wide drawing
    more_href: str | None = None

    @cached_property
    def drawn_bars(self) -> dict[str, list[_Bar]]:
        """By the period that a size draws; both sizes often draw the same."""
        return {}

    @property
    def is_empty(self) -> bool:
        return not any(month.bought or month.sold for month in self.months)

    @property
    def empty_words(self) -> str:
        if not all(month.known for month in self.months):
            return "What was bought or sold in these months has no known value."
        return "Nothing was bought or sold in these months."

    @cached_property
    def totals(self) -> dict[str, str]:
        """What to say of a side after its word: the total of the known months, or that there was none."""
        return {side: _total(self, side) for side in ("bought", "sold")}

    @cached_property
    def summary(self) -> str:
        bought = sum(float(month.bought or 0) for month in self.months)
        sold = sum(float(month.sold or 0) for month in self.months)
        first, last = min(m.on for m in self.months), max(m.on for m in self.months)
        return (
            f"From {month_of(first)} to {month_of(last)}: {short(bought, money=self.money)} bought, "
            f"{short(sold, money=self.money)} sold."
        )

    @property
    def notes(self) -> tuple[str, ...]:
        unknown = sum(not month.known for month in self.months)
        return (f"A dotted line marks what is not known ({plural(unknown, 'month')}).",) if unknown else ()

    @property
    def columns(self) -> tuple[Column, ...]:
        columns = [Column("Month"), Column("Bought", True), Column("Sold", True)]
        return (*columns, Column("Of it sold under a plan", True), Column("Of it bought under a plan", True))

    def rows(self) -> tuple[Row, ...]:
        """One row for each month given, newest first."""
        months = sorted(self.months, key=lambda month: month.on, reverse=True)
        return tuple(
            (
                Cell(month_of(month.on), href=month.href),
                Cell.of_number(month.bought, money=self.money),
                Cell.of_number(month.sold, money=self.money),
                Cell.of_number(month.sold_planned, money=self.money),
                Cell.of_number(month.bought_planned, money=self.money),
            )
            for month in months
        )

    def layout(self, size: Size) -> Drawing:
        return layout(self, size)


@dataclass(slots=True)
class _Bar:
    """The months of one period together; What is `said` of a side is "" where it has nothing."""

    first: date
    bought: float = 0.0
    sold: float = 0.0
    bought_planned: float = 0.0
    sold_planned: float = 0.0
    known: bool = True
    href: str | None = None
    bought_said: str = ""
    sold_said: str = ""


def layout(chart: MonthlyBars, size: Size) -> Drawing:
    height = _HEIGHT[size.form]
    top, bottom = TEXT + 18, height - AXIS_ROOM - 24
    name, bars = _bars(chart, size.width - 70, _THINNEST[size.form])
    low, high = nice_domain([0.0, *(bar.bought for bar in bars), *(-bar.sold for bar in bars)], from_zero=True)
    up = LinearScale(*widened(low, high, 5), bottom, top)
    # Both directions are amounts: what was sold is $2M, not −$2M.
    ticks = tuple(type(t)(t.at, t.label.lstrip("−")) for t in value_ticks(up, 5, money=chart.money))
    left, right = max(width(tick.label, TEXT) for tick in ticks) + 10, size.width - 6
    if size.form == "wide":
        left = max(left, chart.left)
    bands = BandScale(len(bars), left, right, gap=0.25 if len(bars) < 60 else 0.15)
    rules, labels = value_axis(ticks, left, right)
    time_rules, time_labels = _band_axis(bars[0].first, _LENGTHS[name], bands, height - AXIS_ROOM, size.width)
    wide = bands.band
    marks = tuple(
        mark
        for place, bar in enumerate(bars)
        if bar.bought or bar.sold
        for mark in _marks(bar, bands.at(place), wide, up)
    )
    over = tuple(_planned(bars, bands, up))
    names = (
        Label(tenth(left), TEXT, f"▲ Bought{chart.totals['bought']}", "bought", "start"),
        Label(tenth(left), tenth(bottom + TEXT + 3), f"▼ Sold{chart.totals['sold']}", "sold", "start"),
    )
    return Drawing(
        form=size.form,
        width=size.width,
        height=height,
        plot=(left, top, right, bottom),
        rules=(*(rule for rule in rules if rule.name != "zero"), *time_rules),
        lines=tuple(_unknown(bars, bands, up)),
        marks=marks,
        over=over,
        labels=(*names, *labels, *time_labels),
        key=_key(bars),
        notes=() if name == "month" else (f"Drawn by {name}: that many months would be too thin to see.",),
        front=(Rule(tenth(left), tenth(up.at(0)), tenth(right), tenth(up.at(0)), "zero"),),
    )


def _bars(chart: MonthlyBars, room: float, thinnest: float) -> tuple[str, list[_Bar]]:
    """The finest period whose bands are wide enough, with every period from the first to the last."""
    numbers = [month.on.year * 12 + month.on.month - 1 for month in chart.months] or [24000]
    name, length = next(
        (
            (name, length)
            for name, length in _PERIODS[:-1]
            if (max(numbers) // length - min(numbers) // length + 1) * thinnest <= room
        ),
        _PERIODS[-1],
    )
    if name not in chart.drawn_bars:
        chart.drawn_bars[name] = _put_together(chart, numbers, name, length)
    return name, chart.drawn_bars[name]


def _put_together(chart: MonthlyBars, numbers: list[int], name: str, length: int) -> list[_Bar]:
    first, last = min(numbers) // length, max(numbers) // length
    bars = [_Bar(date(number * length // 12, number * length % 12 + 1, 1)) for number in range(first, last + 1)]
    for number, month in zip(numbers, chart.months, strict=False):
        bar = bars[number // length - first]
        bar.bought += float(month.bought or 0)
        bar.sold += float(month.sold or 0)
        bar.bought_planned += float(month.bought_planned)
        bar.sold_planned += float(month.sold_planned)
        bar.known = bar.known and month.known
        bar.href = bar.href or month.href
    for bar in bars:
        if not (bar.bought or bar.sold):
            bar.bought_planned = bar.sold_planned = 0.0
            continue
        when = _period_words(bar.first, name)
        bar.bought_planned, bar.sold_planned = min(bar.bought_planned, bar.bought), min(bar.sold_planned, bar.sold)
        if bar.bought:
            bar.bought_said = _said(chart, when, "bought", bar.bought, bar.bought_planned)
        if bar.sold:
            bar.sold_said = _said(chart, when, "sold", bar.sold, bar.sold_planned)
    return bars


def _said(chart: MonthlyBars, when: str, side: str, total: float, planned: float) -> str:
    by_plan = f", {short(planned, money=chart.money)} of it under a plan" if planned else ""
    return f"{when}: {side} {short(total, money=chart.money)}{by_plan}"


def _total(chart: MonthlyBars, side: str) -> str:
    amounts = [getattr(month, side) for month in chart.months]
    total = sum(float(amount) for amount in amounts if amount is not None)
    if not total:
        return "" if None in amounts else ": none"
    return f" {short(total, money=chart.money)}{' in the known months' if None in amounts else ''}"


def _period_words(first: date, name: str) -> str:
    if name == "month":
        return month_of(first)
    if name == "quarter":
        return f"{month_name(first, long=True)} to {month_of(date(first.year, first.month + 2, 1))}"
    return str(first.year) if name == "year" else f"{first.year} to {first.year + 4}"


def _marks(bar: _Bar, x: float, wide: float, up: LinearScale) -> Iterator[Mark]:
    for side, sign, total, said in (("bought", 1, bar.bought, bar.bought_said), ("sold", -1, bar.sold, bar.sold_said)):
        if total:
            y, high = _span(up, sign, 0.0, total)
            yield Mark(box(x, y, wide, high), f"bar mark--{side}", said, bar.href, (x, y, x + wide, y + high))


def _planned(bars: list[_Bar], bands: BandScale, up: LinearScale) -> Iterator[Path]:
    """What lies over the outer ends of the bars: the part of each that was under a plan, hollow."""
    for side, sign in (("bought", 1), ("sold", -1)):
        boxes = []
        for place, bar in enumerate(bars):
            total, planned = getattr(bar, side), getattr(bar, f"{side}_planned")
            if planned > 0:
                y, high = _span(up, sign, total - planned, total)
                boxes.append(box(bands.at(place), y, bands.band, high))
        if boxes:
            yield Path("".join(boxes), f"hollow mark--{side}")


def _span(up: LinearScale, sign: int, base: float, end: float) -> tuple[float, float]:
    """Top and height of a bar from one amount to another; one that is there is seen."""
    first, last = up.at(sign * base), up.at(sign * end)
    if abs(last - first) < 1:
        last = first - sign
    return min(first, last), abs(last - first)


def _unknown(bars: list[_Bar], bands: BandScale, up: LinearScale) -> Iterator[Path]:
    for place, bar in enumerate(bars):
        if not bar.known:
            x, top, bottom = tenth(bands.middle(place)), tenth(up.end), tenth(up.start)
            yield Path(f"M{x} {top}V{bottom}", "not-known", "not known")


def _band_axis(
    first: date, months: int, bands: BandScale, bottom: float, wide: float
) -> tuple[list[Rule], list[Label]]:
    """Ticks and labels under the bands, the first of which begins on that day and each of which has so many months."""
    upper, lower, under = tenth(bottom), tenth(bottom + 5), tenth(bottom + 19)
    places = _band_places(first, months, bands, wide)
    return (
        [Rule(middle, upper, middle, lower, "tick") for middle, _, _ in places],
        [Label(at, under, text) for _, at, text in places],
    )


@lru_cache(maxsize=512)  # many parties filed last in the same month, and are drawn as wide
def _band_places(first: date, months: int, bands: BandScale, wide: float) -> list[tuple[float, float, str]]:
    """Of every nth band, so that labels stand apart, its middle, where its label stands, and the label.

    A label says the year where it is new.
    """
    start = first.year * 12 + first.month - 1
    for every in _ROUND_MONTHS:
        chosen = [i for i in range(bands.count) if (start + i * months) % every == 0]
        days = [date((start + i * months) // 12, (start + i * months) % 12 + 1, 1) for i in chosen]
        texts = [_band_label(on, n == 0) for n, on in enumerate(days)]
        at = [label_place(bands.middle(i), text, TEXT, 0, wide) for i, text in zip(chosen, texts, strict=True)]
        halves = [width(text, TEXT) / 2 for text in texts]
        if all(at[n] + halves[n] + LABEL_GAP <= at[n + 1] - halves[n + 1] for n in range(len(at) - 1)):
            break
    return [(tenth(bands.middle(i)), tenth(x), text) for i, x, text in zip(chosen, at, texts, strict=True)]


_ROUND_MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000)


def _band_label(first: date, is_first: bool) -> str:
    if first.month == 1:
        return str(first.year)
    return f"{month_name(first)} {first.year}" if is_first else month_name(first)


def _key(bars: list[_Bar]) -> tuple[KeyItem, ...]:
    if not any(bar.bought_planned or bar.sold_planned for bar in bars):
        return ()
    return (
        KeyItem("key-mark", box(-6, -6, 12, 12), "outside a plan"),
        KeyItem("key-mark mark--planned", box(-6, -6, 12, 12), "under a plan"),
    )
