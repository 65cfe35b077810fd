"""Every filing of our own is read as a person read it: facts, header and issues, word for word."""

from __future__ import annotations

from decimal import Decimal

import pytest
from lxml import etree

from filings.ownership import schema
from filings.ownership.document import FORMS
from filings.ownership.parse import parse
from filings.ownership.submission import read_submission
from filings.ownership.write import to_xml
from tests.filings.ownership.as_json import addresses_json, filing_json
from tests.filings.ownership.corpus import CASES
from tests.filings.ownership.independent import expected_filing

# Of Form 3, of Forms 4 and 5, and one of the future.
VERSIONS = {"X0101", "X0201", "X0202", "X0203", "X0204", "X0205", "X0206"}
VERSIONS |= {"X0303", "X0304", "X0305", "X0306", "X0407", "X0508", "X0609", "X9999"}

CLEAN = [case for case in CASES if not case.expected["issues"]]
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.accession)


def document_of(case):
    return parse(read_submission(case.content, case.file.name).xml)


def with_accession(name):
    (case,) = (case for case in CASES if case.accession.endswith(name))
    return case


@every_case
def test_a_case_is_read_as_expected_word_for_word(case):
    submission = read_submission(case.content, case.file.name)
    document = parse(submission.xml)
    assert {
        "accession": submission.accession,
        "filed_on": submission.filed_on and submission.filed_on.isoformat(),
        "accepted_at": submission.accepted_at and f"{submission.accepted_at:%Y-%m-%dT%H:%M:%SZ}",
        **filing_json(document),
        "issues": [str(issue) for issue in document.issues],
    } == case.expected


@every_case
def test_a_case_says_why_it_is_there_and_that_it_is_invented(case):
    assert len(case.note) > 40
    assert case.accession < "9999999990"
    parties = [case.expected["issuer"], *case.expected["owners"]]
    assert all("(FICTIONAL)" in party["name"] and party["cik"].startswith("99") for party in parties)


@every_case
def test_the_header_names_the_same_issuer_owners_and_form_as_the_document(case):
    submission = read_submission(case.content, case.file.name)
    if not submission.envelope:
        assert (submission.form, submission.issuer, submission.owners) == (None, None, ())
        return
    assert submission.form == case.expected["form"]
    assert submission.issuer.cik == case.expected["issuer"]["cik"]
    assert [(owner.cik, owner.name) for owner in submission.owners] == [
        (owner["cik"], owner["name"]) for owner in case.expected["owners"]
    ]
    assert (submission.issuer.sic, submission.issuer.state_of_incorporation) == ("9999", "DE")
    assert submission.issuer.fiscal_year_end == "1231"
    ((former, changed),) = submission.issuer.former_names
    assert (former, changed.isoformat()) == ("MADE UP HOLDINGS INC (FICTIONAL)", "2001-02-03")


@every_case
def test_a_case_written_and_read_again_gives_the_same_facts(case):
    document = document_of(case)
    assert filing_json(parse(to_xml(document))) == filing_json(document)
    if not document.issues:
        assert parse(to_xml(document)) == document


@pytest.mark.parametrize(
    "case", [case for case in CASES if not case.expected["issues"]], ids=lambda case: case.accession
)
def test_a_second_independent_reader_finds_the_same_facts(case):
    document = document_of(case)
    assert filing_json(document) == expected_filing(to_xml(document))


def test_every_element_of_every_schema_version_is_read_somewhere_in_the_corpus():
    seen = set()
    for case in CLEAN:
        root = etree.fromstring(read_submission(case.content, case.file.name).xml)
        seen |= {element.tag for element in root.iter("*") if len(element) or element.text or element.attrib}
    known = (
        {"issuer", "reportingOwner", "ownerSignature", "footnotes", "footnote", "footnoteId", "value"}
        | set(schema.DOCUMENT_FIELDS)
        | set(schema.ISSUER_FIELDS)
        | set(schema.OWNER_GROUPS)
        | set(schema.OWNER_FIELDS)
        | set(schema.SIGNATURE_FIELDS)
        | set(schema.TABLES)
        | set(schema.ROWS)
        | set(schema.LINE_GROUPS)
        | set(schema.LINE_FIELDS)
    )
    assert known - seen == set()


def test_every_field_of_a_document_has_a_value_somewhere_in_the_corpus():
    documents = [document_of(case) for case in CASES]
    things = [
        *documents,
        *(document.issuer for document in documents),
        *(owner for document in documents for owner in document.owners),
        *(line for document in documents for line in document.lines),
        *(signature for document in documents for signature in document.signatures),
    ]
    never = {
        f"{type(thing).__name__}.{name}": True
        for thing in things
        for name in type(thing).__dataclass_fields__
        if not any(getattr(other, name) not in (None, (), {}) for other in things if type(other) is type(thing))
    }
    assert never == {}


def test_every_form_and_every_schema_version_is_in_the_corpus():
    assert {case.expected["form"] for case in CASES} == set(FORMS)
    assert {case.expected["schema_version"] for case in CASES} == VERSIONS


def test_every_field_of_a_line_carries_a_footnote_somewhere_in_the_corpus():
    marked = {field for case in CASES for line in case.expected["lines"] for field in line["footnotes"]}
    bare = {"form_type", "equity_swap"}  # their marks belong to the whole transactionCoding, so to "code"
    alternatives = {"total_value", "underlying_value", "value_owned_following"}
    assert marked >= {field for field, _, _ in schema.LINE_FIELDS.values()} - bare - alternatives


def test_an_address_abroad_is_kept_with_the_fields_of_the_newest_schema():
    assert addresses_json(document_of(with_accession("26-000021"))) == [
        {
            "street1": "1 FICTION ROAD",
            "street2": "FLOOR 2",
            "city": "NIRGENDWO",
            "state": "XX",
            "zip_code": "00001",
            "state_description": "GERMANY",
            "good_address": True,
            "non_us_address": True,
            "non_us_state_territory": "NORD",
            "country": "2M",
        }
    ]


def test_an_odd_number_has_its_value_and_its_words():
    document = document_of(with_accession("25-000016"))
    found = [(line.shares, line.as_filed.get("shares")) for line in document.lines]
    assert found == [
        (Decimal("0.5"), ".5"),
        (Decimal(12), "+12"),
        (Decimal(16608240000), None),
        (None, "1,000"),
    ]
    assert str(document.lines[0].shares_owned_following) == "1000.5000"


def test_a_date_with_a_zone_keeps_its_words_and_never_moves():
    document = document_of(with_accession("25-000015"))
    assert document.lines[0].as_filed == {"transaction_date": "2025-03-03-05:00"}
    assert document.as_filed == {
        "period_of_report": "2025-03-03-05:00",
        "ownershipDocument/ownerSignature[1]/signatureDate": "2025-03-05+14:00",
    }
