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
