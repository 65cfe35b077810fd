"""Rings a worker: says that something is owed, never what. A ring may be lost; whoever must not miss it sweeps.

Promises: the caller never waits for a broker that is away, and a load of a hundred thousand filings is not as many
messages: within a process a task is rung a few times a second at most.
"""

from __future__ import annotations

import logging
import time

from celery import current_app

log = logging.getLogger(__name__)

APART = 0.25  # seconds
EXPIRES = 60  # seconds; by then a sweep has been

_rung_at: dict[tuple[str, int], float] = {}  # by the name and by how much later


def ring(name: str) -> None:
    """`name` is that of a task without arguments. Whoever rings need not load what the task needs."""
    _ring(name, 0, APART)


def ring_later(name: str, seconds: int) -> None:
    """The same after so many seconds; one that is on its way from here does for those that would follow it shortly.

    They follow for half of that time: a ring that comes a little early and finds nothing changed is to ring again.
    """
    _ring(name, seconds, seconds / 2)


def _ring(name: str, later: int, apart: float) -> None:
    now = time.monotonic()
    if now - _rung_at.get((name, later), -apart) < apart:
        return
    _rung_at[name, later] = now
    try:
        current_app.send_task(name, countdown=later, expires=later + EXPIRES, retry=False)
    except Exception as away:  # whatever a broker's client raises: the sweep does what this ring would have done
        log.warning("No ring for %s: %s", name, away)
