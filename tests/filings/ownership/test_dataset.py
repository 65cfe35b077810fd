"""The SEC's quarterly tables give the document that the XML of the same filing gives, as far as they tell."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filings.errors import BadDocument
from filings.ownership.dataset import COLUMNS, OPENING, day_of, kept, read_kept, read_rows
from filings.ownership.document import Issuer, Line, Owner, OwnershipDocument, Signature
from filings.ownership.parse import parse
from filings.ownership.quarter import FilingRows, filings_of, opened
from filings.ownership.submission import read_submission
from tests.archive.tables import HEADERS, Tables, tables_of
from tests.filings.ownership.strategies import documents

ACCESSION = "0009000001-24-000001"
FILED_ON = date(2024, 5, 3)


def through_tables(tmp_path: Path, tables: Tables, name: str = "2024q2") -> dict[str, FilingRows]:
    folder = tables.write(tmp_path / name)
    with opened(folder) as data_set:
        parts = tmp_path / f"parts of {name}"
        parts.mkdir()
        return {filing.accession: filing for part in data_set.split(parts) for filing in filings_of(part)}


def only_told(document: OwnershipDocument) -> OwnershipDocument:
    """What of a document the tables have a column for, in the order that they give it."""
    lines = []
    for table, kind in (("I", "transaction"), ("I", "holding"), ("II", "transaction"), ("II", "holding")):
        lines += [_line_told(line) for line in document.lines if (line.table, line.kind) == (table, kind)]
    cited = {ref for line in lines for refs in line.footnotes.values() for ref in refs}
    return replace(
        document,
        schema_version=None,
        issuer=replace(document.issuer, foreign_ticker=None),
        owners=tuple(_owner_told(owner) for owner in document.owners),
        lines=tuple(lines),
        footnotes={
            ref: document.footnotes[ref] for ref in document.footnotes if document.footnotes[ref] or ref in cited
        },
        signatures=tuple(item for item in document.signatures if item != Signature()),
        issues=(),
        as_filed={},
    )


def _owner_told(owner: Owner) -> Owner:
    roles = ("is_director", "is_officer", "is_ten_percent_owner", "is_other")
    ticked = {name: bool(getattr(owner, name)) for name in roles}
    untold = dict.fromkeys(("good_address", "non_us_address", "non_us_state_territory", "country"))
    return replace(owner, **untold, **(ticked if any(ticked.values()) else dict.fromkeys(roles)))


OF_HOLDINGS = {"security_title", "form_type", "shares_owned_following", "value_owned_following", "ownership"}
OF_HOLDINGS |= {"nature_of_ownership", "conversion_or_exercise_price", "exercise_date", "expiration_date"}
OF_HOLDINGS |= {"underlying_title", "underlying_shares", "underlying_value"}


def _line_told(line: Line) -> Line:
    fields = {name: value for name, value in vars(line).items() if value is not None}
    if line.kind == "holding":
        fields = {name: value for name, value in fields.items() if name in {"table", "kind", "row", *OF_HOLDINGS}}
    if line.table == "I":
        fields.pop("total_value", None)
    cells = (OF_HOLDINGS if line.kind == "holding" else set(vars(line))) | {"code"}
    if line.table == "I":
        cells = cells - {"total_value"}
    notes = {
        name: tuple(sorted(refs, key=lambda ref: int(ref[1:])))
        for name, refs in line.footnotes.items()
        if name in cells
    }
    return Line.of(fields | {"footnotes": notes, "as_filed": {}})


@settings(max_examples=150, deadline=None)
@given(documents())
def test_any_document_comes_back_from_its_rows(document):
    tables = tables_of([(ACCESSION, FILED_ON, document)])
    rows = {
        table: [
            {name: value for name, value in zip(HEADERS[table], values, strict=True) if value}
            for values in csv.reader(lines, delimiter="\t")
        ]
        for table, lines in tables.rows.items()
        if lines
    }

    submission, read = read_kept(kept(rows))

    assert (submission.accession, submission.filed_on, submission.form) == (ACCESSION, FILED_ON, document.form)
    assert _without_gaps(replace(read, issues=(), as_filed={})) == _without_gaps(only_told(document))
    assert read_rows(rows)[1] == read


def _without_gaps(document: OwnershipDocument) -> OwnershipDocument:
    """Empty signatures and notes leave no cell filled; footnotes are compared as a mapping."""
    return replace(
        document,
        footnotes={ref: text for ref, text in document.footnotes.items() if text},
        signatures=tuple(item for item in document.signatures if item != Signature()),
    )


def a_document(**fields: object) -> OwnershipDocument:
    return OwnershipDocument(
        **{
            "form": "4",
            "issuer": Issuer("0009000100", "Invented Anvils Inc", "ANVL"),
            "owners": (Owner("0009000200", "DOE JANE", is_officer=True, officer_title="CFO"),),
            "period_of_report": date(2024, 5, 1),
            "lines": (Line("I", "transaction", 1, security_title="Common Stock", shares=Decimal("100"), code="S"),),
        }
        | fields
    )


def test_rows_follow_the_running_number_not_the_table(tmp_path: Path):
    lines = tuple(
        Line("I", "transaction", row, security_title=f"Class {row}", shares=Decimal(row)) for row in range(1, 13)
    )
    filing = through_tables(tmp_path, tables_of([(ACCESSION, FILED_ON, a_document(lines=lines))]))[ACCESSION]

    assert [row["SECURITY_TITLE"] for row in filing.rows["NONDERIV_TRANS"]][:2] == ["Class 12", "Class 11"]
    assert read_rows(filing.rows)[1].lines == lines


def test_the_export_s_point_zero_is_not_taken_for_filed_digits():
    rows = minimal(
        NONDERIV_TRANS=[{"TRANS_SHARES": "15905.0", "TRANS_PRICEPERSHARE": "0.0", "SHRS_OWND_FOLWNG_TRANS": "26.8"}]
    )

    line = read_rows(rows)[1].lines[0]

    assert [str(line.shares), str(line.price), str(line.shares_owned_following)] == ["15905", "0", "26.8"]
    assert line.as_filed == {}


def test_what_cannot_be_read_is_unknown_and_kept_in_its_words():
    rows = minimal(
        NONDERIV_TRANS=[{"TRANS_SHARES": "1.0E7", "TRANS_DATE": "31-FEB-2024", "EQUITY_SWAP_INVOLVED": "maybe"}],
        SUBMISSION=[{"NEW_COLUMN": "words", "FILING_DATE": "soon"}],
        REPORTINGOWNER=[{"RPTOWNER_RELATIONSHIP": "Officer, Neighbour"}],
    )

    submission, document = read_rows(rows)

    line = document.lines[0]
    assert (line.shares, line.transaction_date, line.equity_swap) == (None, None, None)
    assert line.as_filed == {"shares": "1.0E7", "transaction_date": "31-FEB-2024"}
    assert submission.filed_on is None
    assert (document.owners[0].is_officer, document.owners[0].is_director) == (True, False)
    told = [str(issue) for issue in document.issues]
    for words in (
        "'1.0E7'",
        "'31-FEB-2024'",
        "'maybe'",
        "SUBMISSION/NEW_COLUMN: unknown column: 'words'",
        "'soon'",
        "'Neighbour'",
    ):
        assert [issue for issue in told if words in issue], words


def test_an_owner_without_a_relationship_has_unknown_roles():
    owner = read_rows(minimal(REPORTINGOWNER=[{}]))[1].owners[0]

    assert (owner.is_director, owner.is_officer, owner.is_ten_percent_owner, owner.is_other) == (None,) * 4


def test_the_plan_box_is_unknown_where_the_quarter_has_no_column_for_it():
    assert read_rows(minimal())[1].aff10b5_one is None
    assert read_rows(minimal(SUBMISSION=[{"AFF10B5ONE": "0"}]))[1].aff10b5_one is False


def test_footnotes_on_the_coding_stand_under_code_in_either_spelling():
    for spelling in ("EQUITY_SWAP_INVOLVED_FN", "EQUITY_SWAP_TRANS_CD_FN"):
        rows = minimal(NONDERIV_TRANS=[{spelling: "F3, F12, F2"}], FOOTNOTES=notes("F2", "F3", "F12"))
        document = read_rows(rows)[1]
        assert document.lines[0].footnotes == {"code": ("F2", "F3", "F12")}
        assert list(document.footnotes) == ["F2", "F3", "F12"]
        assert document.issues == ()


def test_a_cited_footnote_without_text_is_told():
    document = read_rows(minimal(NONDERIV_TRANS=[{"TRANS_SHARES_FN": "F1"}]))[1]

    assert [str(issue) for issue in document.issues] == ["FOOTNOTES: F1 is cited and has no text"]


@pytest.mark.parametrize(
    ("damage", "path"),
    [
        ({"SUBMISSION": []}, "SUBMISSION"),
        ({"SUBMISSION": [{}, {}]}, "SUBMISSION"),
        ({"SUBMISSION": [{"ACCESSION_NUMBER": "12"}]}, "SUBMISSION/ACCESSION_NUMBER"),
        ({"SUBMISSION": [{"DOCUMENT_TYPE": "8-K"}]}, "SUBMISSION/DOCUMENT_TYPE"),
        ({"SUBMISSION": [{"ISSUERCIK": "none"}]}, "SUBMISSION/ISSUERCIK"),
        ({"REPORTINGOWNER": []}, "REPORTINGOWNER"),
        ({"REPORTINGOWNER": [{"RPTOWNERCIK": "0"}]}, "REPORTINGOWNER/RPTOWNERCIK"),
        ({"FOOTNOTES": [{"FOOTNOTE_ID": "F1", "FOOTNOTE_TXT": "a\0b"}]}, "FOOTNOTES"),
        ({"FOOTNOTES": [{"FOOTNOTE_ID": f"F{number}"} for number in range(1001)]}, "FOOTNOTES"),
    ],
)
def test_rows_that_are_no_filing_are_refused_with_the_column(damage, path):
    with pytest.raises(BadDocument) as refusal:
        read_rows(minimal(**damage))

    assert refusal.value.path == path


def test_damaged_kept_rows_are_refused():
    with pytest.raises(BadDocument):
        read_kept(b'{"SUBMISSION":[{')


@pytest.mark.parametrize(
    ("words", "day"),
    [("29-JUL-2024", date(2024, 7, 29)), ("01-Jan-2006", date(2006, 1, 1)), ("2024-07-29", date(2024, 7, 29)),
     ("31-FEB-2024", None), ("29-JUX-2024", None), ("29/JUL/2024", None), ("", None)],
)  # fmt: skip
def test_dates(words, day):
    assert day_of(words) == day


@given(st.text(max_size=12))
def test_no_words_break_the_reading_of_a_date(words):
    day_of(words)


def minimal(**tables: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    """The fewest rows of a filing, with these columns in addition."""
    least = {
        "SUBMISSION": {"DOCUMENT_TYPE": "4", "ISSUERCIK": "0009000100", "ISSUERNAME": "Invented Anvils Inc"},
        "REPORTINGOWNER": {"RPTOWNERCIK": "0009000200"},
    }
    rows: dict[str, list[dict[str, str]]] = {}
    for table in COLUMNS:
        for given_row in tables.get(table, [{}] if table in least else []):
            row = {"ACCESSION_NUMBER": ACCESSION} | least.get(table, {}) | given_row
            rows.setdefault(table, []).append(row)
    return rows


def notes(*refs: str) -> list[dict[str, str]]:
    return [{"FOOTNOTE_ID": ref, "FOOTNOTE_TXT": f"Note {ref}."} for ref in refs]


# --- the SEC's own tables --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real_quarter(real_filings: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, FilingRows]]:
    """The five real tables, with owners, footnotes and transactions of the filings whose XML is at hand too."""
    real = real_filings.parent / "datasets" / "2024q3"
    if not real.is_dir():
        pytest.skip("the real tables (shared/edgar/datasets beside the checkout) are not here")
    folder = tmp_path_factory.mktemp("quarter")
    made = tables_of(_overlap(real, real_filings), cents=True).write(folder / "made")
    whole = folder / "2024q3"
    whole.mkdir()
    for path in made.iterdir():
        (whole / path.name).symlink_to(real / path.name if (real / path.name).exists() else path)
    parts = folder / "parts"
    parts.mkdir()
    with opened(whole) as data_set:
        assert (data_set.filings, data_set.parts) == (36075, 19)
        assert data_set.notes == []
        yield {filing.accession: filing for part in data_set.split(parts) for filing in filings_of(part)}


def _overlap(real: Path, filings: Path) -> Iterator[tuple[str, date | None, OwnershipDocument]]:
    with (real / "SUBMISSION.tsv").open(encoding="utf-8") as file:
        listed = {line[:20] for line in file}
    for path in sorted(filings.glob("*.txt")):
        if path.stem in listed:
            submission = read_submission(path.read_bytes())
            yield path.stem, submission.filed_on, parse(submission.xml)


@pytest.mark.slow
def test_the_real_tables_tell_what_the_xml_of_the_same_filings_tells(real_quarter, real_filings: Path):
    compared = 0
    for accession, filing in real_quarter.items():
        if "REPORTINGOWNER" not in filing.rows:
            continue
        submission, read = read_kept(kept(filing.rows))
        source = read_submission((real_filings / f"{accession}.txt").read_bytes())
        document = only_told(parse(source.xml))
        assert submission.filed_on == source.filed_on
        assert read.signatures == document.signatures
        assert read.remarks == document.remarks
        assert [_rounded(line) for line in read.lines] == [_rounded(line) for line in document.lines]
        assert replace(read, lines=(), aff10b5_one=None) == replace(document, lines=(), aff10b5_one=None)
        compared += 1
    assert compared == 6


def _rounded(line: Line) -> dict[str, object]:
    """The numbers as the SEC's export has them, of either side."""
    cents = Decimal("0.01")
    return {
        name: value.quantize(cents, "ROUND_HALF_UP") if isinstance(value, Decimal) else value
        for name, value in vars(line).items()
    }


@pytest.mark.slow
def test_every_real_row_finds_its_place(real_quarter):
    """Of the tables that are real: SUBMISSION, the derivative ones, holdings and signatures."""
    odd = set()
    for filing in real_quarter.values():
        assert filing.problem is None
        rows = dict(filing.rows)
        rows.setdefault("REPORTINGOWNER", [{"RPTOWNERCIK": "1", "RPTOWNER_RELATIONSHIP": "Director"}])
        assert kept(rows).startswith(OPENING)
        assert json.loads(kept(rows)).keys() == rows.keys()
        _, document = read_rows(rows)
        assert len(document.lines) == sum(len(rows.get(name, ())) for name in rows if "DERIV" in name)
        assert len(document.signatures) == len(rows.get("OWNER_SIGNATURE", ()))
        odd |= {issue.problem for issue in document.issues if "is cited and has no text" not in issue.problem}
    assert odd == set()
