"""Names in the order in which they are read, and what their owners are to the company."""

from __future__ import annotations

import pytest

from filings.ownership.document import Owner
from signals.readings.explain.people import lead_owner, reading_name, role_words, who
from tests.signals.readings.archives import FUND, PAT, SAM


@pytest.mark.parametrize(
    ("filed", "read"),
    [
        ("EXAMPLE JOHN B", "John B Example"),
        ("Example John Jr", "John Example Jr"),
        ("EXAMPLE JOHN III", "John Example III"),
        ("VAN DER EXAMPLE JAN", "Jan van der Example"),
        ("O'EXAMPLE DEIRDRE", "Deirdre O’Example"),
        ("MCEXAMPLE RYAN", "Ryan McExample"),
        ("EXAMPLE-SAMPLE ANN", "Ann Example-Sample"),
        ("Example Ann (Demo)", "Ann Example (Demo)"),
        ("EXAMPLE", "Example"),
        ("EXAMPLE CORP /DE/", "Example Corp"),
        ("EXAMPLE FUND II-2 L.P.", "Example Fund II-2 L.P."),
        ("EXAMPLE BROTHERS, INC.", "Example Brothers, Inc."),
        ("Example LLC", "Example LLC"),
        ("John & Jane Example Living Trust", "John & Jane Example Living Trust"),
        (None, "an owner without a name"),
    ],
)
def test_a_conformed_name_is_turned_round_and_an_entitys_is_not(filed, read):
    assert reading_name(filed) == read


@pytest.mark.parametrize(
    ("owner", "remarks", "words"),
    [
        (Owner("1", is_officer=True, is_director=True, officer_title="Chair and CEO"), None, "Chair and CEO, director"),
        (Owner("1", is_officer=True, officer_title="CHIEF FINANCIAL OFFICER"), None, "Chief Financial Officer"),
        (Owner("1", is_officer=True, officer_title="EVP & CFO"), None, "EVP & CFO"),
        (Owner("1", is_officer=True), None, "officer"),
        (
            Owner("1", is_officer=True, officer_title="See Remarks"),
            "The title is Chief Executive Officer.",
            "chief executive",
        ),
        (Owner("1", is_officer=True, officer_title="See Remarks"), None, "officer"),
        (
            Owner("1", is_other=True, other_text="Former Director and 10% Owner"),
            None,
            "Former Director and 10% Owner",
        ),
        (Owner("1", is_director=True, is_ten_percent_owner=True), None, "director, 10% owner"),
        (Owner("1", is_other=True), None, "other"),
        (Owner("1"), None, ""),
    ],
)
def test_a_title_is_quoted_and_a_box_is_named(owner, remarks, words):
    assert role_words(owner, remarks) == words


def test_a_joint_filing_names_the_person_with_a_seat_first():
    assert lead_owner((FUND, PAT)) == PAT
    assert who((FUND, PAT, SAM)) == "Example Pat (director) and two other filers"
    assert who(()) == "an unnamed owner"
