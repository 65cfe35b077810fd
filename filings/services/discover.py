"""References from the SEC's lists -> rows of the ledger.

Promises: one row for each accession number, however often and in however many lists it is named, by however many
processes at once; a second sighting writes nothing. A new row is due to be fetched at once. Whoever calls this rings
the fetch stage after it returned, once for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.utils import timezone

from filings.edgar.budget import Lane
from filings.edgar.feeds import Reference
from filings.ownership.calendar import filing_date

# Rows that would not change are left out before the conflict, because a conflict locks its row even to do nothing.
# A live sighting of what history has not fetched yet makes it live; nothing makes a filing historic again.
_DISCOVER = """
INSERT INTO filings_ingeststage AS known
    (accession, stage, attempts, due_at, seen_at, changed_at, form, cik, lane, accepted_at, listed_on, in_daily,
     in_quarter)
SELECT r.accession, 'seen', 0, LEAST(%(now)s, clock_timestamp()), %(now)s, %(now)s, r.form, r.cik, %(lane)s,
       r.accepted_at, r.listed_on, %(daily)s::date, %(quarter)s::date
  FROM unnest(%(accessions)s::bigint[], %(forms)s::text[], %(ciks)s::bigint[], %(accepted)s::timestamptz[],
              %(listed)s::date[]) AS r (accession, form, cik, accepted_at, listed_on)
 WHERE NOT EXISTS (
    SELECT FROM filings_ingeststage l WHERE l.accession = r.accession
       AND l.form IS NOT NULL AND l.cik IS NOT NULL AND l.listed_on IS NOT NULL
       AND (l.accepted_at IS NOT NULL OR r.accepted_at IS NULL)
       AND (%(daily)s::date IS NULL OR l.in_daily IS NOT NULL)
       AND (%(quarter)s::date IS NULL OR l.in_quarter IS NOT NULL)
       AND (l.listed_on = r.listed_on OR (%(daily)s::date IS NULL AND %(quarter)s::date IS NULL))
       AND NOT (%(lane)s = 'live' AND l.stage = 'seen' AND l.lane <> 'live'))
 ORDER BY r.accession
ON CONFLICT (accession) DO UPDATE SET
    form = COALESCE(known.form, excluded.form),
    cik = COALESCE(known.cik, excluded.cik),
    accepted_at = COALESCE(known.accepted_at, excluded.accepted_at),
    lane = CASE WHEN excluded.lane = 'live' THEN 'live' ELSE COALESCE(known.lane, excluded.lane) END,
    listed_on = CASE WHEN %(daily)s::date IS NULL AND %(quarter)s::date IS NULL
        THEN COALESCE(known.listed_on, excluded.listed_on) ELSE excluded.listed_on END,
    in_daily = COALESCE(known.in_daily, excluded.in_daily),
    in_quarter = COALESCE(known.in_quarter, excluded.in_quarter)
RETURNING accession, xmax = 0
"""


@dataclass(frozen=True, slots=True)
class Discovered:
    """`new` are the accessions (dashed) that were not in the ledger; `named` counts all that were given."""

    named: int
    new: tuple[str, ...]


def discover(
    *,
    references: Sequence[Reference],
    lane: Lane,
    daily: date | None = None,
    quarter: date | None = None,
    now: datetime | None = None,
) -> Discovered:
    """Puts these into the ledger. `daily` is the day of the daily index, `quarter` the first day of the quarterly one
    that names them; both None for the feed, whose filing dates are believed only until an index tells them.
    """
    now = now or timezone.now()
    by_accession = {reference.accession: reference for reference in references}
    if not by_accession:
        return Discovered(0, ())
    given = list(by_accession.values())
    spelled = {int(accession.replace("-", "")): accession for accession in by_accession}
    with connection.cursor() as cursor:
        cursor.execute(
            _DISCOVER,
            {
                "now": now,
                "lane": lane.value,
                "daily": daily,
                "quarter": quarter,
                "accessions": list(spelled),
                "forms": [reference.form for reference in given],
                "ciks": [int(reference.cik) for reference in given],
                "accepted": [reference.accepted_at for reference in given],
                "listed": [listed_on(reference, now) for reference in given],
            },
        )
        new = sorted(spelled[accession] for accession, inserted in cursor.fetchall() if inserted)
    return Discovered(len(given), tuple(new))


def listed_on(reference: Reference, now: datetime) -> date:
    """The filing date that a list gives; where the feed gives none, the one that the rules give."""
    return reference.filed_on or filing_date(reference.accepted_at or now)
