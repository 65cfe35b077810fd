"""Days of the demo: when EDGAR takes filings and when shares trade.

Promises: EDGAR is open Monday to Friday except on federal holidays (domain rule: Regulation S-T). Trades are put only
on days when both EDGAR and the exchanges are open, and never in the week of Christmas, when EDGAR has closed at short
notice, so that nobody's calendar can make a punctual demo filing late.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

# Proclaimed closings of federal offices that no rule foretells.
EXTRA_CLOSINGS = frozenset({date(2024, 12, 24), date(2025, 1, 9), date(2025, 12, 24), date(2025, 12, 26)})
_DAY = timedelta(days=1)


def edgar_open(day: date) -> bool:
    return day.weekday() < 5 and day not in _federal_holidays(day.year) and day not in EXTRA_CLOSINGS


def trading_day(day: date) -> date:
    """This day, or the last before it on which a demo trade may stand."""
    while not _trades(day):
        day -= _DAY
    return day


def next_trading_day(day: date) -> date:
    """The first trading day after this day."""
    day += _DAY
    while not _trades(day):
        day += _DAY
    return day


def business_days_after(day: date, count: int) -> date:
    """The day on which EDGAR is open for the `count`th time after `day`; with 0, the first open day from `day` on."""
    while count or not edgar_open(day):
        day += _DAY
        count -= count > 0 and edgar_open(day)
    return day


def last_business_day(day: date) -> date:
    """This day, or the last before it on which EDGAR was open."""
    while not edgar_open(day):
        day -= _DAY
    return day


def _trades(day: date) -> bool:
    christmas_week = day.month == 12 and 22 <= day.day <= 29
    return edgar_open(day) and day != _good_friday(day.year) and not christmas_week


@cache
def _federal_holidays(year: int) -> frozenset[date]:
    fixed = [date(year, 1, 1), date(year, 6, 19), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    if date(year + 1, 1, 1).weekday() == 5:  # a New Year's Day on a Saturday is kept on the Friday before
        fixed.append(date(year + 1, 1, 1))
    mondays = [_nth_weekday(year, 1, 0, 3), _nth_weekday(year, 2, 0, 3), _nth_weekday(year, 9, 0, 1)]
    columbus, thanksgiving = _nth_weekday(year, 10, 0, 2), _nth_weekday(year, 11, 3, 4)
    return frozenset([*map(_observed, fixed), *mondays, _memorial_day(year), columbus, thanksgiving])


def _observed(holiday: date) -> date:
    return holiday + _DAY * {5: -1, 6: 1}.get(holiday.weekday(), 0)


def _nth_weekday(year: int, month: int, weekday: int, n: int) -> date:
    first = date(year, month, 1)
    return first + _DAY * ((weekday - first.weekday()) % 7 + 7 * (n - 1))


def _memorial_day(year: int) -> date:
    end = date(year, 5, 31)
    return end - _DAY * end.weekday()


@cache
def _good_friday(year: int) -> date:
    """Two days before Easter Sunday, by the anonymous Gregorian computus."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1) - 2 * _DAY


def month_days(until: date, months: int, day: int) -> Iterator[date]:
    """Trading days at or before the `day`th of the last `months` months in which it has come, oldest first."""
    year, month = until.year, until.month
    if until.day < day:
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    first = year * 12 + month - 1 - (months - 1)
    for index in range(first, first + months):
        yield trading_day(date(index // 12, index % 12 + 1, day))
