"""Files on this machine -> published facts: full submissions, and ownership XML named by its accession number.

Promises: memory does not grow with the number of files; each batch is kept, then published, each in a transaction of
its own, so that a load which is killed and started again ends with the same facts; one bad file fails alone, by name.
Refuses: a file whose accession number nothing tells. It stays where it is, and is reported.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from filings.errors import BadDocument
from filings.models import Completeness
from filings.models.document import sha256
from filings.ownership.submission import accession_in, read_submission
from filings.ownership.wellformed import MAX_BYTES
from filings.services.keep import Received, completeness_of, keep
from filings.services.publish import publish
from filings.services.search_index import appoint_leaders

READABLE_SUFFIXES = (".txt", ".xml")
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
    """How a load went. `read` counts files; a file is published, unchanged or failed."""

    read: int = 0
    published: int = 0
    unchanged: int = 0
    failed: list[Failure] = field(default_factory=list)


def files_below(paths: Iterable[str]) -> Iterator[Path]:
    """The files that a load of these paths reads: a file as it is, of a folder every .txt and .xml below it.

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
        yield from (Path(folder, name) for name in sorted(names) if name.lower().endswith(READABLE_SUFFIXES))
    yield from closed


def load(*, paths: Iterable[Path], step: Callable[[int], None] = lambda files: None) -> LoadReport:
    """Loads these files; `step` is told how many files each batch took."""
    report = LoadReport()
    remaining = iter(paths)
    while batch := list(islice(remaining, BATCH)):
        _load_batch(batch, report)
        step(len(batch))
    if report.published >= MANY:
        appoint_leaders()
    return report


def load_received(*, received: Iterable[Received], step: Callable[[int], None] = lambda files: None) -> LoadReport:
    """As `load`, for filings that are not files (the demo archive)."""
    report = LoadReport()
    remaining = iter(received)
    while batch := list(islice(remaining, BATCH)):
        _publish_batch(batch, report)
        step(len(batch))
    return report


def _load_batch(paths: list[Path], report: LoadReport) -> None:
    received = []
    for path in paths:
        try:
            received.append(_received(path))
        except BadDocument as error:
            report.read += 1
            report.failed.append(Failure(_spelled(path), error.stage, _sentence(error)))
    _publish_batch(received, report)


def _publish_batch(received: list[Received], report: LoadReport) -> None:
    report.read += len(received)
    fresh = keep(received=received)
    outcome = publish(accessions=sorted(fresh))
    published = set(outcome.published)
    for item in received:
        unreadable = outcome.unreadable.get((item.accession, sha256(item.content)))
        if error := unreadable or outcome.failed.get(item.accession):
            report.failed.append(Failure(item.source, error.stage, _sentence(error)))
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
        return Received(named, content, _spelled(path), Completeness.BARE_XML)
    if submission.accession is None:
        raise BadDocument("identify", "", "XML alone does not say its accession number: name the file ACCESSION.xml")
    return Received(submission.accession, content, _spelled(path), completeness_of(submission))


def _spelled(path: Path) -> str:
    """The path as text that can be stored: bytes of its name that are no UTF-8 are shown as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _sentence(error: BadDocument) -> str:
    return f"{error.path}: {error.reason}" if error.path else error.reason
