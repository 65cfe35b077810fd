"""Counts codes, plans and kinds of signals once a day, where the archive is too large for pages to count them.

A count reads every line, trade and signal: ten million take seconds, which a reader shall not wait for and the others
not pay.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from signals.models import Tally
from signals.selectors import codes, kinds, plans

# Up to here a page counts for itself, in a few hundredths of a second.
CHEAP = 200_000
EVERY = timedelta(days=1)


def tally(*, anew: bool = False) -> Tally | None:
    """The new count; None where the last one is fresh (unless it is to be made anew), or none is needed."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'filings_line'::regclass")
        (lines,) = cursor.fetchone() or (0,)
    if lines < CHEAP:
        Tally.objects.all().delete()
        return None
    if not anew and Tally.objects.filter(counted_at__gt=now - EVERY, plans__isnull=False).exists():
        return None
    total, by_letter = codes.counted()
    row, _ = Tally.objects.update_or_create(
        only=True,
        defaults={
            "counted_at": now,
            "total": total,
            "lines": by_letter,
            "plans": plans.counted(),
            "kinds": kinds.counted(),
        },
    )
    return row
