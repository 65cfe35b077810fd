"""How fresh the archive is, so that a quiet page can never be taken for a quiet market.

Promises: what is judged is whether the SEC's list of new filings is being read, never how old the newest filing is: at
night and on holidays nothing is filed, and nothing is stale. A page says either that live updates are off, or when the
list was last read whole; and where that is too long ago it says why, and that its silence means nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, F, QuerySet, Subquery
from django.utils import timezone

from filings.ledger import stale_after
from filings.models import EdgarBudget, FeedLook, Filing, Heartbeat
from filings.selectors import demo_filings
from signals.selectors.kept import for_a_second

# The clock rings every half minute; sooner than the feed is called stale, so that the reason is known by then.
SILENT_AFTER = timedelta(minutes=3)

REFUSED = "refused"
STOPPED = "stopped"
UNREAD = "unread"
LATE = "late"


@dataclass(frozen=True, slots=True)
class Freshness:
    """`latest_on` is the newest filing date here; `live` whether the site follows the SEC by itself.

    `invented` tells that demo filings are in the archive, so that nobody takes them for the market. `polled_at` is the
    last moment to which the SEC's lists of new filings were all read whole; None if that never was. `trouble` says why
    the archive may lack what was filed since: "refused" (by the SEC), "stopped" (the clock is dead), "unread" (no list
    was read yet) or "late"; None while it is up to date, or live updates are off.
    """

    latest_on: date | None
    published_at: datetime | None
    live: bool
    invented: bool
    polled_at: datetime | None = None
    trouble: str | None = None


def freshness(*, now: datetime | None = None) -> Freshness:
    """One query a second: it stands on every page. Where no filing has a date, the first tells of the demo alone."""
    latest_on, published_at, invented, polled_at, refused_until, clock_at = _newest()
    live = bool(settings.EDGAR_USER_AGENT.strip())
    return Freshness(
        latest_on=latest_on,
        published_at=published_at if latest_on else None,
        live=live,
        invented=invented,
        polled_at=polled_at,
        trouble=trouble(polled_at, refused_until, clock_at, now or timezone.now()) if live else None,
    )


@for_a_second
def _newest() -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(*_statement())
        found: tuple[Any, ...] | None = cursor.fetchone()
    # An empty archive has no row to hang the rest on.
    return found or (None, None, False, *(rows.first() for rows in _standing().values()))


def trouble(
    polled_at: datetime | None, refused_until: datetime | None, clock_at: datetime | None, now: datetime
) -> str | None:
    """What keeps live updates from being live, the cause before its effect.

    A penalty lasts until a probe is back. Where no clock ever rang, somebody else may poll: the poll alone is judged.
    """
    if refused_until is not None:
        return REFUSED
    if clock_at is not None and now - clock_at > SILENT_AFTER:
        return STOPPED
    if polled_at is None:
        return UNREAD
    return LATE if now - polled_at > stale_after() else None


@cache
def _statement() -> tuple[str, tuple[Any, ...]]:
    """The query and its values, which are always the same: to put it together takes ten times as long as to ask it."""
    standing = _standing()
    newest = (
        Filing.objects.latest_first()
        .annotate(invented=Exists(demo_filings()), **{name: Subquery(rows[:1]) for name, rows in standing.items()})
        .values_list("listed_on", "published_at", "invented", *standing)
    )
    return newest[:1].query.sql_with_params()


def _standing() -> dict[str, QuerySet[Any, datetime | None]]:
    """By name, a query of which the first value counts: the pass that is furthest behind (never read is the furthest),
    the end of a penalty, the clock's last sign of life."""
    return {
        "polled_at": FeedLook.objects.order_by(F("read_at").asc(nulls_first=True)).values_list("read_at", flat=True),
        "refused_until": EdgarBudget.objects.values_list("refused_until", flat=True),
        "clock_at": Heartbeat.objects.filter(name=Heartbeat.CLOCK).values_list("at", flat=True),
    }
