"""Marks that would lie on each other are stacked outward from a line.

Promises: no two marks of one side overlap; the larger lie nearer to the line; the same input gives the same answer.
Refuses to go further out than it is allowed, and then answers None: the caller makes the marks fewer or smaller.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence


def stacked(marks: Sequence[tuple[float, float]], *, limit: float, gap: float = 1.0) -> list[float] | None:
    """For each (x, half its side), the distance of its centre from the line; None if any would pass `limit`."""
    if not marks:
        return []
    column = max(half for _, half in marks) * 2 + gap
    placed: dict[int, list[tuple[float, float, float, float]]] = defaultdict(list)  # column: (left, right, low, high)
    offsets = [0.0] * len(marks)
    for index in sorted(range(len(marks)), key=lambda i: (-marks[i][1], marks[i][0], i)):
        x, half = marks[index]
        here = math.floor(x / column)
        low = _free(x, half, gap, [box for near in (here - 1, here, here + 1) for box in placed[near]])
        if low + 2 * half > limit:
            return None
        offsets[index] = low + half
        placed[here].append((x - half, x + half, low, low + 2 * half))
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


def _free(x: float, half: float, gap: float, near: list[tuple[float, float, float, float]]) -> float:
    """The lowest place beside the boxes that share some width with this mark."""
    low = gap
    beside = [box for box in near if box[0] < x + half + gap and x - half - gap < box[1]]
    for _, _, bottom, top in sorted(beside, key=lambda box: (box[2], box[3])):
        if low + 2 * half + gap <= bottom:
            break
        low = max(low, top + gap)
    return low
