"""How far the readings of an issuer have come: written when it was read, or could not be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from filings.models import Issuer
from signals.detectors.signal import VERSION
from signals.models import IssuerState
from signals.readings.history import EASTERN
from signals.readings.splits import Split
from signals.selectors.outlines import read_as

# The longest that any signal waits for the clock is twelve months (a plan's second trade); then only filings matter.
CLOCK_MATTERS = timedelta(days=400)
# A mistake of ours must delay one issuer only. What stops the process or the database is not among these.
READER_FAULTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
_WRITTEN = (
    "read_at", "read_on", "clock_until", "detector_version", "inferred_splits", "splits_open_until", "read_as",
    "attempts", "reason", "due_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Read:
    """An issuer that was read whole. `newest` is the day of its last filing, None where it has none any more."""

    issuer: Issuer
    newest: date | None
    splits: Iterable[Split]
    splits_open_until: date | None


def were_read(issuers: Iterable[Read], now: datetime) -> None:
    today = now.astimezone(EASTERN).date()
    IssuerState.objects.bulk_create(
        [
            IssuerState(
                issuer=one.issuer,
                read_at=now,
                read_on=today,
                detector_version=VERSION,
                clock_until=one.newest and one.newest + CLOCK_MATTERS,
                inferred_splits=[split.as_json() for split in one.splits],
                splits_open_until=one.splits_open_until,
                read_as=read_as(one.issuer),
            )
            for one in issuers
        ],
        update_conflicts=True,
        unique_fields=["issuer"],
        update_fields=_WRITTEN,
    )


def news_were_read(issuer: str, newest: date, now: datetime) -> None:
    """New filings of an issuer that stood as of today already."""
    IssuerState.objects.filter(issuer=issuer).update(read_at=now, clock_until=newest + CLOCK_MATTERS)


def put_off(issuer: str, reason: str, now: datetime) -> None:
    """It could not be read: the next attempt waits, longer each time."""
    state, _ = IssuerState.objects.get_or_create(issuer_id=issuer)
    wait = min(FIRST_WAIT * 2 ** min(state.attempts, 12), LONGEST_WAIT)
    IssuerState.objects.filter(pk=issuer).update(attempts=state.attempts + 1, reason=reason, due_at=now + wait)
