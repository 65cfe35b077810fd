"""The days on which EDGAR takes filings: the one definition of a business day for every deadline.

Promises: EDGAR is open Monday to Friday except on federal holidays (Regulation S-T Rule 12) and on the days it closed
for other reasons. It is open on Good Friday and closed on Columbus Day and Veterans Day, unlike the exchanges. Forms
3, 4 and 5 sent by 22:00 Eastern bear that day's date (Regulation S-T Rule 13(a)(4)). Every date that Python knows has
an answer.
Refuses: to foretell closures. A day that the President gives off is known only once it stands in the table below.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache

from filings.ownership.submission import EASTERN

LAST_HOUR = time(22, 0)

# Days on which EDGAR took no filings although no holiday rule says so, and who says that it was closed.
EXTRA_CLOSURES = {
    date(2018, 12, 5): "national day of mourning; the SEC's notice, in ICI memo 31512",
    date(2018, 12, 24): "given off by executive order; Morrison & Foerster client alert of 21 December 2018",
    date(2019, 12, 24): "given off by executive order; the SEC's notice, in Cooley PubCo, December 2020",
    date(2020, 12, 24): "given off by executive order; the SEC's notice, in Cooley PubCo, December 2020",
    date(2024, 12, 24): "given off by executive order of December 2024; no notice of the SEC was found",
    date(2025, 1, 9): "national day of mourning; the SEC's notice, in law-firm reports of January 2025",
    date(2025, 12, 24): "given off by executive order of December 2025; no notice of the SEC was found",
    date(2025, 12, 26): "given off by executive order of December 2025; no notice of the SEC was found",
}
_DAY = timedelta(days=1)


def edgar_open(day: date) -> bool:
    return day.weekday() < 5 and day not in closures(day.year)


@cache
def closures(year: int) -> frozenset[date]:
    """The weekdays of a year on which EDGAR is closed."""
    fixed = [date(year, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    if year >= 2021:  # Juneteenth became a holiday, and EDGAR closed for it, the day before its first 19 June
        fixed.append(date(year, 6, 19))
    if year < date.max.year and date(year + 1, 1, 1).weekday() == 5:  # kept on the Friday before, in the old year
        fixed.append(date(year + 1, 1, 1))
    mondays = [_nth_weekday(year, 2, 0, 3), _nth_weekday(year, 9, 0, 1), _nth_weekday(year, 10, 0, 2)]
    if year >= 1986:  # Martin Luther King Jr.
        mondays.append(_nth_weekday(year, 1, 0, 3))
    memorial_day = date(year, 5, 31) - _DAY * date(year, 5, 31).weekday()
    holidays = {*map(_observed, fixed), *mondays, memorial_day, _nth_weekday(year, 11, 3, 4)}
    extra = {day for day in EXTRA_CLOSURES if day.year == year}
    return frozenset(day for day in holidays | extra if day.year == year and day.weekday() < 5)


@lru_cache(maxsize=1 << 14)
def business_days_after(day: date, count: int) -> date:
    """The day on which EDGAR is open for the `count`th time after `day`; with 0, the first open day from `day` on.

    Raises OverflowError where the calendar ends before that day.
    """
    while count or not edgar_open(day):
        day += _DAY
        count -= count > 0 and edgar_open(day)
    return day


def last_business_day(day: date) -> date:
    """This day, or the last before it on which EDGAR was open."""
    while not edgar_open(day):
        day -= _DAY
    return day


@lru_cache(maxsize=1 << 14)
def business_days_between(start: date, end: date) -> int:
    """How many days EDGAR was open after `start`, up to and including `end`; 0 where `end` is not later."""
    if end <= start:
        return 0
    weeks, rest = divmod((end - start).days, 7)
    weekdays = weeks * 5 + sum((end - _DAY * back).weekday() < 5 for back in range(rest))
    closed = sum(start < day <= end for year in range(start.year, end.year + 1) for day in closures(year))
    return weekdays - closed


def filing_date(accepted_at: datetime) -> date:
    """The date that Regulation S-T gives a Form 3, 4 or 5 accepted at this instant.

    For filings whose header states no date; the SEC's own filing date wins where there is one, as staff may adjust it.
    """
    local = accepted_at.astimezone(EASTERN)
    on_time = edgar_open(local.date()) and local.time() <= LAST_HOUR
    return local.date() if on_time else business_days_after(local.date() + _DAY, 0)


def _observed(holiday: date) -> date:
    """Saturday's holiday is kept on Friday, Sunday's on Monday; 1 January 0001 has no Friday before it."""
    shift = {5: -1, 6: 1}.get(holiday.weekday(), 0)
    return holiday + _DAY * shift if holiday != date.min else holiday


def _nth_weekday(year: int, month: int, weekday: int, n: int) -> date:
    first = date(year, month, 1)
    return first + _DAY * ((weekday - first.weekday()) % 7 + 7 * (n - 1))
