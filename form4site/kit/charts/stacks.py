"""Marks that would lie on each other are stacked outward from a line.

Promises: no two marks of one side overlap; the larger lie nearer to the line; the same input gives the same answer.
Refuses to go further out than it is allowed, and then answers None: the caller makes the marks fewer or smaller.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

_Box = tuple[float, float, float, float]  # bottom, top, left, right


def stacked(marks: Sequence[tuple[float, float]], *, limit: float, gap: float = 1.0) -> list[float] | None:
    """For each (x, half its side), the distance of its centre from the line; None if any would pass `limit`."""
    if not marks:
        return []
    column = max([half for _, half in marks]) * 2 + gap
    placed: dict[int, list[_Box]] = defaultdict(list)  # by the column of their middle
    offsets = [0.0] * len(marks)
    for nearness, x, index in sorted([(-half, x, index) for index, (x, half) in enumerate(marks)]):
        half, high, here = -nearness, -2 * nearness, math.floor(x / column)
        left, right = x - half - gap, x + half + gap
        beside = [
            box
            for near in (here - 1, here, here + 1)
            if near in placed
            for box in placed[near]
            if box[2] < right and left < box[3]
        ]
        low = _free(high, gap, beside)
        if low + high > limit:
            return None
        offsets[index] = low + half
        placed[here].append((low, low + high, x - half, x + half))
    return offsets


def spread(places: Sequence[float], *, apart: float, low: float, high: float) -> list[float]:
    """Places moved as little as a simple sweep can, so that neighbours are `apart` and all lie in `low`..`high`.

    Where they cannot all fit, they are spread evenly and will be nearer than `apart`.
    """
    order = sorted(range(len(places)), key=lambda i: (places[i], i))
    if len(places) > 1 and (len(places) - 1) * apart > high - low:
        apart = (high - low) / (len(places) - 1)
    moved = [0.0] * len(places)
    floor = low
    for index in order:
        moved[index] = max(floor, places[index])
        floor = moved[index] + apart
    ceiling = high
    for index in reversed(order):
        moved[index] = min(ceiling, moved[index])
        ceiling = moved[index] - apart
    return moved


def _free(high: float, gap: float, beside: list[_Box]) -> float:
    """The lowest place for so much height among the boxes that share some width with it."""
    low = gap
    if len(beside) > 1:
        beside.sort()
    for bottom, top, _, _ in beside:
        if low + high + gap <= bottom:
            break
        if top + gap > low:
            low = top + gap
    return low
