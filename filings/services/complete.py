"""Filings that are known from the SEC's tables alone -> owed a fetch of the whole submission, so many at a time.

Promises: nothing here asks the SEC. A filing's row in the ledger goes back to `seen` in the historic lane, where the
one fetch stage finds it after all news; its facts stay as they are until the submission is published. What has been
fetched before, readable or not, is not asked for again.

By itself the site completes only filings of which tables were missing. Those of whole sets lack no more than the time
of acceptance and the digits after the second: four million requests for these would keep the budget busy for weeks, so
they are completed where a person asks for it.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import connection
from django.utils import timezone

from filings.models import IngestStage, Stage

# What an hour's ring may add: a few minutes of the budget that all requests share.
AN_HOUR = 1_000

_OWE = """
    WITH chosen AS (
        SELECT l.accession, f.form, f.issuer_id, f.listed_on
          FROM filings_filing f
          JOIN filings_ingeststage l ON l.accession = f.accession AND l.stage = 'published'
         WHERE f.listed_on BETWEEN %(since)s AND %(until)s AND (f.partial OR %(whole_sets)s)
           AND NOT EXISTS (SELECT FROM filings_document d WHERE d.accession = f.accession AND d.completeness >= 0)
         ORDER BY f.listed_on DESC, f.accession DESC LIMIT %(most)s FOR UPDATE OF l SKIP LOCKED)
    UPDATE filings_ingeststage l
       SET stage = 'seen', lane = 'historic', form = chosen.form, cik = coalesce(l.cik, chosen.issuer_id),
           listed_on = coalesce(l.listed_on, chosen.listed_on), attempts = 0, due_at = %(now)s, changed_at = %(now)s
      FROM chosen WHERE l.accession = chosen.accession
"""


def owe_whole_filings(*, most: int, since: date = date.min, until: date = date.max, whole_sets: bool = False) -> int:
    """Owes a fetch of the newest `most` filings between these days of which tables were missing; how many there were.

    With `whole_sets`, also of those that came in a whole data set.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _OWE,
            {"most": most, "since": since, "until": until, "whole_sets": whole_sets, "now": timezone.now()},
        )
        return int(cursor.rowcount)


def complete_by_clock() -> int:
    """Owes filings of which tables were missing, once history owes nothing else, and where the SEC may be asked."""
    if not settings.EDGAR_USER_AGENT.strip():
        return 0
    if IngestStage.objects.filter(stage=Stage.SEEN, lane="historic").exists():
        return 0
    return owe_whole_filings(most=AN_HOUR)
