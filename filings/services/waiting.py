"""What commands wait for and tasks do not: a database that restarts, a penalty that ends, a usable answer."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from filings.errors import BadDocument, EdgarError, EdgarOff, EdgarRefused, NotThere

log = logging.getLogger(__name__)

T = TypeVar("T")
TRIES = 8
FIRST_WAIT = 0.5
DATABASE_SECONDS = 120.0
PROBE_WAIT = timedelta(seconds=5)


def through_restarts(work: Callable[[], T]) -> T:
    """Does this work, and does it again if the database goes away under it, for at most `DATABASE_SECONDS`."""
    ends_at = time.monotonic() + DATABASE_SECONDS
    while True:
        try:
            return work()
        except (OperationalError, InterfaceError) as away:
            connection.close()
            if time.monotonic() > ends_at:
                raise
            log.warning("The database is away: %s", str(away).strip())
            time.sleep(1.0)


def patiently(ask: Callable[[], T]) -> T:
    """Asks the SEC until there is an answer that can be used, at most `TRIES` times; a penalty is waited out.

    "Not there" is an answer: whoever asked remembers it, and the clock asks again.

    Raises the last `EdgarError` or `BadDocument`.
    """
    attempt = 0
    while True:
        try:
            return through_restarts(ask)
        except (EdgarOff, NotThere):
            raise
        except EdgarRefused as refused:
            log.warning("%s", refused)
            time.sleep(until(refused.until).total_seconds())
        except (EdgarError, BadDocument):
            attempt += 1
            if attempt >= TRIES:
                raise
            time.sleep(min(FIRST_WAIT * 2**attempt, 30.0))


def until(moment: datetime | None) -> timedelta:
    """How long until then; a moment where a probe is out and its end is not known."""
    return max(moment - timezone.now(), timedelta()) + timedelta(seconds=0.5) if moment else PROBE_WAIT
