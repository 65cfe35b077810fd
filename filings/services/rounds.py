"""Long jobs of the clock, one at a time over all workers, so that news always find a process free.

Promises: whoever finds another round under way leaves, and rings for itself again a little later; what it would have
done is done then. A ring that is lost is made good by the clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

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
