"""Titles as people file them, and whether an owner is a person."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.demo import filings as demo_filings
from filings.ownership.document import Owner
from filings.ownership.parse import parse
from filings.ownership.submission import read_submission
from signals.readings.roles import is_entity, roles
from signals.readings.vocabulary import SLUGS


def titled(title):
    """The roles that an officer's title gives, without "officer" itself."""
    found = roles(Owner("0000000001", is_officer=True, officer_title=title))
    assert "officer" in found
    return " ".join(slug for slug in found if slug != "officer")


@pytest.mark.parametrize(
    ("title", "slugs"),
    [
        ("CEO", "ceo"),
        ("Chief Executive Officer", "ceo"),
        ("CHIEF EXECUTIVE OFFICER & PRES", "ceo president"),
        ("Chief Executive Offi", "ceo"),
        ("Principal Executive Officer", "ceo"),
        ("Co-CEO", "ceo"),
        ("Interim CEO", "ceo"),
        ("C.E.O.", "ceo"),
        ("Chairman, President & CEO", "chair ceo president"),
        ("Chair and CEO", "chair ceo"),
        ("CEO and Chairman of the Board", "chair ceo"),
        ("Executive Chairman of Board", "chair"),
        ("Non-Executive Chairman", "chair"),
        ("Pres, Prod Architect & Chairmn", "chair president"),
        ("Pres/CEO", "ceo president"),
        ("President, Secretary", "president"),
        ("President (Principal Executive Officer)", "ceo president"),
        ("CFO", "cfo"),
        ("EVP & CFO", "cfo vp"),
        ("EVP/CFO/Treasurer", "cfo vp"),
        ("SVP-CFO", "cfo vp"),
        ("Senior Vice President, CFO", "cfo vp"),
        ("Executive Vice President and Chief Financial Off", "cfo vp"),
        ("Principal Financial Officer", "cfo"),
        ("Acting CFO", "cfo"),
        ("CFO of the Company", "cfo"),
        ("COO", "coo"),
        ("EVP and Co-COO", "coo vp"),
        ("President, COO", "coo president"),
        ("General Counsel", "gc"),
        ("Chief Legal Officer and Secretary", "gc"),
        ("SVP, GC and Secretary", "gc vp"),
        ("Sr. VP, Gen. Counsel & Sec.", "gc vp"),
        ("Vice President", "vp"),
        ("Vice-President", "vp"),
        ("V.P. Finance", "vp"),
        ("EVP, Chief Human Resources Off", "vp"),
        ("SVP & CAO", "vp"),
    ],
)
def test_a_title_gives_its_roles(title, slugs):
    assert titled(title) == slugs


@pytest.mark.parametrize(
    "title",
    ["CEO CCB", "CEO, North America", "CEO of Subsidiary Bank", "Co-CEO CIB", "CEO Asset & Wealth Management",
     "President, Technology", "Pres, Merrill Wealth Mgmt", "President - Retail", "President and CEO of Bank",
     "Division President", "Group President, Retail", "Chief Operating Officer, Europe"],
)  # fmt: skip
def test_the_head_of_a_unit_is_an_officer_and_no_more(title):
    assert titled(title) == ""


@pytest.mark.parametrize(
    "title",
    ["Former CEO", "CEO-Elect", "President Emeritus", "Chairman Emeritus", "Incoming CFO", "Deputy CFO",
     "Assistant General Counsel", "Deputy General Counsel", "Chief of Staff to the CEO", "Chair of Audit Committee",
     "Vice Chair", "Vice Chairman", "Managing Director", "Corporate Controller", "Principal Accounting Officer",
     "Chief Accounting Officer", "Chief Technology Officer", "Chief People Officer", "Co-Founder", "", "N/A"],
)  # fmt: skip
def test_titles_that_only_sound_like_it_give_no_role(title):
    assert titled(title) == ""


def test_a_vice_chair_who_is_president_is_president_only():
    assert titled("Vice Chair and President") == "president"
    assert titled("President and Vice Chairman") == "president"


def test_boxes_give_the_roles_that_words_do_not():
    both = Owner("0000000001", is_director=True, is_ten_percent_owner=True, is_officer=True, officer_title="CEO")
    assert roles(both) == ("ceo", "officer", "director", "ten_percent")
    assert roles(Owner("0000000001")) == ()
    assert roles(Owner("0000000001", is_director=None, is_officer=None, is_ten_percent_owner=True)) == ("ten_percent",)


def test_the_other_box_tells_a_chair_or_an_officer_by_its_words():
    def other(words):
        return roles(Owner("0000000001", is_other=True, other_text=words))

    assert other("Chair of the Board") == ("chair", "other")
    assert other("Chief Accounting Officer") == ("officer", "other")
    assert other("Former Director and 10% Owner") == ("other",)
    assert other("Member of a 13(d) group") == ("other",)
    assert other(None) == ("other",)


def test_a_title_in_the_remarks_is_found_there():
    owner = Owner("0000000001", is_officer=True, officer_title="See Remarks")
    assert roles(owner) == ("officer",)
    assert roles(owner, "Title: Senior Vice President and Chief Financial Officer") == ("cfo", "vp", "officer")
    assert roles(owner, "Ms. Alder serves as the Chief Operating Officer. Exhibit 24 is attached.") == (
        "coo",
        "officer",
    )
    assert roles(owner, "Executive Vice President") == ("vp", "officer")
    long = "This form is one of two. " * 10
    assert roles(owner, long) == ("officer",)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=200), st.booleans() | st.none())
def test_any_words_give_known_roles_in_order(title, other, remarks, officer):
    owner = Owner("0000000001", is_officer=officer, is_other=True, officer_title=title, other_text=other)
    found = roles(owner, remarks)
    assert list(found) == [slug for slug in SLUGS if slug in found]


def test_a_title_of_any_length_is_read():
    for piece in ("senior ", "co-", "vice president of ", "CEO and ", "& ", "."):
        assert "officer" in roles(Owner("0000000001", is_officer=True, officer_title=piece * 20_000))


@pytest.mark.parametrize(
    "name",
    ["Alder Fund II LP", "ALDER PARTNERS LP /MN", "BIRCH CORP /DE/", "BANK OF CEDAR NA", "CEDAR & CO", "Oak Inc.",
     "Alder Family Trust", "Estate of Olive Alder", "Elm AG", "ELM HOLDINGS", "Oak L.P.", "Oak (Jersey) L.P.",
     "Alder Capital Management, L.P.", "OAK PTE. LTD.", "Foundation for Elms", "Fir Ventures GP III LLC (Demo)"],
)  # fmt: skip
def test_a_name_that_says_so_is_an_entity(name):
    assert is_entity(name)


@pytest.mark.parametrize(
    "name", ["Alder Olive", "ICARUS CARL C", "Li Na", "Co Peter", "Sa Maria", "Church Frank", "Banks Anthony",
             "O'ELM D. J.", "Ash Jasper (Demo)", "de la Elm Jan III", "", None],
)  # fmt: skip
def test_a_name_that_says_nothing_is_a_persons(name):
    assert not is_entity(name)


def test_every_owner_of_the_demo_is_known_for_what_it_is():
    entities = set()
    for filing in demo_filings(date(2026, 11, 20)):
        for owner in parse(read_submission(filing.content).xml).owners:
            if is_entity(owner.name):
                entities.add(owner.name)
                assert not owner.is_officer
            assert roles(owner)
    assert len(entities) >= 10


def test_every_owner_of_the_real_filings_has_a_role_and_no_officer_is_an_entity(real_filings):
    titles = set()
    for path in sorted(real_filings.glob("*.txt")):
        document = parse(read_submission(path.read_bytes(), path.name).xml)
        for owner in document.owners:
            found = roles(owner, document.remarks)
            assert found
            assert not (owner.is_officer and is_entity(owner.name)), owner.name
            titles.add((owner.officer_title, found))
    chiefs = {title for title, found in titles if set(found) & {"ceo", "cfo", "coo", "gc", "chair", "president"}}
    assert len(titles) >= 50
    assert len(chiefs) >= 25
