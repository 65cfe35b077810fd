"""Long jobs of the clock, one at a time over all workers, so that news always find a process free.

Promises: whoever finds another round under way leaves, and rings for itself again a little later; what it would have
done is done then. A ring that is lost is made good by the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from celery import shared_task

from filings.services.alone import alone
from form4site.kit import bell

AGAIN_AFTER = 15  # seconds


@contextmanager
def its_turn(task: str) -> Iterator[bool]:
    """Whether the round of this task, which is without arguments, may go on its way; if not, it is rung for later."""
    with alone("a round") as turn:
        if not turn:
            bell.ring_later(task, AGAIN_AFTER)
        yield turn


def a_round(name: str, **limits: Any) -> Callable[[Callable[[], None]], Any]:
    """A task of this name that works when it is its turn; `limits` are Celery's of its time."""

    def of(work: Callable[[], None]) -> Any:
        @wraps(work)
        def in_turn() -> None:
            with its_turn(name) as turn:
                if turn:
                    work()

        return shared_task(name=name, **limits)(in_turn)

    return of
