"""What can go wrong with facts, and whose fault it is.

Every error says what failed and where, and whether trying again later can help (`transient`). Nothing here imports
Django, so that the pure readers may raise these.
"""

from __future__ import annotations

from datetime import datetime


class FilingsError(Exception):
    """The root of this app's errors. `transient` tells whether the same call may succeed later."""

    transient = False


class BadDocument(FilingsError):
    """A document that cannot be read as what it should be: an ownership filing, or one of the SEC's lists.

    `stage` is where reading stopped: "identify" (what is this?), "submission" (the SEC's envelope), "xml" (not
    well-formed, or forbidden), "dataset" (the SEC's quarterly tables), "document" (whole, but not what Forms 3, 4 and 5
    are), "feed", "index" or "listing" (the SEC's lists of filings: never read as empty because they cannot be read),
    "reader" (a fault of ours) or "publish" (the database refuses it, or reading it ended its worker). `path` is the
    element, column or header field that was refused, "" where the whole is meant. `reason` is one sentence.
    """

    def __init__(self, stage: str, path: str, reason: str) -> None:
        super().__init__(stage, path, reason)
        self.stage = stage
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        where = f" at {self.path}" if self.path else ""
        return f"{self.stage}{where}: {self.reason}"


class NotFound(FilingsError):
    """Nothing is known under this accession number or CIK."""


class EdgarError(FilingsError):
    """The SEC gave no answer that can be used. None of these ever means "there are no filings"."""


class EdgarOff(EdgarError):
    """EDGAR_USER_AGENT is not set, so nothing was sent and nothing ever will be."""


class EdgarRefused(EdgarError):
    """The SEC refused this site as a whole. Nobody may send anything before `until` (None: until a probe is back)."""

    transient = True

    def __init__(self, reason: str, until: datetime | None) -> None:
        super().__init__(reason, until)
        self.reason = reason
        self.until = until

    def __str__(self) -> str:
        return self.reason if self.until is None else f"{self.reason}; everything waits until {self.until:%H:%M:%S} UTC"


class NotThere(EdgarError):
    """The SEC does not serve this address (yet). It may do so later: a false "not found" has lasted for days."""

    transient = True


class EdgarUnavailable(EdgarError):
    """This request brought nothing that can be used, and may do so later: time-out, truncated, HTML, 429, 503 ...

    `status` is the HTTP status, None where no whole answer came. `retry_at` is the earliest time that the SEC asked
    for, if it did. `past_the_end` is True for the one answer that a page of the current feed past its end has (503 with
    HTML, asked with a start above 0). An outage has the same face, so it ends the feed only where the page before it is
    the last one known: see `filings.edgar.feeds`.
    """

    transient = True

    def __init__(
        self, reason: str, *, status: int | None = None, retry_at: datetime | None = None, past_the_end: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status
        self.retry_at = retry_at
        self.past_the_end = past_the_end
