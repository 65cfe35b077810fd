"""EDGAR's lists of filings -> references to Forms 3, 4 and 5. Pure.

Promises: every layout of the current feed and of the daily and quarterly indexes (form, master and company; the header
of one line and the 2026 one of two; plain or gzip); each accession once, in the order of the list; forms by their exact
name, amendments included. Refuses, with `BadDocument`, whatever is not wholly such a list: an HTML or error page, a cut
row, a header without its rule. None of these is ever an empty list.

What a list alone cannot show: that whole rows are missing from its end. The transport shows that (the client takes no
answer whose end it cannot prove), and whoever reads a list again should see no fewer `rows` than before.

Where the current feed ends: ask for the next page only after a page with `full`; a page that is not full is the last.
The page after a full one may be past the end, where the SEC answers 503 with HTML: `EdgarUnavailable.past_the_end`. An
outage looks the same, so take it for the end only if the page before it, asked once more, is answered, and the next one
again is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

FORMS = ("3", "3/A", "4", "4/A", "5", "5/A")


@dataclass(frozen=True, slots=True)
class Reference:
    """One filing as a list names it. `cik` is that of any party, never to be taken for the issuer's.

    `path` is where the full submission lies below /Archives/. `accepted_at` (UTC) is told by the feed alone.
    """

    accession: str
    form: str
    filed_on: date | None
    accepted_at: datetime | None
    cik: str
    path: str


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One page of the current feed. `rows` counts its entries of every form; one filing has several."""

    entries: tuple[Reference, ...]
    rows: int
    updated: datetime | None

    @property
    def full(self) -> bool:
        """Whether there may be a page after this one."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Index:
    """One index file. `rows` counts its rows of every form; `last_received` is the day that its header names."""

    references: tuple[Reference, ...]
    rows: int
    last_received: date | None


@dataclass(frozen=True, slots=True)
class ListedFile:
    """One name in a folder of indexes. `kind` and `day` are None where the name is not that of a daily index."""

    name: str
    kind: str | None
    day: date | None


def parse_current_feed(content: bytes) -> FeedPage:
    """Raises `BadDocument("feed", ...)`."""
    raise NotImplementedError


def parse_index(content: bytes, name: str) -> Index:
    """`name` is the file's ("form.20260716.idx", "master.gz"). Raises `BadDocument("index", ...)`."""
    raise NotImplementedError


def parse_listing(content: bytes) -> tuple[ListedFile, ...]:
    """Raises `BadDocument("listing", ...)`."""
    raise NotImplementedError
