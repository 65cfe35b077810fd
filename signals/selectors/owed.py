"""Which issuers are owed a reading: some filing of theirs was published, or published anew, and not read since.

Promises: found by comparing what is there with what should be, so that a lost message or a late commit skips nothing.
What was published lately is compared often, and only from `ReadingHorizon` on: that costs what was published since
nothing was owed, however much was before. The whole archive is compared rarely, and believes no horizon.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from filings.models import DataSetPart, Filing
from filings.models.fields import CikField
from form4site.kit import sources
from signals.detectors.signal import VERSION
from signals.models import IssuerSheet, IssuerState, ReadingHorizon
from signals.readings.history import EASTERN
from signals.readings.whole import READER_VERSION

# What a message rings for is minutes old; what two days of sweeps have missed, the whole look finds.
LATELY = timedelta(days=2)
# The clocks of several machines may differ by that, and what was published so lately is looked at in any case.
CLOCKS = timedelta(minutes=1)
# A load that has brought no part for so long is over, or was cut short.
STILL_LOADING = timedelta(minutes=2)

_OWED = """
    SELECT f.issuer_id
      FROM filings_filing f
      LEFT JOIN signals_reading r ON r.filing_id = f.accession AND r.facts_at = f.published_at
                                 AND r.reader_version = %(version)s AND r.issuer_id = f.issuer_id
     WHERE r.filing_id IS NULL AND NOT f.partial {where}
       AND NOT EXISTS (SELECT FROM signals_issuerstate s WHERE s.issuer_id = f.issuer_id AND s.due_at > %(now)s)
     GROUP BY f.issuer_id
     ORDER BY max(f.published_at) DESC, f.issuer_id
     LIMIT %(limit)s
"""


def owed_issuers(
    limit: int | None,
    *,
    among: Collection[str] | None = None,
    but: Collection[str] = (),
    everything: bool = False,
    history: bool = True,
) -> list[str]:
    """The issuers with the newest unread filings first, all of them without a `limit`; those put off are not due.

    Without `history`, only for filings with an acceptance time: those of data sets have none.
    """
    now = timezone.now()
    where = ""
    values: dict[str, Any] = {"version": READER_VERSION, "now": now, "limit": limit}
    if among is not None:
        where += " AND f.issuer_id = ANY(%(among)s)"
        values["among"] = [int(cik) for cik in among]
    if but:
        where += " AND f.issuer_id <> ALL(%(but)s)"
        values["but"] = [int(cik) for cik in but]
    if not everything:
        lately = "f.published_at >= %(since)s"
        values["since"] = _since(now)
        # The horizon passes over those put off, so that one of them holds up nothing.
        if again := list(IssuerState.objects.filter(due_at__lte=now).values_list("issuer_id", flat=True)):
            lately = f"({lately} OR f.issuer_id = ANY(%(again)s))"
            values["again"] = [int(cik) for cik in again]
        where += f" AND {lately}"
    if not history:
        where += " AND f.accepted_at IS NOT NULL"
    with connection.cursor() as cursor:
        cursor.execute(_OWED.format(where=where), values)
        return [str(CikField().to_python(cik)) for (cik,) in cursor.fetchall()]


def _since(now: datetime) -> datetime:
    """From when on what was published has to be looked at.

    A horizon of another reader is none, and so is one that is still to come: the clock was put back since.
    """
    known = ReadingHorizon.objects.filter(reader_version=READER_VERSION, published_before__lte=now)
    horizon = known.values_list("published_before", flat=True)
    return max([now - LATELY, *(min(moment, now - CLOCKS) for moment in horizon if moment is not None)])


def history_comes_in() -> bool:
    """Whether a data set is being loaded: its filings, which have no acceptance time, are then left to the loader.

    It reads each issuer once at the end; read as they come, quarter by quarter, each would be read eighty times.
    """
    return DataSetPart.objects.filter(loaded_at__gt=timezone.now() - STILL_LOADING).exists()


def issuers_due_by_clock(limit: int) -> list[str]:
    """Issuers whose signals stand as of an earlier day (in Eastern time), or by older detectors, and may be others now.

    Those put off wait.
    """
    now = timezone.now()
    today = now.astimezone(EASTERN).date()
    passed = Q(read_on__lt=today, clock_until__gt=F("read_on"))
    older = Q(read_on__isnull=False, detector_version__lt=VERSION)
    failed = Q(due_at__lte=now)  # a detector failed; the readings are there
    due = IssuerState.objects.filter(passed | older | failed).filter(Q(due_at=None) | Q(due_at__lte=now))
    return list(due.order_by("read_on", "issuer").values_list("issuer_id", flat=True)[:limit])


def issuers_unseated(limit: int) -> list[str]:
    """Issuers that were read, and of which is not kept who sits there."""
    unseated = IssuerState.objects.filter(read_at__isnull=False, seated=None)
    return list(unseated.order_by("issuer").values_list("issuer_id", flat=True)[:limit])


def issuers_undrawn(limit: int) -> list[str]:
    """Issuers whose last reading this source has not drawn; those that file at present first."""
    drawn = IssuerSheet.objects.filter(
        issuer=OuterRef("issuer"), drawn_by=sources.digest(), read_at=OuterRef("read_at")
    )
    undrawn = IssuerState.objects.filter(~Exists(drawn), read_at__isnull=False)
    return list(undrawn.order_by("-clock_until", "issuer").values_list("issuer_id", flat=True)[:limit])


def issuers_with_filings(*, since: date | None = None) -> list[str]:
    """Every issuer with a filing, or with one of this day or later, by CIK."""
    filings = Filing.objects.all()
    if since is not None:
        filings = filings.filter(listed_on__gte=since)
    return list(filings.order_by("issuer").values_list("issuer_id", flat=True).distinct())


def by_filings(issuers: Collection[str]) -> list[str]:
    """These issuers, those with fewest filings first."""
    count = _filings_of(issuers)
    return sorted(issuers, key=lambda issuer: (count.get(issuer, 0), issuer))


def with_more_filings(issuers: Collection[str], than: int) -> list[str]:
    """Those of these issuers that have more filings."""
    count = _filings_of(issuers)
    return [issuer for issuer in issuers if count.get(issuer, 0) > than]


def _filings_of(issuers: Collection[str]) -> dict[str, int]:
    if not issuers:
        return {}
    rows = Filing.objects.filter(issuer__in=issuers).order_by().values_list("issuer_id").annotate(count=Count("pk"))
    return dict(rows)


def issuers_by_portion(issuers: Sequence[str], filings: int) -> list[list[str]]:
    """These issuers, those with most filings first, in portions of about so many filings."""
    portions: list[list[str]] = []
    room = 0
    for issuer, count in sorted(_filings_of(issuers).items(), key=lambda row: (-row[1], row[0])):
        if count > room:
            portions.append([])
            room = filings
        portions[-1].append(issuer)
        room -= count
    return portions
