"""The archive of one day, read back by the real readers, once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest

from filings import demo
from filings.ownership.document import Line, OwnershipDocument
from filings.ownership.parse import parse
from filings.ownership.submission import Submission, read_submission

UNTIL = date(2026, 11, 20)  # a Friday


@dataclass(frozen=True)
class Read:
    """A demo filing and what the readers of real filings make of it."""

    filing: demo.DemoFiling
    submission: Submission
    document: OwnershipDocument

    @property
    def transactions(self) -> list[Line]:
        return [line for line in self.document.lines if line.kind == "transaction"]

    def notes_on(self, line: Line, field: str) -> str:
        return " ".join(self.document.footnotes[ref] for ref in line.footnotes.get(field, ()))


def read(filing: demo.DemoFiling) -> Read:
    submission = read_submission(filing.content, f"{filing.accession}.txt")
    return Read(filing, submission, parse(submission.xml))


@pytest.fixture(scope="session")
def archive() -> list[Read]:
    return [read(filing) for filing in demo.filings(UNTIL)]


@pytest.fixture(scope="session")
def told(archive: list[Read]) -> Callable[[str], list[Read]]:
    """The filings of one story, oldest first; fails if the story filed nothing."""

    def of(story: str) -> list[Read]:
        found = [entry for entry in archive if entry.filing.story == story]
        assert found, f"no filing of {story}"
        return found

    return of
