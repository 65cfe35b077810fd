"""More officers and directors than usual sold at about the same time (domain facts 7.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from signals.detectors.clusters import Cluster, beside, clusters
from signals.detectors.docket import Docket, Event
from signals.detectors.draft import cite, counted, dollars, draft, left_out, measured, plain
from signals.detectors.signal import Cited, Signal

KIND = "cluster_sell"
_QUARTER = Decimal("91.3125")  # days


@dataclass(frozen=True, slots=True)
class Usual:
    """How many decision-makers sold in windows of the same length before; `mean` None where too little is on file."""

    mean: Decimal | None
    windows: int
    quarters: int


def find(docket: Docket) -> Iterator[Signal]:
    limits = docket.thresholds
    least, each, stake = limits[f"{KIND}.insiders"], limits[f"{KIND}.each"], limits[f"{KIND}.stake"]

    def fits(event: Event) -> bool:
        part = event.stake_percent
        return event.seated and event.value >= each and part is not None and part >= stake

    def full(window: Sequence[Event], moment: datetime) -> object | None:
        makers = {event.maker for event in window}
        if len(makers) < least or _one_deal(window):
            return None
        usual = _usual(docket, window[0].on, moment)
        return usual if usual.mean is None or len(makers) >= limits[f"{KIND}.times_usual"] * usual.mean else None

    for cluster in clusters(docket.sells, limits.days(f"{KIND}.days"), fits, full):
        if not _one_deal(cluster.events):
            yield _signal(docket, cluster)


def _one_deal(events: Sequence[Event]) -> bool:
    """All on one day at one price: an offering, or sales that the company arranged."""
    return len({(event.on, event.price) for event in events}) == 1


def _usual(docket: Docket, start: date, moment: datetime) -> Usual:
    """The mean over back-to-back windows before `start`, over eight quarters or as far as filings reach, from four."""
    limits = docket.thresholds
    length = timedelta(days=limits.days(f"{KIND}.days") + 1)
    since = docket.covered_since or start
    quarters = min(int(limits[f"{KIND}.quarters"]), int((start - since).days / _QUARTER))
    if quarters < limits[f"{KIND}.fewest_quarters"]:
        return Usual(None, 0, max(0, quarters))
    windows = int(quarters * _QUARTER) // length.days
    first = start - length * windows
    makers: list[set[str]] = [set() for _ in range(windows)]
    for event in docket.sells.between(first, start - timedelta(days=1)):
        if event.seated and event.known_at <= moment:
            makers[(event.on - first).days // length.days].add(event.maker)
    return Usual(Decimal(sum(map(len, makers))) / windows, windows, quarters)


def _signal(docket: Docket, cluster: Cluster) -> Signal:
    events = cluster.events
    usual = cluster.filled
    assert isinstance(usual, Usual)
    makers = {event.maker for event in events}
    total = sum((event.value for event in events), Decimal(0))
    parts = [part for event in events if (part := event.stake_percent) is not None]
    start, end = events[0].on, events[-1].on
    tests = [
        measured(docket, "officers or directors", len(makers), f"{KIND}.insiders", True),
        measured(docket, "smallest sale", min(event.value for event in events), f"{KIND}.each", True),
        measured(docket, "smallest part of a stake", min(parts), f"{KIND}.stake", True),
    ]
    if usual.mean is not None:
        many = Decimal(len(makers)) / usual.mean if usual.mean else None
        tests.append(measured(docket, "times the usual number", many, f"{KIND}.times_usual", True))
    evidence: dict[str, Any] = {
        "tests": tests,
        "insiders": len(makers),
        "value": plain(total),
        "usual_insiders": plain(usual.mean),
        "usual_from_quarters": usual.quarters,
        "usual_left_out": usual.mean is None,
        "filled_by": cluster.filled_by.deals[0].trade.accession,
        "grew_at": plain(cluster.grown_at) if cluster.grown_at > cluster.known_at else None,
    }
    compared = (
        f"usually {plain(round(usual.mean, 1)) or 'none'} sell in such a time"
        if usual.mean is not None
        else "too few quarters are on file to say how many usually do"
    )
    return draft(
        docket,
        KIND,
        cluster.filled_by.key,
        known_at=cluster.known_at,
        window=(start, end),
        strength=30 + min(30, 10 * (len(makers) - 3)) + min(20, int(max(parts)) // 5) + 10 * (usual.mean is not None),
        deals=[deal for event in events for deal in event.deals],
        evidence=evidence,
        excluded=_left_out(docket, events),
        sentence=f"{counted(len(makers), 'officer or director', 'officers and directors')} sold {dollars(total)} of "
        "shares in the open "
        f"market from {start} to {end}; {compared}.",
    )


def _left_out(docket: Docket, events: Sequence[Event]) -> list[Cited]:
    start, end = events[0].on, events[-1].on
    found = left_out(docket.excluded_between("S", start, end))
    for event in beside(docket, docket.sells.between(start, end), events):
        reason = (
            "too small in dollars or as a part of the stake" if event.seated else "a 10% owner, no officer or director"
        )
        found += [cite(deal, reason) for deal in event.deals]
    return found
