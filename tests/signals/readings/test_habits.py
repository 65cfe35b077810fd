"""Habits: what is usual is told from the days before the latest, and a break is a silence, never a large number."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from signals.readings.habits import FEWEST, Deed, habits_of

START = date(2024, 1, 15)


def sold(*days: int, value: int | None = 1000) -> list[Deed]:
    return [Deed("1", "sold", START + timedelta(days=day), None if value is None else Decimal(value)) for day in days]


def test_a_monthly_seller_has_a_gap_of_a_month_and_is_not_broken_by_the_next():
    (habit,) = habits_of(sold(0, 30, 60, 90, 121))
    assert (habit.gap, habit.silence, habit.broken) == (30.0, 31, False)
    assert sum(habit.months) == 5
    assert (habit.usual, habit.times_usual) == (1000, 1)


def test_a_year_of_silence_breaks_the_habit_and_a_day_less_does_not():
    assert habits_of(sold(0, 30, 60, 60 + 365))[0].broken
    assert not habits_of(sold(0, 30, 60, 60 + 364))[0].broken


def test_a_yearly_seller_is_not_broken_by_a_year():
    assert not habits_of(sold(0, 365, 730, 1095))[0].broken
    assert habits_of(sold(0, 365, 730, 730 + 3 * 365))[0].broken


def test_trades_of_one_day_are_one_day_and_sides_and_issuers_stand_apart():
    assert habits_of([*sold(0, 0, 1, 2), Deed("1", "bought", START, None), Deed("2", "sold", START, None)]) == []
    (habit,) = habits_of(sold(0, 0, 1, 2, 3))
    assert habit.days[0] == (START, Decimal(2000))


def test_sizes_that_nobody_knows_are_not_zero():
    (habit,) = habits_of(sold(0, 30, 60, 90, value=None))
    assert (habit.usual, habit.last_value, habit.times_usual) == (None, None, None)


deeds = st.builds(
    Deed, st.sampled_from("12"), st.sampled_from(["bought", "sold"]), st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    st.none() | st.decimals(0, 10**9, places=2), st.booleans(),
)  # fmt: skip


@given(st.lists(deeds, max_size=40), st.randoms())
def test_the_order_of_arrival_changes_nothing_and_every_habit_has_its_days(given_deeds, dice):
    habits = habits_of(given_deeds)
    shuffled = list(given_deeds)
    dice.shuffle(shuffled)
    assert habits_of(shuffled) == habits
    for habit in habits:
        assert len(habit.days) >= FEWEST
        assert sum(habit.months) == len(habit.days)
        assert habit.first <= habit.last
        assert 0 <= habit.planned <= len(habit.days)
