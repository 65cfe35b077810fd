"""Several officers or directors bought at about the same time, each by their own decision (domain facts 7.1)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from signals.detectors.clusters import Cluster, beside, closest_of_two, clusters
from signals.detectors.docket import Docket, Event
from signals.detectors.draft import cite, counted, dollars, draft, left_out, measured, plain
from signals.detectors.signal import Cited, Signal

KIND = "cluster_buy"
_LEADERS = frozenset({"ceo", "cfo", "chair"})


def find(docket: Docket) -> Iterator[Signal]:
    limits = docket.thresholds
    least, each, together = limits[f"{KIND}.insiders"], limits[f"{KIND}.each"], limits[f"{KIND}.together"]

    def fits(event: Event) -> bool:
        return event.seated and event.value >= each

    def full(window: Sequence[Event], moment: datetime) -> object | None:
        makers = {event.maker for event in window}
        total = sum(event.value for event in window)
        return total if len(makers) >= least and total >= together else None

    for cluster in clusters(docket.buys, limits.days(f"{KIND}.days"), fits, full):
        yield _signal(docket, cluster)


def _signal(docket: Docket, cluster: Cluster) -> Signal:
    events = cluster.events
    makers = sorted({event.maker for event in events})
    total = sum((event.value for event in events), Decimal(0))
    apart = closest_of_two(events)
    limits = docket.thresholds
    tight = apart is not None and apart <= limits[f"{KIND}.tight"]
    chain = apart is not None and apart <= limits[f"{KIND}.chain"]
    leaders = any(event.roles & _LEADERS for event in events)
    start, end = events[0].on, events[-1].on
    evidence: dict[str, Any] = {
        "tests": [
            measured(docket, "officers or directors", len(makers), f"{KIND}.insiders", True),
            measured(docket, "smallest purchase", min(event.value for event in events), f"{KIND}.each", True),
            measured(docket, "together", total, f"{KIND}.together", True),
        ],
        "insiders": len(makers),
        "value": plain(total),
        "trading_days_apart": apart,
        "filled_by": cluster.filled_by.deals[0].trade.accession,
        "grew_at": plain(cluster.grown_at) if cluster.grown_at > cluster.known_at else None,
    }
    return draft(
        docket,
        KIND,
        cluster.filled_by.key,
        known_at=cluster.known_at,
        window=(start, end),
        strength=30 + min(30, 10 * (len(makers) - 3)) + _by_value(total) + 10 * leaders + 10 * tight,
        deals=[deal for event in events for deal in event.deals],
        evidence=evidence,
        excluded=_left_out(docket, events),
        tags=[tag for tag, is_so in (("tight", tight), ("chain", chain)) if is_so],
        sentence=f"{counted(len(makers), 'officer or director', 'officers and directors')} bought {dollars(total)} "
        "of shares in "
        f"the open market from {start} to {end}, each by their own decision.",
    )


def _by_value(total: Decimal) -> int:
    """Up to 20 points: none at $100,000, ten at a million."""
    return min(20, max(0, round(10 * (math.log10(float(total)) - 5)))) if total > 0 else 0


def _left_out(docket: Docket, events: Sequence[Event]) -> list[Cited]:
    start, end = events[0].on, events[-1].on
    found = left_out(docket.excluded_between("P", start, end))
    for event in beside(docket, docket.buys.between(start, end), events):
        reason = (
            "below the least sum for one insider and day" if event.seated else "a 10% owner, no officer or director"
        )
        found += [cite(deal, reason) for deal in event.deals]
    return found
