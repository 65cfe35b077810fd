"""A trade that breaks its maker's habit: after a long silence, the first in years, or in the other direction (7.5).

Exercise-and-sell days are no habit of selling; planned trades are one, though they can break none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import Any

from signals.detectors.docket import BUY, SELL, Days, Docket, Event
from signals.detectors.draft import cite, did, draft, left_out, measured, plain, who
from signals.detectors.months import years_back
from signals.detectors.signal import Cited, Signal

KIND = "pattern_break"
SILENCE, NEVER, SWITCH = "silence_broken", "never_before", "direction_switch"
_NO_DAYS = Days([])
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Break:
    """How the habit was broken, the days of silence before, and the numbers of the habit."""

    how: str
    silent_days: int
    habit: Mapping[str, Any]
    tests: list[dict[str, Any]]


def find(docket: Docket) -> Iterator[Signal]:
    for book in (docket.buys, docket.sells):
        for event in book:
            if not event.seated or event.value < docket.thresholds[f"{KIND}.value"]:
                continue
            found = _break(docket, event, event.known_at)
            if found is None:
                continue
            parts = event.as_known()
            known_at = next((one.known_at for one in parts if _break(docket, one, one.known_at)), event.known_at)
            yield _signal(docket, event, found, known_at)


def _break(docket: Docket, event: Event, known_at: datetime) -> Break | None:
    if event.value < docket.thresholds[f"{KIND}.value"]:
        return None
    own = docket.market.get((event.maker, event.side), _NO_DAYS)
    last = own.last_before(event.on)
    if last is None:
        return (_switch(docket, event, known_at) if event.side == BUY else None) or _never(docket, event, known_at)
    return _silence(docket, event, own, last.on or event.on, known_at) or _switch(docket, event, known_at)


def _silence(docket: Docket, event: Event, own: Days, last: date, known_at: datetime) -> Break | None:
    limits = docket.thresholds
    silent = (event.on - last).days
    if silent < limits[f"{KIND}.gap"]:
        return None
    earlier = own.before(event.on, known_at)
    days = sorted({deal.on for deal in earlier if deal.on})
    if len(days) < limits[f"{KIND}.trade_days"]:
        return None
    usual = Decimal(median((other - one).days for one, other in pairwise(days)))
    sizes: dict[date, Decimal] = {}
    for deal in earlier:
        if deal.on and deal.trade.value is not None:
            sizes[deal.on] = sizes.get(deal.on, Decimal(0)) + deal.trade.value
    size = median(sizes.values()) if sizes else Decimal(0)
    if silent < limits[f"{KIND}.times_gap"] * usual or event.value < size:
        return None
    tests = [
        measured(docket, "earlier trade days", len(days), f"{KIND}.trade_days", True),
        measured(docket, "days of silence", silent, f"{KIND}.gap", True),
        measured(docket, "times the usual gap", silent / usual if usual else None, f"{KIND}.times_gap", True),
    ]
    habit = {
        "trade_days": len(days),
        "usual_gap_days": plain(usual),
        "usual_value": plain(size),
        "last_on": plain(last),
    }
    return Break(SILENCE, silent, habit, tests)


def _never(docket: Docket, event: Event, known_at: datetime) -> Break | None:
    limits = docket.thresholds
    since = docket.on_file_since(event.maker, known_at) or event.on
    if since > years_back(event.on, int(limits[f"{KIND}.years"])):
        return None
    silent = (event.on - since).days
    if silent < limits[f"{KIND}.gap"]:
        return None
    tests = [measured(docket, "years on file without any", silent / Decimal("365.25"), f"{KIND}.years", True)]
    return Break(NEVER, silent, {"trade_days": 0, "on_file_since": plain(since)}, tests)


def _switch(docket: Docket, event: Event, known_at: datetime) -> Break | None:
    """A purchase by somebody whose trades here were sales until then."""
    if event.side != BUY:
        return None
    bought = docket.market.get((event.maker, BUY), _NO_DAYS).last_before(event.on)
    since = bought.on + _DAY if bought and bought.on else date.min
    sales = docket.market.get((event.maker, SELL), _NO_DAYS).between(since, event.on - _DAY, known_at)
    days = {deal.on for deal in sales if deal.on}
    if len(days) < docket.thresholds[f"{KIND}.trade_days"]:
        return None
    last = max(days)
    tests = [measured(docket, "days of sales, none of purchases", len(days), f"{KIND}.trade_days", True)]
    return Break(SWITCH, (event.on - last).days, {"trade_days": len(days), "last_sale_on": plain(last)}, tests)


def _signal(docket: Docket, event: Event, found: Break, known_at: datetime) -> Signal:
    lead = f"{who(docket, event.maker, event.roles)} {did(event)} on {event.on}"
    noun = "purchase" if event.side == BUY else "sale"
    tail = {
        SILENCE: f"after {found.silent_days:,} days without a {noun} ({found.habit.get('usual_gap_days')} are usual)",
        NEVER: f"the first {noun} in the {found.silent_days // 365} years on file here",
        SWITCH: f"after {found.habit['trade_days']} days of sales and no purchase between",
    }[found.how]
    strength = Decimal(30) + min(30, found.silent_days // 60) + min(Decimal(30), event.value / 50_000)
    return draft(
        docket,
        KIND,
        event.key,
        known_at=known_at,
        window=(event.on, event.on),
        strength=strength,
        deals=event.deals,
        evidence={
            "tests": found.tests,
            "how": found.how,
            "silent_days": found.silent_days,
            "value": plain(event.value),
            "habit": dict(found.habit),
        },
        excluded=_left_out(docket, event),
        sentence=f"{lead}, {tail}.",
    )


def _left_out(docket: Docket, event: Event) -> list[Cited]:
    """The maker's trades on that side that are no part of the habit: exercise-and-sell days."""
    same = docket.all_market.get((event.maker, event.side), _NO_DAYS).between(date.min, event.on, event.known_at)
    beside = [cite(deal, "an exercise-and-sell day, no habit of selling") for deal in same if deal.out_of_exercise]
    code = "P" if event.side == BUY else "S"
    today = docket.excluded_between(code, event.on, event.on)
    return beside or left_out(deal for deal in today if deal.maker == event.maker)
