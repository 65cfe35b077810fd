"""Exercises held, partly sold and sold; exercises near expiry."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from signals.detectors.docket import midnight_after
from tests.signals.detectors.cases import DAY, PAT, Filings, all_found, find, holding, row, sold

KINDS = ("exercise_and_hold", "exercise_partial_sale", "exercise_same_day_sale")


def kinds(filings: Filings, **more) -> list[str]:
    return [signal.kind for signal in all_found(filings, **more) if signal.kind in KINDS]


@pytest.mark.parametrize(
    ("options", "withheld", "sells", "kind"),
    [
        (1_000, 0, 900, "exercise_same_day_sale"),
        (1_000, 0, 899, "exercise_partial_sale"),
        (1_000, 0, 100, "exercise_partial_sale"),
        (1_000, 0, 99, "exercise_and_hold"),
        (1_000, 500, 450, "exercise_same_day_sale"),  # nine tenths of what was left
        (1_000, 400, 0, "exercise_and_hold"),
    ],
)
def test_the_part_sold_of_what_is_left_after_withholding(options, withheld, sells, kind):
    filings = Filings()
    filings.exercises(PAT, DAY, options, withheld=withheld, sells=sells)
    assert kinds(filings) == [kind]


def test_all_withheld_leaves_nothing_to_class():
    filings = Filings()
    filings.exercises(PAT, DAY, 1_000, withheld=1_000)
    assert kinds(filings) == []


def test_a_vesting_is_no_choice():
    filings = Filings()
    filings.add(
        row("M", "A", 100, 900, price=0), row("M", "D", 100, 0, price=0, table="II", title="Restricted Stock Units")
    )
    assert kinds(filings) == []


def test_a_hold_is_provisional_for_thirty_days_and_then_known_by_the_clock():
    filings = Filings()
    made = filings.exercises(PAT, DAY, 1_000)
    settles = DAY + timedelta(days=30)
    [before] = find(filings, "exercise_and_hold", now=midnight_after(settles) - timedelta(seconds=1))
    assert (before.provisional, before.settles_on, before.known_at) == (True, settles, made.known_at)
    [after] = find(filings, "exercise_and_hold", now=midnight_after(settles))
    assert (after.provisional, after.known_at, after.key) == (False, midnight_after(settles), before.key)


@pytest.mark.parametrize(("days", "lapses"), [(10, True), (30, True), (31, False)])
def test_a_sale_within_thirty_days_ends_the_hold(days, lapses):
    filings = Filings()
    filings.exercises(PAT, DAY, 1_000)
    filings.sells(PAT, DAY + timedelta(days=days), 200, after=900)
    assert (kinds(filings) == []) is lapses


def test_a_sale_reported_in_another_filing_on_the_next_trading_day_counts():
    filings = Filings()
    filings.exercises(PAT, date(2024, 3, 8), 1_000)  # a Friday
    [held] = find(filings, "exercise_and_hold", now=datetime(2024, 3, 10, tzinfo=UTC))
    late = filings.add(sold(1_000, 50_000, price=20, on=date(2024, 3, 11)))
    [signal] = [one for one in all_found(filings) if one.kind in KINDS]
    assert (signal.kind, signal.known_at) == ("exercise_same_day_sale", late.known_at)
    assert held.provisional
    assert {cited.accession for cited in signal.trades} == {one.accession for one in filings.forms}


def test_shares_sold_from_a_trust_are_not_those_that_came():
    filings = Filings()
    filings.exercises(PAT, DAY, 1_000)
    filings.add(sold(1_000, 50_000, price=20, ownership="I", nature_of_ownership="By trust"))
    assert kinds(filings) == ["exercise_and_hold"]


@pytest.mark.parametrize(
    ("days", "near", "late"), [(90, True, False), (91, False, True), (365, False, True), (366, False, False)]
)
def test_near_expiry_and_late_in_life(days, near, late):
    filings = Filings()
    filings.exercises(PAT, DAY, 1_000, sells=1_000, expires_on=DAY + timedelta(days=days))
    assert bool(find(filings, "near_expiry_exercise")) is near
    [signal] = find(filings, "exercise_same_day_sale")
    assert signal.tags == (("late_life",) if late else ())


def test_an_option_that_had_ended_before_is_a_typing_error():
    filings = Filings()
    filings.exercises(PAT, DAY, 1_000, expires_on=DAY - timedelta(days=1))
    assert find(filings, "near_expiry_exercise") == []


def test_an_expiry_that_only_a_note_gives_is_none():
    filings = Filings()
    filings.add(
        row("M", "A", 1_000, 1_000, price=4),
        row(
            "M",
            "D",
            1_000,
            0,
            price=0,
            table="II",
            title="Stock Option (Right to Buy)",
            conversion_or_exercise_price=None,
        ),
        holding(5, title="Class B Common Stock"),
    )
    assert find(filings, "near_expiry_exercise") == []
