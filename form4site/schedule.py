"""The clock: what beat rings, and how often. Every job may be rung twice, or late, or not at all, without harm."""

from __future__ import annotations

from datetime import timedelta
from typing import Any


def beat_schedule(poll_seconds: int) -> dict[str, dict[str, Any]]:
    """`poll_seconds` is how often the SEC's current feed is read."""
    return {
        "show that the clock and a worker live": _every(30, "form4site.heartbeat"),
        "publish what is kept and not published": _every(15, "filings.publish_owed"),
        "read the current feed": _every(poll_seconds, "filings.poll_current"),
        "fetch what is seen and not fetched": _every(15, "filings.fetch_live"),
        "fetch what history still owes": _every(15, "filings.fetch_historic"),
        "owe the rest of what came without all of its tables": _every(3600, "filings.complete_partial"),
        "read what is published and not read": _every(5, "signals.read_owed"),
        "settle what only time settles": _every(60, "signals.read_by_clock"),
        "measure the inference of plans when a day has passed": _every(3600, "signals.calibrate_plans"),
        "count what a large archive holds when a day has passed": _every(3600, "signals.tally"),
        "look through the whole archive for what was never read": _every(3600, "signals.read_everything_owed"),
        "evaluate what is read and not evaluated": _every(5, "accounts.evaluate_owed"),
        "look through the whole archive for what was never evaluated": _every(
            3600, "accounts.evaluate_everything_owed"
        ),
        # What is due follows from the calendar and the ledger; most rings find nothing.
        "compare with the indexes that are due": _every(300, "filings.reconcile_owed"),
        "read the file of tickers when a day has passed": _every(900, "filings.read_tickers"),
        "owe the digests that are due": _every(60, "accounts.send_digests"),
        "send what is owed": _every(15, "accounts.send_owed"),
        "forget deliveries and tries that are too old": _every(3600, "accounts.forget_old"),
        "make the names that a bulk load left for searches": _every(600, "filings.index_owed"),
        "say which names short searches find": _every(1800, "filings.appoint_leaders"),
    }


def _every(seconds: int, task: str) -> dict[str, Any]:
    """An expired ring is dropped: the next one does all that the missed ones would have done."""
    return {"task": task, "schedule": timedelta(seconds=seconds), "options": {"expires": seconds}}
