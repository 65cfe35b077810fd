"""A large sale, in dollars and as a part of the stake, without a plan and after half a year without any (7.8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from signals.detectors.docket import SELL, Docket, Event
from signals.detectors.draft import did, draft, left_out, measured, percent, plain, who
from signals.detectors.signal import Signal
from signals.readings.plan import BOX_SINCE
from signals.readings.vocabulary import NOT_PLAN

KIND = "unscheduled_large_sale"
SAID, SILENT = "not_plan", "no_plan_note"


def find(docket: Docket) -> Iterator[Signal]:
    for event in docket.sells:
        if not event.seated or not _holds(docket, event):
            continue
        known_at = next((one.known_at for one in event.as_known() if _holds(docket, one)), event.known_at)
        yield _signal(docket, event, known_at)


def _holds(docket: Docket, event: Event) -> bool:
    limits = docket.thresholds
    part = event.stake_percent
    return (
        event.value >= limits[f"{KIND}.value"]
        and part is not None
        and part >= limits[f"{KIND}.stake"]
        and _no_plan(event) is not None
        and _silent_days(docket, event) is None
    )


def _no_plan(event: Event) -> str | None:
    """How it is known that no plan was followed: the form says so, or is silent and old. None if it is not known."""
    found = {(deal.trade.plan.status if deal.trade.plan else None, deal.form.filed_on) for deal in event.deals}
    if all(status == NOT_PLAN for status, _ in found):
        return SAID
    silent = all(filed_on < BOX_SINCE or status == NOT_PLAN for status, filed_on in found)
    return SILENT if silent else None


def _silent_days(docket: Docket, event: Event) -> int | None:
    """The days since the last sale of any sort within the silence that is asked for; None if there was none."""
    span = timedelta(days=docket.thresholds.days(f"{KIND}.silence"))
    days = docket.all_market.get((event.maker, SELL))
    earlier = days.between(event.on - span, event.on - timedelta(days=1)) if days else []
    last: date | None = max((deal.on for deal in earlier if deal.on), default=None)
    return (event.on - last).days if last else None


def _signal(docket: Docket, event: Event, known_at: datetime) -> Signal:
    part = event.stake_percent or Decimal(0)
    how = _no_plan(event)
    silence = docket.thresholds.days(f"{KIND}.silence")
    days = docket.all_market.get((event.maker, SELL))
    last = days.last_before(event.on) if days else None
    strength = Decimal(20) + min(Decimal(40), part / 2) + min(Decimal(30), event.value / 200_000)
    beside = docket.excluded_between("S", event.on, event.on)
    words = "without a plan" if how == SAID else "with no plan noted, in a time when forms did not have to say"
    return draft(
        docket,
        KIND,
        event.key,
        known_at=known_at,
        window=(event.on, event.on),
        strength=strength - (15 if how == SILENT else 0),
        deals=event.deals,
        evidence={
            "tests": [
                measured(docket, "percent of the stake", part, f"{KIND}.stake", True),
                measured(docket, "dollars", event.value, f"{KIND}.value", True),
                measured(docket, "days without a sale before, at least", silence, f"{KIND}.silence", True),
            ],
            "plan": how,
            "weaker": how == SILENT,
            "last_sale_on": plain(last.on) if last else None,
            "stake_before": plain(event.stake_before),
            "value": plain(event.value),
        },
        excluded=left_out(deal for deal in beside if deal.maker == event.maker),
        sentence=f"{who(docket, event.maker, event.roles)} {did(event)} on {event.on}, {percent(part)} of the "
        f"stake, {words} and "
        f"after {silence} days or more without a sale.",
    )
