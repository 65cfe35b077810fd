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

_rung_at: dict[str, float] = {}
_rung_for_later_at: dict[str, float] = {}


def ring(name: str) -> None:
    """`name` is that of a task without arguments. Whoever rings need not load what the task needs."""
    now = time.monotonic()
    if now - _rung_at.get(name, -APART) < APART:
        return
    _rung_at[name] = now
    _send(name)


def ring_later(name: str, seconds: int) -> None:
    """The same after so many seconds; one that is on its way from here does for those that would follow it shortly.

    They follow for half of that time: a ring that comes a little early and finds nothing changed is to ring again.
    """
    now = time.monotonic()
    if now - _rung_for_later_at.get(name, -seconds) < seconds / 2:
        return
    _rung_for_later_at[name] = now
    _send(name, seconds)


def _send(name: str, later: int = 0) -> None:
    try:
        current_app.send_task(name, countdown=later, expires=later + EXPIRES, retry=False)
    except Exception as away:  # whatever a broker's client raises: the sweep does what this ring would have done
        log.warning("No ring for %s: %s", name, away)
