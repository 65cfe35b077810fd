from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from filings.ownership.document import Owner
from signals.readings.history import History
from signals.readings.trade import MECHANICS
from signals.readings.trades import economic_trades, issuer_reading
from signals.readings.vocabulary import KINDS, REASONS
from tests.signals.lines import lines as any_line
from tests.signals.readings.archives import (
    DAY,
    FUND,
    MANAGER,
    PAT,
    SAM,
    after_days,
    bought,
    demo_archive,
    demo_reading_of,
    demo_readings,
    form,
    histories,
    holding,
    row,
    sold,
)

OPTION = {"table": "II", "title": "Stock Option (Right to Buy)", "conversion_or_exercise_price": Decimal(4)}
UNITS = {"table": "II", "title": "Restricted Stock Units"}


def only(*forms):
    [trade] = economic_trades(forms)
    return trade


def reasons(trade) -> list[str]:
    return [item.reason for item in trade.exclusions]


# --- one decision, one trade ------------------------------------------------------------------------------------------


def test_tranches_of_one_filing_are_one_trade_with_its_average_and_range():
    trade = only(form(1, sold(100, 900, price=10), sold(300, 600, price=12)))
    assert (trade.shares, trade.price, trade.value) == (400, Decimal("11.5"), 4600)
    assert (trade.price_min, trade.price_max) == (10, 12)
    assert trade.lines == (("I", 1), ("I", 2))
    assert trade.counted


def test_the_range_that_a_footnote_gives_widens_the_range_of_the_trade():
    said = sold(100, 900, price=Decimal("11.5"), footnotes={"price": ("F1",)})
    note = "This is a weighted average. The shares were sold at prices ranging from $11.02 to $11.97, inclusive."
    trade = only(form(1, said, notes={"F1": note}))
    assert (trade.price, trade.price_min, trade.price_max) == (Decimal("11.5"), Decimal("11.02"), Decimal("11.97"))


def test_days_directions_classes_and_ownership_lines_are_trades_of_their_own():
    trust = {"ownership": "I", "nature_of_ownership": "By trust"}
    trades = economic_trades(
        [
            form(
                1,
                sold(100, 900),
                sold(100, 800, on=DAY - timedelta(days=1)),
                bought(50, 850),
                sold(100, 30, title="Class B Common Stock"),
                sold(100, 40, **trust),
                filed_on=after_days(2),
            )
        ]
    )
    assert len(trades) == 5


def test_identical_rows_of_one_filing_are_both_real():
    assert only(form(1, sold(100, 900), sold(100, 800))).shares == 200


def test_a_trade_never_crosses_accessions():
    parts = [form(1, sold(100, 900)), form(2, sold(100, 800))]
    trades = economic_trades(parts)
    assert [trade.shares for trade in trades] == [100, 100]
    assert all(trade.counted for trade in trades)


def test_a_joint_filing_is_one_trade_of_several_owners():
    trade = only(form(1, bought(10, 10), owners=(PAT, FUND, MANAGER)))
    assert trade.owners == (PAT.cik, FUND.cik, MANAGER.cik)
    assert "ten_percent" in trade.roles


def test_an_exercise_in_both_tables_is_one_trade_with_the_shares_of_table_i_and_the_strike_of_table_ii():
    trade = only(form(1, row("M", "A", 100, 900, price=4), row("M", "D", 100, 0, price=0, **OPTION)))
    assert (trade.kind, trade.direction, trade.shares, trade.strike) == ("exercise", "acquired", 100, 4)
    assert trade.lines == (("I", 1), ("II", 1))
    assert trade.security_class == "Common Stock"


def test_units_that_settle_vest():
    trade = only(form(1, row("M", "A", 100, 900, price=0), row("M", "D", 100, 0, price=0, **UNITS)))
    assert trade.kind == "vest"


def test_two_grants_settled_on_one_day_go_with_the_shares_they_brought():
    trades = economic_trades(
        [
            form(
                1,
                row("M", "A", 100, 900, price=4),
                row("M", "A", 60, 960, price=0),
                row("M", "D", 60, 0, price=0, **UNITS),
                row("M", "D", 100, 0, price=0, **OPTION),
            )
        ]
    )
    assert {(trade.kind, trade.lines) for trade in trades} == {
        ("exercise", (("I", 1), ("II", 2))),
        ("vest", (("I", 2), ("II", 1))),
    }


def test_a_derivative_settled_in_cash_stands_alone():
    trade = only(form(1, row("M", "D", 100, 0, price=0, **UNITS)))
    assert (trade.table, trade.direction) == ("II", "disposed")


def test_a_conversion_and_the_exchange_of_one_class_for_another_are_neutral():
    preferred = {"table": "II", "title": "Series A Preferred Stock", "underlying_title": "Common Stock",
                 "underlying_shares": Decimal(50)}  # fmt: skip
    assert only(form(1, row("C", "A", 50, 50, price=None), row("C", "D", 100, 0, price=None, **preferred))).kind == (
        "conversion"
    )
    exchange = form(2, row("J", "D", 100, 0, price=0, title="Ordinary Shares"),
                    row("J", "A", 50, 50, price=0, title="American Depositary Shares"))  # fmt: skip
    trade = only(exchange)
    assert (trade.kind, trade.security_class, trade.shares) == ("conversion", "American Depositary Shares", 50)


def test_shares_reported_under_j_for_what_was_converted_under_c_are_one_event():
    series = [
        {"table": "II", "title": f"Series {letter} Preferred Stock", "underlying_title": "Class B Common Stock",
         "underlying_shares": Decimal(shares)}
        for letter, shares in (("A", 30), ("B", 20))
    ]  # fmt: skip
    gone = [row("C", "D", 100, 0, price=0, **one) for one in series]
    trade = only(form(1, *gone, row("J", "A", 50, 50, price=0, table="II", title="Class B Common Stock")))
    assert (trade.kind, trade.shares, trade.lines) == ("conversion", 50, (("II", 1), ("II", 2), ("II", 3)))


def test_a_distribution_under_code_j_within_one_class_is_no_conversion():
    place = {"ownership": "I", "nature_of_ownership": "By GP"}
    trades = economic_trades([form(1, row("J", "D", 100, 0, price=0), row("J", "A", 5, 5, price=0, **place))])
    assert [trade.kind for trade in trades] == ["other", "other"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [("A", "grant"), ("D", "issuer_disposition"), ("F", "withholding"), ("G", "gift"), ("I", "plan_switch"),
     ("L", "small_acquisition"), ("W", "inheritance"), ("Z", "voting_trust"), ("U", "tender"), ("H", "expiry"),
     ("E", "expiry"), ("X", "exercise"), ("O", "exercise"), ("C", "conversion"), ("J", "other"), (None, "other"),
     ("Q", "other")],
)  # fmt: skip
def test_every_other_code_has_its_kind_and_is_not_counted(code, kind):
    trade = only(form(1, row(code, "D", 10, 90)))
    assert (trade.kind, reasons(trade)) == (kind, ["mechanics"])


def test_an_equity_swap_is_a_swap_whatever_its_code():
    assert only(form(1, row("P", "A", 10, 10, equity_swap=True, **UNITS))).kind == "swap"


def test_every_mechanical_kind_says_why_it_is_not_counted():
    assert set(MECHANICS) == set(KINDS) - {"buy", "sell", "planned_buy", "planned_sell"}


# --- what is counted, and why not -------------------------------------------------------------------------------------


def test_planned_sales_are_counted_and_called_planned():
    said = sold(100, 900, footnotes={"code": ("F1",)})
    note = "This sale was made under a Rule 10b5-1 trading plan adopted on May 5, 2023."
    trade = only(form(1, said, notes={"F1": note}, aff10b5_one=True))
    assert (trade.kind, trade.counted, trade.plan.adopted_on) == ("planned_sell", True, date(2023, 5, 5))


def test_a_purchase_from_the_company_is_private_and_the_words_are_kept():
    said = bought(100, 900, footnotes={"code": ("F1",)})
    trade = only(form(1, said, notes={"F1": "Bought in a private placement, at the price of all investors."}))
    [reason] = trade.exclusions
    assert (reason.reason, reason.words) == ("private", "private placement")


def test_a_note_on_the_balance_decides_nothing_about_the_trade():
    said = bought(100, 900, footnotes={"shares_owned_following": ("F1",)})
    note = "Includes 50 shares bought under the employee stock purchase plan."
    assert only(form(1, said, notes={"F1": note})).counted


def test_a_sale_without_a_price_has_no_value_and_says_so():
    trade = only(form(1, sold(100, 900, price=None)))
    assert (trade.price, trade.value, reasons(trade)) == (None, None, ["no_price"])


def test_a_total_over_partial_prices_says_what_it_left_out():
    trade = only(form(1, sold(100, 900, price=10), sold(100, 800, price=None)))
    assert (trade.value, trade.unpriced_lines) == (1000, 1)


def test_a_price_that_only_a_footnote_spells_out_is_used_and_marked():
    said = sold(100, 900, price=None, footnotes={"price": ("F1",)})
    trade = only(form(1, said, notes={"F1": "Sold in one block at $41.50 per share."}))
    assert (trade.price, trade.price_from_note, trade.counted) == (Decimal("41.50"), True, True)


def test_prices_in_another_currency_are_shown_and_kept_out_of_dollars():
    said = bought(100, 900, price=1841, title="Ordinary Shares (7411.T)", footnotes={"price": ("F1",)})
    trade = only(form(1, said, notes={"F1": "The price is in Japanese yen: JPY 1841 per share."}))
    assert (trade.price, trade.value, reasons(trade)) == (1841, None, ["home_market"])


def test_home_market_shares_whose_price_a_note_translates_count_in_dollars():
    said = bought(100, 900, price=70, title="Common Shares (2330.TW)", footnotes={"price": ("F1",)})
    note = "The price was translated from New Taiwan dollars, NT$2,215, at the rate of NT$31.65 to US$1."
    trade = only(form(1, said, notes={"F1": note}))
    assert (trade.counted, trade.value) == (True, 7000)


def test_a_derivative_bought_or_sold_is_no_share():
    trade = only(form(1, row("P", "A", 10, 10, **{**OPTION, "title": "Call Option"})))
    assert reasons(trade) == ["derivative"]


def test_dates_that_cannot_be_are_kept_as_filed_and_not_counted():
    for on in (date(24, 3, 4), after_days(30), None):
        trade = only(form(1, sold(100, 900, on=on)))
        assert (trade.traded_on, reasons(trade)) == (on, ["bad_date"])


def test_a_price_that_is_a_total_is_not_counted():
    others = [form(n, sold(100, 900, price=20), owners=(SAM,)) for n in (1, 2)]
    trade = economic_trades([*others, form(3, sold(500, 400, price=10_000))])[-1]
    assert reasons(trade) == ["bad_price"]


def test_contradictions_and_balances_that_cannot_be_are_bad_values():
    assert reasons(only(form(1, row("S", "A", 100, 900)))) == ["bad_value"]
    assert reasons(only(form(1, bought(1000, 400)))) == ["bad_value"]
    assert "bad_value" in reasons(only(form(1, sold(None, 900))))


def test_a_billion_is_too_much_for_all_but_holders_of_a_tenth():
    assert reasons(only(form(1, sold(200_000_000, 5)))) == ["bad_value"]
    assert only(form(1, sold(200_000_000, 5), owners=(FUND,))).counted


def test_the_company_as_owner_of_its_own_shares_is_left_out():
    itself = Owner("0009900001", "Example Corp")
    assert reasons(only(form(1, bought(100, 900), owners=(itself,)))) == ["issuer_is_owner"]


def test_five_decision_makers_with_one_price_on_one_day_are_a_plans_allocation():
    people = [Owner(f"00092000{n:02d}", f"Person {n}", is_officer=True) for n in range(5)]
    forms = [form(n, bought(10 + n, 900), owners=(person,)) for n, person in enumerate(people)]
    assert all(trade.counted for trade in economic_trades(forms[:4]))
    trades = economic_trades(forms)
    assert [reasons(trade) for trade in trades] == [["plan_allocation"]] * 5
    assert {trade.exclusions[0].by for trade in trades} == {forms[4].accession}


def test_five_owners_of_one_fund_are_one_decision_and_no_allocation():
    funds = [Owner(f"00093000{n:02d}", f"Fund {n} LP") for n in range(5)]
    assert only(form(1, bought(10, 10), owners=tuple(funds))).counted


def test_an_event_that_two_accessions_report_is_counted_once():
    fund = form(1, bought(100, 900), owners=(FUND,))
    director = form(2, bought(100, 900, ownership="I", nature_of_ownership="By fund"), filed_on=after_days(2))
    mine, copy = economic_trades([director, fund])
    assert mine.counted
    assert [(item.reason, item.by) for item in copy.exclusions] == [("duplicate", fund.accession)]


def test_original_and_amendment_are_counted_once_and_row_by_row():
    original = form(1, sold(1500, 900), sold(2500, 650, price=59))
    mended = form(2, sold(2500, 650, price=49), kind="4/A", filed_on=after_days(8),
                  date_of_original_submission=original.filed_on)  # fmt: skip
    trades = economic_trades([mended, original])
    assert [(trade.shares, reasons(trade)) for trade in trades] == [(1500, []), (2500, ["superseded"]), (2500, [])]


def test_a_withdrawn_report_counts_in_no_version_and_keeps_the_words():
    original = form(1, bought(100, 900))
    words = "The original report was filed in error and is withdrawn."
    mended = form(2, bought(100, 900), kind="4/A", filed_on=after_days(8), remarks=words,
                  date_of_original_submission=original.filed_on)  # fmt: skip
    trades = economic_trades([original, mended])
    assert not any(trade.counted for trade in trades)
    assert all(any(item.words == words for item in trade.exclusions) for trade in trades)


def test_the_json_of_a_trade_gives_computed_figures_as_numbers():
    trade = only(form(1, sold(100, 900, price=10), sold(300, 600, price=12)))
    told = trade.as_json()
    assert (told["shares"], told["price"], told["value"], told["stake_change_pct"]) == (400, 11.5, 4600, -40)
    assert told["lines"] == [[trade.accession, "I", 1], [trade.accession, "I", 2]]
    assert (told["counted"], told["exclusions"], told["traded_on"]) == (True, [], "2024-03-04")
    json.dumps(told)


# --- stakes -----------------------------------------------------------------------------------------------------------

TRUST = {"ownership": "I", "nature_of_ownership": "By trust"}


def test_the_stake_counts_all_lines_of_the_owner_in_the_class():
    trade = economic_trades(
        [form(1, sold(100, 900), holding(1000, **TRUST), holding(70, title="Class B Common Stock"))]
    )[0]
    assert (trade.stake_before, trade.stake_after, trade.stake_change_pct) == (2000, 1900, Decimal("-5.0000"))


def test_lines_that_an_earlier_filing_showed_still_count():
    trades = economic_trades([form(1, holding(1000, **TRUST), kind="3"), form(2, sold(100, 0), filed_on=after_days(9))])
    assert trades[-1].stake_before == 1100


def test_a_gift_to_ones_own_trust_leaves_the_stake_as_it_was():
    out, back = economic_trades([form(1, row("G", "D", 100, 900), row("G", "A", 100, 100, **TRUST))])
    assert (out.stake_before, out.stake_after) == (1000, 900)
    assert (back.stake_before, back.stake_after) == (900, 1000)


def test_an_amendment_speaks_as_of_its_originals_day():
    original = form(1, sold(100, 900))
    later = form(2, sold(400, 500, on=after_days(3)), filed_on=after_days(4))
    mended = form(3, sold(100, 900, price=11), kind="4/A", filed_on=after_days(9),
                  date_of_original_submission=original.filed_on)  # fmt: skip
    trades = {trade.accession: trade for trade in economic_trades([original, later, mended])}
    assert trades[mended.accession].stake_before == 1000
    assert trades[later.accession].stake_before == 900


def test_an_amendment_counts_other_lines_as_they_were_on_its_originals_day():
    original = form(1, sold(100, 900), holding(1000, **TRUST))
    later = form(2, sold(400, 600, on=after_days(3), **TRUST), filed_on=after_days(4))
    mended = form(3, sold(100, 900, price=11), kind="4/A", filed_on=after_days(9),
                  date_of_original_submission=original.filed_on)  # fmt: skip
    trades = {trade.accession: trade for trade in economic_trades([original, later, mended])}
    assert trades[mended.accession].stake_before == 2000


def test_the_parts_of_one_days_report_know_the_lines_that_only_one_of_them_states():
    start = form(1, holding(500, **TRUST), kind="3", filed_on=after_days(-90))
    parts = form(2, sold(100, 900)), form(3, sold(100, 800), holding(5000, **TRUST))
    first, second = economic_trades([start, *parts])
    assert (first.stake_before, second.stake_before) == (6000, 5900)


def test_a_first_purchase_has_no_percentage():
    trade = only(form(1, bought(100, 100)))
    assert (trade.stake_before, trade.stake_after, trade.stake_change_pct) == (0, 100, None)


def test_where_no_number_of_shares_is_stated_the_stake_is_unknown():
    trade = only(form(1, sold(100, None, value_owned_following=Decimal(5000))))
    assert (trade.stake_before, trade.stake_after) == (None, None)


# --- the demo archive, story by story ---------------------------------------------------------------------------------

EXPECTED = {
    # story: (kinds of its trades, how many are counted, reasons other than "mechanics")
    "annual_equity_awards": ({"grant"}, 0, set()),
    "quarterly_vesting": ({"vest", "withholding"}, 0, set()),
    "performance_shares": ({"grant", "withholding"}, 0, set()),
    "award_forfeited": ({"issuer_disposition"}, 0, set()),
    "private_placement": ({"buy"}, 0, {"private"}),
    "dividend_reinvestment": ({"buy"}, 0, {"private"}),
    "retirement_account_purchase": ({"buy"}, 1, set()),
    "chief_executive_buys_a_million": ({"buy"}, 1, set()),
    "fund_builds_a_stake": ({"buy"}, 5, set()),
    "purchases_for_the_family": ({"buy"}, 3, set()),
    "seventy_rows_in_one_day": ({"sell"}, 3, set()),
    "fund_chain_reports_twice": ({"buy"}, 2, {"duplicate"}),
    "group_too_large_for_one_form": ({"buy"}, 2, {"duplicate"}),
    "person_and_trust_file_together": ({"sell"}, 4, set()),
    "price_corrected": ({"sell"}, 2, {"superseded"}),
    "missed_line_added": ({"sell"}, 1, {"superseded"}),
    "report_withdrawn": ({"buy"}, 0, {"superseded", "withdrawn"}),
    "duplicate_withdrawn": ({"sell"}, 1, {"superseded", "withdrawn", "duplicate"}),
    "exit_box_alone": ({"sell"}, 1, set()),
    "original_not_in_the_archive": ({"sell"}, 1, set()),
    "share_plan_purchases": ({"buy"}, 0, {"home_market", "private", "plan_allocation"}),
    "home_market_purchase": ({"buy"}, 0, {"home_market"}),
    "depositary_shares_sold": ({"conversion", "sell"}, 1, set()),
    "conversion_then_sale": ({"conversion", "sell"}, 2, set()),
    "convertible_notes": ({"conversion"}, 0, set()),
    "collar": ({"buy", "sell"}, 0, {"derivative"}),
    "equity_swaps": ({"swap"}, 0, set()),
    "written_calls_expire": ({"sell", "expiry"}, 0, {"derivative"}),
    "tender_offer": ({"tender"}, 0, set()),
    "year_mistyped": ({"buy"}, 0, {"bad_date"}),
    "price_is_a_total": ({"sell"}, 0, {"bad_price"}),
    "balance_is_impossible": ({"buy"}, 0, {"bad_value"}),
    "sale_without_a_price": ({"sell"}, 0, {"no_price", "private"}),
    "price_only_in_a_footnote": ({"sell"}, 1, set()),
    "underwritten_offering": ({"sell"}, 0, {"private"}),
    "monthly_sales_under_plans": ({"planned_sell"}, 30, set()),
    "purchases_under_a_plan": ({"planned_buy"}, 8, set()),
    "note_denies_a_plan": ({"sell"}, 1, set()),
    "year_end_clean_up": ({"small_acquisition", "sell"}, 1, set()),
}


@pytest.mark.parametrize("story", EXPECTED)
def test_the_demo_story_is_read_as_its_docstring_tells_it(story):
    kinds, counted, left_out = EXPECTED[story]
    reading, forms = demo_reading_of(story)
    trades = [trade for one in forms for trade in reading.of(one.accession)]
    assert {trade.kind for trade in trades} == kinds
    assert sum(trade.counted for trade in trades) == counted
    assert {reason for trade in trades for reason in reasons(trade)} - {"mechanics"} == left_out


# --- properties -------------------------------------------------------------------------------------------------------


def rows_told(reading) -> list:
    return sorted(ref for trade in reading.trades for ref in trade.refs())


def test_every_transaction_row_of_the_demo_is_in_exactly_one_trade():
    for reading in demo_readings().values():
        rows = sorted(one.ref(line) for one in reading.history for line in one.lines if line.kind == "transaction")
        assert rows_told(reading) == rows


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_order_of_arrival_gives_the_same_demo_readings(data):
    by_issuer = histories(told.form for told in demo_archive())
    cik = data.draw(st.sampled_from(sorted(by_issuer)))
    forms = data.draw(st.permutations(by_issuer[cik].forms))
    assert economic_trades(forms) == demo_readings()[cik].trades


SHARES = st.sampled_from([100, 200])
MOMENTS = st.integers(0, 6)
OWNERS = st.sampled_from([(PAT,), (SAM,), (FUND,), (PAT, FUND), (FUND, MANAGER)])


@st.composite
def small_forms(draw):
    forms = []
    for index in range(draw(st.integers(1, 7))):
        rows = draw(st.lists(st.tuples(st.sampled_from("PSMJG"), st.sampled_from("AD"), SHARES, SHARES), max_size=3))
        day = draw(MOMENTS)
        forms.append(
            form(
                index,
                *(row(code, letter, shares, after, price=10) for code, letter, shares, after in rows),
                owners=draw(OWNERS),
                filed_on=after_days(day),
                kind=draw(st.sampled_from(["4", "4", "4/A", "5"])),
                date_of_original_submission=draw(st.none() | MOMENTS.map(after_days)),
                remarks=draw(st.sampled_from([None, "The report was filed in error and is withdrawn."])),
            )
        )
    return forms


@settings(max_examples=150, deadline=None)
@given(small_forms(), st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_readings_and_each_row_is_told_once(forms, random):
    reading = issuer_reading(forms)
    shuffled = list(forms)
    random.shuffle(shuffled)
    again = issuer_reading(shuffled)
    assert again.trades == reading.trades
    assert again.amendments == reading.amendments
    assert again.decision_makers == reading.decision_makers
    assert rows_told(reading) == sorted(
        one.ref(line) for one in forms for line in one.lines if line.kind == "transaction"
    )
    for trade in reading.trades:
        assert set(reasons(trade)) <= set(REASONS)
        assert trade.kind in KINDS


@settings(max_examples=60, deadline=None)
@given(small_forms(), MOMENTS)
def test_what_was_known_on_a_day_does_not_depend_on_later_filings(forms, day):
    history = History(forms)
    moment = form(0, filed_on=after_days(day)).known_at
    known = [one for one in forms if one.known_at <= moment]
    assert economic_trades(history.as_of(moment)) == economic_trades(known)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(any_line(), max_size=5), st.sampled_from(["3", "4", "4/A", "5"]))
def test_nothing_that_the_reader_can_give_stops_a_reading(lines, kind):
    notes = {note: "Withdrawn." for line in lines for cited in line.footnotes.values() for note in cited}
    odd = replace(form(1, *lines, kind=kind), footnotes=notes)
    reading = issuer_reading([odd, form(2, sold(100, 900), filed_on=after_days(2))])
    assert len(rows_told(reading)) == 1 + sum(line.kind == "transaction" for line in lines)
