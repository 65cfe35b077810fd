"""Months as numbers, for sequences and habits."""

from __future__ import annotations

from datetime import date, timedelta


def month_of(day: date) -> int:
    """Months since year 0; the next month is one more."""
    return day.year * 12 + day.month - 1


def first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def last_of(month: int) -> date:
    return first_of(month + 1) - timedelta(days=1)


def name_of(month: int) -> str:
    """ "2026-04"."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def in_words(month: int) -> str:
    """ "Apr 2026"."""
    return f"{first_of(month):%b %Y}"


def months_between(start: date, end: date) -> int:
    """Whole months from one day to another; negative if the second is earlier by more than a month."""
    return month_of(end) - month_of(start) - (end.day < start.day)


def years_back(day: date, years: int) -> date:
    """The same day so many years earlier; 28 February for a 29th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
