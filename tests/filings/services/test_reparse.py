"""When the reader moves, its results reach every filing whose bytes are kept; once."""

from __future__ import annotations

import dataclasses

import pytest

from filings.models import Filing, IngestStage, Stage
from filings.services import publish as publishing
from filings.services import reparse as reparsing
from filings.services import rows
from filings.services.load import load_received
from filings.services.reparse import accessions_to_reparse, reparse
from tests.filings.services.papers import accession, facts, received, whole_tables, xml

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]

UNREADABLE = b"<ownershipDocument><documentType>4</documentType>"


@pytest.fixture
def better_reader(monkeypatch):
    """The next version: it reads remarks differently, and understands what this one gives up on."""
    parse = publishing.parse
    reads: list[bytes] = []

    def better(content: bytes):
        reads.append(content)
        document = parse(xml() if content == UNREADABLE else content)
        return dataclasses.replace(document, remarks=f"better: {document.remarks}")

    # Each module has taken the number by name; together they make one move.
    version = reparsing.PARSER_VERSION + 1

    def install() -> list[bytes]:
        monkeypatch.setattr(publishing, "parse", better)
        for module in (publishing, rows, reparsing):
            monkeypatch.setattr(module, "PARSER_VERSION", version)
        return reads

    return install


def test_nothing_is_to_be_reparsed_while_the_reader_stays():
    load_received(received=[received(1, xml()), received(2, UNREADABLE)])

    assert accessions_to_reparse(everything=False) == []
    assert accessions_to_reparse(everything=True) == [accession(1), accession(2)]


def test_a_new_reader_rebuilds_every_filing_and_those_given_up_on(better_reader):
    load_received(
        received=[received(1, xml(remarks="one")), received(2, UNREADABLE), received(3, xml(remarks="three"))]
    )
    better_reader()

    owed = accessions_to_reparse(everything=False)
    outcome = reparse(accessions=owed)

    assert owed == [accession(1), accession(3), accession(2)]
    assert (sorted(outcome.published), outcome.failed) == (sorted(owed), {})
    remarks = dict(Filing.objects.values_list("accession", "remarks"))
    assert remarks == {
        accession(1): "better: one",
        accession(2): "better: None",
        accession(3): "better: three",
    }
    assert set(IngestStage.objects.values_list("stage", flat=True)) == {Stage.PUBLISHED}
    assert set(Filing.objects.values_list("parser_version", flat=True)) == {reparsing.PARSER_VERSION}


def test_reparsing_is_idempotent(better_reader):
    load_received(received=[received(1, xml(remarks="one")), received(2, xml())])
    better_reader()
    reparse(accessions=accessions_to_reparse(everything=False))
    before = whole_tables()

    reparse(accessions=accessions_to_reparse(everything=False))
    assert whole_tables() == before

    natural = facts()
    reparse(accessions=accessions_to_reparse(everything=True))
    assert facts() == natural


def test_interrupted_in_the_middle_it_goes_on_where_it_was(better_reader, monkeypatch):
    monkeypatch.setattr(reparsing, "BATCH", 2)
    load_received(received=[received(number, xml(remarks=str(number))) for number in range(1, 7)])
    reads = better_reader()

    def interrupt(filings: int) -> None:
        if len(reads) >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reparse(accessions=accessions_to_reparse(everything=False), step=interrupt)
    done = Filing.objects.filter(remarks__startswith="better").count()
    assert done == 4
    assert len(accessions_to_reparse(everything=False)) == 2

    reparse(accessions=accessions_to_reparse(everything=False))
    assert Filing.objects.filter(remarks__startswith="better").count() == 6
    assert len(reads) == 6


def test_a_reader_that_gives_up_on_a_published_filing_leaves_its_facts(monkeypatch):
    load_received(received=[received(1, xml(remarks="kept"))])
    for module in (publishing, rows, reparsing):
        monkeypatch.setattr(module, "PARSER_VERSION", 2)
    monkeypatch.setattr(publishing, "parse", lambda content: int("a stricter reader's mistake"))

    outcome = reparse(accessions=accessions_to_reparse(everything=False))

    assert list(outcome.failed) == [accession(1)]
    assert Filing.objects.get().remarks == "kept"
    assert IngestStage.objects.get().stage == Stage.PUBLISHED
