"""Readings of the real filings beside the checkout, by figures worked out by hand from the forms. No text of theirs."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from signals.readings.exercise import SOLD_TO_COVER, stories
from signals.readings.history import FiledForm
from signals.readings.position import FOLLOWS, GAP
from signals.readings.trades import IssuerReading, economic_trades
from tests.signals.readings.archives import real_archive, real_readings

TESLA, NVIDIA, APPLE = "0001318605", "0001045810", "0000320193"


@pytest.fixture(scope="module")
def archive(request) -> tuple[FiledForm, ...]:
    return real_archive(request.getfixturevalue("real_filings"))


@pytest.fixture(scope="module")
def readings(request) -> dict[str, IssuerReading]:
    return real_readings(request.getfixturevalue("real_filings"))


def of(readings: dict[str, IssuerReading], accession: str) -> tuple:
    return next(trades for reading in readings.values() if (trades := reading.of(accession)))


def reasons(trade) -> list[str]:
    return [item.reason for item in trade.exclusions]


def test_every_transaction_row_of_every_filing_is_in_exactly_one_trade(archive, readings):
    rows = sorted(one.ref(line) for one in archive for line in one.lines if line.kind == "transaction")
    told = sorted(ref for reading in readings.values() for trade in reading.trades for ref in trade.refs())
    assert told == rows
    assert len(rows) > 2_500


def test_any_order_of_arrival_gives_the_same_readings(readings):
    for reading in readings.values():
        forms = list(reading.history)
        random.Random(7).shuffle(forms)
        assert economic_trades(forms) == reading.trades


def test_as_of_each_filing_a_reading_uses_nothing_later(readings):
    for cik in (NVIDIA, APPLE):
        history = readings[cik].history
        for one in history:
            known = [other for other in history if other.known_at <= one.known_at]
            assert economic_trades(history.as_of(one.known_at)) == economic_trades(known)


def test_teslas_first_day_of_november_2021_is_one_exercise_and_sales_in_two_accessions(readings):
    day = [trade for trade in readings[TESLA].trades if trade.traded_on == date(2021, 11, 8)]
    assert {trade.accession for trade in day} == {"0000899243-21-044060", "0000899243-21-044077"}
    [exercised] = [trade for trade in day if trade.kind == "exercise"]
    assert (exercised.shares, exercised.strike, exercised.counted) == (2_154_572, Decimal("6.24"), False)
    sales = [trade for trade in day if trade.kind == "planned_sell"]
    assert sum(trade.shares for trade in sales) == 934_091
    assert sum(len(trade.lines) for trade in sales) == 49
    assert all(trade.counted and trade.sold_to_cover for trade in sales)


def test_teslas_second_day_of_november_2021_is_one_decision_over_five_accessions_and_137_rows(readings):
    day = [trade for trade in readings[TESLA].trades if trade.traded_on == date(2021, 11, 9)]
    assert [len(trade.lines) for trade in day] == [30, 30, 30, 30, 17]
    assert len({trade.accession for trade in day}) == 5
    assert sum(trade.shares for trade in day) == 3_088_047
    assert all(trade.counted for trade in day)
    assert {trade.ownership for trade in day} == {"I"}


def test_the_stake_of_the_day_counts_the_trust_that_only_the_second_part_names(readings):
    [first, *_] = of(readings, "0000899243-21-044060")
    assert (first.stake_before, first.stake_after) == (170_492_985, 172_647_557)


def test_teslas_exercise_of_that_day_was_sold_to_cover(readings):
    [story] = [
        story
        for story in stories(readings[TESLA], as_of=date(2026, 1, 1))
        if story.on == date(2021, 11, 8)
    ]  # fmt: skip
    assert (story.came, story.sold, story.kept, story.outcome) == (2_154_572, 934_091, 1_220_481, SOLD_TO_COVER)
    assert len(story.accessions) == 2


def test_a_filing_that_the_archive_holds_under_two_numbers_is_told_once(readings):
    assert all(trade.counted or reasons(trade) == ["mechanics"] for trade in of(readings, "0000899243-23-008179"))
    assert all("duplicate" in reasons(trade) for trade in of(readings, "9999999997-23-000076"))


def test_nvidias_sale_and_its_amendment_are_one_sale(readings):
    original, mended = "0001045810-23-000006", "0001045810-23-000050"
    [first], [second] = of(readings, original), of(readings, mended)
    assert [(item.reason, item.by) for item in first.exclusions] == [("superseded", mended)]
    assert (second.shares, second.value, second.counted) == (10_741, 2_148_200, True)
    amendment = readings[NVIDIA].amendments.by_accession[mended]
    assert amendment.original == original
    assert [(row.kind, row.row) for row in amendment.not_restated] == [("holding", 1)]


@pytest.mark.parametrize("accession", ["0000899243-19-015532", "0001127602-19-021019"])
def test_a_withdrawal_whose_original_is_not_here_is_said_to_be_that(readings, accession):
    [amendment] = [
        reading.amendments.by_accession[accession]
        for reading in readings.values()
        if accession in reading.amendments.by_accession
    ]
    assert (amendment.original, amendment.withdrawal.scope) == (None, "whole")


def test_an_amendment_that_corrects_the_class_of_both_its_rows_supersedes_both(readings):
    for trade in of(readings, "9999999997-25-000098"):
        assert (trade.security_class, reasons(trade)) == ("Variable Rate Demand Preferred Shares", ["superseded"])
    assert [(trade.security_class, trade.counted) for trade in of(readings, "9999999997-25-000078")] == [
        ("Common Stock", True),
        ("Common Stock", True),
    ]


def test_softbanks_eight_owners_made_one_conversion(readings):
    [trade] = of(readings, "0001493152-25-009612")
    assert (trade.kind, trade.shares, trade.security_class) == ("conversion", 628_553, "Class A Common Stock")
    assert trade.lines == (("I", 1), ("II", 1))
    assert len(trade.owners) == 8
    reading = next(reading for reading in readings.values() if reading.of(trade.accession))
    assert len({reading.decision_makers[cik] for cik in trade.owners}) == 1


def test_preferred_stock_converted_at_an_offering_goes_with_the_common_stock_it_became(readings):
    direct, fund, bought = of(readings, "0000950170-24-012830")
    assert (direct.lines, direct.shares) == ((("I", 1), ("II", 1), ("II", 2), ("II", 3)), 5_160_301)
    assert (fund.lines, fund.shares) == ((("I", 2), ("II", 4), ("II", 5)), 918_567)
    assert (bought.kind, bought.shares, bought.value) == ("buy", 333_333, Decimal("4999995.00"))


def test_home_market_shares_and_depositary_shares_are_two_classes(readings):
    [home] = of(readings, "0001046179-26-000285")
    assert (home.security_class, home.shares, home.counted) == ("Common Stock", 2_000, True)
    assert {trade.security_class for trade in of(readings, "0001046179-26-000288")} == {"American Depositary Shares"}


def test_purchases_in_offerings_are_private_and_contradictions_are_flagged(readings):
    assert reasons(of(readings, "0001494730-13-000004")[0]) == ["private"]
    assert reasons(of(readings, "9999999997-24-000036")[0]) == ["bad_value"]
    odd = [trade for trade in of(readings, "0001209191-13-014365") if trade.lines == (("I", 4),)]
    assert [reasons(trade) for trade in odd] == [["bad_value"]]


def test_counted_shares_never_exceed_the_rows_of_p_and_s(archive, readings):
    rows = sum(
        line.shares or 0
        for one in archive
        for line in one.lines
        if line.kind == "transaction" and line.table == "I" and line.code in ("P", "S")
    )
    counted = sum(trade.shares or 0 for reading in readings.values() for trade in reading.trades if trade.counted)
    assert 0 < counted < rows


def test_most_balances_follow_and_every_gap_has_a_cause_in_words(readings):
    entries = [entry for reading in readings.values() for entry in reading.ledger.entries.values()]
    found = Counter(entry.status for entry in entries)
    assert found[FOLLOWS] > 15 * found[GAP]
    assert all(entry.gap.cause and entry.gap.text for entry in entries if entry.status == GAP)
