"""What is taught is whole: every item of the form, every myth that we set out to answer, each with a source."""

from __future__ import annotations

import re

import pytest

from filings.ownership.codes import CODES
from filings.ownership.facsimile import COLUMNS
from signals.learning.form4 import BELOW, HEADER, NOT_ON_THE_FORM, TABLE_I, TABLE_II
from signals.learning.myths import MYTHS, TOPICS
from signals.learning.plans import STATES, WAITS
from signals.readings.plan import OFFICER_DAYS, OFFICER_LIMIT, OTHER_DAYS
from signals.readings.vocabulary import PLAN_STATUSES
from tests.conftest import ROOT

FIELD_NOTES = ROOT.parent / "shared" / "domain.md"  # our notes on the field; no part of the repository
KEYS = {myth.key for myth in MYTHS}

# Words by which each wrong statement in our notes is known, and the myth that answers it.
ANSWERED = {
    'code "J" = automatic plan': "j-is-plan",
    "S = open-market sale": "s-open-market",
    "only one motive": "one-reason-to-buy",
    "cluster selling is the strongest": "cluster-selling",
    'was decided "months ago"': "decided-months-ago",
    "before a decline not yet visible": "sold-before-the-fall",
    "XBRL data": "xbrl",
    "by definition not informative": "plans-not-informative",
    "usually does not say if planned": "plan-said-nowhere",
    'cooling-off "at least 90 days"': "ninety-days",
    "16-tranche ladder": "ladder",
    "cannot accelerate into strength": "no-strength",
    "plain S without M": "s-without-m",
    "30–60 days of disappointing earnings": "before-earnings",
    "ANET $15.2625 strike": "strikes-as-filed",
    "13G crossing 5%": "thirteen-g",
    "Column 9 of Table I": "plan-box-per-row",
    "XML element `<rule10b51>`": "plan-box-per-row",
    "three formats pre-2023": "three-formats",
    "next earnings release": "next-earnings",
    "only one active plan": "one-plan",
    "one single-trade plan per year": "one-single-trade",
    '"exempt from liability"': "exempt",
    "Jagolinzer (2009)": "jagolinzer",
    "ambiguous ⇒ `false`": "empty-is-no",
    "plan trades due in 2 business days": "plan-trades-two-days",
    "purchases carry less legal risk": "buying-is-safe",
    "immediately after cooling-off expires": "new-plan-after",
    "code I = executed at another party": "i-somebody-else",
    "K listed as an ordinary code": "k-and-v",
    "H = expiration of long derivative": "h-any-expiry",
    "equity swaps avoid sale reporting": "swaps-avoid-reports",
    "RSU vest = A + F": "vest-is-a-and-f",
    '"shares sold 3,800" for F': "f-sold",
    "IPO allocation as compensation": "ipo-allocation-is-a",
    "gifts: signal none": "gifts-say-nothing",
    "EDGAR lets you filter by code": "search-by-code",
    "10b5-1 purchase shows": "plan-buys-confident",
    "exercise example ignores F": "exercise-ignores-tax",
    "Line 2 = IRS number": "line-two",
    "relationship = line 4": "relationship-item",
    "Table I has eight columns": "columns-of-table-i",
    "Table II has ten columns": "columns-of-table-ii",
    "Column 8 of Table I": "columns-of-table-i",
    "max **180**": "hundred-eighty-days",
    "2 days is absolute": "two-days-always",
    'deemed execution date "common': "deemed-date",
    '"the current market price"': "p-open-market",
    "remaining codes J,K,L,U,W,X,Z": "few-other-codes",
    "most large-share filings are A": "grants-are-most",
    "RSU exercise price blank": "blank-price",
    '"up to 40 days"': "old-forty-days",
    "size/role as conviction": "size-and-role",
}


def wrong_statements():
    """The rows of the table of our notes that sets what guides say against the facts."""
    text = FIELD_NOTES.read_text(encoding="utf-8")
    section = text[text.index("## 5. The guides against the facts") : text.index("## 6.")]
    rows = [line.split("|")[1:-1] for line in section.splitlines() if re.match(r"\| *(\d{3}|all) *\|", line)]
    return [statement.strip() for _, statement, *_ in rows]


def test_every_wrong_statement_in_our_notes_is_answered():
    if not FIELD_NOTES.exists():
        pytest.skip("our notes on the field (shared/domain.md beside the checkout) are not here")
    statements = wrong_statements()
    assert len(statements) > 50
    assert [said for said in statements if not any(words in said for words in ANSWERED)] == []


def test_every_answer_is_given_and_every_myth_answers_something():
    assert set(ANSWERED.values()) == KEYS


def test_a_key_is_an_anchor_and_stands_once():
    assert len(KEYS) == len(MYTHS)
    assert all(re.fullmatch(r"[a-z][a-z0-9-]+", key) for key in KEYS)
    assert {myth.topic for myth in MYTHS} == set(TOPICS)


@pytest.mark.parametrize("myth", MYTHS, ids=lambda myth: myth.key)
def test_a_myth_is_one_sentence_or_two_and_has_a_source(myth):
    assert myth.said.endswith(".")
    assert myth.fact.endswith(".")
    assert myth.said != myth.fact
    assert myth.source
    assert len(myth.said) < 140


def test_every_column_of_the_official_form_has_its_words():
    assert [item.number for item in TABLE_I] == [column.number for column in COLUMNS["4"]["I"]]
    assert [item.number for item in TABLE_II] == [column.number for column in COLUMNS["4"]["II"]]


def test_every_box_and_item_of_the_head_has_its_words():
    assert [item.number for item in HEADER] == ["box 1", "box 2", "1", "2", "3", "4", "5", "6"]
    assert all(item.name for item in (*HEADER, *BELOW))


@pytest.mark.parametrize("item", [*HEADER, *TABLE_I, *TABLE_II, *BELOW], ids=lambda item: item.number)
def test_an_item_says_what_it_tells_and_what_it_does_not(item):
    assert item.says.endswith(".")
    assert item.silent.endswith(".")


def test_what_is_not_on_the_form_names_no_column_that_it_has():
    names = {column.name.lower() for table in COLUMNS["4"].values() for column in table}
    assert not names & {what.lower() for what, _ in NOT_ON_THE_FORM}


def test_the_states_are_those_of_the_reader():
    assert tuple(STATES) == PLAN_STATUSES


def test_the_waits_are_those_that_the_reader_judges_by():
    waits = dict(WAITS)
    assert f"{OFFICER_DAYS} days" in waits["A director or officer"]
    assert f"never more than {OFFICER_LIMIT} days" in waits["A director or officer"]
    assert waits["Anybody else but the company"] == f"{OTHER_DAYS} days"


def test_the_form_teaches_of_twenty_codes_and_eighteen_in_the_data():
    page = (ROOT / "templates/learn/form_4.html").read_text(encoding="utf-8")
    assert len(CODES) == 20
    assert sum(code.in_xml for code in CODES.values()) == 18
    assert "lists twenty codes, and the data holds eighteen" in page
