"""Published facts -> stored readings, an issuer at a time under its lock.

Promises: the readings of an issuer are replaced in one transaction, and of a filing whose reading is the same no row
changes; equal facts give equal readings, whatever the order of arrival. One runner reads an issuer at a time; another
waits for it, and then finds what came meanwhile. An issuer that cannot be read is put off with the reason, keeps the
readings it had, and delays nobody else.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from filings.models import Issuer
from signals import events
from signals.models import IssuerState, Reading
from signals.readings.whole import filing_readings
from signals.selectors.histories import Facts, facts_of
from signals.selectors.owed import owed_issuers
from signals.services import reading_rows

log = logging.getLogger(__name__)

# Issuers that are read in one transaction; their filings are in memory together.
BATCH = 20
# Below the time limit of a task.
SECONDS = 30.0
# A mistake of ours must delay one issuer only. What stops the process or the database is not among these.
_READER_FAULTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)


@dataclass(slots=True)
class Outcome:
    """What a reading did. `changed` are the filings whose reading is new or another, `failed` issuers by reason."""

    read: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    def add(self, other: Outcome) -> None:
        self.read += other.read
        self.changed += other.changed
        self.failed |= other.failed


def read_owed(*, seconds: float = SECONDS, everything: bool = False) -> Outcome:
    """Reads the issuers that are owed a reading, batch by batch; takes no new batch after `seconds`.

    Safe in many processes at once. `everything` looks through the whole archive, not only at what was published lately.
    """
    outcome = Outcome()
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at and (owed := owed_issuers(BATCH, everything=everything)):
        outcome.add(read_issuers(issuers=owed, only_owed=True))
    return outcome


def read_all_owed(*, step: Callable[[int], None] = lambda issuers: None) -> Outcome:
    """Reads until nothing that was published lately is owed; for commands, which say how they get on."""
    outcome = Outcome()
    while (some := read_owed(seconds=5)).read or some.failed:
        outcome.add(some)
        step(len(some.read))
    return outcome


def read_issuers(
    *, issuers: Sequence[str], only_owed: bool = False, afresh: bool = False, now: datetime | None = None
) -> Outcome:
    """Reads these issuers. Where one of several fails, each is read alone and that one put off.

    With `only_owed`, those that somebody else has read while this waited for them are left alone; with `afresh`, what
    was read before is dropped first.
    """
    now = now or timezone.now()
    try:
        return _read_together(sorted(issuers), only_owed, afresh, now)
    except _READER_FAULTS as fault:
        if len(issuers) > 1:
            outcome = Outcome()
            for issuer in sorted(issuers):
                outcome.add(read_issuers(issuers=[issuer], only_owed=only_owed, afresh=afresh, now=now))
            return outcome
        log.exception("The readings of issuer %s failed", issuers[0])
        reason = f"{type(fault).__name__}: {fault}"[:500]
        _put_off(issuers[0], reason, now)
        return Outcome(failed={issuers[0]: reason})


@transaction.atomic
def _read_together(issuers: Sequence[str], only_owed: bool, afresh: bool, now: datetime) -> Outcome:
    lock(issuers)
    if only_owed:
        issuers = owed_issuers(len(issuers), among=issuers, everything=True)
    if afresh:
        reading_rows.delete(Reading.objects.filter(issuer__in=issuers).values_list("filing_id", flat=True))
    facts = facts_of(issuers)
    sics = dict(Issuer.objects.filter(cik__in=issuers).values_list("cik", "sic"))
    readings = [one for history in facts.histories.values() for one in filing_readings(history)]
    numbers = {issuer: reading_rows.sic_number(words) for issuer, words in sics.items()}
    changed = reading_rows.write(readings, facts.published_at, numbers, now)
    changed += _forget_moved(issuers, facts)
    _close(issuers, now)
    if changed:
        transaction.on_commit(
            lambda: events.readings_published.send_robust(sender=Reading, accessions=changed, issuers=list(issuers)),
            robust=True,
        )
    return Outcome(read=list(issuers), changed=changed)


def lock(issuers: Iterable[str]) -> None:
    """Holds the readings of these issuers until the transaction ends. In one order, so that two runners never meet."""
    with connection.cursor() as cursor:
        for issuer in sorted(issuers):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('form4site read', %s))", [int(issuer)])


def _forget_moved(issuers: Sequence[str], facts: Facts) -> list[str]:
    """A filing that names another issuer since it was published anew is read there, and no more here."""
    kept = set(facts.published_at)
    stale = [
        accession
        for accession in Reading.objects.filter(issuer__in=issuers).values_list("filing_id", flat=True)
        if accession not in kept
    ]
    reading_rows.delete(stale)
    return stale


def _close(issuers: Sequence[str], now: datetime) -> None:
    IssuerState.objects.bulk_create(
        [IssuerState(issuer_id=issuer, read_at=now) for issuer in issuers],
        update_conflicts=True,
        unique_fields=["issuer"],
        update_fields=["read_at", "attempts", "reason", "due_at"],
    )


def _put_off(issuer: str, reason: str, now: datetime) -> None:
    state, _ = IssuerState.objects.get_or_create(issuer_id=issuer)
    wait = min(FIRST_WAIT * 2 ** min(state.attempts, 12), LONGEST_WAIT)
    IssuerState.objects.filter(pk=issuer).update(attempts=state.attempts + 1, reason=reason, due_at=now + wait)


def reread(*, issuers: Sequence[str], step: Callable[[int], None] = lambda issuers: None) -> Outcome:
    """Drops the readings of these issuers and makes them anew from the facts. A stop in the middle loses nothing."""
    outcome = Outcome()
    for start in range(0, len(issuers), BATCH):
        batch = issuers[start : start + BATCH]
        outcome.add(read_issuers(issuers=batch, afresh=True))
        step(len(batch))
    return outcome
