"""The layout of `TradesChart`: marks stacked away from a line, or from one line for each lane, over one time axis.

Promises: every mark inside its panel and on no other; what is bought stands above its line and what is sold below;
the price, where given, has a panel and an axis of its own above, on the same days: two meanings never share one height.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .drawing import AXIS_ROOM, TEXT, Drawing, KeyItem, Label, Mark, Path, Rule, Size, time_axis, value_axis
from .merging import PERIODS, Group
from .scales import AreaScale, LinearScale, TimeScale
from .shapes import box, circle, gap_path, half_extent, shape_path, tenth, thinned
from .stacks import stacked
from .ticks import Tick, value_ticks, widened
from .trade import BOUGHT, MECHANICS, PLAN_UNKNOWN, PLANNED, SHAPES, SOLD, UNKNOWN
from .words import cut, short, width

if TYPE_CHECKING:
    from .trades import TradesChart

MOST_MARKS = {"wide": 400, "narrow": 120}
MOST_IN_LANES = {"wide": 240, "narrow": 100}
MOST_MERGED = {"wide": 150, "narrow": 60}  # once they merge, fewer marks say as much, in half the page
RADII = {"wide": (18.0, 15.0, 12.0, 10.0, 8.0, 6.5, 5.0, 4.0), "narrow": (14.0, 11.0, 9.0, 7.0, 5.5, 4.0)}
LANE_RADII = {"wide": (13.0, 10.0, 8.0, 6.5, 5.0, 4.0), "narrow": (10.0, 8.0, 6.5, 5.0, 4.0)}
LEAST = (1.8, 2.6)  # small marks may shrink with the large ones, so that area still tells values apart
_MANY_PRICES = 400
_STRIP = TEXT + 10  # a line of words above or below the marks
_PRICE_HEIGHT = {"wide": 96.0, "narrow": 84.0}
_REACH = {"wide": 190.0, "narrow": 160.0}
_LANE_REACH = 40.0


@dataclass(frozen=True, slots=True)
class Arranged:
    """Which marks there are, and of each its place along, radius, half its side, and how far it is from its line."""

    groups: list[Group]
    period: str
    area: AreaScale
    along: TimeScale
    xs: list[float]
    radii: list[float]
    halves: list[float]
    offsets: list[float]


@dataclass(frozen=True, slots=True)
class _Track:
    lane: str
    top: float
    line: float
    bottom: float


def arranged(chart: TradesChart, size: Size) -> Arranged:
    """The finest period and the largest marks with which everything has a place."""
    left, right = _sides(chart, size)
    first, last = chart.days
    reach = _LANE_REACH if chart.lanes else _REACH[size.form]
    for period in PERIODS:
        alone = MOST_IN_LANES if chart.lanes else MOST_MARKS
        most = (alone if period == PERIODS[0] else MOST_MERGED)[size.form]
        groups = chart.merges.by(period, None if period == PERIODS[-1] else most)
        if groups is None:
            continue
        sides = _by_side(groups)
        largest = max((group.value or 0.0 for group in groups), default=0.0)
        for radius in (LANE_RADII if chart.lanes else RADII)[size.form]:
            inset = half_extent("up", radius) + 2
            along = TimeScale(first, last, left + inset, right - inset)
            area = AreaScale(largest, radius, max(LEAST[0], min(LEAST[1], radius * 0.3)))
            plan = _placed(groups, sides, period, area, along, reach)
            if plan is not None:
                return plan
    # Even one mark for each kind and plan may reach further than asked; then the panel grows.
    groups = chart.merges.by(PERIODS[-1]) or []
    plan = _placed(groups, _by_side(groups), PERIODS[-1], area, along, math.inf)
    assert plan is not None  # there is room without end
    return plan


def layout(chart: TradesChart, size: Size) -> Drawing:
    plan = chart.arrangement(size)
    left, right = _sides(chart, size)
    top = _STRIP
    rules: list[Rule] = []
    labels: list[Label] = []
    lines: tuple[Path, ...] = ()
    if chart.prices:
        price_rules, price_labels, lines = _price_panel(chart, plan.along, size, top, left, right)
        rules += price_rules
        labels += price_labels
        top += _PRICE_HEIGHT[size.form] + _STRIP + 14
    tracks = _tracks(chart, plan, size, top)
    bottom = tracks[-1].bottom + (0 if chart.lanes else _STRIP)
    panel_top = _STRIP if chart.prices else tracks[0].top
    time_rules, time_labels = time_axis(plan.along, panel_top, bottom, size.width)
    area_marks, area_labels = _area_key(plan.area, right, top - 8)
    labels += _lane_names(tracks, size, left) if chart.lanes else _side_words(chart, tracks[0], size, left, area_labels)
    rules += [
        Rule(tenth(left), tenth(t.line), tenth(right), tenth(t.line), "lane" if chart.lanes else "zero") for t in tracks
    ]
    if chart.lanes:
        rules.append(Rule(tenth(left), tenth(bottom), tenth(right), tenth(bottom), "zero"))
    return Drawing(
        form=size.form,
        width=size.width,
        height=tenth(bottom + AXIS_ROOM),
        plot=(left, panel_top, right, bottom),
        washes=tuple(_episodes(chart, plan.along, panel_top, bottom)),
        rules=(*time_rules, *rules),
        lines=(*lines, *area_marks),
        marks=tuple(_marks(plan, tracks)),
        labels=(*labels, *area_labels, *time_labels),
        key=tuple(_key(chart, plan.groups)),
        notes=tuple(_layout_notes(plan)),
    )


def _sides(chart: TradesChart, size: Size) -> tuple[float, float]:
    """Left and right of the panels; to the left there is room for lane names (wide) and for prices."""
    left = 4.0
    if chart.lanes and size.form == "wide":
        left = min(190.0, max(width(lane, TEXT) for lane in chart.lanes)) + 12
    if chart.prices:
        left = max(left, max(width(tick.label, TEXT) for tick in _price_ticks(chart, 0, 100)[1]) + 10)
    if size.form == "wide":
        left = max(left, chart.left)
    return left, size.width - 4


def _by_side(groups: list[Group]) -> list[list[int]]:
    """The places of the groups that stand on one side of a line, those of the fullest first: they lack room first."""
    sides: dict[tuple[str, bool], list[int]] = {}
    for index, group in enumerate(groups):
        sides.setdefault((group.lane, group.up), []).append(index)
    return sorted(sides.values(), key=len, reverse=True)


def _placed(
    groups: list[Group], sides: list[list[int]], period: str, area: AreaScale, along: TimeScale, reach: float
) -> Arranged | None:
    """The marks in these sizes; None where they would go further from their line than `reach`."""
    offsets = [0.0] * len(groups)
    xs = along.all_at([group.on.toordinal() for group in groups])
    radii = area.all_of([group.value for group in groups])
    halves = [half_extent(SHAPES[group.kind], radius) for group, radius in zip(groups, radii, strict=True)]
    for members in sides:
        places = stacked([(xs[i], halves[i]) for i in members], limit=reach, gap=1.5)
        if places is None:
            return None
        for index, place in zip(members, places, strict=True):
            offsets[index] = place
    return Arranged(groups, period, area, along, xs, radii, halves, offsets)


def _tracks(chart: TradesChart, plan: Arranged, size: Size, top: float) -> list[_Track]:
    """Each lane as high as its stacks need, with its name above it where there is no room to the left."""
    reach: dict[tuple[str, bool], float] = {}
    for group, offset, half in zip(plan.groups, plan.offsets, plan.halves, strict=True):
        side = (group.lane, group.up)
        reach[side] = max(reach.get(side, 0.0), offset + half + 4)
    tracks = []
    least = 12.0 if chart.lanes else 26.0
    for lane in chart.lanes or ("",):
        above = TEXT + 4 if chart.lanes and size.form == "narrow" else 0
        line = top + above + max(least, reach.get((lane, True), 0.0))
        tracks.append(_Track(lane, top, line, line + max(least, reach.get((lane, False), 0.0))))
        top = tracks[-1].bottom
    return tracks


def _marks(plan: Arranged, tracks: list[_Track]) -> Iterator[Mark]:
    lines = {track.lane: track.line for track in tracks}
    for group, x, radius, half, offset in zip(plan.groups, plan.xs, plan.radii, plan.halves, plan.offsets, strict=True):
        line = lines[group.lane]
        y = line - offset if group.up else line + offset
        area = (x - half, y - half, x + half, y + half)
        yield Mark(shape_path(SHAPES[group.kind], x, y, radius), _mark_name(group), group.sentence, group.href, area)


def _mark_name(group: Group) -> str:
    if group.kind == UNKNOWN or group.value is None or group.plan == PLAN_UNKNOWN:
        return f"mark--{group.kind} mark--unknown"
    return f"mark--{group.kind}{' mark--planned' if group.plan == PLANNED else ''}"


def _price_ticks(chart: TradesChart, top: float, bottom: float) -> tuple[LinearScale, tuple[Tick, ...]]:
    up = LinearScale(*widened(*chart.price_range, 3), bottom, top)
    return up, value_ticks(up, 3, money=True)


def _price_panel(
    chart: TradesChart, along: TimeScale, size: Size, top: float, left: float, right: float
) -> tuple[list[Rule], list[Label], tuple[Path, ...]]:
    bottom = top + _PRICE_HEIGHT[size.form]
    up, ticks = _price_ticks(chart, top, bottom)
    rules, labels = value_axis(ticks, left, right)
    d = gap_path(
        [
            thinned(
                list(zip(along.all_at(days), up.all_at(prices), strict=True)), 3.0 if len(days) > _MANY_PRICES else 1.0
            )
            for days, prices in chart.price_runs
        ]
    )
    title = Label(tenth(left), TEXT, cut(chart.price_title, TEXT, right - left), "panel", "start")
    return rules, [title, *labels], (Path(d, "price"),)


def _side_words(chart: TradesChart, track: _Track, size: Size, left: float, taken: list[Label]) -> list[Label]:
    """What is above the line and below it, in words with totals, in place of a legend."""
    room = min((label.x - max(28, width(label.text, TEXT)) for label in taken), default=size.width - 28) - left
    words = []
    for kind, y, space in ((BOUGHT, track.top - 5, room), (SOLD, track.bottom + TEXT + 3, size.width - left)):
        sign = "▲ Bought" if kind == BOUGHT else "▼ Sold"
        total = chart.totals[kind]
        choices = (f"{sign} {total}", f"{sign} {total.split(' in ')[0]}", sign) if total else (f"{sign}: none", sign)
        text = next((choice for choice in choices if width(choice, TEXT) <= space), sign)
        words.append(Label(tenth(left), tenth(y), text, kind, "start"))
    return words


def _lane_names(tracks: list[_Track], size: Size, left: float) -> list[Label]:
    labels = []
    for track in tracks:
        if size.form == "narrow":
            text = cut(track.lane, TEXT, size.width - 8)
            at = Label(tenth(left), tenth(track.top + TEXT), text, "lane", "start", track.lane)
        else:
            text = cut(track.lane, TEXT, left - 12)
            at = Label(tenth(left - 10), tenth(track.line + TEXT * 0.35), text, "lane", "end", track.lane)
        labels.append(at)
    return labels


def _area_key(area: AreaScale, right: float, y: float) -> tuple[tuple[Path, ...], list[Label]]:
    """Two circles of round values at the right, as large as a mark of that value."""
    if area.largest <= 0:
        return (), []
    paths: list[Path] = []
    labels: list[Label] = []
    x = right
    for value in _round_values(area):
        radius, text = area.radius_of(value), short(value, money=True)
        labels.append(Label(tenth(x), tenth(y + 3), text, "tick", "end"))
        x -= width(text, TEXT) + radius + 4
        paths.append(Path(circle(x, y - 1.5, radius), "area-key"))
        x -= radius + 12
    return tuple(paths), labels


def _round_values(area: AreaScale) -> list[float]:
    """A round value drawn at most 9 units in radius, and a tenth of it if larger than the smallest mark."""
    most = min(area.largest, area.largest * (9 / area.radius) ** 2)
    power = 10.0 ** math.floor(math.log10(most))
    value = max(factor * power for factor in (1, 2, 5) if factor * power <= most)
    return [value, value / 10] if area.radius_of(value / 10) > area.least else [value]


def _episodes(chart: TradesChart, along: TimeScale, top: float, bottom: float) -> Iterator[Path]:
    for episode in chart.episodes:
        start, end = along.at(max(episode.first, along.first)), along.at(min(episode.last, along.last))
        if end >= start:  # else it lies outside the days shown
            yield Path(box(start - 3, top, end - start + 6, bottom - top), "episode", episode.words)


def _key(chart: TradesChart, groups: list[Group]) -> Iterator[KeyItem]:
    """Only what the chart has and its own words do not already say."""
    kinds = {group.kind for group in groups}
    names = {_mark_name(group).partition(" ")[2] for group in groups}
    for kind, word in ((BOUGHT, "bought"), (SOLD, "sold"), (MECHANICS, "mechanics: grants, exercises, tax")):
        if kind in kinds and (chart.lanes or kind == MECHANICS):
            yield KeyItem(f"key-mark mark--{kind}", shape_path(SHAPES[kind], 0, 0, 5.2), word)
    shape = "up" if BOUGHT in kinds else "down"
    if "mark--planned" in names:
        yield KeyItem("key-mark mark--planned", shape_path(shape, 0, 0, 5.2), "hollow: under a plan")
    if "mark--unknown" in names:
        yield KeyItem("key-mark mark--unknown", shape_path(shape, 0, 0, 5.2), "dotted: plan or value not known")


def _layout_notes(plan: Arranged) -> Iterator[str]:
    if plan.period != "trade":
        count = sum(group.count for group in plan.groups)
        yield f"{count:,} trades are too many to draw one by one: trades of one kind are merged by {plan.period}."
    floor = plan.area.floor
    if any(group.value is not None and group.value < floor for group in plan.groups):
        yield f"Values under {short(floor, money=True)} have the smallest mark."
