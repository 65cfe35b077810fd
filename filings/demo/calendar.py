"""Days of the demo: when its people trade and file.

Promises: trades are put only on days when both EDGAR and the exchanges are open, and never in the week of Christmas,
when EDGAR has closed at short notice, so that nobody's calendar can make a punctual demo filing late. When EDGAR is
open is for `filings.ownership.calendar` to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from filings.ownership.calendar import business_days_after, edgar_open, last_business_day

__all__ = ["business_days_after", "edgar_open", "last_business_day", "month_days", "next_trading_day", "trading_day"]

_DAY = timedelta(days=1)


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


def _trades(day: date) -> bool:
    christmas_week = day.month == 12 and 22 <= day.day <= 29
    return edgar_open(day) and day != _good_friday(day.year) and not christmas_week


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
