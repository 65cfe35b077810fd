"""What has no place, or stands in a wrong one, is told as an issue with its words; it is never guessed, never lost."""

from __future__ import annotations

from decimal import Decimal

import pytest

from filings.ownership.parse import MAX_WORDS, parse
from filings.ownership.submission import accession_in, read_submission
from tests.filings.ownership.broken import document, enveloped, in_row

ROW = "ownershipDocument/nonDerivativeTable/nonDerivativeTransaction"
OWNER = b"<reportingOwner><reportingOwnerId><rptOwnerCik>9910000002</rptOwnerCik></reportingOwnerId>%s</reportingOwner>"

# what, the XML, the issue it must give
TOLD = [
    ("a second value of a leaf", document(b"<remarks><value>A</value><value>B</value></remarks>"),
     "ownershipDocument/remarks: given twice; the second, 'B', was left out"),
    ("an element in a value", document(b"<remarks><value>A<i>B</i></value></remarks>"),
     "ownershipDocument/remarks/value: unknown element: 'A B'"),
    ("a second relationship", document(OWNER % (b"<reportingOwnerRelationship><isDirector>1</isDirector>"
     b"</reportingOwnerRelationship><reportingOwnerRelationship><isDirector>0</isDirector></reportingOwnerRelationship>")),
     "ownershipDocument/reportingOwner[2]/reportingOwnerRelationship/isDirector: "
     "given twice; the second, '0', was left out"),
    ("a second issuer", document(b"<issuer><issuerCik>12</issuerCik></issuer>"),
     "ownershipDocument/issuer[2]: unknown element: '12'"),
    ("a mark beside its cell", in_row(b"<securityTitle><value>x</value></securityTitle><footnoteId id='F1'/>"),
     f"{ROW}/footnoteId: a footnote mark without a cell: 'F1'"),
    ("a mark on an owner", document(OWNER % b"<footnoteId id='F7'/>"),
     "ownershipDocument/reportingOwner[2]/footnoteId: unknown element, empty; it cites F7"),
    ("a value beside its cell",
     in_row(b"<transactionAmounts><transactionShares/><value>7</value></transactionAmounts>"),
     f"{ROW}/transactionAmounts/value: unknown element: '7'"),
    ("a second value of a cell", in_row(b"<transactionShares><value>5</value><value>6</value></transactionShares>"),
     f"{ROW}/transactionShares: given twice; the second, '6', was left out"),
    ("words beside a value", in_row(b"<transactionShares>about <value>5</value></transactionShares>"),
     f"{ROW}/transactionShares: text outside of any field: 'about'"),
    ("an id where none belongs", document(b"<remarks id='F3'>a</remarks>"),
     "ownershipDocument/remarks: unknown attribute id: 'F3'"),
    ("a column of Table II in Table I", in_row(b"<exerciseDate><value>2025-03-03</value></exerciseDate>"),
     f"{ROW}/exerciseDate/value: unknown element: '2025-03-03'"),
    ("a row of the other table", document(b"<derivativeTable><nonDerivativeHolding><securityTitle><value>x</value>"
     b"</securityTitle></nonDerivativeHolding></derivativeTable>"),
     "ownershipDocument/derivativeTable/nonDerivativeHolding: unknown element: 'x'"),
    ("a footnote without an id", document(b"<footnotes><footnote>lost?</footnote></footnotes>"),
     "ownershipDocument/footnotes/footnote: unknown element: 'lost?'"),
    ("words between footnotes", document(b"<footnotes>lost?<footnote id='F1'>a</footnote></footnotes>"),
     "ownershipDocument/footnotes: text outside of any field: 'lost?'"),
    ("the same mark twice", in_row(b"<securityTitle><footnoteId id='F1'/><footnoteId id='F1'/></securityTitle>"),
     f"{ROW}/securityTitle/footnoteId[2]: cites F1 twice"),
]  # fmt: skip


@pytest.mark.parametrize(("xml", "issue"), [row[1:] for row in TOLD], ids=[row[0] for row in TOLD])
def test_what_has_no_place_is_told_with_its_words(xml, issue):
    assert issue in [str(told) for told in parse(xml).issues]


def test_a_value_outside_of_its_cell_is_not_taken_for_the_cell():
    xml = in_row(b"<transactionAmounts><transactionShares/><value>7</value></transactionAmounts>")
    assert parse(xml).lines[0].shares is None


def test_a_mark_outside_of_a_cell_marks_no_cell():
    xml = in_row(b"<securityTitle><value>x</value></securityTitle><footnoteId id='F1'/>")
    assert parse(xml).lines[0].footnotes == {}


def test_a_long_unplaced_text_is_told_with_its_beginning_and_its_length():
    (issue,) = parse(document(b"<zzz>" + b"a" * (MAX_WORDS + 5) + b"</zzz>")).issues
    assert issue.problem.endswith("aaa' and 5 characters more")


def test_markup_in_cdata_is_text_even_beside_damage():
    xml = document(b"<remarks><![CDATA[A & B < C]]> & D</remarks>")
    assert parse(xml).remarks == "A & B < C & D"


def test_a_number_keeps_every_digit():
    words = "1" * 40 + "." + "0" * 19
    line = parse(in_row(f"<transactionShares>{words}</transactionShares>".encode())).lines[0]
    assert line.shares == Decimal(words)
    assert str(line.shares) == words


HEADER = enveloped(document())


@pytest.mark.parametrize(
    ("words", "instant"),
    [
        (b"20250305163000", "2025-03-05T21:30:00+00:00"),  # winter
        (b"20250705163000", "2025-07-05T20:30:00+00:00"),  # summer
        (b"20251102013000", "2025-11-02T05:30:00+00:00"),  # the hour that happens twice: the first
        (b"99991231235959", None),  # past the end of the calendar in UTC
        (b"2025030516300", None),
        (b"20250230163000", None),
        (b"20250305240000", None),
        ("٢٠٢٥٠٣٠٥١٦٣٠٠٠".encode(), None),
        (b"", None),
    ],
)
def test_an_acceptance_time_is_eastern_or_unknown(words, instant):
    found = read_submission(HEADER.replace(b"20250305163000", words)).accepted_at
    assert (found and found.isoformat()) == instant


@pytest.mark.parametrize(
    ("name", "accession"),
    [
        ("9999999980-25-000001.txt", "9999999980-25-000001"),
        ("edgar/data/1/999999998025000001.xml", "9999999980-25-000001"),
        ("9999999980-25-000001-index.htm", "9999999980-25-000001"),
        ("9999999980-25-0000012.txt", None),
        ("form4.xml", None),
        ("", None),
    ],
)
def test_a_file_name_gives_its_accession_number_or_none(name, accession):
    assert accession_in(name) == accession
