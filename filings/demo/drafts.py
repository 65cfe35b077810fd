"""A filing as a story plans it, before balances, names of the day and footnote numbers are known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

from filings.demo.parties import Issuer, Seat
from filings.demo.rows import Row

Rewrite = Callable[[list[Row]], list[Row]]


@dataclass(eq=False)
class Draft:
    """`rows` are this filing's own; where it restates an earlier one, `restates` makes them from that one's rows."""

    story: str
    form: str
    owners: tuple[Seat, ...]
    rows: list[Row]
    filed_on: date
    at: time  # Eastern
    period: date
    box: bool | None = False  # the 10b5-1 box, where the form of that day has one
    original_on: date | None = None
    remarks: str = ""
    exit_box: bool = False
    earlier: Draft | None = None
    restates: Rewrite | None = None
    # Filled by the ledger.
    following: list[Decimal] = field(default_factory=list)
    gaps: dict[int, str] = field(default_factory=dict)

    @property
    def issuer(self) -> Issuer:
        return self.owners[0].issuer

    @property
    def order(self) -> tuple[date, time]:
        return self.filed_on, self.at


def in_order_of_filing(drafts: Sequence[Draft]) -> list[Draft]:
    return sorted(drafts, key=lambda draft: draft.order)
