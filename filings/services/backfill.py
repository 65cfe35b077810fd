"""History from the indexes: every Form 3, 4 and 5 that EDGAR lists between two dates, newest first.

Promises: a whole past quarter costs one index, other days one each; every index that was read is remembered in the same
transaction as what it named, so a kill at any point costs at most the index in hand; run again, it goes on where it
stopped, and changes nothing that is done. Requests wait in the historic lane. A business day without an index stays
open, and is said; a weekend or holiday is not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Min, QuerySet
from django.utils import timezone

from filings.edgar.budget import Lane
from filings.errors import BadDocument, EdgarError, EdgarOff, NotThere
from filings.models import IndexDay, IndexQuarter, IngestStage, Stage
from filings.services import indexes, owed
from filings.services.fetch import FetchReport, Span, fetch_owed
from filings.services.looks import days_between, found_unlisted, is_final, last_built, looked_in_vain
from filings.services.waiting import patiently, through_restarts, until

Step = Callable[[int], None]
PATIENCE = timedelta(minutes=16)  # longer than any retry of what is new waits
MOST_ATTEMPTS = 8  # what could not be had by then is left to the workers, who never give up
ROUND_SECONDS = 60.0
SLOT_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Part:
    """Days of one quarter, newest first, and whether its quarterly index tells them all at once."""

    first_day: date
    days: tuple[date, ...]
    quarterly: bool


@dataclass(slots=True)
class IndexReport:
    """`listed` are the filings that the indexes name, `new` those not known before. `open_days` are business days whose
    index EDGAR does not have (yet), `unread` the indexes that could not be read, with the reason."""

    compared: indexes.Compared = field(default_factory=indexes.Compared)
    read: int = 0
    known: int = 0
    open_days: list[date] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)


def parts(since: date, last: date, now_in: date) -> list[Part]:
    """The parts of this range, newest first; `now_in` is a day of the quarter that is not over yet."""
    found: list[Part] = []
    while last >= since:
        first_day = indexes.quarter_start(last)
        begin = max(since, first_day)
        whole = (begin, last) == (first_day, IndexQuarter(first_day=first_day).last_day)
        quarterly = whole and last < indexes.quarter_start(now_in)
        found.append(Part(first_day, tuple(reversed(days_between(begin, last))), quarterly))
        last = first_day - timedelta(days=1)
    return found


def read_indexes(
    *, since: date, until: date, forms: frozenset[str] = indexes.ALL_FORMS, step: Step = lambda days: None
) -> IndexReport:
    """Reads every index of this range that was not read since it was final; `step` is told of the days that are done.

    Raises `EdgarOff`; waits out a penalty. An index that cannot be had is reported, and left for the next run.
    """
    if not settings.EDGAR_USER_AGENT.strip():
        raise EdgarOff("EDGAR_USER_AGENT is not set, so nothing is asked of the SEC")
    report = IndexReport()
    latest = last_built(timezone.now())
    for part in parts(since, min(until, latest), latest):
        if part.quarterly:
            _read_quarter(part, forms, report)
            step(len(part.days))
        else:
            for _ in read_days(part, forms, Lane.HISTORIC, report):
                step(1)
    return report


def _read_quarter(part: Part, forms: frozenset[str], report: IndexReport) -> None:
    look = through_restarts(lambda: IndexQuarter.objects.filter(first_day=part.first_day).first())
    if look and look.covers(forms) and is_final(look):
        report.known += 1
        return

    def read() -> indexes.Compared:
        index = indexes.ask_for_quarter(part.first_day, Lane.HISTORIC, SLOT_PATIENCE)
        return indexes.take_in_quarter(
            first_day=part.first_day, index=index, forms=forms, lane=Lane.HISTORIC, days=part.days, whole=True
        )

    try:
        report.compared.add(patiently(read))
        report.read += 1
    except EdgarOff:
        raise
    except NotThere:
        report.open_days += through_restarts(lambda: [day for day in part.days if found_unlisted(day)])
    except (EdgarError, BadDocument) as error:
        why = str(error)
        report.unread[str(IndexQuarter(first_day=part.first_day))] = why
        through_restarts(lambda: looked_in_vain(IndexQuarter, part.first_day, why))


def read_days(
    part: Part,
    forms: frozenset[str],
    lane: Lane,
    report: IndexReport,
    *,
    again: bool = False,
    explain_new: bool = False,
    news_after: date = date.max,
) -> Iterator[date]:
    """Reads the daily indexes of this part, yielding each day when it is done; with `again`, those read before too.

    What is new of the days after `news_after` is fetched as news, whatever the lane of the rest.
    """
    looks = through_restarts(lambda: IndexDay.objects.in_bulk(part.days))
    wanted = [
        day for day in part.days if again or not ((look := looks.get(day)) and look.covers(forms) and is_final(look))
    ]
    report.known += len(part.days) - len(wanted)
    yield from (day for day in part.days if day not in set(wanted))
    if not wanted:
        return
    try:
        listed = patiently(lambda: indexes.listed_days(part.first_day, lane, SLOT_PATIENCE))
    except EdgarOff:
        raise
    except (EdgarError, BadDocument) as error:
        report.unread[f"listing of {IndexQuarter(first_day=part.first_day)}"] = str(error)
        return
    for day in wanted:
        if day in listed:
            own_lane = Lane.LIVE if day > news_after else lane
            _read_day(day, listed[day], forms, own_lane, report, explain_new)
        elif through_restarts(lambda day=day: found_unlisted(day)):  # type: ignore[misc]
            report.open_days.append(day)
        yield day


def _read_day(day: date, name: str, forms: frozenset[str], lane: Lane, report: IndexReport, explain_new: bool) -> None:
    def read() -> indexes.Compared:
        index = indexes.ask_for_day(day, name, lane, SLOT_PATIENCE)
        return indexes.take_in_day(day=day, index=index, forms=forms, lane=lane, explain_new=explain_new)

    try:
        report.compared.add(patiently(read))
        report.read += 1
    except EdgarOff:
        raise
    except (EdgarError, BadDocument) as error:
        why = str(error)
        through_restarts(lambda: looked_in_vain(IndexDay, day, why))
        if isinstance(error, NotThere):
            report.open_days.append(day)
        else:
            report.unread[str(day)] = why


def owed_in(span: Span) -> QuerySet[IngestStage]:
    """The filings listed for these dates that are not settled: not published, quarantined or withdrawn."""
    return IngestStage.objects.filter(
        stage__in=[Stage.SEEN, Stage.FETCHED], listed_on__range=(span.since, span.until)
    ).order_by()


def fetch_span(*, span: Span, step: Step = lambda filings: None, threads: int = 8) -> FetchReport:
    """Fetches what is owed of this span until all of it is settled, or what is left has failed `MOST_ATTEMPTS` times.

    Other processes may be at it too; `step` is told of what they settle as well. Raises `EdgarOff`.
    """
    total = FetchReport()
    left = through_restarts(lambda: owed_in(span).count())
    while left:
        done = through_restarts(
            lambda: fetch_owed(span=span, seconds=ROUND_SECONDS, threads=threads, patience=SLOT_PATIENCE)
        )
        total.add(done)
        if done.off:
            raise EdgarOff("EDGAR_USER_AGENT is not set, so nothing is asked of the SEC")
        through_restarts(owed.publish_owed)
        before, left = left, through_restarts(lambda: owed_in(span).count())
        step(before - left)
        wait = until(done.refused_until) if done.refused else through_restarts(lambda: _until_next(span))
        if wait is None or wait > PATIENCE:
            break
        if left:
            time.sleep(min(max(wait.total_seconds(), 0.2), 30.0))
    return total


def _until_next(span: Span) -> timedelta | None:
    """How long until something can be done that may still help; None if nothing can."""
    hopeful = owed_in(span).filter(attempts__lt=MOST_ATTEMPTS)
    due_at = hopeful.aggregate(first=Min("due_at"))["first"]
    return max(due_at - timezone.now(), timedelta()) if due_at else None
