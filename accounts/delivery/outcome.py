"""What became of one try, in words that a channel's owner, the API and the retry plan all use. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

EXCERPT = 4096  # bytes of an answer that are read and kept


class Fault(StrEnum):
    """Why a try did not deliver; the names are those of the API's `lastErrorClass`."""

    HTTP_4XX = "HTTP_4XX"
    HTTP_5XX = "HTTP_5XX"
    HTTP_OTHER = "HTTP_OTHER"
    TIMEOUT = "TIMEOUT"
    DNS = "DNS"
    TLS = "TLS"
    CONNECT_REFUSED = "CONNECT_REFUSED"
    URL_REJECTED = "URL_REJECTED"
    CHANNEL_STOPPED = "CHANNEL_STOPPED"
    MAIL_REFUSED = "MAIL_REFUSED"
    OTHER = "OTHER"


# What happened then, as the owner of the channel reads it.
WORDS = {
    Fault.HTTP_4XX: "the receiver refused it",
    Fault.HTTP_5XX: "the receiver failed",
    Fault.HTTP_OTHER: "the receiver did not take it",
    Fault.TIMEOUT: "no answer came in time",
    Fault.DNS: "its host was not found",
    Fault.TLS: "no encrypted connection that can be trusted came about",
    Fault.CONNECT_REFUSED: "the connection was refused",
    Fault.URL_REJECTED: "its URL was not allowed",
    Fault.CHANNEL_STOPPED: "the channel was paused or stopped",
    Fault.MAIL_REFUSED: "the mail server refused it",
    Fault.OTHER: "something else went wrong",
}


class Kind(StrEnum):
    DELIVERED = "delivered"
    AGAIN = "again"  # later, by the plan
    HOPELESS = "hopeless"  # this delivery will never be taken; the channel may be well
    GONE = "gone"  # the receiver wants nothing more
    OURS = "ours"  # the site's own trouble, such as its mail server: again, and no blame on the channel


@dataclass(frozen=True, slots=True)
class Outcome:
    """`retry_after` is what the receiver asked for, in seconds; None where it did not, or not readably."""

    kind: Kind
    took_ms: int
    status: int | None = None
    fault: Fault | None = None
    words: str = ""
    retry_after: float | None = None

    @property
    def delivered(self) -> bool:
        return self.kind is Kind.DELIVERED
