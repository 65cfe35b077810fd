"""When a delivery is tried again, and when a channel is given up: times and numbers only. Pure.

Ten tries over at least 75 hours whatever the jitter, each wait within a fifth of its plan; a receiver that asks for a
longer wait gets it, within bounds. The whole schedule ends before a channel that only fails is stopped after five days.
"""

from __future__ import annotations

import email.utils
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

TRIES = 10
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=20),
    timedelta(hours=26),
    timedelta(hours=28),
)
JITTER = 0.2
ASKED_AT_MOST = timedelta(hours=1)  # or twice the planned wait, if that is longer

WARN_AFTER = timedelta(days=1)
STOP_AFTER = timedelta(days=5)

MAILS_AN_HOUR = 20


@dataclass(frozen=True, slots=True)
class Pace:
    """How quickly a channel and a host are sent to, and how long a worker may hold a delivery before others take it."""

    endpoint_gap: timedelta = timedelta(seconds=1)  # at most 60 a minute to one endpoint
    host_gap: timedelta = timedelta(milliseconds=100)  # whoever's endpoints they are
    lease: timedelta = timedelta(seconds=60)
    longest_gap: timedelta = timedelta(minutes=5)

    def gap(self, failures: int) -> timedelta:
        """From one delivery to the next on a channel; longer while it fails."""
        return min(self.endpoint_gap * 2 ** min(failures, 20), self.longest_gap) if failures else self.endpoint_gap


PACE = Pace()


def wait_after(attempts: int, *, asked: float | None = None, chance: random.Random | None = None) -> timedelta | None:
    """How long after this many tries the next is made; None when there is none left. `asked` is in seconds."""
    if attempts >= TRIES:
        return None
    planned = WAITS[max(attempts, 1) - 1]
    jittered = planned * (chance or random).uniform(1 - JITTER, 1 + JITTER)
    if asked is None or asked <= 0:
        return jittered
    return max(jittered, min(timedelta(seconds=min(asked, 1e6)), max(planned * 2, ASKED_AT_MOST)))


def retry_after(header: str | None, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks for: a number or an HTTP date. None for junk and for the past."""
    if not header:
        return None
    words = header.strip()
    if words.isascii() and words.isdigit() and len(words) <= 12:
        return float(words)
    try:
        moment = email.utils.parsedate_to_datetime(words)
    except (ValueError, TypeError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        seconds = (moment - now).total_seconds()
    except OverflowError:
        return None
    return seconds if seconds > 0 else None
