"""The one door to the SEC. Nothing else in this project opens a connection to it.

Promises: nothing is sent without EDGAR_USER_AGENT (`EdgarOff`), nor before the shared budget has given a slot; an
`Answer` is whole and inflated, within the limits of its kind; anything else is an error of `filings.errors`, judged by
the body of the answer and not by its status, and never an empty answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from filings.edgar.budget import Lane

__all__ = ["Answer", "Kind", "Lane", "fetch"]


class Kind(Enum):
    """What is asked for, which decides how large and how slow the answer may be."""

    FEED = "a page of the current feed"
    LISTING = "a listing of index files"
    DAILY_INDEX = "a daily index"
    QUARTERLY_INDEX = "a quarterly index"
    SUBMISSION = "a full submission"
    COMPANY = "a company record"
    TICKERS = "the file of tickers"


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer of the SEC: its bytes (inflated), and when they came (UTC)."""

    url: str
    content: bytes
    fetched_at: datetime
    etag: str | None
    last_modified: datetime | None


def fetch(url: str, *, lane: Lane, kind: Kind, patience: float = 15.0) -> Answer:
    """Asks the SEC for this address, once a slot is free; waits at most `patience` seconds for the slot.

    Not inside a transaction: it would hold the shared row for the length of the request (RuntimeError).
    Raises `EdgarOff`, `EdgarRefused`, `NotThere`, `EdgarUnavailable`; all but the first are `transient`.
    """
    raise NotImplementedError
