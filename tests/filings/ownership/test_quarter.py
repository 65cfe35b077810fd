"""A quarter's tables are taken apart in constant memory, whoever made them; what is wrong with them is said by name."""

from __future__ import annotations

import random
import struct
import tracemalloc
import zipfile
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filings.errors import BadDocument
from filings.ownership import quarter
from filings.ownership.dataset import kept, read_kept, read_rows
from filings.ownership.document import Issuer, Line, Owner, OwnershipDocument, Signature
from filings.ownership.quarter import FilingRows, filings_of, is_data_set, opened
from tests.archive.tables import HEADERS, Tables, tables_of


def accession(number: int) -> str:
    return f"{9000001 + number % 7:010d}-24-{number:06d}"


def a_quarter(count: int) -> Tables:
    return tables_of((accession(number), date(2024, 5, 3), a_filing(number)) for number in range(1, count + 1))


def a_filing(number: int) -> OwnershipDocument:
    return OwnershipDocument(
        form="4",
        issuer=Issuer("0009000100", "Invented Anvils Inc", "ANVL"),
        owners=(Owner("0009000200", 'DOE "JANE"', is_director=True),),
        lines=(
            Line("I", "transaction", 1, security_title="Common Stock", shares=Decimal(number), code="S"),
            Line("I", "transaction", 2, security_title="Common Stock", shares=Decimal(number + 1), code="S"),
        ),
        signatures=(Signature(f"/s/ {number}", date(2024, 5, 3)),),
    )


def read(path: Path, folder: Path) -> list[FilingRows]:
    folder.mkdir()
    with opened(path) as data_set:
        return [filing for part in data_set.split(folder) for filing in filings_of(part)]


def shuffled(tables: Tables) -> Tables:
    for rows in tables.rows.values():
        random.Random(5).shuffle(rows)
    return tables


def refusal(path: Path, folder: Path) -> str:
    with pytest.raises(BadDocument) as refused:
        read(path, folder)
    assert refused.value.stage == "dataset"
    return str(refused.value)


def test_zip_and_folder_give_the_same_filings_in_the_order_of_their_numbers(tmp_path: Path):
    tables = a_quarter(50)
    from_zip = read(tables.write_zip(tmp_path / "2024q2_form345.zip"), tmp_path / "a")
    from_folder = read(shuffled(a_quarter(50)).write(tmp_path / "2024q2"), tmp_path / "b")

    assert [filing.accession for filing in from_zip] == sorted(accession(number) for number in range(1, 51))
    assert [filing.accession for filing in from_folder] == [filing.accession for filing in from_zip]
    assert all(len(filing.rows["NONDERIV_TRANS"]) == 2 for filing in from_folder)
    assert from_zip[0].rows["REPORTINGOWNER"][0]["RPTOWNERNAME"] == 'DOE "JANE"'


def test_parts_hold_ranges_and_can_be_asked_for_alone(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(quarter, "FILINGS_EACH", 10)
    path = shuffled(a_quarter(95)).write(tmp_path / "2024q2")
    with opened(path) as data_set:
        assert data_set.filings == 95
        whole = [[filing.accession for filing in filings_of(part)] for part in data_set.split(fresh(tmp_path / "a"))]
        some = list(data_set.split(fresh(tmp_path / "b"), only=lambda part: part == 3))
    assert len(whole) == 10
    assert sum(map(len, whole)) == 95
    assert [number for numbers in whole for number in numbers] == sorted(accession(number) for number in range(1, 96))
    assert max(map(len, whole)) <= 12
    assert [[filing.accession for filing in filings_of(part)] for part in some] == [
        numbers if part == 3 else [] for part, numbers in enumerate(whole)
    ]


def fresh(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_memory_does_not_grow_with_the_quarter(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(quarter, "_BUFFERED", 100_000)
    monkeypatch.setattr(quarter, "FILINGS_EACH", 200)
    peaks = []
    for count in (1_000, 8_000):
        path = a_quarter(count).write(tmp_path / f"{count}")
        tracemalloc.start()
        with opened(path) as data_set:
            seen = sum(1 for part in data_set.split(fresh(tmp_path / f"parts {count}")) for _ in filings_of(part))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert seen == count
    assert peaks[1] < 2.5 * peaks[0], "eight times the filings must not take eight times the memory"


@pytest.mark.parametrize("gone", [("NONDERIV_TRANS",), ("REPORTINGOWNER", "FOOTNOTES")])
def test_missing_tables_are_named_and_each_filing_knows_them(tmp_path: Path, gone):
    folder = a_quarter(2).write(tmp_path / "2024q2")
    for table in gone:
        (folder / f"{table}.tsv").unlink()

    with opened(folder) as data_set:
        assert ", ".join(f"{table}.tsv" for table in gone) in data_set.notes[0]
    for filing in read(folder, tmp_path / "parts"):
        assert filing.missing == gone
        assert filing.rows.keys() == set(HEADERS) - {*gone, "NONDERIV_HOLDING", "DERIV_TRANS", "DERIV_HOLDING"} - (
            set() if "FOOTNOTES" in gone else {"FOOTNOTES"}
        )
        assert read_kept(kept(filing.rows, filing.missing)) == read_rows(filing.rows, filing.missing)


def test_without_the_table_that_names_the_filings_a_set_is_none(tmp_path: Path):
    folder = a_quarter(2).write(tmp_path / "2024q2")
    (folder / "SUBMISSION.tsv").unlink()

    assert "SUBMISSION.tsv is not here" in refusal(folder, tmp_path / "parts")


def test_columns_that_nobody_knows_and_columns_that_are_not_there_are_listed(tmp_path: Path):
    folder = a_quarter(1).write(tmp_path / "2024q2")
    path = folder / "SUBMISSION.tsv"
    path.write_text(path.read_text().replace("REMARKS\t", "LUNAR_PHASE\t").replace("\tAFF10B5ONE", "\tCOLOUR"))

    with opened(folder) as data_set:
        assert data_set.notes == [
            "SUBMISSION.tsv has columns that nobody knows: COLOUR, LUNAR_PHASE",
            "SUBMISSION.tsv has no column for remarks",
        ]


def test_text_as_the_sec_writes_it(tmp_path: Path):
    """Quotes doubled in quoted fields, a line break in one, one never closed, Windows characters, a BOM, CRLF."""
    folder = a_quarter(4).write(tmp_path / "2024q2")
    numbers = [accession(number) for number in range(1, 5)]
    texts = ['"say ""group"" or\r\nnot"', 'a 5" pipe', "caf\xe9", "plain"]
    body = "\r\n".join(f"{number}\tF1\t{text}" for number, text in zip(numbers, texts, strict=True))
    (folder / "FOOTNOTES.tsv").write_bytes(
        b"\xef\xbb\xbf" + ("\t".join(HEADERS["FOOTNOTES"]) + "\r\n" + body).encode("cp1252")
    )

    found = {filing.accession: filing.rows["FOOTNOTES"][0]["FOOTNOTE_TXT"] for filing in read(folder, tmp_path / "p")}

    assert [" ".join(found[number].split()) for number in numbers] == [
        'say "group" or not', 'a 5" pipe', "café", "plain",
    ]  # fmt: skip


def test_a_row_of_another_width_stops_its_own_filing_only(tmp_path: Path):
    folder = a_quarter(3).write(tmp_path / "2024q2")
    with (folder / "FOOTNOTES.tsv").open("a") as file:
        file.write(f"{accession(2)}\tF1\n")

    problems = {filing.accession: filing.problem for filing in read(folder, tmp_path / "parts")}

    assert problems == {
        accession(1): None, accession(2): "a row of FOOTNOTES.tsv has 2 columns, not 3", accession(3): None,
    }  # fmt: skip


def test_a_submission_row_that_stands_twice_word_for_word_is_one(tmp_path: Path):
    folder = a_quarter(1).write(tmp_path / "2024q2")
    path = folder / "SUBMISSION.tsv"
    path.write_text(path.read_text() + path.read_text().splitlines()[1] + "\n")

    assert len(read(folder, tmp_path / "parts")[0].rows["SUBMISSION"]) == 1


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("FOOTNOTE_ID\tACCESSION_NUMBER\tFOOTNOTE_TXT", "first column"),
        ("ACCESSION_NUMBER\tFOOTNOTE_ID\tFOOTNOTE_ID", "one name"),
        ("", "first column"),
    ],
)
def test_a_table_with_a_strange_header_is_refused(tmp_path: Path, header, why):
    folder = a_quarter(1).write(tmp_path / "2024q2")
    (folder / "FOOTNOTES.tsv").write_text(header)

    assert why in refusal(folder, tmp_path / "parts")


# --- zips that were made to harm ----------------------------------------------------------------------------------


def a_zip(path: Path, **replaced: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in a_quarter(3).texts().items():
            archive.writestr(name, replaced.get(name.removesuffix(".tsv"), text.encode()))
    return path


def test_a_bomb_is_refused_by_what_it_declares(tmp_path: Path):
    header = "\t".join(HEADERS["FOOTNOTES"]).encode()
    path = a_zip(tmp_path / "bomb.zip", FOOTNOTES=header + b"\n" * 40_000_000)

    assert "unpack to 40,0" in refusal(path, tmp_path / "parts")


def test_a_table_too_large_for_any_quarter_is_refused_before_and_while_it_is_read(tmp_path: Path, monkeypatch):
    path = a_zip(tmp_path / "large.zip")
    monkeypatch.setattr(quarter, "MAX_TABLE_BYTES", 500)
    assert "a table may have 500 at most" in refusal(path, tmp_path / "a")
    monkeypatch.setattr(quarter, "_refuse_size", lambda where, size: None)
    assert "more than 500 bytes" in refusal(path, tmp_path / "b")


def test_a_zip_that_declares_less_than_it_holds_is_refused(tmp_path: Path):
    path = a_zip(tmp_path / "liar.zip")
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    (size,) = struct.unpack_from("<L", content, at + 24)
    struct.pack_into("<L", content, at + 24, size - 10)
    path.write_bytes(bytes(content))

    assert "damaged" in refusal(path, tmp_path / "parts")


def test_all_tables_together_have_a_limit_too(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(quarter, "MAX_TOTAL_BYTES", 1000)

    assert "when unpacked" in refusal(a_zip(tmp_path / "sum.zip"), tmp_path / "parts")


def test_an_endless_line_is_refused(tmp_path: Path):
    header = "\t".join(HEADERS["FOOTNOTES"]).encode()
    noise = random.Random(1).randbytes(3 * quarter.MAX_LINE).replace(b"\n", b"x")
    path = a_zip(tmp_path / "endless.zip", FOOTNOTES=header + b"\n" + noise)

    assert "a row of more than" in refusal(path, tmp_path / "parts")


@pytest.mark.parametrize("name", ["../SUBMISSION.tsv", "/SUBMISSION.tsv", "a/SUBMISSION.tsv", "a\\b.tsv"])
def test_members_with_paths_are_refused(tmp_path: Path, name):
    path = a_zip(tmp_path / "paths.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, "x")

    assert "a member with a path" in refusal(path, tmp_path / "parts")


def test_many_members_a_second_table_and_what_is_no_zip_are_refused(tmp_path: Path):
    path = a_zip(tmp_path / "twice.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("submission.tsv", "x")
    assert "a second table SUBMISSION" in refusal(path, tmp_path / "a")
    path = a_zip(tmp_path / "many.zip")
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(quarter.MAX_MEMBERS):
            archive.writestr(f"{number}.txt", "x")
    assert "members" in refusal(path, tmp_path / "b")
    (tmp_path / "no.zip").write_bytes(b"<html>Undeclared Automated Tool</html>")
    assert "not a zip file" in refusal(tmp_path / "no.zip", tmp_path / "c")
    assert "No such file" in refusal(tmp_path / "absent.zip", tmp_path / "d")


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_damaged_zips_give_filings_or_a_refusal_never_anything_else(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("damaged")
    content = bytearray(a_zip(folder / "a.zip").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    (folder / "a.zip").write_bytes(bytes(content))

    with suppress(BadDocument):
        assert all(filing.rows for filing in read(folder / "a.zip", folder / "parts"))


def test_what_is_a_data_set(tmp_path: Path):
    a_quarter(1).write(tmp_path / "quarter")
    (tmp_path / "filings").mkdir()
    (tmp_path / "filings" / "a.txt").touch()

    assert is_data_set(tmp_path / "quarter")
    assert is_data_set(tmp_path / "any.ZIP")
    assert not is_data_set(tmp_path / "filings")
    assert not is_data_set(tmp_path / "filings" / "a.txt")
    assert not is_data_set(tmp_path / "absent")
