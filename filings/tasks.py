"""Doorways for the workers. A task carries no work: it rings, and the service finds in PostgreSQL what is owed.

Every ring may be lost, doubled or late. There is one ring a pass or a sweep, never one a filing, and work that is rung
while somebody is at it is left to them.
"""

from __future__ import annotations

from celery import shared_task

from filings.edgar.budget import Lane
from filings.services import complete, fetch, owed, poll, reconcile, search_index, tickers
from filings.services.alone import alone
from filings.services.rounds import a_round

LIVE_SECONDS = 8.0
HISTORIC_SECONDS = 5.0


@shared_task(name="filings.publish_owed")
def publish_owed() -> None:
    owed.publish_owed()


@shared_task(name="filings.poll_current")
def poll_current() -> None:
    """One pass of the current feed; what it found is rung for once, while it still reads and when it has."""
    rung = False

    def ring(new: int) -> None:
        nonlocal rung
        if new and not rung:
            rung = True
            fetch_live.apply_async(expires=60)

    if poll.poll(seen=ring).new:
        fetch_live.apply_async(expires=60)


@shared_task(name="filings.fetch_live")
def fetch_live() -> None:
    """Two at a time, so that one that waits for a slow answer does not stop the news."""
    for place in ("fetch live", "fetch live too"):
        with alone(place) as mine:
            if mine:
                fetch.fetch_owed(lanes=(Lane.LIVE,), seconds=LIVE_SECONDS)
                return


@shared_task(name="filings.fetch_historic")
def fetch_historic() -> None:
    """What a backfill that was ended left behind, a few at a time, and live filings first."""
    with alone("fetch historic") as mine:
        if mine:
            fetch.fetch_owed(lanes=(Lane.LIVE, Lane.HISTORIC), seconds=HISTORIC_SECONDS)


@a_round("filings.complete_partial")
def complete_partial() -> None:
    complete.complete_by_clock()


@a_round("filings.reconcile_owed", soft_time_limit=150, time_limit=160)
def reconcile_owed() -> None:
    reconcile.reconcile_owed()


@shared_task(name="filings.read_tickers")
def read_tickers() -> None:
    tickers.read_tickers_owed()


@a_round("filings.appoint_leaders")
def appoint_leaders() -> None:
    """As filings come in, other names are searched for most; half a second at a million names when none changes."""
    search_index.appoint_leaders()


@a_round("filings.index_owed")
def index_owed() -> None:
    """What a bulk load that was ended before its last step left for searches to find."""
    search_index.index_owed()
