"""What a chart of trades is told: trades, prices and shaded stretches of days.

Promises: every value is one that can be drawn. Refuses unknown kinds and plan words and negative values, by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from .words import Number

BOUGHT, SOLD, MECHANICS, UNKNOWN = "bought", "sold", "mechanics", "unknown"
PLANNED, OUTSIDE_PLAN, PLAN_UNKNOWN = "planned", "outside", "plan-unknown"
SHAPES = {BOUGHT: "up", SOLD: "down", MECHANICS: "diamond", UNKNOWN: "circle"}
SIGNS = {BOUGHT: "▲", SOLD: "▼", MECHANICS: "◇", UNKNOWN: "○"}
WORDS = {BOUGHT: "Bought", SOLD: "Sold", MECHANICS: "Mechanics", UNKNOWN: "Not known"}
PLAN_WORDS = {PLANNED: "under a plan", OUTSIDE_PLAN: "", PLAN_UNKNOWN: "plan not known"}


@dataclass(slots=True)  # not frozen: a page makes a thousand of them, and freezing takes six times as long
class Trade:
    """One trade: `sentence` says it in words, `href` leads to it; where they are "", the chart finds its own.

    `acquired` matters for mechanics alone: the side of the line they stand on. `lane` is the insider or issuer, where
    the chart has lanes. Where there were too many to hand over one by one, `count` trades of one day come as one, with
    the sum of their values; `unvalued` of them had none.
    """

    on: date
    kind: str
    value: Number | None
    sentence: str
    href: str
    plan: str = OUTSIDE_PLAN
    lane: str = ""
    acquired: bool | None = None
    count: int = 1
    unvalued: int = -1  # not given: whether this one has none

    def __post_init__(self) -> None:
        if self.unvalued < 0:
            self.unvalued = int(self.value is None)
        if not 0 <= self.unvalued <= self.count or self.count < 1:
            raise ValueError(f"{self.unvalued} of {self.count} trades on {self.on} cannot be without a value")
        if self.kind not in SHAPES:
            raise ValueError(f"a trade's kind is one of {', '.join(SHAPES)}, not {self.kind!r}")
        if self.plan not in PLAN_WORDS:
            raise ValueError(f"a trade's plan is one of {', '.join(PLAN_WORDS)}, not {self.plan!r}")
        if self.value is not None and not 0 <= self.value < float("inf"):
            raise ValueError(f"the value of the trade on {self.on} is {self.value}; it is zero or more, or None")

    @property
    def up(self) -> bool:
        """Whether the mark stands above the line: into the insider's hands."""
        if self.kind in (BOUGHT, SOLD) or self.acquired is None:
            return self.kind == BOUGHT
        return self.acquired


class Price(NamedTuple):
    """A price of one day, for the thin line. None breaks the line."""

    on: date
    price: Number | None


@dataclass(frozen=True, slots=True)
class Episode:
    """A stretch of days to shade, such as a cluster, with the words that explain it."""

    first: date
    last: date
    words: str
