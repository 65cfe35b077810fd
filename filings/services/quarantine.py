"""Another chance for a filing that was set aside."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from filings.errors import NotFound
from filings.models import IngestStage, Stage


@transaction.atomic
def retry_quarantined(*, accession: str, now: datetime | None = None) -> Stage:
    """Makes this filing due at once: fetched again where the SEC lists it, else read again from its kept bytes.

    Returns the stage that it is in now. Raises `NotFound` if it is not in quarantine.
    """
    now = now or timezone.now()
    row = IngestStage.objects.select_for_update().filter(accession=accession, stage=Stage.QUARANTINED).first()
    if row is None:
        raise NotFound(f"{accession} is not in quarantine.")
    listed = row.cik is not None and row.form is not None and row.listed_on is not None
    row.stage = Stage.SEEN if listed else Stage.FETCHED
    row.lane = row.lane or ("historic" if listed else None)
    row.reason = row.failed_stage = row.failed_path = None
    row.attempts, row.due_at, row.changed_at = 0, now, now
    row.note = "taken out of quarantine to be tried again"
    row.save()
    return Stage(row.stage)
