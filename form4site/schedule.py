"""The clock: what beat rings, and how often. Every job may be rung twice, or late, or not at all, without harm."""

from __future__ import annotations

from datetime import timedelta

BEAT_SCHEDULE = {
    # An expired ring is dropped: the next one does all that the missed ones would have done.
    "publish what is kept and not published": {
        "task": "filings.publish_owed",
        "schedule": timedelta(seconds=15),
        "options": {"expires": 15},
    },
}
