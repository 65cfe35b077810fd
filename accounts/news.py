"""What is new to tell: filings and signals whose readings were not evaluated before, or were other ones then.

Values only; who makes them is `accounts.services.evaluate`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

# What everybody could know for longer than this when it first came here is old: at most a digest tells of it.
OLD_AFTER = timedelta(hours=72)
RAISED, CHANGED, GONE = "raised", "changed", "gone"


@dataclass(frozen=True, slots=True)
class FilingNews:
    """A filing seen for the first time (`revision` 1), or one whose reading is another than the one evaluated before.

    `amended_by` are filings, not old, that have restated or taken back rows of it since. One that `is_old` may be first
    too: the site was down for days, or found it late.
    """

    accession: str
    issuer_cik: str
    revision: int
    known_at: datetime
    amended_by: tuple[str, ...] = ()
    is_old: bool = False

    @property
    def is_first(self) -> bool:
        return self.revision == 1


@dataclass(frozen=True, slots=True)
class SignalNews:
    """`state` is RAISED, CHANGED or GONE; `reference` is what programs are told of the signal as it stands or stood.
    One that `is_old` when it is raised became known long ago and has not grown since."""

    key: str
    issuer_cik: str
    revision: int
    state: str
    reference: dict[str, Any]
    is_old: bool = False


@dataclass(frozen=True, slots=True)
class News:
    at: datetime
    filings: tuple[FilingNews, ...] = ()
    signals: tuple[SignalNews, ...] = ()
