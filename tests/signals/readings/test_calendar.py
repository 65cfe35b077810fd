"""Business days are EDGAR's days, counted the same way by everyone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.demo import calendar as demo_calendar
from filings.ownership.calendar import (
    EXTRA_CLOSURES,
    business_days_after,
    business_days_between,
    edgar_open,
    filing_date,
    last_business_day,
)

lifetimes = st.dates(date(1993, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    "closed",
    [
        date(2026, 11, 14),  # a Saturday
        date(2026, 11, 11),  # Veterans Day
        date(2026, 10, 12),  # Columbus Day
        date(2026, 2, 16),  # Washington's Birthday
        date(2026, 1, 19),  # Martin Luther King Jr.
        date(2026, 11, 26),  # Thanksgiving
        date(2026, 7, 3),  # Independence Day, kept on the Friday
        date(2027, 7, 5),  # and on the Monday
        date(2021, 12, 31),  # New Year's Day of 2022, kept in the old year
        date(2021, 6, 18),  # the first Juneteenth, kept on the Friday
        date(2018, 12, 5),  # a day of mourning
        *EXTRA_CLOSURES,
    ],
)
def test_edgar_is_closed_on_weekends_federal_holidays_and_proclaimed_days(closed):
    assert not edgar_open(closed)


@pytest.mark.parametrize(
    "open_day",
    [
        date(2026, 4, 3),  # Good Friday, when exchanges rest
        date(2020, 6, 19),  # before Juneteenth was a holiday
        date(2024, 12, 31),
        date(2026, 12, 24),  # no order has given it off
        date(1985, 1, 21),  # before Martin Luther King Jr. Day
    ],
)
def test_edgar_is_open_where_no_rule_closes_it(open_day):
    assert edgar_open(open_day)


def test_every_extra_closure_says_where_it_is_known_from():
    assert all(len(source) > 20 for source in EXTRA_CLOSURES.values())


def test_business_days_are_counted_over_weekends_and_holidays():
    friday_before_columbus_day = date(2026, 10, 9)
    assert business_days_after(friday_before_columbus_day, 2) == date(2026, 10, 14)
    assert business_days_between(friday_before_columbus_day, date(2026, 10, 14)) == 2
    assert business_days_after(date(2026, 10, 10), 0) == date(2026, 10, 13)


def test_no_days_lie_between_a_day_and_one_before_it():
    assert business_days_between(date(2026, 10, 14), date(2026, 10, 14)) == 0
    assert business_days_between(date(2026, 10, 14), date(2026, 10, 1)) == 0


@given(lifetimes, st.integers(0, 400))
def test_counting_by_arithmetic_is_counting_day_by_day(start, days):
    end = start + timedelta(days=days)
    assert business_days_between(start, end) == sum(edgar_open(start + timedelta(days=n)) for n in range(1, days + 1))


@given(lifetimes, st.integers(1, 60))
def test_the_day_after_so_many_business_days_is_so_many_business_days_away(start, count):
    end = business_days_after(start, count)
    assert edgar_open(end)
    assert business_days_between(start, end) == count


@given(lifetimes)
def test_the_last_business_day_is_open_and_not_later(day):
    last = last_business_day(day)
    assert edgar_open(last)
    assert last <= day
    assert business_days_between(last, day) == 0


@given(st.dates())
def test_every_date_has_an_answer(day):
    assert edgar_open(day) in (True, False)
    assert business_days_between(date.min, day) >= 0


@pytest.mark.parametrize(
    ("accepted", "dated"),
    [
        (datetime(2026, 3, 4, 2, 59, tzinfo=UTC), date(2026, 3, 3)),  # 21:59 in New York
        (datetime(2026, 3, 4, 3, 0, tzinfo=UTC), date(2026, 3, 3)),  # 22:00 sharp
        (datetime(2026, 3, 4, 3, 0, 1, tzinfo=UTC), date(2026, 3, 4)),  # a second later
        (datetime(2026, 3, 7, 15, 0, tzinfo=UTC), date(2026, 3, 9)),  # Saturday counts as Monday
        (datetime(2026, 7, 2, 1, 0, tzinfo=UTC), date(2026, 7, 1)),  # summer time
        (datetime(2026, 7, 3, 2, 30, tzinfo=UTC), date(2026, 7, 6)),  # half past ten before the holiday weekend
    ],
)
def test_ten_in_the_evening_in_new_york_closes_the_day(accepted, dated):
    assert filing_date(accepted) == dated


def test_the_demo_keeps_the_same_days():
    assert demo_calendar.edgar_open is edgar_open
    assert demo_calendar.business_days_after is business_days_after
