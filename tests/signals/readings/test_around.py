"""One filing read among many says what it says where all of them are read; others are not read for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filings.ownership.document import Owner
from signals.readings.around import reading_around
from signals.readings.explain.filing import FilingExplanation, explain_filing
from signals.readings.history import History
from signals.readings.trades import IssuerReading, issuer_reading
from tests.signals.readings.archives import (
    DAY,
    FUND,
    MANAGER,
    PAT,
    SAM,
    after_days,
    bought,
    demo_archive,
    demo_readings,
    form,
    histories,
    holding,
    row,
    sold,
)

PEOPLE = tuple(Owner(f"000910001{number}", f"Person {number}", is_director=True) for number in range(4))


def said(reading: IssuerReading, accession: str) -> FilingExplanation:
    """The explanation without the numbers of its ownership lines."""
    told = explain_filing(reading, accession, as_of=after_days(200), whole=True)
    trades = [
        replace(one, reading=replace(one.reading, trade=replace(one.reading.trade, line_number=None)))
        for one in told.trades
    ]
    return replace(told, trades=tuple(trades))


def assert_alike(forms: History) -> None:
    whole = issuer_reading(forms)
    for one in forms:
        around = reading_around(forms, one.accession)
        assert said(around, one.accession) == said(whole, one.accession)
        own = [entry for ref, entry in around.ledger.entries.items() if ref.accession == one.accession]
        assert own == [entry for ref, entry in whole.ledger.entries.items() if ref.accession == one.accession]


OWNERS = st.sampled_from(
    [(PAT,), (PAT,), (SAM,), (SAM,), (FUND,), (PAT, FUND), (FUND, MANAGER), *((one,) for one in PEOPLE)]
)
NOTES = {
    "F1": "Effected pursuant to a Rule 10b5-1 trading plan adopted on January 2, 2024.",
    "F2": "The shares were sold at a price of $9.50 per share.",
    "F3": "The price was paid in Canadian dollars (CAD).",
    "F4": "Shares were sold to cover tax.",
}


@st.composite
def rows(draw):
    code = draw(st.sampled_from("PPSSFMAG"))
    letter = {"P": "A", "S": "D", "F": "D", "A": "A"}.get(code) or draw(st.sampled_from("AD"))
    noted = draw(st.sampled_from([None, None, None, *NOTES]))
    return row(
        code,
        letter,
        draw(st.sampled_from([100, 200])),
        draw(st.sampled_from([100, 200, 300, None])),
        price=draw(st.sampled_from([10, 10, 10, 11, 1000, 2000, None])),
        on=after_days(draw(st.sampled_from([0, 0, 0, 1, 2, 4, 30, 59, 70, 365, 730, 1095]))),
        title=draw(st.sampled_from(["Common Stock", "Common Stock", "Class B Common Stock", "Stock Option"])),
        table=draw(st.sampled_from(["I", "I", "I", "II"])),
        footnotes={"price": (noted,)} if noted else {},
    )


@st.composite
def issuers(draw):
    forms = []
    for number in range(draw(st.integers(1, 9))):
        lines = draw(st.lists(rows(), max_size=3))
        if draw(st.booleans()):
            lines.append(holding(draw(st.sampled_from([100, 200])), ownership="I", nature_of_ownership="By trust"))
        last = max([line.transaction_date for line in lines if line.transaction_date], default=DAY)
        forms.append(
            form(
                number,
                *lines,
                owners=draw(OWNERS),
                filed_on=last + timedelta(days=draw(st.integers(0, 5))),
                kind=draw(st.sampled_from(["4", "4", "4", "4", "4/A", "5"])),
                date_of_original_submission=draw(st.none() | st.integers(0, 6).map(after_days)),
                remarks=draw(st.sampled_from([None, None, None, "The report was filed in error and is withdrawn."])),
                aff10b5_one=draw(st.sampled_from([None, True, False])),
                notes=NOTES,
            )
        )
    return History(forms)


@settings(max_examples=200, deadline=None)
@given(issuers())
def test_a_filing_read_among_many_says_what_it_says_where_all_are_read(forms):
    assert_alike(forms)


def test_every_filing_of_the_demo_says_the_same_read_by_itself_among_the_others():
    for cik, forms in histories(told.form for told in demo_archive()).items():
        for one in forms.forms[:: max(1, len(forms) // 12)]:
            assert said(reading_around(forms, one.accession), one.accession) == said(
                demo_readings()[cik], one.accession
            )


def test_others_are_not_read_but_their_prices_are_asked():
    others = [form(number, sold(100, 900, price=10), owners=(PEOPLE[number],)) for number in range(3)]
    odd = form(9, sold(100, 900, price=1000), filed_on=after_days(3))
    reading = reading_around([*others, odd], odd.accession)
    assert [trade.accession for trade in reading.trades] == [odd.accession]
    assert [item.reason for item in reading.trades[0].exclusions] == ["bad_price"]
    assert len(reading.history) == 4


def test_what_others_told_twice_is_one_price():
    kept_back = row("F", "D", 100, 100, price=1000)
    other = form(1, kept_back, owners=(SAM,))
    again = form(2, kept_back, sold(100, 100), owners=(SAM,), kind="5", filed_on=after_days(2))
    own = form(3, sold(100, 900))
    assert_alike(History([other, again, own]))
    assert reading_around([other, again, own], own.accession).trades[0].counted


@pytest.mark.parametrize("code", ["F", "G", "S", "M"])
@pytest.mark.parametrize("first", [-366, -100, None, 0])
@pytest.mark.parametrize("corrected", [0, 400, None])
def test_an_amendment_that_corrects_a_day_by_months_is_judged_by_what_was_told_first(code, first, corrected):
    def told(days: int | None):
        on = None if days is None else after_days(days)
        return row(code, "A" if code == "M" else "D", 100, 900, on=on)

    named = {"kind": "4/A", "date_of_original_submission": after_days(1)}
    original = form(1, told(first), filed_on=after_days(1))
    amendment = form(2, told(corrected), filed_on=after_days(405), **named)
    again = form(3, told(-40), filed_on=after_days(410), **named)
    assert_alike(History([original, amendment, again]))


def test_whoever_bought_when_the_filer_did_is_read_too():
    far = form(1, bought(100, 900, on=after_days(-9)), owners=(SAM,))
    near = form(2, bought(100, 900, on=after_days(2)), owners=(PEOPLE[0],), filed_on=after_days(3))
    own = form(3, bought(50, 150))
    reading = reading_around([far, near, own], own.accession)
    assert {trade.accession for trade in reading.trades} == {near.accession, own.accession}
    told = said(reading, own.accession)
    assert any(reason.words.text.startswith("One other insider") for reason in told.matters)
