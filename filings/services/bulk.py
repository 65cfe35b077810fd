"""Quarterly data sets -> published facts, fast: part by part, by COPY into the tables themselves, in several processes.

Promises: the same rows, of keys and clocks aside, as if each filing had come alone (`keep`, `publish`), with all
constraints in force; a part is one short transaction, which also records that it is done, so that a load which is
killed goes on with the parts that are missing; memory does not grow with the data set. A filing that is known already,
that cannot be read or that the database refuses goes the usual way, alone.

A new filing needs no staging: the ledger's own unique key says which are new, and holds them, in one statement. The
order of locks is that of `publish`: ledger, issuers, insiders, each by key; those of the parties, which live filings
wait for, are taken last, when all else is written, and held for the names only.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from filings import events
from filings.errors import BadDocument
from filings.models import (
    Completeness,
    DataSetLoad,
    DataSetPart,
    Document,
    Filing,
    IngestStage,
    Insider,
    Issuer,
    Stage,
)
from filings.models.document import compressed, sha256
from filings.ownership.dataset import is_accession, kept
from filings.ownership.parse import PARSER_VERSION
from filings.ownership.quarter import DataSet, FilingRows, Part, filings_of, opened
from filings.services import identities, rows
from filings.services.keep import Received
from filings.services.publish import ReadFiling, read_data_set_rows, refuses_the_words
from filings.services.workers import workers
from form4site.kit.collecting import no_collecting
from form4site.kit.copying import copy_rows

log = logging.getLogger(__name__)

# Below this a second process costs more than it saves.
WORTH_PROCESSES = 5_000
PROCESSES = min(2, os.cpu_count() or 1)

_DOCUMENT_COLUMNS = ("id", "accession", "sha256", "size", "body", "completeness", "source", "received_at")
# New rows are put in as published; those that are known are locked without being written. Returns the new ones.
_NEW_IN_LEDGER = """
    INSERT INTO filings_ingeststage AS known (accession, stage, attempts, parser_version, seen_at, changed_at)
    SELECT unnest(%(filings)s::bigint[]), 'published', 0, %(version)s, %(now)s, %(now)s
    ON CONFLICT (accession) DO UPDATE SET stage = known.stage WHERE false
    RETURNING accession
"""
# What the feed or an index has named, and nothing is kept of.
_SEEN_ONLY = """
    SELECT l.accession FROM filings_ingeststage l
     WHERE l.accession = ANY(%(filings)s) AND l.stage IN ('seen', 'withdrawn')
       AND NOT EXISTS (SELECT FROM filings_document d WHERE d.accession = l.accession)
"""
_KEPT_AND_PUBLISHED = """
    SELECT d.accession FROM unnest(%(filings)s::bigint[], %(hashes)s::bytea[]) AS given (accession, sha256)
      JOIN filings_document d USING (accession, sha256)
      JOIN filings_ingeststage l ON l.accession = d.accession AND l.stage IN ('published', 'withdrawn', 'seen')
"""
# The rows below a filing point to one of this transaction: checked at once, so that nothing is left for the commit,
# when the parties are held.
_CHECKED_AT_ONCE = """
    SELECT string_agg(quote_ident(conname), ', ') FROM pg_constraint
     WHERE contype = 'f' AND condeferrable
       AND confrelid IN ('filings_filing'::regclass, 'filings_document'::regclass)
       AND conrelid IN ('filings_filing'::regclass, 'filings_filingowner'::regclass, 'filings_line'::regclass,
                        'filings_footnote'::regclass, 'filings_signature'::regclass)
"""


@dataclass(frozen=True, slots=True)
class Failed:
    """A filing of a data set that has no facts: which, where reading stopped, and a sentence."""

    accession: str
    stage: str
    reason: str


@dataclass(slots=True)
class PartReport:
    """How a part went: each of the filings that were read is published, unchanged or failed."""

    read: int = 0
    published: int = 0
    unchanged: int = 0
    failed: list[Failed] = field(default_factory=list)


UsualWay = Callable[[list[Received]], PartReport]


class _Set:
    """One data set of a load: which of its parts are still to come, and whether all went well."""

    def __init__(self, path: Path, data_set: DataSet, load: DataSetLoad) -> None:
        self.path = path
        self.load = load
        self.many = data_set.filings >= WORTH_PROCESSES
        self.open = 1  # the parts that are not done, and the making of them
        self.whole = True

    def closed(self, *, whole: bool = True) -> None:
        """One of what is open is done. With the last, the set is finished, where all of it went well."""
        self.open -= 1
        self.whole = self.whole and whole
        if not self.open and self.whole:
            DataSetLoad.objects.filter(pk=self.load.pk).update(finished_at=timezone.now())


@dataclass(frozen=True, slots=True)
class _Job:
    of: _Set
    number: int
    part: Part


def load_data_sets(
    *,
    paths: Iterable[Path],
    usual_way: UsualWay,
    report: Callable[[Path, PartReport], None],
    refused: Callable[[Path, BadDocument], None],
    processes: int | None = None,
) -> None:
    """Loads these data sets; `report` is told of every part, and `refused` of a set that is none.

    `usual_way` keeps and publishes filings one batch at a time; it is called in the process that loads the part. The
    processes last for all of the sets, and the parts of the next are made while the last of one are loaded.
    """
    with TemporaryDirectory(prefix="form4site-") as folder:
        jobs = _jobs(paths, Path(folder), report, refused)
        for job, outcome in _run(jobs, usual_way, PROCESSES if processes is None else processes):
            report(job.of.path, outcome)
            job.of.closed(whole=not outcome.failed)


def _jobs(
    paths: Iterable[Path],
    folder: Path,
    report: Callable[[Path, PartReport], None],
    refused: Callable[[Path, BadDocument], None],
) -> Iterator[_Job]:
    for number, path in enumerate(paths):
        try:
            with opened(path) as data_set:
                yield from _jobs_of(path, data_set, folder / str(number), report)
        except BadDocument as error:
            refused(path, error)


def _jobs_of(path: Path, data_set: DataSet, folder: Path, report: Callable[[Path, PartReport], None]) -> Iterator[_Job]:
    for note in data_set.notes:
        log.warning("%s: %s", path, note)
    load, done = _begin(data_set, spelled(path))
    for filings in done.values():
        report(path, PartReport(read=filings, unchanged=filings))
    if len(done) == load.parts:
        return
    one = _Set(path, data_set, load)
    folder.mkdir()
    for number, part in enumerate(data_set.split(folder, only=lambda part: part not in done)):
        if number not in done:
            one.open += 1
            yield _Job(one, number, part)
    one.closed()


def spelled(path: Path) -> str:
    """The path as text that can be stored: bytes of its name that are no UTF-8 are shown as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _begin(data_set: DataSet, source: str) -> tuple[DataSetLoad, dict[int, int]]:
    """The row of this load, and the filings of each part that is done."""
    words = repr((1, data_set.parts, data_set.checksums()))
    load, _ = DataSetLoad.objects.get_or_create(
        fingerprint=hashlib.sha256(words.encode()).hexdigest(),
        defaults={
            "source": source,
            "filings": data_set.filings,
            "parts": data_set.parts,
            "began_at": timezone.now(),
        },
    )
    return load, dict(DataSetPart.objects.filter(load=load).values_list("part", "filings"))


def _run(jobs: Iterable[_Job], usual_way: UsualWay, processes: int) -> Iterator[tuple[_Job, PartReport]]:
    """Each job with its outcome: in this process, and from the first job of a large set on in several."""
    with ExitStack() as stack:
        pool: ProcessPoolExecutor | None = None
        running: dict[Future[PartReport], _Job] = {}
        for job in jobs:
            if pool is None and job.of.many and processes > 1:
                pool = stack.enter_context(workers(processes))
            if pool is None:
                yield job, load_part(*_arguments(job, usual_way))
                continue
            running[pool.submit(load_part, *_arguments(job, usual_way))] = job
            if len(running) >= 2 * processes:
                yield from _finished(running)
        while running:
            yield from _finished(running)


def _arguments(job: _Job, usual_way: UsualWay) -> tuple[int, int, Part, str, UsualWay]:
    return job.of.load.pk, job.number, job.part, spelled(job.of.path), usual_way


def _finished(running: dict[Future[PartReport], _Job]) -> Iterator[tuple[_Job, PartReport]]:
    """Waits for one or more; takes them out of those that run."""
    for future in wait(running, return_when=FIRST_COMPLETED).done:
        yield running.pop(future), future.result()


def load_part(load: int, number: int, part: Part, source: str, usual_way: UsualWay) -> PartReport:
    """Publishes one part, and notes that it is done. Where another process has done so meanwhile, nothing changes."""
    with no_collecting():  # to its end: what the part was held in is gone when cycles are looked for
        return _load_part(load, number, part, source, usual_way)


def _load_part(load: int, number: int, part: Part, source: str, usual_way: UsualWay) -> PartReport:
    report = PartReport()
    read, usual = _read(part, source, report)
    part.path.unlink(missing_ok=True)
    report.read = len(read) + len(usual) + len(report.failed)
    whole = not report.failed
    try:
        with transaction.atomic():
            known, report.unchanged = _publish_new(read)
            if not usual and not known and whole:
                _mark_done(load, number, report.read)
    except DatabaseError as error:
        if not refuses_the_words(error):
            raise
        known, report.unchanged = [item.document for item in read], 0
    report.published = len(read) - len(known) - report.unchanged
    usual += known
    if usual:
        outcome = usual_way([_received(document) for document in usual])
        report.published += outcome.published
        report.unchanged += outcome.unchanged
        report.failed += outcome.failed
        if whole and not outcome.failed:
            _mark_done(load, number, report.read)
    return report


def _mark_done(load: int, number: int, filings: int) -> None:
    DataSetPart.objects.bulk_create(
        [DataSetPart(load_id=load, part=number, filings=filings, loaded_at=timezone.now())], ignore_conflicts=True
    )


def _read(part: Part, source: str, report: PartReport) -> tuple[list[ReadFiling], list[Document]]:
    """The filings of a part by accession number, and the documents that cannot be read."""
    now = timezone.now()
    completeness = Completeness.SOME_TABLES if part.missing else Completeness.DATA_SET
    read: list[ReadFiling] = []
    unreadable: list[Document] = []
    for filing in filings_of(part):
        if problem := _not_a_filing(filing):
            report.failed.append(Failed(filing.accession, "dataset", problem))
            continue
        content = kept(filing.rows, filing.missing)
        document = Document(
            accession=filing.accession,
            sha256=sha256(content),
            size=len(content),
            body=compressed(content, completeness),
            completeness=completeness,
            source=source,
            received_at=now,
        )
        try:
            read.append(read_data_set_rows(document, filing.rows, filing.missing))
        except BadDocument:
            unreadable.append(document)
    return read, unreadable


def _not_a_filing(filing: FilingRows) -> str | None:
    if not is_accession(filing.accession):
        return "not an accession number"
    if "SUBMISSION" not in filing.rows:
        return f"has rows in {', '.join(filing.rows)} and none in SUBMISSION"
    return filing.problem


def _received(document: Document) -> Received:
    return Received(document.accession, document.content, document.source, Completeness(document.completeness))


def _publish_new(read: Sequence[ReadFiling]) -> tuple[list[Document], int]:
    """Publishes those that are new. Returns the documents of known filings, and how many are kept already."""
    if not read:
        return [], 0
    now = timezone.now()
    new = _claim(read, now)
    fresh = [item for item in read if _key(item.document) in new]
    known = [item.document for item in read if _key(item.document) not in new]
    same = _as_they_were(known)
    if fresh:
        _write(fresh)
        accessions = [item.document.accession for item in fresh]
        transaction.on_commit(
            lambda: events.filing_published.send_robust(sender=Filing, accessions=accessions), robust=True
        )
    return [document for document in known if _key(document) not in same], len(same)


def _claim(read: Sequence[ReadFiling], now: datetime) -> set[int]:
    """The keys of those that nobody has facts or bytes of, held in the ledger and marked published there."""
    keys = sorted(_key(item.document) for item in read)
    with connection.cursor() as cursor:
        cursor.execute(_NEW_IN_LEDGER, {"filings": keys, "version": PARSER_VERSION, "now": now})
        new = {key for (key,) in cursor.fetchall()}
        known = [key for key in keys if key not in new]
        if known:
            cursor.execute(_SEEN_ONLY, {"filings": known})
            seen = [key for (key,) in cursor.fetchall()]
            IngestStage.objects.filter(accession__in=map(_spelled, seen), stage=Stage.SEEN).update(
                stage=Stage.PUBLISHED, due_at=None, attempts=0, parser_version=PARSER_VERSION, changed_at=now
            )
            new.update(seen)
    return new


def _as_they_were(known: Sequence[Document]) -> set[int]:
    if not known:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            _KEPT_AND_PUBLISHED,
            {"filings": [_key(item) for item in known], "hashes": [bytes(item.sha256) for item in known]},
        )
        return {key for (key,) in cursor.fetchall()}


def _write(fresh: Sequence[ReadFiling]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_CHECKED_AT_ONCE)
        (names,) = cursor.fetchone() or ("",)
        cursor.execute(f"SET CONSTRAINTS {names} IMMEDIATE")
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('filings_document', 'id')) FROM generate_series(1, %s)",
            [len(fresh)],
        )
        for item, (key,) in zip(fresh, cursor.fetchall(), strict=True):
            item.document.pk = key
    copy_rows(
        Document,
        _DOCUMENT_COLUMNS,
        (
            (item.document.pk, _key(item.document), *(getattr(item.document, name) for name in _DOCUMENT_COLUMNS[2:]))
            for item in fresh
        ),
    )
    rows.copy_filings(fresh)
    issuers = {int(item.ownership.issuer.cik) for item in fresh}
    insiders = {int(owner.cik) for item in fresh for owner in item.ownership.owners}
    rows.lock(Issuer, map(str, issuers))
    rows.lock(Insider, map(str, insiders))
    identities.add_names(
        filings=[_key(item.document) for item in fresh], issuers=sorted(issuers), insiders=sorted(insiders)
    )


def _key(document: Document) -> int:
    return int(document.accession.replace("-", ""))


def _spelled(key: int) -> str:
    digits = f"{key:018d}"
    return f"{digits[:10]}-{digits[10:12]}-{digits[12:]}"
