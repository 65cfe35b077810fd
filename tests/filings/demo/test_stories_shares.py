"""What a reader should be able to see in the stories about everything that is no market trade, and about who files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from filings.demo import is_demo_cik
from filings.ownership.document import Line
from tests.filings.demo.conftest import UNTIL, Read

Told = Callable[[str], list[Read]]


def shape(entry: Read) -> list[tuple[str, str | None, str | None]]:
    return [(line.table, line.code, line.acquired_disposed) for line in entry.transactions]


def words(entry: Read) -> str:
    return " ".join(entry.document.footnotes.values())


def only(entry: Read, table: str, code: str) -> Line:
    (line,) = [line for line in entry.transactions if (line.table, line.code) == (table, code)]
    return line


# --- pay and options --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("story", "rows"),
    [
        ("annual_equity_awards", [("II", "A", "A"), ("II", "A", "A")]),
        ("directors_yearly_shares", [("I", "A", "A")]),
        ("quarterly_vesting", [("I", "M", "A"), ("I", "F", "D"), ("II", "M", "D")]),
        ("sell_to_cover", [("I", "M", "A"), ("I", "S", "D"), ("II", "M", "D")]),
        ("performance_shares", [("I", "A", "A"), ("I", "F", "D")]),
        ("award_forfeited", [("II", "D", "D")]),
        ("dividend_equivalents", [("II", "A", "A")]),
        ("exercise_and_hold", [("I", "M", "A"), ("II", "M", "D")]),
        ("exercise_and_partial_sale", [("I", "M", "A"), ("I", "S", "D"), ("II", "M", "D")]),
        ("exercise_paid_with_shares", [("I", "M", "A"), ("I", "F", "D"), ("I", "F", "D"), ("II", "M", "D")]),
        ("exercise_out_of_the_money", [("I", "O", "A"), ("II", "O", "D")]),
        ("warrants_exercised", [("I", "X", "A"), ("II", "X", "D")]),
        ("option_cancelled_for_cash", [("II", "H", "D")]),
        ("gift_to_a_family_trust", [("I", "G", "D"), ("I", "G", "A")]),
        ("gift_received", [("I", "G", "A")]),
        ("inheritance", [("I", "W", "A")]),
        ("divided_by_divorce", [("I", "J", "D")]),
        ("conversion_then_sale", [("I", "C", "A"), ("I", "S", "D"), ("II", "C", "D")]),
        ("convertible_notes", [("I", "C", "A"), ("II", "C", "D")]),
        ("prepaid_forward", [("II", "J", "A")]),
        ("collar", [("II", "P", "A"), ("II", "S", "D")]),
        ("tender_offer", [("I", "U", "D")]),
        ("merger_cash_out", [("I", "D", "D"), ("II", "D", "D")]),
        ("depositary_shares_sold", [("I", "J", "D"), ("I", "J", "A"), ("I", "S", "D")]),
    ],
)
def test_each_filing_of_the_story_has_these_rows(told: Told, story: str, rows: list[tuple[str, str, str]]) -> None:
    for entry in told(story):
        assert shape(entry) == rows


def test_shares_of_a_vesting_are_withheld_and_none_is_sold(told: Told) -> None:
    for entry in told("quarterly_vesting"):
        acquired, withheld = only(entry, "I", "M"), only(entry, "I", "F")
        assert Decimal("0.3") < (withheld.shares or 0) / (acquired.shares or 1) < Decimal("0.45")
        assert "pay the tax" in entry.notes_on(withheld, "code")


def test_sales_to_cover_say_that_nobody_chose_them(told: Told) -> None:
    for entry in told("sell_to_cover"):
        assert "cover tax withholding" in entry.notes_on(only(entry, "I", "S"), "code")


def test_an_award_can_bear_a_market_price(told: Told) -> None:
    for entry in told("performance_shares"):
        assert (only(entry, "I", "A").price or 0) > 1


def test_all_exercised_shares_are_sold_the_same_day_in_three_bands(told: Told) -> None:
    (entry,) = told("exercise_and_same_day_sale")
    sales = [line for line in entry.transactions if line.code == "S"]
    assert len(sales) == 3
    assert sum(line.shares or 0 for line in sales) == only(entry, "I", "M").shares
    assert {line.transaction_date for line in entry.transactions} == {entry.document.period_of_report}


def test_an_exercise_kept_for_more_than_thirty_days(told: Told, archive: list[Read]) -> None:
    (entry,) = told("exercise_and_hold")
    owner, after = entry.document.owners[0].cik, entry.filing.filed_on
    assert UNTIL - after > timedelta(days=30)
    later = [e for e in archive if e.document.owners[0].cik == owner and e.filing.filed_on > after]
    assert not [line for e in later for line in e.transactions if line.code == "S"]


def test_an_exercise_near_expiry_comes_within_ninety_days_of_it(told: Told) -> None:
    line = only(told("exercise_near_expiry")[0], "II", "M")
    assert line.expiration_date
    assert line.transaction_date
    assert line.expiration_date - line.transaction_date < timedelta(days=90)


def test_a_written_call_expires(told: Told) -> None:
    written, expired = told("written_calls_expire")
    assert shape(written) == [("II", "S", "D")]
    assert shape(expired) == [("II", "E", "A")]
    assert expired.transactions[0].shares_owned_following == 0


def test_a_split_divides_the_strike_and_multiplies_the_count(told: Told) -> None:
    first, *_, last = [only(entry, "II", "M") for entry in told("one_option_across_a_split")]
    assert first.conversion_or_exercise_price == 3 * (last.conversion_or_exercise_price or 0)
    assert first.expiration_date == last.expiration_date


def test_a_split_is_a_gap_for_most_and_a_row_for_one(told: Told, archive: list[Read]) -> None:
    line = only(told("split_reported_as_j")[0], "I", "J")
    assert line.shares_owned_following == (line.shares or 0) * 3 // 2
    told_by_gap = [e for e in archive for gap in e.filing.gaps if "share split" in gap.reason]
    assert len(told_by_gap) >= 4
    assert all("share split" in words(entry) for entry in told_by_gap)


# --- transfers --------------------------------------------------------------------------------------------------------


def test_a_gift_to_charity_is_worth_a_million_and_comes_near_a_peak(told: Told, archive: list[Read]) -> None:
    (entry,) = told("gift_to_charity_near_a_peak")
    issuer = entry.document.issuer.cik
    prices = [
        (line.transaction_date, line.price)
        for other in archive
        for line in other.transactions
        if other.document.issuer.cik == issuer and line.code == "S" and line.table == "I" and line.price
    ]
    nearest = min(prices, key=lambda found: abs(found[0] - entry.transactions[0].transaction_date))  # type: ignore[operator]
    assert nearest[1] * (entry.transactions[0].shares or 0) > 1_000_000


def test_early_reports_could_have_waited_for_form_5(told: Told) -> None:
    for story in ("gift_reported_early", "inheritance", "small_acquisitions"):
        for entry in told(story):
            assert [(line.form_type, line.timeliness) for line in entry.transactions] == [("5", "E")]


def test_a_voting_trust_takes_and_returns(told: Told) -> None:
    into, out = told("voting_trust")
    assert [(line.ownership, line.acquired_disposed) for line in into.transactions] == [("D", "D"), ("I", "A")]
    assert [(line.ownership, line.acquired_disposed) for line in out.transactions] == [("D", "A"), ("I", "D")]


def test_small_acquisitions_stay_below_ten_thousand_dollars(told: Told) -> None:
    assert (
        sum((line.shares or 0) * (line.price or 0) for e in told("small_acquisitions") for line in e.transactions)
        < 10_000
    )


def test_swaps_bear_the_flag_and_the_two_directions(told: Told) -> None:
    lines = [line for entry in told("equity_swaps") for line in entry.transactions]
    assert [(line.equity_swap, line.acquired_disposed) for line in lines] == [(True, "A"), (True, "D")]


def test_pledge_forward_collar_and_distribution_are_explained_in_footnotes(told: Told) -> None:
    for story, word in (
        ("pledged_shares", "pledged"),
        ("prepaid_forward", "prepaid variable forward"),
        ("collar", "zero-cost collar"),
        ("fund_distributes_to_partners", "pro rata"),
        ("spin_off", "spin-off"),
    ):
        assert word in words(told(story)[0])


# --- deals and groups -------------------------------------------------------------------------------------------------


def test_an_offering_brings_five_first_statements_of_one_day_and_sales_after_180_days(told: Told) -> None:
    offering = told("initial_public_offering")
    events = [entry.document.period_of_report for entry in offering if entry.document.form == "3"]
    assert len(events) == 5
    assert len(set(events)) == 1
    assert [entry for entry in offering if ("I", "C", "A") in shape(entry)]
    for entry in told("lockup_expires"):
        assert entry.transactions[0].transaction_date
        waited = entry.transactions[0].transaction_date - events[0]  # type: ignore[operator]
        assert timedelta(days=178) <= waited <= timedelta(days=194)


def test_a_company_files_as_an_owner_under_the_cik_that_it_has_as_an_issuer(told: Told, archive: list[Read]) -> None:
    owner = told("issuer_owns_an_issuer")[0].document.owners[0].cik
    assert owner in {entry.document.issuer.cik for entry in archive}


def test_a_fund_chain_reports_the_same_rows_in_two_accessions(told: Told) -> None:
    first, again, *_ = told("fund_chain_reports_twice")
    assert len(first.document.owners) == 3
    assert not {o.cik for o in first.document.owners} & {o.cik for o in again.document.owners}

    def facts(entry: Read) -> list[tuple[object, ...]]:
        return [
            (line.transaction_date, line.code, line.shares, line.price, line.shares_owned_following)
            for line in entry.transactions
        ]

    assert facts(first) == facts(again)


def test_a_group_of_twelve_takes_two_accessions_with_the_same_row(told: Told) -> None:
    first, second, *_ = told("group_too_large_for_one_form")
    assert (len(first.document.owners), len(second.document.owners)) == (10, 2)
    assert first.transactions == second.transactions


def test_person_and_trust_sign_together(told: Told) -> None:
    for entry in told("person_and_trust_file_together"):
        assert len(entry.document.owners) == len(entry.document.signatures) == 2


def test_holdings_stand_in_many_places_with_disclaimers(told: Told) -> None:
    lines = told("many_lines_of_one_owner")[0].document.lines
    natures = " ".join(line.nature_of_ownership or "" for line in lines)
    assert all(word in natures for word in ("spouse", "children", "Trust", "annuity trust", "LLC"))
    assert "disclaims" in words(told("many_lines_of_one_owner")[0])


# --- amendments -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("story", "original_rows", "amended_rows"),
    [
        ("price_corrected", 2, 1),
        ("missed_line_added", 1, 2),
        ("report_withdrawn", 1, 1),
        ("only_the_box_is_added", 1, 1),
        ("exit_box_alone", 1, 0),
        ("original_date_is_wrong", 1, 1),
        ("form_3_amended", 1, 2),
        ("form_5_amended", 1, 1),
    ],
)
def test_an_amendment_repeats_little_or_much(told: Told, story: str, original_rows: int, amended_rows: int) -> None:
    original, amended = told(story)
    assert amended.document.form == original.document.form + "/A"
    assert (len(original.document.lines), len(amended.document.lines)) == (original_rows, amended_rows)
    right_date = amended.document.date_of_original_submission == original.filing.filed_on
    assert right_date == (story != "original_date_is_wrong")


def test_amendments_change_what_they_say(told: Told) -> None:
    wrong, right = told("price_corrected")
    assert wrong.transactions[1].price - right.transactions[0].price == 10  # type: ignore[operator]
    assert [e.document.aff10b5_one for e in told("only_the_box_is_added")] == [False, True]
    assert told("exit_box_alone")[1].document.not_subject_to_section16
    assert "withdrawn" in (told("report_withdrawn")[1].document.remarks or "")
    first, again, withdrawn = told("duplicate_withdrawn")
    assert first.transactions == again.transactions
    assert "duplicate" in (withdrawn.document.remarks or "")


def test_an_amendment_can_be_without_its_original(told: Told, archive: list[Read]) -> None:
    (entry,) = told("original_not_in_the_archive")
    owner, day = entry.document.owners[0].cik, entry.document.date_of_original_submission
    assert not [e for e in archive if e.document.owners[0].cik == owner and e.filing.filed_on == day]


# --- abroad and names -------------------------------------------------------------------------------------------------


def test_foreign_insiders_have_the_fields_of_the_new_schema(told: Told) -> None:
    entries = told("foreign_insiders_arrive")
    assert len({entry.document.period_of_report for entry in entries}) == 1
    for entry in entries:
        assert entry.document.issuer.foreign_ticker == "7411.DEMO"
        owner = entry.document.owners[0]
        assert (owner.non_us_address, owner.country, owner.state) == (True, "M0", None)


def test_a_share_plan_makes_all_officers_buy_at_one_price_in_yen(told: Told) -> None:
    entries = told("share_plan_purchases")
    by_day: dict[object, set[object]] = {}
    for entry in entries:
        (line,) = entry.transactions
        assert "7411.DEMO" in (line.security_title or "")
        assert "yen" in entry.notes_on(line, "price")
        by_day.setdefault(line.transaction_date, set()).add(line.price)
    assert len(entries) == 25
    assert all(len(prices) == 1 for prices in by_day.values())


def test_a_renamed_issuer_keeps_its_cik_and_tells_its_former_name(told: Told) -> None:
    before, *_, after = told("issuer_renamed")
    assert before.document.issuer.cik == after.document.issuer.cik
    assert (before.document.issuer.ticker, after.document.issuer.ticker) == ("FNWKDEMO", "HLDNDEMO")
    assert before.submission.issuer
    assert after.submission.issuer
    assert before.submission.issuer.former_names == ()
    assert [name for name, _ in after.submission.issuer.former_names] == [before.document.issuer.name]


def test_a_married_insider_keeps_her_cik(told: Told) -> None:
    before, *_, after = told("married_name")
    assert before.document.owners[0].cik == after.document.owners[0].cik
    assert before.document.owners[0].name == "Castellane Bianca (Demo)"
    assert after.submission.owners[0].former_names[0][0] == before.document.owners[0].name


def test_one_person_sits_at_two_issuers(told: Told) -> None:
    entries = told("one_person_at_two_issuers")
    assert len({entry.document.issuer.cik for entry in entries}) == 2
    assert len({entry.document.owners[0].cik for entry in entries}) == 1
    assert is_demo_cik(entries[0].document.owners[0].cik)
