"""How the archive stands: what is owed, what is set aside, how fresh the feed is, which days are complete.

For the operations page, health checks and metrics (`operations`), and for the line on every public page that says how
fresh the data is (`freshness`). Reading only, a fixed number of queries each. Nothing here says "no filings" where it
is not known that there were none.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils import timezone

from filings.models import (
    Difference,
    EdgarBudget,
    EdgarRefusal,
    FeedLook,
    IndexDay,
    IngestStage,
    IssuerTicker,
    Stage,
    TickerFile,
)
from filings.ownership.calendar import edgar_open
from filings.services.looks import built_at, days_between, is_final

MOST_ROWS = 100
STALE_AFTER = timedelta(minutes=5)
_FORMS = ("3", "4", "5")


class DayState(Enum):
    """What is known of one day."""

    COMPLETE = "complete"  # its whole index was read, and each filing it names is settled
    FILLING = "filling"  # its index was read; filings are still owed, or it was read before the day was over
    OPEN = "open"  # EDGAR was open and its index was looked for, in vain
    CLOSED = "closed"  # EDGAR was closed
    UNLOOKED = "not looked at"


@dataclass(frozen=True, slots=True)
class Backlog:
    """The filings in one stage. `oldest` is when the longest waiting one was first seen; `due` can be tried now."""

    stage: Stage
    count: int
    oldest: datetime | None
    due: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """A quarantined filing, with where and why reading it stopped."""

    accession: str
    form: str | None
    failed_stage: str
    failed_path: str | None
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A filing that could not be fetched yet, with what the last attempt brought."""

    accession: str
    form: str
    attempts: int
    due_at: datetime
    seen_at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class FeedState:
    """The feed of one form. `complete_at` is the last pass that reached back to what was known; `reason` says why the
    last one did not. `lag` is acceptance to here of the newest filing that it brought."""

    form: str
    polled_at: datetime | None
    complete_at: datetime | None
    reason: str | None
    new: int
    newest_accepted_at: datetime | None
    lag: timedelta | None


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far live updates can be trusted. `off`: no User-Agent is set. `checked_at` is the last moment to which all
    three feeds were read whole; None if never. `stale` is False only where that is recent and no penalty runs."""

    off: bool
    checked_at: datetime | None
    stale: bool
    refused_until: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Requests:
    """The shared budget. While `refused` nothing is sent; `refusals` are the latest, newest first."""

    refused: bool
    refused_until: datetime | None
    paused_until: datetime | None
    failures: int
    live: int
    historic: int
    refusals: tuple[EdgarRefusal, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """One day: what its index names, and what became of it. `listed` counts filings, None where no index was read."""

    day: date
    state: DayState
    listed: int | None
    published: int
    owed: int
    quarantined: int
    withdrawn: int
    read_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Operations:
    """Everything that the operations page shows of the archive. `quarantined` and `waiting` are the first of many."""

    at: datetime
    freshness: Freshness
    backlog: tuple[Backlog, ...]
    quarantined: tuple[SetAside, ...]
    waiting: tuple[Waiting, ...]
    feeds: tuple[FeedState, ...]
    requests: Requests
    coverage: tuple[Coverage, ...]
    differences: tuple[Difference, ...]
    unconfirmed: int
    tickers: int
    tickers_read_at: datetime | None
    tickers_reason: str | None


def operations(*, first_day: date, last_day: date, now: datetime | None = None) -> Operations:
    """How everything stands, with the coverage of these days (both included). Thirteen queries."""
    now = now or timezone.now()
    requests = request_state()
    tickers = TickerFile.objects.first()
    return Operations(
        at=now,
        freshness=freshness(now=now),
        backlog=backlog(now=now),
        quarantined=quarantined(),
        waiting=waiting(),
        feeds=feeds(),
        requests=requests,
        coverage=coverage(first_day=first_day, last_day=last_day),
        differences=tuple(Difference.objects.order_by("-found_at", "-pk")[:MOST_ROWS]),
        unconfirmed=Difference.objects.filter(settled_at=None).count(),
        tickers=IssuerTicker.objects.filter(until=None).count(),
        tickers_read_at=tickers.read_at if tickers else None,
        tickers_reason=tickers.reason if tickers else None,
    )


def stale_after() -> timedelta:
    """How old the last whole reading of the feed may be. Who polls seldom is not always stale."""
    return max(STALE_AFTER, 4 * timedelta(seconds=settings.EDGAR_POLL_SECONDS))


def freshness(*, now: datetime | None = None) -> Freshness:
    """How fresh the data is. Two queries; none where live updates are off."""
    if not settings.EDGAR_USER_AGENT.strip():
        return Freshness(True, None, True, None, "live updates are off: EDGAR_USER_AGENT is not set")
    now = now or timezone.now()
    looks = list(FeedLook.objects.all())
    budget = EdgarBudget.objects.first()
    refused_until = budget.refused_until if budget else None
    read = [look.read_at for look in looks if look.read_at]
    checked_at = min(read) if len(read) == len(_FORMS) else None
    late = checked_at is None or now - checked_at > stale_after()
    reason = next((look.reason for look in looks if look.reason), None)
    if refused_until is not None:
        reason = f"the SEC refused this site; everything waits until {refused_until:%H:%M:%S} UTC"
    elif late and reason is None:
        reason = "the feed has not been read yet" if checked_at is None else "the clock or the workers stand still"
    return Freshness(False, checked_at, late or refused_until is not None, refused_until, reason)


def backlog(*, now: datetime | None = None) -> tuple[Backlog, ...]:
    """Every stage, also the empty ones."""
    now = now or timezone.now()
    found: dict[str, dict[str, Any]] = {
        row["stage"]: dict(row)
        for row in IngestStage.objects.order_by()
        .values("stage")
        .annotate(count=Count("pk"), oldest=Min("seen_at"), due=Count("pk", filter=Q(due_at__lte=now)))
    }
    nothing: dict[str, Any] = {"count": 0, "oldest": None, "due": 0}
    rows = [(stage, found.get(stage.value, nothing)) for stage in Stage]
    return tuple(Backlog(stage, row["count"], row["oldest"], row["due"]) for stage, row in rows)


def quarantined() -> tuple[SetAside, ...]:
    """What is set aside, the latest first."""
    rows = IngestStage.objects.filter(stage=Stage.QUARANTINED).order_by("-changed_at")[:MOST_ROWS]
    return tuple(
        SetAside(row.accession, row.form, row.failed_stage or "", row.failed_path, row.reason or "", row.changed_at)
        for row in rows
    )


def waiting() -> tuple[Waiting, ...]:
    """What could not be fetched at the first attempt, the longest waiting first."""
    rows = IngestStage.objects.filter(stage=Stage.SEEN, attempts__gt=0).order_by("seen_at")[:MOST_ROWS]
    return tuple(
        Waiting(row.accession, row.form or "", row.attempts, row.due_at or row.seen_at, row.seen_at, row.note or "")
        for row in rows
    )


def feeds() -> tuple[FeedState, ...]:
    looks = FeedLook.objects.in_bulk()
    states = []
    for form in _FORMS:
        look = looks.get(form) or FeedLook(form=form, reason="never polled")
        states.append(
            FeedState(
                form=form,
                polled_at=look.looked_at,
                complete_at=look.read_at,
                reason=look.reason,
                new=look.new,
                newest_accepted_at=look.newest_accepted_at,
                lag=look.lag,
            )
        )
    return tuple(states)


def request_state() -> Requests:
    budget = EdgarBudget.objects.first()
    refusals = tuple(EdgarRefusal.objects.order_by("-refused_at")[:5])
    if budget is None:
        return Requests(False, None, None, 0, 0, 0, refusals)
    return Requests(
        refused=budget.is_refused,
        refused_until=budget.refused_until,
        paused_until=budget.paused_until,
        failures=budget.failures,
        live=budget.live_requests,
        historic=budget.historic_requests,
        refusals=refusals,
    )


def coverage(*, first_day: date, last_day: date) -> tuple[Coverage, ...]:
    """Each day from the first to the last. Two queries for any number of days."""
    looks = IndexDay.objects.filter(day__range=(first_day, last_day)).in_bulk()
    counts: dict[date, Counter[str]] = {}
    for day, stage, count in (
        IngestStage.objects.filter(listed_on__range=(first_day, last_day))
        .order_by()
        .values_list("listed_on", "stage")
        .annotate(count=Count("pk"))
    ):
        if day is not None:
            counts.setdefault(day, Counter())[stage] = count
    return tuple(_covered(day, looks.get(day), counts.get(day, Counter())) for day in days_between(first_day, last_day))


def _covered(day: date, look: IndexDay | None, found: Counter[str]) -> Coverage:
    owed = found[Stage.SEEN] + found[Stage.FETCHED]
    read = look is not None and look.read_at is not None
    if look is not None and read and (look.listed or edgar_open(day)):
        state = DayState.COMPLETE if is_final(look) and not owed else DayState.FILLING
    elif not edgar_open(day):
        state = DayState.CLOSED
    elif look is not None and look.looked_at is not None and look.looked_at >= built_at(day):
        state = DayState.OPEN
    else:
        state = DayState.UNLOOKED
    return Coverage(
        day=day,
        state=state,
        listed=look.listed if look is not None and read else None,
        published=found[Stage.PUBLISHED],
        owed=owed,
        quarantined=found[Stage.QUARANTINED],
        withdrawn=found[Stage.WITHDRAWN],
        read_at=look.read_at if look else None,
        reason=look.reason if look else None,
    )
