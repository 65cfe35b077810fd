"""Paths as text: shapes of equal area, step lines, lines with gaps, and points thinned for drawing.

Promises: coordinates rounded to a tenth, so that the same numbers give the same bytes; a missing value breaks the line
and nothing is drawn across the break; thinning keeps the first, last, lowest and highest point of every column.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

Point = tuple[float, float]


def tenth(value: float) -> float | int:
    """Rounded to 0.1; a whole number comes back as one, so that no ".0" or "-0" is written."""
    rounded = round(value, 1)
    whole = int(rounded)
    return whole if whole == rounded else rounded


def _written(path: str) -> str:
    """A path whose numbers all have one decimal, as `tenth` writes them: cheaper by the path than by the number."""
    return path.replace("-0.0", "0").replace(".0", "")


def triangle_up(x: float, y: float, radius: float) -> str:
    return _triangle(x, y, radius, -1)


def triangle_down(x: float, y: float, radius: float) -> str:
    return _triangle(x, y, radius, 1)


def diamond(x: float, y: float, radius: float) -> str:
    half = half_extent("diamond", radius)
    return _written(f"M{x:.1f} {y - half:.1f}L{x + half:.1f} {y:.1f}L{x:.1f} {y + half:.1f}L{x - half:.1f} {y:.1f}z")


def circle(x: float, y: float, radius: float) -> str:
    arc = f"a{radius:.1f} {radius:.1f} 0 1 0 "
    return _written(f"M{x - radius:.1f} {y:.1f}{arc}{2 * radius:.1f} 0{arc}-{2 * radius:.1f} 0z")


def box(x: float, y: float, wide: float, high: float) -> str:
    return _written(f"M{x:.1f} {y:.1f}h{wide:.1f}v{high:.1f}h{-wide:.1f}z")


# Half the width (and height) of the box around each shape whose area is that of a circle with radius 1.
_EXTENTS = {
    "circle": 1.0,
    "up": math.sqrt(math.pi / 2),
    "down": math.sqrt(math.pi / 2),
    "diamond": math.sqrt(math.pi / 2),
}
_DRAWERS: dict[str, Callable[[float, float, float], str]] = {
    "circle": circle,
    "up": triangle_up,
    "down": triangle_down,
    "diamond": diamond,
}


def half_extent(shape: str, radius: float) -> float:
    """Half the side of the square around `shape`, drawn with the area of a circle of this radius."""
    return _EXTENTS[shape] * radius


def shape_path(shape: str, x: float, y: float, radius: float) -> str:
    """`shape` is "up", "down", "diamond" or "circle"; the area is that of a circle of `radius` in every case."""
    return _DRAWERS[shape](x, y, radius)


def step_path(runs: Sequence[Sequence[Point]]) -> str:
    """Each run as steps: a value holds until the next one replaces it."""
    parts: list[str] = []
    for run in runs:
        (x, y), *rest = run
        parts.append(f"M{x:.1f} {y:.1f}")
        parts += [f"H{x:.1f}V{y:.1f}" for x, y in rest]
    return _written("".join(parts))


def gap_path(runs: Sequence[Sequence[Point]]) -> str:
    """Each run as a line; between two runs there is nothing. A run of one point is a round dot of the line's width."""
    parts: list[str] = []
    for run in runs:
        parts.append("M" + "L".join([f"{x:.1f} {y:.1f}" for x, y in run]) + ("h0" if len(run) == 1 else ""))
    return _written("".join(parts))


def runs_of(days: Iterable[tuple[int, float | None]]) -> list[tuple[list[int], list[float]]]:
    """Days (as ordinals) and their values, split where a value is missing."""
    runs: list[tuple[list[int], list[float]]] = [([], [])]
    for day, value in days:
        if value is None:
            runs.append(([], []))
        else:
            runs[-1][0].append(day)
            runs[-1][1].append(value)
    return [run for run in runs if run[0]]


def thinned(run: Sequence[Point], column: float = 1.0) -> list[Point]:
    """The run with at most four points per column of this width: first, lowest, highest and last, in order."""
    kept: list[Point] = []
    bucket: list[Point] = []
    end = -math.inf  # where the column of the bucket ends
    for point in run:
        if point[0] >= end:
            kept.extend(_telling(bucket) if len(bucket) > 4 else bucket)
            bucket = []
            end = (math.floor(point[0] / column) + 1) * column
        bucket.append(point)
    kept.extend(_telling(bucket))
    return kept


def _telling(bucket: list[Point]) -> list[Point]:
    if len(bucket) <= 4:
        return bucket
    heights = [y for _, y in bucket]
    keep = {0, len(bucket) - 1, heights.index(min(heights)), heights.index(max(heights))}
    return [bucket[index] for index in sorted(keep)]


def _triangle(x: float, y: float, radius: float, direction: int) -> str:
    """As high as it is wide, centred on its box; `direction` -1 points up."""
    half = half_extent("up", radius)
    tip, base = y + direction * half, f"{y - direction * half:.1f}"
    return _written(f"M{x:.1f} {tip:.1f}L{x - half:.1f} {base}L{x + half:.1f} {base}z")
