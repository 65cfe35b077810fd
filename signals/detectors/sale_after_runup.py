"""A sale after a rise: by closes, or by the prices that insiders filed three to twelve months before (7.7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from signals.detectors.docket import Docket, Event
from signals.detectors.draft import did, draft, left_out, measured, percent, plain, who
from signals.detectors.signal import Signal

KIND = "sale_after_runup"


class Rise(NamedTuple):
    """`rise` is percent; None where nothing shows one."""

    rise: Decimal | None
    words: str
    source: str
    tests: list[dict[str, Any]]


def find(docket: Docket) -> Iterator[Signal]:
    for event in docket.sells:
        if not event.seated:
            continue
        rise = _rise(docket, event, event.known_at)
        if rise.rise is None:
            continue
        parts = event.as_known()
        known_at = next(
            (one.known_at for one in parts if _rise(docket, one, one.known_at).rise is not None), event.known_at
        )
        yield _signal(docket, event, rise, known_at)


def _rise(docket: Docket, event: Event, known_at: datetime) -> Rise:
    limits, prices = docket.thresholds, docket.prices
    quarter = prices.moved(event.security_class, event.on, limits.days(f"{KIND}.rise_days"))
    if quarter is None:
        return _filed(docket, event, known_at)
    rose = quarter.percent >= limits[f"{KIND}.rise"]
    tests = [measured(docket, f"percent above the {quarter.what}", quarter.percent, f"{KIND}.rise", rose)]
    if rose:
        return Rise(quarter.percent, f"{percent(quarter.percent)} above the {quarter.what}", "closes", tests)
    high = prices.below_high(event.security_class, event.on)
    recent = prices.moved(event.security_class, event.on, limits.days(f"{KIND}.recent_days"))
    if high is None or recent is None:
        return Rise(None, "", "closes", tests)
    near = -high.percent <= limits[f"{KIND}.near_high"]
    lately = recent.percent >= limits[f"{KIND}.recent_rise"]
    tests += [
        measured(docket, f"percent below the {high.what}", -high.percent, f"{KIND}.near_high", near),
        measured(docket, f"percent above the {recent.what}", recent.percent, f"{KIND}.recent_rise", lately),
    ]
    words = f"at the high of 52 weeks and {percent(recent.percent)} above the {recent.what}"
    return Rise(recent.percent if near and lately else None, words, "closes", tests)


def _filed(docket: Docket, event: Event, known_at: datetime) -> Rise:
    limits = docket.thresholds
    filed = docket.prices.over_filed_median(
        event.security_class, event.price, event.on, known_at, int(limits[f"{KIND}.earlier_prices"])
    )
    if filed is None:
        return Rise(None, "", "filed prices", [])
    times = 1 + filed.percent / 100
    met = times >= limits[f"{KIND}.times_earlier"]
    tests = [measured(docket, f"times the {filed.what}", times, f"{KIND}.times_earlier", met)]
    # as for falls: so far a rise of filed prices may be a reverse split
    if not met or (not docket.splits_listed and times * limits["dip_buy.split_floor"] > 1):
        return Rise(None, "", "filed prices", tests)
    return Rise(filed.percent, f"{percent(filed.percent)} above the {filed.what}", "filed prices", tests)


def _signal(docket: Docket, event: Event, rise: Rise, known_at: datetime) -> Signal:
    beside = docket.excluded_between("S", event.on, event.on)
    part = event.stake_percent
    strength = (
        Decimal(10) + min(Decimal(40), (rise.rise or Decimal(0)) / 2) + min(Decimal(30), (part or Decimal(0)) / 2)
    )
    return draft(
        docket,
        KIND,
        event.key,
        known_at=known_at,
        window=(event.on, event.on),
        strength=strength,
        deals=event.deals,
        evidence={
            "tests": rise.tests,
            "source": rise.source,
            "price": plain(event.price),
            "stake_change_pct": plain(-part) if part is not None else None,
        },
        excluded=left_out(deal for deal in beside if deal.maker == event.maker),
        sentence=f"{who(docket, event.maker, event.roles)} {did(event)} on {event.on}, {rise.words}.",
    )
