"""Kept bytes -> published facts.

Promises: the facts of one filing appear, and are replaced, in one transaction; publishing again what is published
changes no row; the order in which filings arrive does not change the result. A document that cannot be read is
quarantined with the stage and the element that stopped it, and delays nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import DataError, transaction
from django.utils import timezone

from filings import events
from filings.errors import BadDocument
from filings.models import Document, Filing, IngestStage, Insider, Issuer, Stage
from filings.ownership.document import OwnershipDocument
from filings.ownership.parse import PARSER_VERSION, parse
from filings.ownership.submission import Submission, read_submission
from filings.services import rows
from filings.services.identities import settle_insiders, settle_issuers

# Attempts that may die without a word (a killed worker) before a document is set aside.
MAX_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class ReadFiling:
    """One kept document with what it says."""

    document: Document
    submission: Submission
    ownership: OwnershipDocument


@dataclass(slots=True)
class Outcome:
    """What a publication did, by accession."""

    published: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: dict[str, BadDocument] = field(default_factory=dict)

    def add(self, other: Outcome) -> None:
        self.published += other.published
        self.unchanged += other.unchanged
        self.failed |= other.failed


def publish(*, accessions: Sequence[str], again: bool = False, now: datetime | None = None) -> Outcome:
    """Publishes the kept bytes of these filings. With `again`, also those whose facts are already of these bytes.

    All in one transaction; a filing that the database refuses is quarantined and the others are published alone.
    """
    now = now or timezone.now()
    readable, failed = _read(accessions)
    try:
        outcome = _publish_together(readable, again=again, now=now)
    except DataError as error:
        if len(readable) > 1:
            outcome = Outcome()
            for accession in readable:
                outcome.add(publish(accessions=[accession], again=again, now=now))
        else:
            outcome = Outcome()
            failed |= {accession: BadDocument("publish", "", str(error).splitlines()[0]) for accession in readable}
    quarantine(failed, now)
    outcome.failed |= failed
    return outcome


def read_document(document: Document) -> ReadFiling:
    """What a kept document says. Raises `BadDocument`."""
    submission = read_submission(document.content, f"{document.accession}.kept")
    ownership = parse(submission.xml)
    return ReadFiling(document, submission, ownership)


def _read(accessions: Sequence[str]) -> tuple[dict[str, ReadFiling], dict[str, BadDocument]]:
    """The most complete readable document of each accession, and the errors of those that have none."""
    kept: dict[str, list[Document]] = {accession: [] for accession in accessions}
    for document in Document.objects.filter(accession__in=accessions).order_by("-completeness", "-received_at", "-id"):
        kept[document.accession].append(document)
    readable: dict[str, ReadFiling] = {}
    failed: dict[str, BadDocument] = {}
    for accession, documents in kept.items():
        for document in documents:
            try:
                readable[accession] = read_document(document)
                break
            except BadDocument as error:
                failed.setdefault(accession, error)
        if not documents:
            failed[accession] = BadDocument("identify", "", "no document is kept under this accession number")
        elif accession in readable:
            failed.pop(accession, None)
    return readable, failed


@transaction.atomic
def _publish_together(readable: dict[str, ReadFiling], *, again: bool, now: datetime) -> Outcome:
    outcome = Outcome()
    if not readable:
        return outcome
    # Every publication takes its locks in this order: ledger, issuers, insiders, each by key.
    list(IngestStage.objects.filter(accession__in=readable).order_by("accession").select_for_update())
    present = {
        filing.accession: filing
        for filing in Filing.objects.filter(accession__in=readable).only(
            "accession", "document_id", "parser_version", "issuer_id"
        )
    }
    changed: list[ReadFiling] = []
    for accession, read in sorted(readable.items()):
        filing = present.get(accession)
        same = filing and (filing.document_id, filing.parser_version) == (read.document.pk, PARSER_VERSION)
        if same and not again:
            outcome.unchanged.append(accession)
        else:
            outcome.published.append(accession)
            changed.append(read)
    if changed:
        _write(changed, present, now)
    IngestStage.objects.filter(accession__in=readable).exclude(stage__in=[Stage.PUBLISHED, Stage.WITHDRAWN]).update(
        stage=Stage.PUBLISHED,
        due_at=None,
        attempts=0,
        reason=None,
        failed_stage=None,
        failed_path=None,
        parser_version=PARSER_VERSION,
        changed_at=now,
    )
    if outcome.published:
        announced = list(outcome.published)
        transaction.on_commit(
            lambda: events.filing_published.send_robust(sender=Filing, accessions=announced), robust=True
        )
    return outcome


def _write(changed: list[ReadFiling], present: dict[str, Filing], now: datetime) -> None:
    issuers = {read.ownership.issuer.cik for read in changed}
    insiders = {owner.cik for read in changed for owner in read.ownership.owners}
    replaced = [read.document.accession for read in changed if read.document.accession in present]
    issuers_before = {present[accession].issuer_id for accession in replaced}
    insiders_before = set(rows.owner_ciks(replaced))
    rows.lock(Issuer, issuers | issuers_before)
    rows.lock(Insider, insiders | insiders_before)
    rows.delete_below(replaced)
    rows.write_filings(changed, now)
    settle_issuers(sorted(issuers | issuers_before))
    settle_insiders(sorted(insiders | insiders_before))


def quarantine(failed: dict[str, BadDocument], now: datetime) -> None:
    """Sets these aside, unless facts of an earlier document of theirs are published: those stay."""
    published = set(Filing.objects.filter(accession__in=failed).values_list("accession", flat=True))
    for accession, error in failed.items():
        if accession in published:
            continue
        IngestStage.objects.update_or_create(
            accession=accession,
            defaults={
                "stage": Stage.QUARANTINED,
                "failed_stage": error.stage,
                "failed_path": error.path,
                "reason": error.reason,
                "parser_version": PARSER_VERSION,
                "due_at": None,
                "changed_at": now,
            },
            create_defaults={
                "stage": Stage.QUARANTINED,
                "failed_stage": error.stage,
                "failed_path": error.path,
                "reason": error.reason,
                "parser_version": PARSER_VERSION,
                "seen_at": now,
                "changed_at": now,
            },
        )
