"""`./manage.py filing ACCESSION...`: the facts of each filing, one JSON object a line."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from filings.services.load import load_received
from tests.conftest import ROOT
from tests.filings.services.papers import accession, received, sale, submission, xml

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]

# The contract of docs/json.md, key by key and in its order.
FILING = (
    "accession form schema_version period_of_report date_of_original_submission filed_on accepted_at "
    "no_securities_owned not_subject_to_section16 form3_holdings_reported form4_transactions_reported "
    "aff10b5_one remarks issuer owners lines footnotes signatures issues"
)
OWNER = "cik name is_director is_officer is_ten_percent_owner is_other officer_title other_text"
LINE = (
    "table kind row security_title conversion_or_exercise_price transaction_date deemed_execution_date "
    "form_type code equity_swap timeliness shares total_value price acquired_disposed exercise_date "
    "expiration_date underlying_title underlying_shares underlying_value shares_owned_following "
    "value_owned_following ownership nature_of_ownership footnotes"
)


def filing(*accessions: str, **options: object) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("filing", *accessions, stdout=out, stderr=err, **options)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_json_has_the_keys_of_the_contract_in_their_order():
    content = xml(lines=[sale(footnotes={"price": ("F1",)})], footnotes={"F1": "A note."})
    load_received(received=[received(1, submission(1, content, accepted="20241103013000"), 2)])

    status, out, err = filing(accession(1), json=True)

    assert (status, err) == (0, "")
    found = json.loads(out)
    assert " ".join(found) == FILING
    assert list(found["issuer"]) == ["cik", "name", "ticker", "foreign_ticker"]
    assert " ".join(found["owners"][0]) == OWNER
    assert " ".join(found["lines"][0]) == LINE
    assert found["lines"][0]["footnotes"] == {"price": ["F1"]}
    assert found["footnotes"] == {"F1": "A note."}
    assert found["signatures"] == [{"name": "/s/ Jane Doe", "date": "2024-05-01"}]
    assert (found["filed_on"], found["accepted_at"]) == ("2024-05-03", "2024-11-03T05:30:00Z")
    assert (found["lines"][0]["shares"], found["lines"][0]["price"]) == ("100.00", "10.50")
    assert found["lines"][0]["equity_swap"] is False
    assert found["lines"][0]["total_value"] is None
    assert found["aff10b5_one"] is None


def test_the_document_of_the_json_names_the_same_keys_in_the_same_order():
    block = (ROOT / "docs" / "json.md").read_text(encoding="utf-8").split("```")[1]
    words = " ".join(re.findall(r"[a-z][a-z0-9_]+", block))

    assert words.startswith(FILING.partition(" owners")[0])
    assert f"owners {OWNER} lines {LINE}" in words
    assert words.endswith("footnotes text signatures name date issues text")


def test_several_filings_come_one_a_line_in_the_order_asked_for():
    load_received(received=[received(number, xml(remarks="two\nlines")) for number in (1, 2)])

    status, out, _ = filing(accession(2), accession(1), json=True)

    assert status == 0
    assert [json.loads(line)["accession"] for line in out.splitlines()] == [accession(2), accession(1)]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (accession(99), f"No filing {accession(99)} is published here."),
        ("0000320193-22-00006", "Not an accession number: '0000320193-22-00006'"),
        ("٠٠٠٠٣٢٠١٩٣-22-000061", "Not an accession number"),
        ("'; DROP TABLE", "Not an accession number"),
        ("", "No filing"),
        ("9" * 400, "Not an accession number"),
    ],
)
def test_an_unknown_or_malformed_number_is_said_and_the_others_are_printed(asked, sentence):
    load_received(received=[received(1, xml())])

    status, out, err = filing(asked, accession(1), json=True)

    assert status == 1
    assert sentence in err
    assert json.loads(out)["accession"] == accession(1)


def test_a_quarantined_filing_is_not_printed():
    load_received(received=[received(1, b"<ownershipDocument/>")])

    assert filing(accession(1), json=True)[:2] == (1, "")


def test_without_json_it_is_for_people():
    load_received(received=[received(1, submission(1, xml(lines=[sale(price=None, shares=Decimal("7"))])), 1)])

    status, out, _ = filing(accession(1))

    assert status == 0
    assert f"Form 4  {accession(1)}  filed {date(2024, 5, 3)}" in out
    assert "Invented Anvils Inc [ANVL]  by DOE JANE" in out
    assert "I-t-1  2024-05-01 S D 7 Common Stock; then 900" in out
