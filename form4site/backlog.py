"""What is owed to people, beside what the ledger owes: for the operations page and for /metrics.

Facts and readings know no people, so `signals.selectors.operations` cannot count this; here the two are put together.
"""

from __future__ import annotations

from datetime import datetime

from accounts.selectors import unevaluated
from accounts.selectors.backlog import outbox
from signals.selectors.operations import Queue

_UNEVALUATED = (
    (unevaluated.FILINGS, "unevaluated_filings", "Read, to be evaluated", "filing"),
    (unevaluated.SIGNALS, "unevaluated_signals", "Raised, to be evaluated", "signal"),
)


def queues_of_people(*, now: datetime) -> tuple[Queue, ...]:
    """Readings and signals that were not evaluated, and deliveries that did not go out."""
    return (*evaluation_queues(now=now), _deliveries(now))


def evaluation_queues(*, now: datetime) -> tuple[Queue, ...]:
    found = [(row, unevaluated.backlog(row[0], now=now)) for row in _UNEVALUATED]
    return tuple(
        Queue(key, title, held.count, held.count - held.put_off, held.late, held.put_off, held.oldest_at, thing)
        for (_, key, title, thing), held in found
    )


def _deliveries(now: datetime) -> Queue:
    found = outbox(now=now)
    return Queue(
        "undelivered", "Owed, to be delivered", found.waiting + found.under_way, found.due, found.late,
        found.waiting - found.due, found.oldest_at, "alert",
    )  # fmt: skip
