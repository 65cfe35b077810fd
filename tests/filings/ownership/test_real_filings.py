"""Every real filing is read completely, and nothing is added: compared with a second, independent reading.

The filings lie beside the repository, in `../shared/edgar/filings`; without them these tests skip and say so.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from filings.ownership.parse import parse
from filings.ownership.submission import read_submission
from filings.ownership.write import to_xml
from tests.filings.ownership.as_json import addresses_json, filing_json
from tests.filings.ownership.independent import expected_addresses, expected_filing, expected_header

REAL = Path(__file__).parents[3].parent / "shared" / "edgar" / "filings"
FILES = sorted(REAL.glob("*.txt"))
YEARS = sorted({path.name[11:13] for path in FILES})

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FILES, reason="no real filings: ../shared/edgar/filings is absent"),
]


def xml_of(content: bytes) -> bytes:
    found = re.search(rb"<XML>(.*?)</XML>", content, re.DOTALL)
    assert found
    return found[1].strip()


@pytest.mark.parametrize("year", YEARS)
def test_everything_in_the_xml_is_in_the_document_and_nothing_else(year):
    for path in (path for path in FILES if path.name[11:13] == year):
        content = path.read_bytes()
        submission = read_submission(content, path.name)
        assert submission.xml == xml_of(content), path.name
        document = parse(submission.xml)
        assert filing_json(document) == expected_filing(submission.xml), path.name
        assert addresses_json(document) == expected_addresses(submission.xml), path.name


@pytest.mark.parametrize("year", YEARS)
def test_the_header_facts_are_those_of_the_header(year):
    for path in (path for path in FILES if path.name[11:13] == year):
        content = path.read_bytes()
        submission = read_submission(content, path.name)
        expected = expected_header(content)
        found = {
            "accession": submission.accession,
            "form": submission.form,
            "filed_on": submission.filed_on.isoformat(),
            "accepted_at": submission.accepted_at,
            "issuer": {"cik": submission.issuer.cik, "name": submission.issuer.name},
            "owners": [{"cik": owner.cik, "name": owner.name} for owner in submission.owners],
        }
        assert found == expected, path.name
        assert submission.accession == path.stem


def test_no_real_filing_needs_mending():
    odd = {path.name: parse(read_submission(path.read_bytes()).xml).issues for path in FILES}
    assert {name: issues for name, issues in odd.items() if issues} == {}


@pytest.mark.parametrize("year", YEARS)
def test_a_real_document_written_and_read_again_is_the_same_document(year):
    for path in (path for path in FILES if path.name[11:13] == year):
        document = parse(read_submission(path.read_bytes()).xml)
        assert parse(to_xml(document)) == document, path.name


def test_both_header_styles_are_among_the_real_filings():
    styles = {path.read_bytes()[:12] for path in FILES}
    assert styles == {b"<SEC-DOCUMEN", b"<SUBMISSION>"}


def test_an_acceptance_time_is_read_wherever_the_header_gives_one():
    silent = {path.name for path in FILES if b"<ACCEPTANCE-DATETIME>" in path.read_bytes()} - {
        path.name for path in FILES if read_submission(path.read_bytes()).accepted_at
    }
    assert silent == set()
