"""One request after another, for all processes on all machines that share the database.

Promises, over everybody who uses the same database, by PostgreSQL's clock alone:
- Never more than eight requests start in any sliding second, also right after a restart: the row outlives processes.
- Historic work takes a slot only when no live work waits. A live request reserves its slot ahead, a historic one takes
  only a slot that is free now; so whoever waits is seen in the row, and one that died is forgotten as its slot passes.
- After a refusal nobody starts anything for EDGAR_PENALTY_SECONDS; then one probe goes alone, and only when it has
  brought an answer do the others. A probe that died is replaced after `PROBE_LEASE`.
- A wait that the SEC asks for is everybody's. After `FAILING_AFTER` unusable answers in a row there is one request per
  `FAILING_PAUSE`, until one is answered.

Every step is one statement that commits by itself; nothing is locked and no transaction is open while anybody sleeps.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from filings.errors import EdgarRefused, EdgarUnavailable
from filings.models import EdgarRefusal

# The SEC allows ten a second and we promise eight. Nine starts span eight gaps, 1.2 s by the slots; so there are never
# nine within a second unless the first is over 0.2 s later than its slot. Half of that is `LATEST_START`, checked by
# the database's clock; the other half is left for the way from here to the SEC's door.
SPACING = timedelta(milliseconds=150)
LATEST_START = timedelta(milliseconds=100)

PROBE_LEASE = timedelta(seconds=90)  # longer than any request may take
FAILING_AFTER = 10
FAILING_PAUSE = timedelta(seconds=60)
LONGEST_PAUSE = timedelta(hours=1)
LONGEST_PATIENCE = 60.0


class Lane(Enum):
    """Live work waits for nobody; historic work takes a slot only when no live work waits."""

    LIVE = "live"
    HISTORIC = "historic"


@dataclass(frozen=True, slots=True)
class Slot:
    """The right to start one request now. `probe_until` is set where this request is the probe after a penalty."""

    starts_at: datetime
    refused_until: datetime | None
    probe_until: datetime | None
    paused_until: datetime | None


@dataclass(frozen=True, slots=True)
class _State:
    now: datetime
    next_slot_at: datetime
    refused_until: datetime | None
    probe_until: datetime | None
    paused_until: datetime | None
    failures: int


# PostgreSQL evaluates clock_timestamp() anew for the row it waited for, and GREATEST passes over NULL.
_RESERVE = """
UPDATE filings_edgarbudget SET
    next_slot_at = GREATEST(next_slot_at, clock_timestamp(), paused_until) + %(spacing)s,
    probe_until = CASE WHEN refused_until IS NOT NULL THEN clock_timestamp() + %(lease)s END,
    paused_until = CASE WHEN failures >= %(failing_after)s THEN clock_timestamp() + %(failing_pause)s
        ELSE paused_until END,
    live_requests = live_requests + %(live)s,
    historic_requests = historic_requests + 1 - %(live)s
WHERE (refused_until IS NULL OR GREATEST(refused_until, probe_until) <= clock_timestamp())
    AND GREATEST(next_slot_at, paused_until)
        <= clock_timestamp() + CASE WHEN failures >= %(failing_after)s THEN interval '0' ELSE %(ahead)s END
RETURNING next_slot_at - %(spacing)s, clock_timestamp(), refused_until, probe_until, paused_until
"""

_STATE = """
SELECT clock_timestamp(), next_slot_at, refused_until, probe_until, paused_until, failures FROM filings_edgarbudget
"""

_BEGIN = """
INSERT INTO filings_edgarbudget ("only", next_slot_at, failures, live_requests, historic_requests)
VALUES (true, clock_timestamp(), 0, 0, 0) ON CONFLICT DO NOTHING
"""

# A clock that was set back must not leave a time in the row that is further ahead than any that is ever written.
_MEND_CLOCK = """
UPDATE filings_edgarbudget SET
    next_slot_at = CASE WHEN next_slot_at > clock_timestamp() + %(longest_patience)s + interval '5 seconds'
        THEN clock_timestamp() + interval '1 second' ELSE next_slot_at END,
    refused_until = CASE WHEN refused_until IS NOT NULL
        THEN LEAST(refused_until, clock_timestamp() + %(penalty)s) END,
    probe_until = CASE WHEN probe_until IS NOT NULL THEN LEAST(probe_until, clock_timestamp() + %(lease)s) END,
    paused_until = CASE WHEN paused_until IS NOT NULL
        THEN LEAST(paused_until, clock_timestamp() + %(longest_pause)s) END
WHERE next_slot_at > clock_timestamp() + %(longest_patience)s + interval '5 seconds'
    OR refused_until > clock_timestamp() + %(penalty)s + interval '5 seconds'
    OR probe_until > clock_timestamp() + %(lease)s + interval '5 seconds'
    OR paused_until > clock_timestamp() + %(longest_pause)s + interval '5 seconds'
"""

_ANSWERED = """
UPDATE filings_edgarbudget SET
    failures = 0,
    paused_until = CASE WHEN failures >= %(failing_after)s THEN NULL ELSE paused_until END,
    refused_until = CASE WHEN probe_until = %(probe_until)s THEN NULL ELSE refused_until END,
    probe_until = CASE WHEN probe_until = %(probe_until)s THEN NULL ELSE probe_until END
WHERE failures > 0 OR probe_until = %(probe_until)s
"""

_FAILED = """
UPDATE filings_edgarbudget SET
    failures = failures + 1,
    paused_until = GREATEST(paused_until, clock_timestamp() + %(pause)s::interval,
        CASE WHEN failures + 1 >= %(failing_after)s THEN clock_timestamp() + %(failing_pause)s END),
    probe_until = CASE WHEN probe_until = %(probe_until)s THEN NULL ELSE probe_until END
RETURNING paused_until
"""

_REFUSED = """
UPDATE filings_edgarbudget SET
    refused_until = GREATEST(refused_until, clock_timestamp() + %(penalty)s), probe_until = NULL, failures = 0
RETURNING refused_until, clock_timestamp()
"""


def take(lane: Lane, patience: float) -> Slot:
    """Waits for a slot and returns when its request may start: at once, or not at all.

    Raises `EdgarRefused` while a penalty runs or its probe is out, and `EdgarUnavailable` if no slot comes within
    `patience` seconds, or the SEC is known to want more time than that.
    """
    if connection.in_atomic_block:
        raise RuntimeError("A request to the SEC inside a transaction would hold everybody's slot row meanwhile.")
    ends_at = time.monotonic() + min(patience, LONGEST_PATIENCE)
    while True:
        left = max(0.0, ends_at - time.monotonic())
        if slot := _reserved(lane, left):
            return slot
        time.sleep(_time_to_wait(lane, patience, ends_at - time.monotonic()))


def answered(slot: Slot) -> None:
    """The request of this slot brought an answer, be it that there is no such file."""
    _execute(_ANSWERED, probe_until=slot.probe_until)


def failed(slot: Slot, pause: timedelta | None = None) -> datetime | None:
    """It brought nothing usable; `pause` is how long the SEC asked everybody to wait. Until when all wait, if so."""
    row = _execute(_FAILED, probe_until=slot.probe_until, pause=pause)
    return row[0] if row and pause else None


def released(slot: Slot) -> None:
    """It brought an answer that says nothing of the SEC's health (a page of the feed past its end)."""
    _execute(
        "UPDATE filings_edgarbudget SET probe_until = NULL WHERE probe_until = %(probe_until)s",
        probe_until=slot.probe_until,
    )


def refused(reason: str, address: str) -> datetime:
    """The SEC refused this site: nobody sends anything until the time that is returned."""
    row = _execute(_REFUSED)
    if row is None:  # the row was emptied under a running request
        _execute(_BEGIN)
        row = _execute(_REFUSED)
    assert row is not None
    until, now = row
    EdgarRefusal.objects.create(refused_at=now, until=until, reason=reason, address=address)
    return until


def _execute(statement: str, **values: Any) -> tuple[Any, ...] | None:
    known: dict[str, Any] = {
        "spacing": SPACING,
        "lease": PROBE_LEASE,
        "failing_after": FAILING_AFTER,
        "failing_pause": FAILING_PAUSE,
        "longest_pause": LONGEST_PAUSE,
        "longest_patience": timedelta(seconds=LONGEST_PATIENCE),
        "penalty": timedelta(seconds=settings.EDGAR_PENALTY_SECONDS),
    }
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, known | values)
            return cursor.fetchone() if cursor.description else None
    except (DatabaseError, InterfaceError):
        connection.close_if_unusable_or_obsolete()  # the next call of a long run finds a database that came back
        raise


def _reserved(lane: Lane, patience: float) -> Slot | None:
    """A slot whose time has come, after waiting for it; None if none was to be had, or it was lost while waiting."""
    live = lane is Lane.LIVE
    row = _execute(_RESERVE, live=int(live), ahead=timedelta(seconds=patience if live else 0))
    if row is None:
        return None
    starts_at, now, *others = row
    slot = Slot(starts_at, *others)
    wait = (starts_at - now).total_seconds()
    if wait > 0:
        time.sleep(wait)
    state = _state()
    if state is None or state.refused_until != slot.refused_until:
        return None
    if slot.probe_until is not None:
        return slot  # alone, so it cannot come too late
    stopped = state.paused_until is not None and state.paused_until > state.now
    if stopped and state.paused_until != slot.paused_until:
        return None
    return slot if state.now - starts_at <= LATEST_START else None


def _state() -> _State | None:
    row = _execute(_STATE)
    return _State(*row) if row else None


def _time_to_wait(lane: Lane, patience: float, left: float) -> float:
    """Seconds until it is worth asking again, or the error that says why it is not."""
    _execute(_MEND_CLOCK)
    state = _state()
    if state is None:
        _execute(_BEGIN)
        return 0.0
    if state.refused_until is not None:
        if state.refused_until > state.now:
            raise EdgarRefused("The SEC refused this site", state.refused_until)
        if state.probe_until is not None and state.probe_until > state.now:
            raise EdgarRefused("The SEC refused this site, and one request is out to see whether it still does", None)
    free_at = max(time for time in (state.now, state.next_slot_at, state.paused_until) if time is not None)
    wait = (free_at - state.now).total_seconds()
    if wait > left and state.paused_until == free_at:
        why = "asked for a pause" if state.failures < FAILING_AFTER else f"failed {state.failures} times in a row"
        raise EdgarUnavailable(f"The SEC {why}: no request before {free_at:%H:%M:%S} UTC", retry_at=free_at)
    if left <= 0 or (wait > left and lane is Lane.LIVE):
        raise EdgarUnavailable(f"No request slot was free within {patience:g} s")
    # Those who wait come at different moments, and not all at the first.
    return min(wait + random.uniform(0.005, SPACING.total_seconds()), left + 0.005)
