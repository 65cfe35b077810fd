"""Keeping received files, before anything is read from them but their accession number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from filings.models import Completeness, Document, IngestStage, Stage
from filings.models.document import compressed, sha256
from filings.ownership.submission import Submission

# How long a publication may take before another process may begin it again.
LEASE = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Received:
    """A file of a filing as it came: its bytes, where from, and how complete it is."""

    accession: str
    content: bytes
    source: str
    completeness: Completeness


def completeness_of(submission: Submission) -> Completeness:
    if not submission.envelope:
        return Completeness.BARE_XML
    return Completeness.ACCEPTED if submission.accepted_at else Completeness.ENVELOPE


@transaction.atomic
def keep(*, received: Iterable[Received], now: datetime | None = None) -> dict[str, bool]:
    """Stores these files and puts each accession into the ledger; {accession: True if its bytes are new here}.

    A file whose bytes are already kept changes nothing. Otherwise the accession is owed a publication, which the
    caller is expected to do at once: a worker takes it over only when `LEASE` has passed.
    """
    now = now or timezone.now()
    files = {(item.accession, sha256(item.content)): item for item in received}
    known = set(
        Document.objects.filter(accession__in=[accession for accession, _ in files]).values_list("accession", "sha256")
    )
    known = {(accession, bytes(digest)) for accession, digest in known}
    fresh = {key: item for key, item in files.items() if key not in known}
    Document.objects.bulk_create(
        [
            Document(
                accession=accession,
                sha256=digest,
                size=len(item.content),
                body=compressed(item.content, item.completeness),
                completeness=item.completeness,
                source=item.source,
                received_at=now,
            )
            for (accession, digest), item in sorted(fresh.items())
        ],
        ignore_conflicts=True,
    )
    renewed = {accession for accession, _ in fresh}
    IngestStage.objects.bulk_create(
        [
            IngestStage(
                accession=accession, stage=Stage.FETCHED, attempts=1, due_at=now + LEASE, seen_at=now, changed_at=now
            )
            for accession in sorted(renewed)
        ],
        update_conflicts=True,
        unique_fields=["accession"],
        update_fields=["stage", "attempts", "due_at", "changed_at", "reason", "failed_stage", "failed_path"],
    )
    return {accession: accession in renewed for accession, _ in files}
