"""A data set through the load: the same rows as by any other way, kept, rebuilt from what is kept, completed by XML."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from filings.models import Completeness, Document, Filing, IngestStage, Line, Stage
from filings.services.load import files_below, filings_in, load, load_received
from filings.services.publish import publish
from filings.services.reparse import accessions_to_reparse, reparse
from tests.archive.tables import Tables, tables_of
from tests.filings.services.papers import accession, facts, paper, received, sale, submission, whole_tables, xml

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]

FILED = date(2024, 5, 3)


def a_quarter(*numbers: int, **fields: object) -> Tables:
    return tables_of((accession(number), FILED, paper(**fields)) for number in numbers)


def load_all(*paths: Path):
    return load(paths=files_below(map(str, paths)))


def test_zips_and_folders_of_tables_are_loaded_beside_files(tmp_path: Path):
    a_quarter(1, 2).write(tmp_path / "sets" / "2024q1")
    a_quarter(3).write_zip(tmp_path / "sets" / "2024q2_form345.zip")
    (tmp_path / "sets" / f"{accession(4)}.xml").write_bytes(xml())
    paths = list(files_below([str(tmp_path / "sets")]))

    assert filings_in(paths) == 4
    steps: list[int] = []
    report = load(paths=paths, step=steps.append)

    assert (report.read, report.published, report.unchanged, report.failed) == (4, 4, 0, [])
    assert sum(steps) == 4
    filing = Filing.objects.get(accession=accession(1))
    assert (filing.filed_on, filing.accepted_at, filing.issuer_name) == (FILED, None, "Invented Anvils Inc")
    assert {row.stage for row in IngestStage.objects.all()} == {Stage.PUBLISHED}


def test_the_second_time_all_is_unchanged(tmp_path: Path):
    folder = a_quarter(1, 2).write(tmp_path / "2024q2")
    load_all(folder)
    before = whole_tables()

    report = load_all(folder)

    assert (report.read, report.published, report.unchanged) == (2, 0, 2)
    assert whole_tables() == before


def test_the_rows_are_kept_and_the_facts_rebuilt_from_them(tmp_path: Path):
    load_all(a_quarter(1).write(tmp_path / "2024q2"))
    kept = Document.objects.get()
    assert kept.completeness == Completeness.DATA_SET
    assert b'"TRANS_SHARES":"100.00"' in kept.content
    before = facts()
    Line.objects.all().delete()

    reparse(accessions=accessions_to_reparse(everything=True))

    assert facts() == before


def lacking(folder: Path, *tables: str) -> Path:
    for table in tables:
        (folder / f"{table}.tsv").unlink()
    return folder


def test_what_there_is_of_a_set_is_loaded_and_marked_as_incomplete(tmp_path: Path, caplog):
    report = load_all(
        lacking(a_quarter(1).write(tmp_path / "a"), "NONDERIV_TRANS", "REPORTINGOWNER"),
        a_quarter(2).write(tmp_path / "b"),
        lacking(a_quarter(3).write(tmp_path / "c"), "SUBMISSION"),
    )

    assert (report.read, report.published) == (3, 2)
    assert [failure.path for failure in report.failed] == [str(tmp_path / "c")]
    assert "missing: REPORTINGOWNER.tsv, NONDERIV_TRANS.tsv" in caplog.text
    some, whole = Filing.objects.order_by("accession")
    assert (some.partial, whole.partial) == (True, False)
    assert [issue.partition(":")[0] for issue in some.issues] == ["REPORTINGOWNER", "NONDERIV_TRANS"]
    assert (some.issuer_name, some.filed_on, some.lines.count()) == ("Invented Anvils Inc", FILED, 0)
    before = facts()
    reparse(accessions=accessions_to_reparse(everything=True))
    assert facts() == before, "the kept rows say what was missing"


@pytest.mark.parametrize("by", ["set", "submission"])
def test_a_whole_set_or_a_submission_completes_what_was_incomplete_in_either_order(tmp_path: Path, by):
    some = lacking(a_quarter(1).write(tmp_path / "some"), "NONDERIV_TRANS")
    file = tmp_path / f"{accession(1)}.txt"
    file.write_bytes(submission(1, xml(), filed=FILED))
    whole = a_quarter(1).write(tmp_path / "whole") if by == "set" else file

    for paths in ((some, whole), (whole, some)):
        load_all(*paths)
        filing = Filing.objects.get()
        assert (filing.partial, filing.issues, filing.lines.count()) == (False, [], 1)
        assert filing.document.completeness > Completeness.SOME_TABLES


def test_bad_rows_fail_alone_by_name(tmp_path: Path):
    tables = a_quarter(1, 2, 3)
    tables.rows["REPORTINGOWNER"] = [row for row in tables.rows["REPORTINGOWNER"] if accession(2) not in row]
    tables.rows["FOOTNOTES"] += [f"{accession(3)}\tF1", f"{accession(9)}\tF1\torphan", "nothing\tF1\ttext"]
    folder = tables.write(tmp_path / "2024q2")

    report = load_all(folder)

    assert (report.read, report.published) == (5, 1)
    assert {failure.path.removeprefix(f"{folder}#"): failure.reason for failure in report.failed} == {
        accession(2): "REPORTINGOWNER: no reporting owner",
        accession(3): "a row of FOOTNOTES.tsv has 2 columns, not 3",
        accession(9): "has rows in FOOTNOTES and none in SUBMISSION",
        "nothing": "not an accession number",
    }
    assert IngestStage.objects.get(accession=accession(2)).stage == Stage.QUARANTINED
    assert not IngestStage.objects.filter(accession__in=[accession(3), accession(9)]).exists()


@pytest.mark.parametrize("first", ["tables", "submission"])
def test_a_submission_completes_the_rows_and_its_spelling_wins_in_either_order(tmp_path: Path, first):
    line = sale(shares=Decimal("100.00"), price=Decimal("10.5031"))
    tables = tables_of([(accession(1), FILED, paper(lines=(line,)))], cents=True).write(tmp_path / "2024q2")
    file = tmp_path / f"{accession(1)}.txt"
    file.write_bytes(submission(1, xml(lines=(line,)), filed=FILED, accepted="20240503171500"))

    for path in (tables, file) if first == "tables" else (file, tables):
        load_all(path)
        if path == tables and first == "tables":
            assert str(Line.objects.get().shares) == "100"
            assert str(Line.objects.get().price) == "10.5"

    assert [str(value) for value in Line.objects.values_list("shares", "price").get()] == ["100.00", "10.5031"]
    filing = Filing.objects.get()
    assert filing.accepted_at is not None
    assert filing.document.completeness == Completeness.ACCEPTED
    assert Document.objects.count() == 2


@pytest.mark.parametrize("first", ["tables", "xml"])
def test_bare_xml_wins_and_the_filing_date_of_the_tables_stays(tmp_path: Path, first):
    tables = a_quarter(1).write(tmp_path / "2024q2")
    bare = received(1, xml(remarks="of the XML"))
    for step in (first, "xml" if first == "tables" else "tables"):
        if step == "tables":
            load_all(tables)
        else:
            load_received(received=[bare])

    filing = Filing.objects.get()
    assert (filing.filed_on, filing.remarks) == (FILED, "of the XML")
    assert filing.document.completeness == Completeness.BARE_XML
    assert publish(accessions=[accession(1)]).unchanged == [accession(1)]


def test_whole_numbers_of_rows_and_xml_are_equal_facts(tmp_path: Path):
    """So readings made from the rows stay as they are when the XML comes."""
    load_all(tables_of([(accession(1), FILED, paper())], cents=True).write(tmp_path / "2024q2"))
    before = Line.objects.values_list("shares", "price", "shares_owned_following").get()

    load_received(received=[received(1, xml())])

    after = Line.objects.values_list("shares", "price", "shares_owned_following").get()
    assert after == before
    assert [str(value) for value in before] != [str(value) for value in after]
