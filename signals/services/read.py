"""Published facts -> stored readings, an issuer at a time under its lock.

Promises: the readings and signals of an issuer are replaced in one transaction, and where they are the same no row
changes; equal facts give equal readings, whatever the order of arrival. One runner reads an issuer at a time; another
waits for it, and then finds what came meanwhile. An issuer that cannot be read is put off with the reason, keeps the
readings it had, and delays nobody else.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from filings.models import Issuer
from signals import events
from signals.detectors.engine import signals_of
from signals.detectors.signal import VERSION
from signals.detectors.signal import Signal as Found
from signals.models import IssuerState, Reading
from signals.readings.history import EASTERN
from signals.readings.splits import Close, Split
from signals.readings.trades import IssuerReading, issuer_reading
from signals.readings.whole import readings_of
from signals.selectors.histories import Facts, facts_of
from signals.selectors.owed import issuers_due_by_clock, owed_issuers
from signals.selectors.prices import closes_and_splits
from signals.services import reading_rows, signal_rows

log = logging.getLogger(__name__)

# Issuers that are read in one transaction; their filings are in memory together.
BATCH = 20
# Below the time limit of a task.
SECONDS = 30.0
# A mistake of ours must delay one issuer only. What stops the process or the database is not among these.
_READER_FAULTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
# The longest that any signal waits for the clock is twelve months (a plan's second trade); then only filings matter.
CLOCK_MATTERS = timedelta(days=400)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)


@dataclass(slots=True)
class Outcome:
    """What a reading did. `changed` are the filings whose reading is new or another, `signals` the keys of signals that
    are new, another or gone, `failed` the issuers that could not be read, by reason."""

    read: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    signals: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    def add(self, other: Outcome) -> None:
        self.read += other.read
        self.changed += other.changed
        self.signals += other.signals
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


def read_by_clock(*, seconds: float = SECONDS) -> Outcome:
    """Brings signals up to today where time alone may have raised, settled or undone one. Once a day an issuer."""
    outcome = Outcome()
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at and (due := issuers_due_by_clock(BATCH)):
        outcome.add(read_issuers(issuers=due))
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
    known = Issuer.objects.in_bulk(issuers)
    sics = {issuer: reading_rows.sic_number(row.sic) for issuer, row in known.items()}
    read = {issuer: issuer_reading(history) for issuer, history in facts.histories.items()}
    changed = reading_rows.write(
        [one for reading in read.values() for one in readings_of(reading)], facts.published_at, sics, now
    )
    changed += _forget_moved(issuers, facts)
    prices = closes_and_splits(issuers)
    found = [
        one
        for issuer, reading in read.items()
        for one in _signals(known[issuer], reading, prices.get(issuer, ({}, [])), now)
    ]
    trades = {(trade.accession, trade.lines): trade for reading in read.values() for trade in reading.trades}
    signals = signal_rows.write(issuers, found, trades, sics, now)
    _close(issuers, facts, now)
    if changed or signals:
        transaction.on_commit(
            lambda: events.readings_published.send_robust(
                sender=Reading, accessions=changed, issuers=list(issuers), signals=signals
            ),
            robust=True,
        )
    return Outcome(read=list(issuers), changed=changed, signals=signals)


def _signals(
    issuer: Issuer, reading: IssuerReading, prices: tuple[Mapping[str, list[Close]], list[Split]], now: datetime
) -> tuple[Found, ...]:
    closes, splits = prices
    return signals_of(
        reading,
        now=now,
        closes=closes,
        splits=splits,
        ticker=issuer.ticker,
        fiscal_year_end=month_and_day(issuer.fiscal_year_end),
    )


def month_and_day(words: str | None) -> tuple[int, int] | None:
    """The end of the fiscal year as the header writes it ("1231"); None where that is no day."""
    digits = (words or "").strip()
    if len(digits) != 4 or not (digits.isascii() and digits.isdigit()):
        return None
    month, day = int(digits[:2]), int(digits[2:])
    return (month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None


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


def _close(issuers: Sequence[str], facts: Facts, now: datetime) -> None:
    today = now.astimezone(EASTERN).date()
    newest = {issuer: max(form.filed_on for form in history) for issuer, history in facts.histories.items()}
    IssuerState.objects.bulk_create(
        [
            IssuerState(
                issuer_id=issuer,
                read_at=now,
                read_on=today,
                detector_version=VERSION,
                clock_until=newest[issuer] + CLOCK_MATTERS if issuer in newest else None,
            )
            for issuer in issuers
        ],
        update_conflicts=True,
        unique_fields=["issuer"],
        update_fields=["read_at", "read_on", "clock_until", "detector_version", "attempts", "reason", "due_at"],
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
