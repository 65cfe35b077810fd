"""Rings a worker: says that something is owed, never what. A ring may be lost; whoever must not miss it sweeps.

Promises: the caller never waits for a broker that is away, and a load of a hundred thousand filings is not as many
messages: within a process a task is rung a few times a second at most.
"""

from __future__ import annotations

import logging
import time
from typing import Any

log = logging.getLogger(__name__)

APART = 0.25  # seconds
EXPIRES = 60  # seconds; by then a sweep has been

_rung_at: dict[str, float] = {}


def ring(task: Any) -> None:
    """`task` is a Celery task without arguments."""
    now = time.monotonic()
    if now - _rung_at.get(task.name, -APART) < APART:
        return
    _rung_at[task.name] = now
    try:
        task.apply_async(expires=EXPIRES, retry=False)
    except Exception as away:  # whatever a broker's client raises: the sweep does what this ring would have done
        log.warning("No ring for %s: %s", task.name, away)
