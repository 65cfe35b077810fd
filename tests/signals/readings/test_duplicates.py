from __future__ import annotations

from dataclasses import replace
from itertools import permutations

from filings.ownership.document import Owner
from signals.readings.decision_makers import decision_makers
from signals.readings.duplicates import FORM_5_REPEATS, SAME_EVENT, SENT_TWICE, duplicates
from tests.signals.readings.archives import FUND, MANAGER, PAT, SAM, after_days, bought, demo_reading_of, form, sold

INDIRECT = {"ownership": "I", "nature_of_ownership": "By Example Fund LP"}


def test_a_fund_and_its_director_who_report_one_purchase_have_one_event():
    fund = form(1, bought(100, 900), owners=(FUND, MANAGER))
    director = form(2, bought(100, 900, **INDIRECT), filed_on=after_days(2))
    for order in permutations([fund, director]):
        found = duplicates(order)
        assert {row: (its.of.accession, its.how) for row, its in found.items()} == {
            director.ref(director.lines[0]): (fund.accession, SAME_EVENT)
        }


def test_two_people_with_equal_rows_have_two_events():
    pat, sam = form(1, bought(100, 900)), form(2, bought(100, 900), owners=(SAM,))
    assert duplicates([pat, sam]) == {}


def test_another_balance_day_price_or_a_week_between_the_filings_makes_another_event():
    fund = form(1, bought(100, 900), owners=(FUND,))
    for other in (
        form(2, bought(100, 901)),
        form(2, bought(100, 900, on=after_days(-1))),
        form(2, bought(100, 900, price=11)),
        form(2, bought(100, 900), filed_on=after_days(9)),
    ):
        assert duplicates([fund, other]) == {}


def test_identical_rows_inside_one_filing_are_real_and_repeated_one_for_one():
    fund = form(1, bought(100, 900), bought(100, 900), owners=(FUND,))
    director = form(2, bought(100, 900, **INDIRECT), bought(100, 900, **INDIRECT), bought(100, 900, **INDIRECT))
    found = duplicates([fund, director])
    assert [found[director.ref(line)].of.row for line in director.lines[:2]] == [1, 2]
    assert director.ref(director.lines[2]) not in found
    assert not any(row.accession == fund.accession for row in found)


def test_the_parts_of_a_report_split_for_its_length_are_different_rows():
    parts = [form(n, *(sold(100, 900) for _ in range(30 - n)), owners=(FUND, MANAGER)) for n in (1, 2, 3)]
    assert duplicates(parts) == {}


def test_a_report_sent_twice_by_the_same_owner_is_one():
    first, second = form(1, sold(100, 900), sold(5, 895)), form(2, sold(100, 900), sold(5, 895), filed_on=after_days(2))
    found = duplicates([first, second])
    assert {its.how for its in found.values()} == {SENT_TWICE}
    assert len(found) == 2


def test_equal_reports_without_a_balance_may_be_equal_trades():
    assert duplicates([form(1, sold(100)), form(2, sold(100))]) == {}


def test_a_form_5_that_repeats_a_form_4_of_its_owner_is_no_second_event():
    early = form(1, sold(100, 900))
    late = form(2, sold(100, 40), sold(7, 33), kind="5", filed_on=after_days(300))
    found = duplicates([early, late])
    assert {(row.row, its.how) for row, its in found.items()} == {(1, FORM_5_REPEATS)}


def test_a_form_5_of_somebody_else_repeats_nothing():
    assert duplicates([form(1, sold(100, 900)), form(2, sold(100, 900), kind="5", owners=(SAM,))]) == {}


def test_what_amends_a_repeated_row_is_repeated_too_and_one_version_of_the_event_is_left():
    fund = form(1, bought(100, 900), owners=(FUND,))
    director = form(2, bought(100, 900, **INDIRECT), filed_on=after_days(2))
    mended = [
        form(n, bought(100, 900, price=11, **more), kind="4/A", owners=owners, filed_on=after_days(20),
             date_of_original_submission=of.filed_on)
        for n, of, owners, more in ((3, fund, (FUND,), {}), (4, director, (PAT,), INDIRECT))
    ]  # fmt: skip
    found = duplicates([fund, director, *mended])
    assert {row.accession for row in found} == {director.accession, mended[1].accession}


def test_a_row_that_an_amendment_makes_equal_to_the_funds_is_its_event():
    fund = form(1, bought(100, 900), owners=(FUND,))
    director = form(2, bought(100, 900, price=99, **INDIRECT), filed_on=after_days(2))
    mended = form(
        3, bought(100, 900, **INDIRECT), kind="4/A", filed_on=after_days(30), date_of_original_submission=after_days(2)
    )
    found = duplicates([fund, director, mended])
    assert {row.accession for row in found} == {director.accession, mended.accession}


def test_the_demo_chain_and_group_report_each_event_once():
    for story, count in (("fund_chain_reports_twice", 2), ("group_too_large_for_one_form", 2)):
        reading, forms = demo_reading_of(story)
        repeated = {row.accession for row in reading.duplicates if row.accession in {one.accession for one in forms}}
        assert len(forms) == 2 * count
        assert len(repeated) == count


# --- decision-makers --------------------------------------------------------------------------------------------------


def test_a_person_and_an_entity_of_one_filing_are_one_decision_maker():
    makers = decision_makers([form(1, bought(1, 1), owners=(PAT, FUND, MANAGER))])
    assert len(set(makers.values())) == 1


def test_spouses_on_one_filing_are_two():
    makers = decision_makers([form(1, bought(1, 1), owners=(PAT, SAM))])
    assert len(set(makers.values())) == 2


def test_two_directors_are_never_joined_through_a_fund():
    chain = [
        form(1, bought(1, 1), owners=(PAT, FUND)),
        form(2, bought(1, 1), owners=(SAM, FUND), filed_on=after_days(3)),
    ]
    makers = decision_makers(chain)
    assert makers[PAT.cik] != makers[SAM.cik]
    assert makers[FUND.cik] not in (makers[PAT.cik], makers[SAM.cik])


def test_a_fund_and_its_director_in_two_accessions_are_one():
    makers = decision_makers(
        [form(1, bought(100, 900), owners=(FUND,)), form(2, bought(100, 900, **INDIRECT), filed_on=after_days(2))]
    )
    assert makers[PAT.cik] == makers[FUND.cik]


def test_owners_who_never_met_are_decision_makers_by_themselves():
    other = Owner("0009100009", "Alex Example", is_officer=True)
    makers = decision_makers([form(1, bought(1, 1)), form(2, bought(2, 2), owners=(other,))])
    assert makers == {PAT.cik: PAT.cik, other.cik: other.cik}


def test_a_group_without_officers_stays_together():
    people = tuple(Owner(f"00092000{n:02d}", f"Person {n}", is_other=True) for n in range(3))
    makers = decision_makers([form(1, bought(1, 1), owners=(*people, replace(FUND, is_ten_percent_owner=None)))])
    assert len(set(makers.values())) == 1
