"""Looks for readings that are owed leave alone what earlier looks have found read: where they begin is kept here.

Promises: what is committed late is found. A moment is noted with the number of a transaction that begins after it, and
passed only when no transaction with a lower number is open: each publication takes its moment after its number
(`filings/services/rows.py`), so none of before the noted moment is still to come. Whoever moves the horizon has asked
which moment may be passed before it looked. Costs a small query a look and two small writes a minute.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from form4site.kit import transactions
from signals.models import ReadingHorizon
from signals.readings.whole import READER_VERSION
from signals.selectors.owed import CLOCKS

EVERY = timedelta(minutes=1)

# What is asked about; whether that may be passed; whether this database, restored from a copy, counts from less.
_ASKED = f"""
    SELECT asked_at, asked_in <= {transactions.OLDEST_OPEN}, asked_in >= {transactions.NEXT}
      FROM signals_readinghorizon
"""
_ASK = f"""
    INSERT INTO signals_readinghorizon AS known ("only", asked_at, asked_in)
    VALUES (true, %(now)s, {transactions.OWN})
    ON CONFLICT ("only") DO UPDATE SET asked_at = excluded.asked_at, asked_in = excluded.asked_in
     WHERE known.asked_at = %(known)s
"""


def passable() -> datetime | None:
    """A moment before which nothing more will be published than a look from now on finds; None if there is none yet.

    It is a minute old or more: the clocks of several machines differ. Inside a transaction there is none: it would hold
    the row, and with it every other look, to its end.
    """
    if connection.in_atomic_block:
        return None
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_ASKED)
        found: tuple[datetime, bool, bool] | None = cursor.fetchone()
        asked_at, over, foreign = found or (now, False, True)
        if foreign or (over and not now - EVERY < asked_at <= now):
            cursor.execute(_ASK, {"now": now, "known": asked_at})
    moment = asked_at - CLOCKS
    return moment if over and not foreign and moment <= now else None  # what is to come: the clock was put back


def move(to: datetime | None) -> None:
    """For who has asked which moment is `passable`, then looked, and found nothing that is owed."""
    if to is not None:
        known = Q(reader_version=READER_VERSION, published_before__gte=to, published_before__lte=timezone.now())
        ReadingHorizon.objects.exclude(known).update(published_before=to, reader_version=READER_VERSION)
