"""The work that a lost message left behind: kept bytes whose facts are not published."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from filings.errors import BadDocument
from filings.models import IngestStage, Stage
from filings.services.keep import LEASE
from filings.services.publish import MAX_ATTEMPTS, Outcome, publish, quarantine

BATCH = 100


def publish_owed(*, now: datetime | None = None) -> Outcome:
    """Publishes every filing whose publication is due, batch by batch. Safe to run in many processes at once."""
    outcome = Outcome()
    while claimed := _claim(now or timezone.now()):
        outcome.add(publish(accessions=claimed, now=now))
    return outcome


def _claim(now: datetime) -> list[str]:
    """The next due accessions, by key, with the attempt counted before it is made.

    A document that kills whoever reads it must not be read for ever: after `MAX_ATTEMPTS` it is set aside; a batch
    that died is tried again one filing at a time, so that only the one which kills is.
    """
    with transaction.atomic():
        due = list(
            IngestStage.objects.filter(stage=Stage.FETCHED, due_at__lte=now)
            .order_by("due_at", "accession")
            .select_for_update(skip_locked=True)[:BATCH]
        )
        worn = [row.accession for row in due if row.attempts >= MAX_ATTEMPTS]
        fresh = [row.accession for row in due if row.attempts <= 1]
        claimed = fresh or [row.accession for row in due if row.attempts < MAX_ATTEMPTS][:1]
        for row in due:
            if row.accession in claimed:
                row.attempts += 1
                row.due_at = now + LEASE
                row.changed_at = now
        IngestStage.objects.bulk_update(
            [row for row in due if row.accession in claimed], ["attempts", "due_at", "changed_at"]
        )
    if worn:
        reason = f"reading it ended its worker {MAX_ATTEMPTS} times"
        quarantine({accession: BadDocument("publish", "", reason) for accession in worn}, now)
        return claimed or _claim(now)
    return claimed
