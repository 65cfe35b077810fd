"""A purchase that is large in dollars, for the holder's stake, or by the holder's own habit (domain facts 7.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median

from signals.detectors.docket import Docket, Event
from signals.detectors.draft import did, draft, left_out, measured, percent, plain, who
from signals.detectors.signal import Signal

KIND = "large_purchase"


@dataclass(frozen=True, slots=True)
class Size:
    """What a purchase is by each of the three tests."""

    absolute: bool
    by_stake: bool
    by_habit: bool
    usual: Decimal | None
    earlier: int

    @property
    def large(self) -> bool:
        return self.absolute or self.by_stake or self.by_habit


def find(docket: Docket) -> Iterator[Signal]:
    for event in docket.buys:
        if not event.seated:
            continue
        size = _size(docket, event, event.known_at)
        if not size.large:
            continue
        parts = ((part.known_at, _size(docket, part, part.known_at)) for part in event.as_known())
        known_at = next((moment for moment, found in parts if found.large), event.known_at)
        yield _signal(docket, event, size, known_at)


def _size(docket: Docket, event: Event, known_at: datetime) -> Size:
    limits = docket.thresholds
    earlier = docket.buys.by_maker[event.maker].before(event, known_at)
    usual = None
    if len(earlier) >= limits[f"{KIND}.own_purchases"]:
        usual = median(one.value for one in earlier)
    return Size(
        absolute=event.value >= limits[f"{KIND}.value"],
        by_stake=event.value >= limits[f"{KIND}.value_with_stake"] and _rose(docket, event),
        by_habit=usual is not None and event.value >= limits[f"{KIND}.times_own"] * usual,
        usual=usual,
        earlier=len(earlier),
    )


def _rose(docket: Docket, event: Event) -> bool:
    """Whether the stake grew enough; from nothing it always did, from unknown never."""
    before = event.stake_before
    if before is None:
        return False
    grown = event.stake_percent
    return grown is None or grown >= docket.thresholds[f"{KIND}.stake"]


def _signal(docket: Docket, event: Event, size: Size, known_at: datetime) -> Signal:
    grown = event.stake_percent
    tests = [
        measured(docket, "dollars", event.value, f"{KIND}.value", size.absolute),
        measured(docket, "stake up by percent", grown, f"{KIND}.stake", size.by_stake),
    ]
    if size.usual:
        tests.append(
            measured(docket, "times their own median", event.value / size.usual, f"{KIND}.times_own", size.by_habit)
        )
    why = []
    if size.by_stake and grown is not None:
        why.append(f"{percent(grown)} more than before")
    if size.by_stake and grown is None:
        why.append("having held none")
    if size.by_habit and size.usual:
        why.append(f"{event.value / size.usual:,.1f} times their own median purchase")
    strength = Decimal(20) + min(Decimal(40), event.value / 50_000)
    strength += min(Decimal(20), (grown if grown is not None else Decimal(100)) / 5) if size.by_stake else 0
    strength += 20 if size.by_habit else 0
    return draft(
        docket,
        KIND,
        event.key,
        known_at=known_at,
        window=(event.on, event.on),
        strength=strength,
        deals=event.deals,
        evidence={
            "tests": tests,
            "value": plain(event.value),
            "stake_before": plain(event.stake_before),
            "stake_change_pct": plain(grown),
            "own_median": plain(size.usual),
            "earlier_purchases": size.earlier,
        },
        excluded=left_out(one for one in docket.excluded_between("P", event.on, event.on) if one.maker == event.maker),
        sentence=f"{who(docket, event.maker, event.roles)} {did(event)} on "
        f"{event.on}{', ' if why else ''}{', '.join(why)}.",
    )
