"""When to try again, later and later: the one definition for filings and for lists. Pure.

Jitter keeps those that failed together from coming back together. The time itself stands in PostgreSQL, never in a
message.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

FIRST_PAUSE = timedelta(seconds=5)
LIVE_PAUSE = timedelta(minutes=10)  # the most for what is news, and for what the SEC does not serve yet
LONGEST_PAUSE = timedelta(hours=4)
NEWS_LASTS = timedelta(days=1)


def next_try(
    *, attempts: int, now: datetime, longest: timedelta = LIVE_PAUSE, asked: datetime | None = None
) -> datetime:
    """When to try again after this many attempts; never before the time that the SEC `asked` for."""
    pause = min(FIRST_PAUSE * 2 ** min(max(attempts, 1) - 1, 20), longest)
    jittered = pause * random.uniform(1.0, 1.5)
    return max(now, asked or now) + jittered
