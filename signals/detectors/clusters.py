"""Clusters of decisions: chains of events with no gap longer than the window, and when a window in them was full.

Promises: adding an event to a chain never makes it lose a full window; the moment at which a chain became a cluster is
that of the filing that filled its first window, however much it grew before or after; equal events give equal clusters
whatever the order of arrival.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from signals.detectors.docket import Docket, Event
from signals.readings.trading_days import next_trading_day

# Whether the events of a window, as known at the moment, are a cluster; what it returns is kept as evidence.
Full = Callable[[Sequence[Event], datetime], object | None]
Fits = Callable[[Event], bool]


@dataclass(frozen=True, slots=True)
class Cluster:
    """`filled_by` is the event whose filing filled the first window; `grown_at` the newest filing of the chain."""

    events: tuple[Event, ...]
    known_at: datetime
    filled_by: Event
    filled: object
    grown_at: datetime


def clusters(events: Iterable[Event], days: int, fits: Fits, full: Full) -> list[Cluster]:
    """The clusters of these events (sorted by day): of those that fit, in windows of so many days, ends included."""
    found = []
    for chain in _chains([event for event in events if fits(event)], days):
        cluster = _cluster(chain, timedelta(days=days), fits, full)
        if cluster:
            found.append(cluster)
    return found


def _chains(events: Sequence[Event], days: int) -> Iterable[list[Event]]:
    chain: list[Event] = []
    for event in events:
        if chain and (event.on - chain[-1].on).days > days:
            yield chain
            chain = []
        chain.append(event)
    if chain:
        yield chain


def _cluster(chain: list[Event], span: timedelta, fits: Fits, full: Full) -> Cluster | None:
    told = sorted(((_since(event, fits), event.on, event.key, event) for event in chain), key=lambda row: row[:3])
    known: list[tuple[date, str, Event]] = []
    ons: list[date] = []
    for moment, on, key, event in told:
        insort(known, (on, key, event), key=lambda row: row[:2])
        insort(ons, on)
        starts = sorted(set(ons[bisect_left(ons, on - span) : bisect_right(ons, on)]))
        for start in starts:
            window = [row[2] for row in known[bisect_left(ons, start) : bisect_right(ons, start + span)]]
            filled = full(window, moment)
            if filled is not None:
                return Cluster(tuple(chain), moment, event, filled, max(one.known_at for one in chain))
    return None


def _since(event: Event, fits: Fits) -> datetime:
    """The first moment at which what was filed of the event fitted."""
    return next((part.known_at for part in event.as_known() if fits(part)), event.known_at)


def closest_of_two(events: Sequence[Event]) -> int | None:
    """How many trading days lay at least between trades of two decision-makers: 0 the same day, 1 the next; at most 5.

    Events are sorted by day, so the closest two of different makers stand side by side.
    """
    best: int | None = None
    for one, other in pairwise(events):
        if one.maker != other.maker:
            apart = _trading_days(one.on, other.on)
            best = apart if best is None else min(best, apart)
    return best


def _trading_days(start: date, end: date, most: int = 5) -> int:
    for count in range(most):
        if start >= end:
            return count
        start = next_trading_day(start)
    return most


def beside(docket: Docket, events: Sequence[Event], chosen: Sequence[Event]) -> list[Event]:
    """Eligible events that did not fit."""
    kept = {id(event) for event in chosen}
    return [event for event in events if id(event) not in kept]
