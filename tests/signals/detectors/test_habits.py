"""Breaks of patterns, ended sequences, isolated trades, routine and opportunistic traders."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.detectors.classes import OPPORTUNISTIC, ROUTINE, UNCLASSIFIED, classes_of
from signals.detectors.docket import Docket, midnight_after
from signals.detectors.thresholds import DEFAULTS
from signals.readings.history import EASTERN
from signals.readings.prices import Prices
from signals.readings.trades import issuer_reading
from tests.signals.detectors.cases import LATER, PAT, SAM, Filings, find, keys

START = date(2024, 3, 4)


def day(number: int) -> date:
    return START + timedelta(days=number)


# --- pattern break ----------------------------------------------------------------------------------------------------


def seller(*days: int, shares: int = 1_000) -> Filings:
    filings = Filings()
    for number in days:
        filings.sells(PAT, day(number), shares, after=80_000)
    return filings


@pytest.mark.parametrize(
    ("gap", "last", "fires"),
    [
        (365, 1_000, True),
        (364, 1_000, False),
        (365, 999, False),  # below the own median
    ],
)
def test_silence_of_a_year_broken_by_a_usual_sale(gap, last, fires):
    filings = seller(0, 30, 60, 90, shares=1_000)
    filings.sells(PAT, day(90 + gap), last, after=50_000)
    found = [signal for signal in find(filings, "pattern_break") if signal.evidence["how"] == "silence_broken"]
    assert bool(found) is fires


def test_three_times_the_usual_gap_where_that_is_more_than_a_year():
    rare = seller(0, 200, 400, 600)
    rare.sells(PAT, day(600 + 599), 1_000, after=50_000)
    assert find(rare, "pattern_break") == []
    rarer = seller(0, 200, 400, 600)
    rarer.sells(PAT, day(600 + 600), 1_000, after=50_000)
    [signal] = find(rarer, "pattern_break")
    assert signal.evidence["habit"]["usual_gap_days"] == 200


def test_three_days_are_no_habit():
    filings = seller(0, 30, 60)
    filings.sells(PAT, day(500), 1_000, after=50_000)
    assert find(filings, "pattern_break") == []


def test_the_first_sale_in_two_years_on_file():
    filings = Filings()
    filings.joins(PAT, date(2022, 3, 4), 80_000)
    filings.sells(PAT, day(0), 1_000, after=79_000)
    [signal] = find(filings, "pattern_break")
    assert signal.evidence["how"] == "never_before"
    shorter = Filings()
    shorter.joins(PAT, date(2022, 3, 6), 80_000)
    shorter.sells(PAT, day(0), 1_000, after=79_000)
    assert find(shorter, "pattern_break") == []


def test_four_days_of_sales_and_then_a_purchase():
    filings = seller(0, 30, 60, 90)
    filings.buys(PAT, day(100), 1_000)
    [signal] = find(filings, "pattern_break")
    assert signal.evidence["how"] == "direction_switch"
    again = seller(0, 30, 60, 90)
    again.buys(PAT, day(100), 1_000)
    again.buys(PAT, day(110), 1_000)
    assert [one.window[0] for one in find(again, "pattern_break")] == [day(100)]
    three = seller(0, 30, 60)
    three.buys(PAT, day(100), 1_000)
    assert find(three, "pattern_break") == []


def test_exercise_and_sell_days_are_no_habit_of_selling():
    filings = Filings()
    filings.joins(PAT, date(2020, 3, 4), 50_000)
    for number in (0, 30, 60, 90):
        filings.exercises(PAT, day(number), 5_000, sells=5_000)
    filings.sells(PAT, day(100), 2_000, after=48_000)
    [signal] = find(filings, "pattern_break")
    assert signal.evidence["how"] == "never_before"
    assert {one.reason for one in signal.excluded} == {"an exercise-and-sell day, no habit of selling"}


def test_a_late_report_from_within_the_silence_undoes_the_break():
    filings = seller(0, 30, 60, 90)
    filings.sells(PAT, day(500), 1_000, after=50_000)
    assert find(filings, "pattern_break")
    filings.sells(PAT, day(300), 1_000, after=51_000, filed_on=day(600))
    assert day(500) not in [signal.window[0] for signal in find(filings, "pattern_break")]


# --- sequence ended ---------------------------------------------------------------------------------------------------


def test_two_months_in_a_row_and_a_blank_month_by_the_clock():
    filings = Filings()
    filings.buys(PAT, date(2024, 1, 10), 1_000)
    filings.buys(PAT, date(2024, 2, 10), 1_000)
    ends = datetime(2024, 4, 1, tzinfo=EASTERN).astimezone(UTC)
    assert find(filings, "sequence_ended", now=ends - timedelta(seconds=1)) == []
    [signal] = find(filings, "sequence_ended", now=ends)
    assert signal.known_at == ends
    assert signal.evidence["blank_month"] == "2024-03"
    assert len(signal.trades) == 2


def test_one_month_is_no_sequence_and_a_trade_late_in_the_month_undoes_it():
    filings = Filings()
    filings.buys(PAT, date(2024, 1, 10), 1_000)
    assert find(filings, "sequence_ended") == []
    filings.buys(PAT, date(2024, 2, 10), 1_000)
    april = datetime(2024, 4, 1, 12, tzinfo=UTC)
    assert find(filings, "sequence_ended", now=april)
    filings.buys(PAT, date(2024, 3, 29), 1_000, filed_on=date(2024, 4, 2))
    assert find(filings, "sequence_ended", now=april) == []


def test_a_routine_seller_who_skips_the_month():
    filings = Filings()
    for year in (2021, 2022, 2023):
        filings.sells(PAT, date(year, 5, 10), 1_000, after=80_000)
    [signal] = find(filings, "sequence_ended", now=datetime(2024, 6, 2, tzinfo=UTC))
    assert signal.evidence["how"] == "missing_routine_trade"
    assert signal.known_at == midnight_after(date(2024, 5, 31))
    filings.sells(PAT, date(2024, 5, 20), 1_000, after=70_000)
    assert find(filings, "sequence_ended", now=datetime(2024, 6, 2, tzinfo=UTC)) == []


# --- isolated ---------------------------------------------------------------------------------------------------------


def test_isolated_is_provisional_until_the_next_month_is_over():
    filings = Filings()
    made = filings.buys(PAT, date(2024, 3, 4), 1_000)
    [early] = find(filings, "isolated_trade", now=datetime(2024, 3, 20, tzinfo=UTC))
    assert (early.provisional, early.settles_on, early.known_at) == (True, date(2024, 4, 30), made.known_at)
    [final] = find(filings, "isolated_trade", now=midnight_after(date(2024, 4, 30)))
    assert (final.provisional, final.known_at) == (False, midnight_after(date(2024, 4, 30)))
    assert final.key == early.key


@pytest.mark.parametrize(("month", "isolated"), [(2, False), (4, False), (1, True), (5, True)])
def test_a_trade_in_a_month_beside_it_lapses_it(month, isolated):
    filings = Filings()
    filings.buys(PAT, date(2024, 3, 4), 1_000)
    filings.sells(PAT, date(2024, month, 15), 100, after=900)
    windows = [signal.window[0] for signal in find(filings, "isolated_trade")]
    assert (date(2024, 3, 4) in windows) is isolated


def test_somebody_elses_trade_does_not_matter_and_the_hour_of_filing_is_told():
    filings = Filings()
    filings.buys(PAT, date(2024, 3, 4), 1_000, known_at=datetime(2024, 3, 5, 16, 30, tzinfo=EASTERN))
    filings.buys(SAM, date(2024, 4, 4), 1_000, known_at=datetime(2024, 4, 5, 15, 59, tzinfo=EASTERN))
    assert [signal.evidence["after_hours"] for signal in find(filings, "isolated_trade")] == [True, False]
    filings.buys(SAM, date(2024, 8, 5), 1_000, acceptance_known=False)
    assert find(filings, "isolated_trade")[-1].evidence["after_hours"] is None


# --- routine and opportunistic ----------------------------------------------------------------------------------------


def yearly(*days: date) -> Filings:
    filings = Filings()
    for on in days:
        filings.sells(PAT, on, 1_000, after=80_000)
    return filings


ROUTINELY = (date(2021, 5, 10), date(2022, 5, 20), date(2023, 5, 1))


def test_routine_is_known_on_the_first_of_january():
    filings = yearly(*ROUTINELY)
    new_year = datetime(2024, 1, 1, tzinfo=EASTERN).astimezone(UTC)
    assert find(filings, "routine_trader", now=new_year - timedelta(seconds=1)) == []
    [signal] = find(filings, "routine_trader", now=new_year)
    assert signal.known_at == new_year
    assert signal.evidence["months"] == [5]


def test_two_of_three_years_or_a_year_between_is_unclassified_and_never_a_signal():
    for days in (ROUTINELY[:2], (date(2020, 5, 1), *ROUTINELY[1:])):
        filings = yearly(*days, date(2024, 6, 3))
        assert find(filings, "routine_trader") == []
        assert [one for one in find(filings, "opportunistic_trade") if one.window[0].year == 2024] == []
        docket = Docket(
            reading := issuer_reading(filings.forms), now=LATER, thresholds=DEFAULTS, prices=Prices.of(reading)
        )
        assert classes_of(docket, PAT.cik)[2024].status == UNCLASSIFIED


def test_three_years_without_a_common_month_are_opportunistic_for_every_trade_of_the_year():
    days = (date(2021, 5, 10), date(2022, 6, 20), date(2023, 7, 3))
    filings = yearly(*days, date(2024, 5, 6), date(2024, 9, 9))
    signals = find(filings, "opportunistic_trade")
    assert [signal.window[0] for signal in signals] == [date(2024, 5, 6), date(2024, 9, 9)]
    assert [signal.evidence["month_traded_before"] for signal in signals] == [True, False]
    assert find(filings, "routine_trader") == []


def test_a_december_trade_filed_in_january_makes_the_class_known_then():
    filings = yearly(*ROUTINELY[:2])
    late = filings.sells(PAT, date(2023, 5, 9), 1_000, after=70_000, filed_on=date(2024, 2, 1))
    [signal] = find(filings, "routine_trader")
    assert signal.known_at == late.known_at


@given(st.lists(st.dates(date(2018, 1, 1), date(2023, 12, 31)), min_size=1, max_size=12, unique=True))
@settings(max_examples=60, deadline=None)
def test_classes_are_cohen_malloy_and_pomorskis_by_a_second_way_of_counting(days):
    filings = yearly(*sorted(days))
    docket = Docket(reading := issuer_reading(filings.forms), now=LATER, thresholds=DEFAULTS, prices=Prices.of(reading))
    found = classes_of(docket, PAT.cik)
    for year in range(2019, 2026):
        months = [{on.month for on in days if on.year == year - back} for back in (1, 2, 3)]
        if not all(months):
            expected = UNCLASSIFIED
        else:
            expected = ROUTINE if months[0] & months[1] & months[2] else OPPORTUNISTIC
        assert (found[year].status if year in found else UNCLASSIFIED) == expected
    assert len(set(keys(find(filings, "routine_trader")))) == sum(1 for one in found.values() if one.status == ROUTINE)
