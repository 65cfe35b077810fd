"""The ledger against the SEC's indexes: what is missing is fetched, what vanished is withdrawn, and each is explained.

Promises: an index and the ledger differ only by what stands in `Difference`, with its reason. Nothing here is only a
message: which indexes are due follows from the calendar and from the rows that say when each was read, so a clock that
was stopped for days makes good what it missed. A day's index is read when it is whole, and again each night while it is
one of the last `NIGHTS`; both last quarterly indexes are read every week after the SEC has rebuilt them, and compared
for the days that the archive covers.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from filings.edgar.budget import Lane
from filings.errors import BadDocument, EdgarError, EdgarOff, EdgarRefused, NotThere
from filings.models import IndexDay, IndexQuarter
from filings.ownership.calendar import edgar_open
from filings.services import indexes
from filings.services.alone import alone
from filings.services.backfill import IndexReport, Step, parts, read_days
from filings.services.indexes import ALL_FORMS
from filings.services.looks import (
    built_at,
    days_between,
    found_unlisted,
    last_built,
    last_rebuilt,
    looked_in_vain,
)

NIGHTS = 7
NEWS_DAYS = 3  # what is missing of these days is fetched as news
SLOT_PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Due:
    """An index to be looked at: of a day, or (`quarterly`) of the quarter that begins on it."""

    day: date
    quarterly: bool


# --- by hand ------------------------------------------------------------------------------------------------------


def first_of(days: int, last: date) -> date:
    """The first of this many days that end with `last`."""
    return last - timedelta(days=days - 1)


def reconcile(*, days: int, step: Step = lambda days: None) -> IndexReport:
    """Compares each of the last `days` days whose index can be whole, the newest first.

    Raises `EdgarOff`. What is missing is in the ledger afterwards, for whoever calls this to fetch.
    """
    if not settings.EDGAR_USER_AGENT.strip():
        raise EdgarOff("EDGAR_USER_AGENT is not set, so nothing is asked of the SEC")
    report = IndexReport()
    last = last_built(timezone.now())
    for part in parts(first_of(days, last), last, last):
        news_after = last - timedelta(days=NEWS_DAYS)
        for _ in read_days(part, ALL_FORMS, Lane.HISTORIC, report, again=True, explain_new=True, news_after=news_after):
            step(1)
    return report


# --- by the clock -------------------------------------------------------------------------------------------------


def reconcile_owed(*, now: datetime | None = None, seconds: float = 30.0) -> IndexReport:
    """Looks at every index that is due; begins none after `seconds`. One at a time over all processes.

    A look that brings nothing is remembered with the time of the next.
    """
    report = IndexReport()
    if not settings.EDGAR_USER_AGENT.strip():
        return report
    now = now or timezone.now()
    ends_at = time.monotonic() + seconds
    with alone("reconcile") as mine:
        if mine:
            try:
                _look_at(due(now), now, ends_at, report)
            except (EdgarRefused, EdgarOff) as stopped:
                report.unread["all"] = str(stopped)
    return report


def due(now: datetime) -> list[Due]:
    """The indexes that are due at this moment: days first, the newest first."""
    return [*(Due(day, False) for day in _days_due(now)), *(Due(day, True) for day in _quarters_due(now))]


def _days_due(now: datetime) -> Iterator[date]:
    last = last_built(now)
    nights = days_between(last - timedelta(days=NIGHTS - 1), last)
    open_looks = IndexDay.objects.filter(due_at__isnull=False).values_list("day", flat=True)
    looks = IndexDay.objects.in_bulk([*nights, *open_looks])
    for day in sorted({*nights, *looks}, reverse=True):
        look = looks.get(day)
        if look is not None and look.due_at is not None:  # looked for in vain
            if look.due_at <= now:
                yield day
        elif day in nights:
            looked_at = None if look is None else look.read_at if edgar_open(day) else look.looked_at
            if _before(looked_at, built_at(last)):
                yield day


def _quarters_due(now: datetime) -> Iterator[date]:
    present = indexes.quarter_start(last_built(now))
    for first_day in (present, indexes.quarter_start(present - timedelta(days=1))):
        look = IndexQuarter.objects.filter(first_day=first_day).first()
        if look is None or (look.due_at is None and _before(look.looked_at, last_rebuilt(now))):
            if days_covered(first_day):
                yield first_day
        elif look.due_at is not None and look.due_at <= now:
            yield first_day


def _before(moment: datetime | None, other: datetime) -> bool:
    return moment is None or moment < other


def days_covered(first_day: date) -> list[date]:
    """The days of this quarter that the archive claims to have: whose index was read."""
    last_day = IndexQuarter(first_day=first_day).last_day
    looks = IndexDay.objects.filter(day__range=(first_day, last_day), read_at__isnull=False)
    return sorted(looks.values_list("day", flat=True))


def _look_at(wanted: list[Due], now: datetime, ends_at: float, report: IndexReport) -> None:
    listings: dict[date, dict[date, str]] = {}
    for item in wanted:
        if time.monotonic() > ends_at:
            return
        try:
            if item.quarterly:
                report.compared.add(_look_at_quarter(item.day, now))
                report.read += 1
            else:
                _look_at_day(item.day, listings, now, report)
        except (EdgarOff, EdgarRefused):
            raise
        except (EdgarError, BadDocument) as error:
            looked_in_vain(IndexQuarter if item.quarterly else IndexDay, item.day, str(error), now)
            if isinstance(error, NotThere) and not item.quarterly:
                report.open_days.append(item.day)
            else:
                report.unread[str(item.day)] = str(error)


def _look_at_day(day: date, listings: dict[date, dict[date, str]], now: datetime, report: IndexReport) -> None:
    quarter = indexes.quarter_start(day)
    if quarter not in listings:
        listings[quarter] = indexes.listed_days(quarter, Lane.LIVE, SLOT_PATIENCE)
    name = listings[quarter].get(day)
    if name is None:
        if found_unlisted(day, now):
            report.open_days.append(day)
        return
    index = indexes.ask_for_day(day, name, Lane.LIVE, SLOT_PATIENCE)
    news = day > last_built(now) - timedelta(days=NEWS_DAYS)
    lane = Lane.LIVE if news else Lane.HISTORIC
    compared = indexes.take_in_day(day=day, index=index, forms=ALL_FORMS, lane=lane, explain_new=True, now=now)
    report.compared.add(compared)
    report.read += 1


def _look_at_quarter(first_day: date, now: datetime) -> indexes.Compared:
    index = indexes.ask_for_quarter(first_day, Lane.HISTORIC, SLOT_PATIENCE)
    return indexes.take_in_quarter(
        first_day=first_day,
        index=index,
        forms=ALL_FORMS,
        lane=Lane.HISTORIC,
        days=days_covered(first_day),
        whole=False,
        explain_new=True,
        now=now,
    )
