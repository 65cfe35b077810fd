"""The work that a lost message left behind: kept bytes whose facts are not published."""

from __future__ import annotations

import time
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from filings.errors import BadDocument
from filings.models import IngestStage, Stage
from filings.services.keep import LEASE
from filings.services.publish import MAX_ATTEMPTS, Outcome, publish, quarantine

BATCH = 100
# Well below the time limit of a task: one that is stopped in the middle counts as an attempt of innocent filings.
SECONDS = 30.0


def publish_owed(*, now: datetime | None = None, seconds: float = SECONDS) -> Outcome:
    """Publishes the filings whose publication is due, batch by batch. Safe to run in many processes at once.

    Takes no new batch after `seconds`; what is left then is for the next ring.
    """
    outcome = Outcome()
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at and (claimed := _claim(now or timezone.now())):
        outcome.add(publish(accessions=claimed, now=now))
    return outcome


def _claim(now: datetime) -> list[str]:
    """The next due accessions, by key, with the attempt counted before it is made.

    A document that kills whoever reads it must not be read for ever: after `MAX_ATTEMPTS` it is set aside; a batch
    that died is tried again one filing at a time, so that only the one which kills is.
    """
    while True:
        with transaction.atomic():
            due = list(
                IngestStage.objects.filter(stage=Stage.FETCHED, due_at__lte=now)
                .order_by("due_at", "accession")
                .select_for_update(skip_locked=True)[:BATCH]
            )
            worn = [row for row in due if row.attempts >= MAX_ATTEMPTS]
            reason = f"reading it ended its worker {MAX_ATTEMPTS} times"
            quarantine({row.accession: BadDocument("publish", "", reason) for row in worn}, now)
            fresh = [row for row in due if row.attempts <= 1]
            claimed = fresh or [row for row in due if row.attempts < MAX_ATTEMPTS][:1]
            for row in claimed:
                row.attempts += 1
                row.due_at = now + LEASE
                row.changed_at = now
            IngestStage.objects.bulk_update(claimed, ["attempts", "due_at", "changed_at"])
        if claimed or not worn:
            return [row.accession for row in claimed]
