"""Kept bytes -> published facts.

Promises: the facts of one filing appear, and are replaced, in one transaction; publishing again what is published
changes no row; the order in which filings arrive does not change the result. A document that cannot be read is
quarantined with the stage and the element that stopped it, and delays nothing else.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import DatabaseError, DataError, IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone
from psycopg.errors import ProgramLimitExceeded

from filings import events
from filings.errors import BadDocument
from filings.models import Document, Filing, IngestStage, Insider, Issuer, Stage
from filings.models.document import OF_TABLES
from filings.ownership.dataset import Rows, read_kept, read_rows
from filings.ownership.document import OwnershipDocument
from filings.ownership.parse import PARSER_VERSION, parse
from filings.ownership.submission import Submission, read_submission
from filings.services import rows
from filings.services.identities import settle_insiders, settle_issuers

log = logging.getLogger(__name__)

# Attempts that may die without a word (a killed worker) before a document is set aside.
MAX_ATTEMPTS = 3

# A mistake of ours, or kept bytes that the disk has damaged, must delay one filing only. What stops the process (a
# time limit, no memory, no database) is not among these.
_READER_FAULTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, zlib.error)


@dataclass(frozen=True, slots=True)
class ReadFiling:
    """One kept document with what it says."""

    document: Document
    submission: Submission
    ownership: OwnershipDocument


@dataclass(slots=True)
class Outcome:
    """What a publication did, by accession.

    `failed` are the filings without facts; `unreadable`, by accession and hash, every kept document that cannot be
    read, those of filings whose facts come from another document included.
    """

    published: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: dict[str, BadDocument] = field(default_factory=dict)
    unreadable: dict[tuple[str, bytes], BadDocument] = field(default_factory=dict)

    def add(self, other: Outcome) -> None:
        self.published += other.published
        self.unchanged += other.unchanged
        self.failed |= other.failed
        self.unreadable |= other.unreadable


@dataclass(slots=True)
class _Batch:
    """What the kept documents of some filings say: the facts of each, or why there are none."""

    readable: dict[str, ReadFiling] = field(default_factory=dict)
    failed: dict[str, BadDocument] = field(default_factory=dict)
    unreadable: dict[tuple[str, bytes], BadDocument] = field(default_factory=dict)
    looked_at: dict[str, int] = field(default_factory=dict)  # how many documents, by accession


def publish(*, accessions: Sequence[str], again: bool = False, now: datetime | None = None) -> Outcome:
    """Publishes the kept bytes of these filings. With `again`, also those whose facts are already of these bytes.

    All in one transaction; where the database refuses a filing, each is published alone and that one quarantined.
    """
    now = now or timezone.now()
    batch = _read(accessions)
    try:
        outcome, overtaken = _publish_together(batch, again=again, now=now)
    except DatabaseError as error:
        if not refuses_the_words(error):
            raise
        if len(batch.readable) > 1:
            outcome = Outcome()
            for accession in accessions:
                outcome.add(publish(accessions=[accession], again=again, now=now))
            return outcome
        refusal = BadDocument("publish", "", str(error).splitlines()[0])
        batch.failed |= dict.fromkeys(batch.readable, refusal)
        batch.readable.clear()
        outcome, overtaken = _publish_together(batch, again=again, now=now)
    if overtaken:
        outcome.add(publish(accessions=overtaken, again=again, now=now))
    return outcome


def read_document(document: Document) -> ReadFiling:
    """What a kept document says. Raises `BadDocument`."""
    with _faults_of_ours(document.accession):
        if document.completeness in OF_TABLES:
            return ReadFiling(document, *read_kept(document.content))
        submission = read_submission(document.content, f"{document.accession}.kept")
        return ReadFiling(document, submission, parse(submission.xml))


def read_data_set_rows(document: Document, given: Rows, missing: Sequence[str] = ()) -> ReadFiling:
    """As `read_document` of a document that keeps these rows."""
    with _faults_of_ours(document.accession):
        return ReadFiling(document, *read_rows(given, missing))


@contextmanager
def _faults_of_ours(accession: str) -> Iterator[None]:
    try:
        yield
    except _READER_FAULTS as fault:
        log.exception("The reader failed on a document of %s", accession)
        raise BadDocument("reader", "", f"our reader failed on it: {fault!r:.200}") from fault


def _read(accessions: Sequence[str]) -> _Batch:
    """Every kept document of each accession, the most complete first: the first readable one gives the facts."""
    kept: dict[str, list[Document]] = {accession: [] for accession in accessions}
    for document in Document.objects.filter(accession__in=accessions).order_by("-completeness", "-received_at", "-id"):
        kept[document.accession].append(document)
    batch = _Batch(looked_at={accession: len(documents) for accession, documents in kept.items()})
    for accession, documents in kept.items():
        for document in documents:
            try:
                read = read_document(document)
                known = batch.readable.get(accession)
                batch.readable[accession] = _with_filing_date(known, read) if known else read
            except BadDocument as error:
                batch.unreadable[accession, bytes(document.sha256)] = error
                batch.failed.setdefault(accession, error)
        if not documents:
            batch.failed[accession] = BadDocument("identify", "", "no document is kept under this accession number")
    for accession in batch.readable:
        batch.failed.pop(accession, None)
    return batch


def _with_filing_date(read: ReadFiling, lesser: ReadFiling) -> ReadFiling:
    """Bare XML does not tell its filing date. Where the SEC's quarterly tables told it, it stays known."""
    if read.submission.filed_on is not None or lesser.submission.filed_on is None:
        return read
    return replace(read, submission=replace(read.submission, filed_on=lesser.submission.filed_on))


def refuses_the_words(error: DatabaseError) -> bool:
    """Whether the database refused what a filing says (too large a number, too long an index entry), not the work."""
    return isinstance(error, DataError | IntegrityError) or isinstance(error.__cause__, ProgramLimitExceeded)


@transaction.atomic
def _publish_together(batch: _Batch, *, again: bool, now: datetime) -> tuple[Outcome, list[str]]:
    """The outcome, and the accessions left out because another document of theirs has come since they were read."""
    outcome = Outcome(unreadable=dict(batch.unreadable))
    # Every publication takes its locks in this order: ledger, issuers, insiders, each by key.
    list(IngestStage.objects.filter(accession__in=batch.looked_at).order_by("accession").select_for_update())
    overtaken = _overtaken(batch.looked_at)
    readable = {accession: read for accession, read in batch.readable.items() if accession not in overtaken}
    outcome.failed = {accession: error for accession, error in batch.failed.items() if accession not in overtaken}
    present = {
        filing.accession: filing
        for filing in Filing.objects.filter(accession__in=readable).only(
            "accession", "document_id", "parser_version", "issuer_id", "filed_on"
        )
    }
    changed: list[ReadFiling] = []
    for accession, read in sorted(readable.items()):
        filing = present.get(accession)
        same = filing and (filing.document_id, filing.filed_on, filing.parser_version) == (
            read.document.pk,
            read.submission.filed_on,
            PARSER_VERSION,
        )
        if same and not again:
            outcome.unchanged.append(accession)
        else:
            outcome.published.append(accession)
            changed.append(read)
    if changed:
        _write(changed, present)
    _close(readable, now)
    quarantine(outcome.failed, now)
    if outcome.published:
        announced = list(outcome.published)
        transaction.on_commit(
            lambda: events.filing_published.send_robust(sender=Filing, accessions=announced), robust=True
        )
    return outcome, overtaken


def _overtaken(looked_at: dict[str, int]) -> list[str]:
    """Whoever keeps a document takes the filing's ledger row too, so under that lock this is the truth."""
    kept = dict(
        Document.objects.filter(accession__in=looked_at)
        .order_by()
        .values_list("accession")
        .annotate(documents=Count("pk"))
    )
    return [accession for accession, documents in looked_at.items() if kept.get(accession, 0) != documents]


def _close(accessions: Iterable[str], now: datetime) -> None:
    """Nothing is owed for these: their facts are published."""
    IngestStage.objects.filter(accession__in=accessions).exclude(stage__in=[Stage.PUBLISHED, Stage.WITHDRAWN]).update(
        stage=Stage.PUBLISHED,
        due_at=None,
        attempts=0,
        reason=None,
        failed_stage=None,
        failed_path=None,
        parser_version=PARSER_VERSION,
        changed_at=now,
    )


def _write(changed: list[ReadFiling], present: dict[str, Filing]) -> None:
    issuers = {read.ownership.issuer.cik for read in changed}
    insiders = {owner.cik for read in changed for owner in read.ownership.owners}
    replaced = [read.document.accession for read in changed if read.document.accession in present]
    issuers_before = {present[accession].issuer_id for accession in replaced}
    insiders_before = set(rows.owner_ciks(replaced))
    rows.lock(Issuer, issuers | issuers_before)
    rows.lock(Insider, insiders | insiders_before)
    rows.delete_below(replaced)
    rows.write_filings(changed)
    settle_issuers(sorted(issuers | issuers_before))
    settle_insiders(sorted(insiders | insiders_before))


def quarantine(failed: Mapping[str, BadDocument], now: datetime) -> None:
    """Sets these aside, in the caller's transaction. Published facts stay: what cannot be read never hides them."""
    published = set(Filing.objects.filter(accession__in=failed).values_list("accession", flat=True))
    for accession in published:
        log.warning("%s keeps its facts; of its newer bytes: %s", accession, failed[accession])
    _close(published, now)
    ledger = IngestStage.objects.in_bulk([accession for accession in failed if accession not in published])
    for accession, error in failed.items():
        row = ledger.get(accession) or IngestStage(accession=accession, seen_at=now)
        why = (Stage.QUARANTINED, error.stage, error.path, error.reason, PARSER_VERSION)
        if accession in published or why == (
            row.stage, row.failed_stage, row.failed_path, row.reason, row.parser_version
        ):  # fmt: skip
            continue
        row.stage, row.failed_stage, row.failed_path, row.reason, row.parser_version = why
        row.due_at = None
        row.changed_at = now
        row.save()
