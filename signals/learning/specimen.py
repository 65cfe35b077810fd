"""An invented Form 4 to walk through where the archive holds none that shows enough. Its facts belong to nobody."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from filings.ownership.document import Line

_DAY = date(2026, 3, 2)

LINES = (
    Line(
        table="I", kind="transaction", row=1, security_title="Common Stock", transaction_date=_DAY, form_type="4",
        code="M", shares=Decimal(4000), acquired_disposed="A", price=None, shares_owned_following=Decimal(52000),
        ownership="D", footnotes={"price": ("F1",)},
    ),
    Line(
        table="I", kind="transaction", row=2, security_title="Common Stock", transaction_date=_DAY, form_type="4",
        code="F", shares=Decimal(1610), acquired_disposed="D", price=Decimal("31.40"),
        shares_owned_following=Decimal(50390), ownership="D",
    ),
    Line(
        table="I", kind="transaction", row=3, security_title="Common Stock", transaction_date=_DAY, form_type="4",
        code="S", shares=Decimal(900), acquired_disposed="D", price=Decimal("31.27"),
        shares_owned_following=Decimal(8100), ownership="I", nature_of_ownership="By trust",
        footnotes={"price": ("F2",)},
    ),
    Line(
        table="II", kind="transaction", row=1, security_title="Restricted Stock Units", transaction_date=_DAY,
        form_type="4", code="M", shares=Decimal(4000), acquired_disposed="D", price=Decimal(0),
        underlying_title="Common Stock", underlying_shares=Decimal(4000), shares_owned_following=Decimal(8000),
        ownership="D",
        footnotes={"conversion_or_exercise_price": ("F1",), "exercise_date": ("F1",), "expiration_date": ("F1",)},
    ),
)  # fmt: skip
NOTES = (
    ("F1", "Each restricted stock unit stands for one share. The units vest in three equal yearly parts."),
    ("F2", "The price is a weighted average of sales at prices from $31.10 to $31.45."),
)
