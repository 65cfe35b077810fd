"""Files on this machine -> published facts: full submissions, ownership XML named by its accession number, data sets.

Promises: memory does not grow with the number of files; each batch is kept, then published, each in a transaction of
its own, so that a load which is killed and started again ends with the same facts; one bad file fails alone, by name.
Refuses: a file whose accession number nothing tells. It stays where it is, and is reported.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path

from filings.errors import BadDocument
from filings.models import Completeness, PartyToIndex
from filings.models.document import OF_TABLES, sha256
from filings.ownership.quarter import is_data_set, opened, table_of
from filings.ownership.submission import accession_in, read_submission
from filings.ownership.wellformed import MAX_BYTES
from filings.services.bulk import Failed, PartReport, load_data_sets, spelled
from filings.services.keep import Received, completeness_of, keep
from filings.services.publish import publish
from filings.services.search_index import appoint_leaders, index_owed
from form4site.kit.statistics import renew_statistics

READABLE_SUFFIXES = (".txt", ".xml", ".zip")
BATCH = 100
# A load that brings this many filings changes which names lead in searches.
MANY = 10_000


@dataclass(frozen=True, slots=True)
class Failure:
    path: str
    stage: str
    reason: str


@dataclass(slots=True)
class LoadReport:
    """How a load went. `read` counts filings, of which a file is one: each is published, unchanged or failed.

    A data set that cannot be read at all counts as one.
    """

    read: int = 0
    published: int = 0
    unchanged: int = 0
    failed: list[Failure] = field(default_factory=list)


def files_below(paths: Iterable[str]) -> Iterator[Path]:
    """What a load of these paths reads: a file as it is; of a folder every .txt, .xml and .zip below it, and it or any
    folder below it that holds the tables of a data set, as one.

    A folder that may not be listed is given as it is, for the load to report.
    """
    for path in map(Path, paths):
        if path.is_dir():
            yield from _files_in(path)
        else:
            yield path


def _files_in(top: Path) -> Iterator[Path]:
    closed: list[Path] = []
    for folder, folders, names in os.walk(top, onerror=lambda error: closed.append(Path(error.filename))):
        folders.sort()
        if any(map(table_of, names)):
            yield Path(folder)
        yield from (Path(folder, name) for name in sorted(names) if name.lower().endswith(READABLE_SUFFIXES))
    yield from closed


def filings_in(paths: Iterable[Path]) -> int:
    """How many filings a load of these will meet, for its progress: a file is one."""
    return sum(_filings_in_data_set(path) if is_data_set(path) else 1 for path in paths)


def load(*, paths: Iterable[Path], step: Callable[[int], None] = lambda filings: None) -> LoadReport:
    """Loads these files and data sets; `step` is told how many filings each batch took."""
    report = LoadReport()
    for of_tables, group in groupby(paths, key=is_data_set):
        if of_tables:
            _load_data_sets(group, report, step)
            continue
        while batch := list(islice(group, BATCH)):
            _load_batch(batch, report)
            step(len(batch))
    if PartyToIndex.objects.exists():
        index_owed()
    if report.published >= MANY:
        appoint_leaders()
        renew_statistics("filings")
    return report


def load_received(*, received: Iterable[Received], step: Callable[[int], None] = lambda files: None) -> LoadReport:
    """As `load`, for filings that are not files (the demo archive)."""
    report = LoadReport()
    remaining = iter(received)
    while batch := list(islice(remaining, BATCH)):
        _publish_batch(batch, report)
        step(len(batch))
    return report


def _filings_in_data_set(path: Path) -> int:
    try:
        with opened(path) as data_set:
            return data_set.filings
    except BadDocument:
        return 1


def _load_data_sets(paths: Iterable[Path], report: LoadReport, step: Callable[[int], None]) -> None:
    def add(path: Path, part: PartReport) -> None:
        report.read += part.read
        report.published += part.published
        report.unchanged += part.unchanged
        report.failed += [
            Failure(f"{spelled(path)}#{failed.accession}", failed.stage, failed.reason) for failed in part.failed
        ]
        step(part.read)

    def refuse(path: Path, error: BadDocument) -> None:
        report.read += 1
        report.failed.append(Failure(spelled(path), error.stage, _sentence(error)))

    load_data_sets(paths=paths, usual_way=publish_rows, report=add, refused=refuse)


def publish_rows(received: list[Received]) -> PartReport:
    """The usual way for filings of a data set: kept and published a batch at a time, each failing alone."""
    report = LoadReport()
    for start in range(0, len(received), BATCH):
        _publish_batch(received[start : start + BATCH], report)
    failed = [Failed(failure.path, failure.stage, failure.reason) for failure in report.failed]
    return PartReport(report.read, report.published, report.unchanged, failed)


def _load_batch(paths: list[Path], report: LoadReport) -> None:
    received = []
    for path in paths:
        try:
            received.append(_received(path))
        except BadDocument as error:
            report.read += 1
            report.failed.append(Failure(spelled(path), error.stage, _sentence(error)))
    _publish_batch(received, report)


def _publish_batch(received: list[Received], report: LoadReport) -> None:
    report.read += len(received)
    fresh = keep(received=received)
    outcome = publish(accessions=sorted(fresh))
    published = set(outcome.published)
    for item in received:
        unreadable = outcome.unreadable.get((item.accession, sha256(item.content)))
        if error := unreadable or outcome.failed.get(item.accession):
            where = item.accession if item.completeness in OF_TABLES else item.source
            report.failed.append(Failure(where, error.stage, _sentence(error)))
        elif item.accession in published:
            report.published += 1
            published.discard(item.accession)  # a second file of the same filing added nothing
        else:
            report.unchanged += 1


def _received(path: Path) -> Received:
    """The file with its accession number. A file that names its accession is kept even if it cannot be read."""
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise BadDocument("identify", "", "this folder may not be listed")
        if not stat.S_ISREG(found.st_mode):  # a pipe or a device may never end
            raise BadDocument("identify", "", "not a regular file")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadDocument("identify", "", f"{error.strerror or error}") from error
    if len(content) > MAX_BYTES:
        raise BadDocument("identify", "", f"{found.st_size:,} bytes; a filing may have {MAX_BYTES:,} at most")
    named = accession_in(path.name)
    try:
        submission = read_submission(content, path.name)
    except BadDocument:
        if named is None:
            raise
        return Received(named, content, spelled(path), Completeness.BARE_XML)
    if submission.accession is None:
        raise BadDocument("identify", "", "XML alone does not say its accession number: name the file ACCESSION.xml")
    return Received(submission.accession, content, spelled(path), completeness_of(submission))


def _sentence(error: BadDocument) -> str:
    return f"{error.path}: {error.reason}" if error.path else error.reason
