"""The demo keeps EDGAR's days."""

from __future__ import annotations

from datetime import date

import pytest

from filings.demo import calendar


@pytest.mark.parametrize(
    "closed",
    [
        date(2026, 11, 14),  # a Saturday
        date(2026, 11, 11),  # Veterans Day
        date(2026, 10, 12),  # Columbus Day
        date(2026, 11, 26),  # Thanksgiving
        date(2026, 7, 3),  # Independence Day, kept on the Friday
        date(2027, 7, 5),  # and on the Monday
        date(2021, 12, 31),  # New Year's Day of 2022, kept in the old year
        date(2026, 5, 25),  # Memorial Day
        date(2025, 1, 9),  # a day of mourning
    ],
)
def test_edgar_is_closed_on_weekends_and_federal_holidays(closed: date) -> None:
    assert not calendar.edgar_open(closed)


@pytest.mark.parametrize("good_friday", [date(2024, 3, 29), date(2025, 4, 18), date(2026, 4, 3), date(2027, 3, 26)])
def test_on_good_friday_edgar_is_open_and_nothing_trades(good_friday: date) -> None:
    assert calendar.edgar_open(good_friday)
    assert calendar.trading_day(good_friday) < good_friday


def test_no_trade_stands_in_the_week_of_christmas() -> None:
    assert calendar.trading_day(date(2026, 12, 28)) == date(2026, 12, 21)


def test_business_days_are_counted_over_weekends_and_holidays() -> None:
    friday_before_columbus_day = date(2026, 10, 9)
    assert calendar.business_days_after(friday_before_columbus_day, 2) == date(2026, 10, 14)
    assert calendar.business_days_after(date(2026, 10, 10), 0) == date(2026, 10, 13)


def test_months_that_are_not_over_by_the_day_are_left_out() -> None:
    days = list(calendar.month_days(date(2026, 11, 20), 3, 25))
    assert days == [date(2026, 8, 25), date(2026, 9, 25), date(2026, 10, 23)]
