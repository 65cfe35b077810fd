"""The documents agree with the tree: decisions have one number each, links lead somewhere, commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.test_source import tracked_files
from tests.conftest import ROOT

DECISIONS = sorted(path for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))
DOCUMENTS = [path for path in tracked_files() if path.suffix == ".md" and "tests/corpus" not in path.as_posix()]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
RECORD = re.compile(r"docs/decisions/[\w-]+\.md")


def names(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


def test_decisions_are_numbered_from_one_without_a_gap_and_none_twice():
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_bears_the_number_of_its_file_and_a_date(path):
    heading, _, rest = path.read_text().partition("\n")
    assert heading.startswith(f"# {int(path.name[:4])}. ")
    assert re.match(r"\n\d{4}-\d\d-\d\d", rest)


@pytest.mark.parametrize("path", DOCUMENTS, ids=names(DOCUMENTS))
def test_every_link_of_a_document_leads_to_a_file(path):
    assert [link for link in LINK.findall(path.read_text()) if not (path.parent / link).exists()] == []


def test_every_record_that_the_source_names_is_there():
    named = {
        name
        for path in tracked_files()
        if path.suffix in (".py", ".md", ".html")
        for name in RECORD.findall(path.read_text())
    }
    assert sorted(name for name in named if not (ROOT / name).exists()) == []
