"""What the people who run the site need to see: how the archive stands, who has died, and what wants their hand.

The facts come from `filings.ledger`; here they are put beside the signs of life, arranged for the eye, and judged:
`needs` is the one list of what is wrong and what to do, for the operations page and for `/metrics`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from django.db.models import Count, Min, Q
from django.utils import timezone

from filings.ledger import Operations
from filings.ledger import operations as ledger_operations
from filings.models import EdgarBudget, Heartbeat, IndexDay, IngestStage, Stage
from filings.services.looks import last_built
from signals.selectors.coverage import Year, year_of
from signals.selectors.freshness import LATE, SILENT_AFTER, UNREAD, Freshness, freshness

# What is due and has not been begun after this long, nobody is at work on. The clock rings every 15 seconds.
LATE_AFTER = timedelta(minutes=2)
HEARTS = {Heartbeat.CLOCK: "The clock", Heartbeat.WORKER: "The workers"}


@dataclass(frozen=True, slots=True)
class Queue:
    """Filings, or other things by the name `thing`, that one stage owes.

    `late` were due over `LATE_AFTER` ago and not begun; None where waiting is normal.

    `put_off` were tried and wait for their next try. `oldest` is when the longest waiting one was first seen.
    """

    key: str
    title: str
    count: int
    due: int
    late: int | None
    put_off: int
    oldest: datetime | None
    thing: str = "filing"


class Beside(Protocol):
    def __call__(self, *, now: datetime) -> tuple[Queue, ...]: ...


def nothing_beside(*, now: datetime) -> tuple[Queue, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Heart:
    """The last sign of life of the clock or the workers; None if there never was one."""

    name: str
    title: str
    at: datetime | None
    beats: bool


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that is wrong: what, what to do about it, and the section of the page that shows it."""

    what: str
    do: str
    section: str


@dataclass(frozen=True, slots=True)
class OperationsPage:
    at: datetime
    freshness: Freshness
    ledger: Operations
    queues: tuple[Queue, ...]
    hearts: tuple[Heart, ...]
    budget: EdgarBudget | None
    year: Year
    years: tuple[int, ...]
    set_aside: int
    needs: tuple[Need, ...]


def operations_page(
    *, year: int | None = None, month: int | None = None, now: datetime | None = None, beside: Beside = nothing_beside
) -> OperationsPage:
    """Everything on `/ops/`, with the coverage of this year (the present one) and the days of this month of it.

    `beside` gives the queues of what this app knows nothing of.
    """
    now = now or timezone.now()
    years = _years(now)
    shown = year if year in years else years[-1]
    ledger = ledger_operations(first_day=date(shown, 1, 1), last_day=date(shown, 12, 31), now=now)
    fresh, found_queues, found_hearts = freshness(now=now), queues(now=now) + beside(now=now), hearts(now=now)
    set_aside = next(row.count for row in ledger.backlog if row.stage is Stage.QUARANTINED)
    return OperationsPage(
        at=now,
        freshness=fresh,
        ledger=ledger,
        queues=found_queues,
        hearts=found_hearts,
        budget=EdgarBudget.objects.first(),
        year=year_of(ledger.coverage, month, now),
        years=years,
        set_aside=set_aside,
        needs=tuple(_needs(fresh, found_queues, found_hearts, ledger, set_aside, open_days(now=now))),
    )


def queues(*, now: datetime | None = None) -> tuple[Queue, ...]:
    """What is owed, by stage, and for what is to be fetched by lane. One query."""
    now = now or timezone.now()
    rows = list(
        IngestStage.objects.filter(due_at__isnull=False)
        .order_by()
        .values("stage", "lane")
        .annotate(
            count=Count("pk"),
            due=Count("pk", filter=Q(due_at__lte=now)),
            late=Count("pk", filter=Q(due_at__lte=now - LATE_AFTER)),
            put_off=Count("pk", filter=Q(due_at__gt=now, note__isnull=False)),
            oldest=Min("seen_at"),
        )
    )
    new = [row for row in rows if (row["stage"], row["lane"]) == (Stage.SEEN, "live")]
    historic = [row for row in rows if (row["stage"], row["lane"]) == (Stage.SEEN, "historic")]
    return (
        _queue("seen_live", "To be fetched, new", new),
        _queue("seen_historic", "To be fetched, historic", historic, waits=True),
        _queue("fetched", "Fetched, to be published", [row for row in rows if row["stage"] == Stage.FETCHED]),
    )


def hearts(*, now: datetime | None = None) -> tuple[Heart, ...]:
    now = now or timezone.now()
    found = dict(Heartbeat.objects.values_list("name", "at"))
    return tuple(
        Heart(name, title, (at := found.get(name)), at is not None and now - at <= SILENT_AFTER)
        for name, title in HEARTS.items()
    )


def open_days(*, now: datetime | None = None) -> int:
    """Days whose index was looked for in vain, and should have been there for a day or more."""
    last = last_built(now or timezone.now())
    return IndexDay.objects.filter(due_at__isnull=False, read_at=None, day__lt=last).count()


def _queue(key: str, title: str, rows: Sequence[Mapping[str, Any]], waits: bool = False) -> Queue:
    def total(name: str) -> int:
        return sum(row[name] for row in rows)

    oldest = min((row["oldest"] for row in rows), default=None)
    return Queue(key, title, total("count"), total("due"), None if waits else total("late"), total("put_off"), oldest)


def _years(now: datetime) -> tuple[int, ...]:
    """From the first year of which an index was ever looked for to the present one."""
    first = IndexDay.objects.aggregate(first=Min("day"))["first"]
    return tuple(range(min(first.year, now.year) if first else now.year, now.year + 1))


# --- what is wrong -----------------------------------------------------------------------------------------------


def _needs(
    fresh: Freshness,
    queues: Sequence[Queue],
    hearts: Sequence[Heart],
    ledger: Operations,
    set_aside: int,
    gaps: int,
) -> Iterator[Need]:
    """The worst first: what stands still, what the SEC does to us, what is late, what waits for a person."""
    for heart in hearts:
        if not heart.beats:
            yield _silent(heart)
    yield from _about_the_sec(fresh, ledger)
    for queue in queues:
        if queue.late:
            yield Need(
                f"{queue.late:,} {queue.thing}{'s' * (queue.late > 1)}"
                f" {queue.title[0].lower()}{queue.title[1:]}: late.",
                "Nobody has begun them for over two minutes. See whether workers run, and what they log.",
                "backlog",
            )
    if gaps:
        yield Need(
            f"{gaps} business day{'s' * (gaps > 1)} without an index.",
            "They are asked for again and again. If one stays open for days, look for it on the SEC's site.",
            "coverage",
        )
    if set_aside:
        yield Need(
            f"{set_aside:,} filing{'s' * (set_aside > 1)} set aside.",
            "Read why, look at the kept bytes, mend the reader, and retry.",
            "set-aside",
        )
    if ledger.unconfirmed:
        yield Need(
            f"{ledger.unconfirmed:,} difference{'s' * (ledger.unconfirmed > 1)} from the SEC's lists not confirmed.",
            "A second look, an hour later or more, settles them by itself.",
            "differences",
        )


def _silent(heart: Heart) -> Need:
    process = "beat" if heart.name == Heartbeat.CLOCK else "worker"
    return Need(
        f"{heart.title} {'is' if heart.name == Heartbeat.CLOCK else 'are'} silent.",
        f"Start the Celery {process} process, and read its log: nothing new arrives meanwhile.",
        "hearts",
    )


def _about_the_sec(fresh: Freshness, ledger: Operations) -> Iterator[Need]:
    requests = ledger.requests
    if not fresh.live:
        yield Need(
            "Live updates are off.",
            "Set EDGAR_USER_AGENT to a name and an e-mail address, and start the site again.",
            "feeds",
        )
    if requests.refused:
        yield Need(
            "The SEC refuses this site.",
            "Nothing is sent until the penalty is over, then one request tries. If it comes again, something else at"
            " this address asks too: find it.",
            "requests",
        )
    elif requests.paused_until and requests.paused_until > ledger.at:
        yield Need("The SEC asked for a pause, or fails.", "It ends by itself; live work comes first then.", "requests")
    if fresh.trouble in (LATE, UNREAD):
        yield Need("The feed is not read whole.", "The table of feeds says why the last pass fell short.", "feeds")
