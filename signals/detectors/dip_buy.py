"""A purchase after a fall: by closes, or by the prices that insiders filed, or below the own last one (7.6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from signals.detectors.docket import Docket, Event
from signals.detectors.draft import did, dollars, draft, left_out, measured, percent, plain, who
from signals.detectors.signal import Signal
from signals.readings.prices import Against

KIND = "dip_buy"
CLOSES, FILED, OWN = "closes", "filed_high", "averaging_down"
# Nobody averages down on a purchase of a decade ago.
_OWN_AGE = timedelta(days=3 * 365)


@dataclass(slots=True)
class Dip:
    ways: list[str] = field(default_factory=list)
    tests: list[dict[str, Any]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    deepest: Decimal = Decimal(0)


def find(docket: Docket) -> Iterator[Signal]:
    for event in docket.buys:
        if not event.seated:
            continue
        dip = _dip(docket, event, event.known_at)
        if not dip.ways:
            continue
        parts = event.as_known()
        known_at = next((one.known_at for one in parts if _dip(docket, one, one.known_at).ways), event.known_at)
        yield _signal(docket, event, dip, known_at)


def _dip(docket: Docket, event: Event, known_at: datetime) -> Dip:
    dip, limits, prices = Dip(), docket.thresholds, docket.prices
    high = prices.below_high(event.security_class, event.on)
    fall = prices.moved(event.security_class, event.on, limits.days(f"{KIND}.fall_days"))
    if high and fall:
        below = -high.percent >= limits[f"{KIND}.below_high"]
        fell = -fall.percent >= limits[f"{KIND}.fall"]
        dip.tests += [
            measured(docket, f"percent below the {high.what}", -high.percent, f"{KIND}.below_high", below),
            measured(docket, f"percent below the {fall.what}", -fall.percent, f"{KIND}.fall", fell),
        ]
        if below and fell:
            _add(dip, CLOSES, high, "the high of 52 weeks")
    else:
        _filed(docket, event, known_at, dip)
    _own(docket, event, known_at, dip)
    return dip


def _filed(docket: Docket, event: Event, known_at: datetime, dip: Dip) -> None:
    filed = docket.prices.below_filed_high(event.security_class, event.price, event.on, known_at)
    if filed is None or _may_be_split(docket, filed.percent):
        return
    met = -filed.percent >= docket.thresholds[f"{KIND}.below_high"]
    dip.tests.append(measured(docket, f"percent below the {filed.what}", -filed.percent, f"{KIND}.below_high", met))
    if met:
        _add(dip, FILED, filed, f"the {filed.what} ({dollars(filed.reference)} on {filed.reference_on})")


def _own(docket: Docket, event: Event, known_at: datetime, dip: Dip) -> None:
    earlier = [
        one
        for one in docket.buys.by_maker[event.maker].before(event, known_at)
        if one.security_class == event.security_class and event.on - one.on <= _OWN_AGE
    ]
    if not earlier:
        return
    last = earlier[-1]
    price = docket.splits.price(last.price, last.on, event.on, known_at)
    change = (event.price / price - 1) * 100
    if _may_be_split(docket, change):
        return
    met = -change >= docket.thresholds[f"{KIND}.below_own"]
    dip.tests.append(measured(docket, "percent below their own last purchase", -change, f"{KIND}.below_own", met))
    if met:
        own = Against("filed", "own last purchase", price, last.on, change)
        _add(dip, OWN, own, f"their own last purchase ({dollars(price)} on {last.on})")


def _may_be_split(docket: Docket, change: Decimal) -> bool:
    """So deep a fall of filed prices may be a share split, unless the splits are known."""
    return not docket.splits_listed and 1 + change / 100 < docket.thresholds[f"{KIND}.split_floor"]


def _add(dip: Dip, way: str, against: Against, words: str) -> None:
    dip.ways.append(way)
    dip.words.append(f"{percent(-against.percent)} below {words}")
    dip.deepest = max(dip.deepest, -against.percent)


def _signal(docket: Docket, event: Event, dip: Dip, known_at: datetime) -> Signal:
    beside = docket.excluded_between("P", event.on, event.on)
    return draft(
        docket,
        KIND,
        event.key,
        known_at=known_at,
        window=(event.on, event.on),
        strength=20 + min(Decimal(40), dip.deepest) + min(Decimal(30), event.value / 50_000),
        deals=event.deals,
        evidence={
            "tests": dip.tests,
            "ways": dip.ways,
            "source": CLOSES if CLOSES in dip.ways else "filed prices",
            "price": plain(event.price),
        },
        excluded=left_out(deal for deal in beside if deal.maker == event.maker),
        sentence=f"{who(docket, event.maker, event.roles)} {did(event)} on {event.on}, {' and '.join(dip.words)}.",
    )
