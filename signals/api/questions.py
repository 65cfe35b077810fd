"""The parameters of the peer's endpoints, as its clients send them: any case of true, 1e+16, either word for rows.

One without a word does not come this far: the API reads it as not given.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import AfterValidator, BeforeValidator, model_validator

from form4site.kit.api import bad_request

MOST_ROWS = 500
# A page so deep costs what it skips; whoever reads everything walks with a cursor (/v1/trades).
DEEPEST = 1_000_000


class BadDate(ValueError):
    """Told with a code of its own."""


def _day(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    words = value.strip()
    try:
        return date.fromisoformat(words[:10])
    except ValueError:
        raise BadDate(f"{words[:40]!r} is no date such as 2026-03-31") from None


def _flag(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    words = value.strip().lower()
    return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(words, value)


def _figure(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    # A plus that was not escaped comes as a space: "1e 16".
    return value.strip().replace(" ", "+")


# PostgreSQL takes no "1e140000" for a number. No figure is as large or as small as these, so they ask the same.
_LARGEST, _SMALLEST = Decimal("1e40"), Decimal("1e-40")


def _countable(value: Decimal) -> Decimal:
    size = min(max(value.copy_abs(), _SMALLEST), _LARGEST) if value else Decimal(0)
    return size.copy_sign(value)


Day = Annotated[date | None, BeforeValidator(_day)]
Flag = Annotated[bool | None, BeforeValidator(_flag)]
Figure = Annotated[
    Annotated[Decimal, Field(allow_inf_nan=False), AfterValidator(_countable)] | None, BeforeValidator(_figure)
]
Whole = Annotated[int | None, BeforeValidator(_figure)]


class Paged(Schema):
    """`page` counts from 1; `limit` is another word for `per_page`, which wins."""

    page: Whole = Field(None, ge=1)
    per_page: Whole = Field(None, ge=1, le=MOST_ROWS)
    limit: Whole = Field(None, ge=1)

    def rows(self, usual: int = 50, most: int = MOST_ROWS) -> int:
        return min(self.per_page or self.limit or usual, most)

    def window(self, usual: int = 50, most: int = MOST_ROWS) -> slice:
        """The rows of this page. Raises `ApiError`."""
        rows = self.rows(usual, most)
        start = ((self.page or 1) - 1) * rows
        if start > DEEPEST:
            raise bad_request(f"Pages end after {DEEPEST:,} rows; ask for a shorter span of dates, or use /v1/trades.")
        return slice(start, start + rows)


class Span(Paged):
    """Dates, both ends included."""

    from_: Day = Field(None, alias="from")
    to: Day = None


class TransactionQuestion(Span):
    ticker: str | None = None
    cik: str | None = None
    insider_cik: str | None = None
    code: str | None = None
    codes: str | None = None
    exclude_codes: str | None = None
    category: str | None = None
    exclude_category: str | None = None
    exclude_derivative: Flag = None
    exclude_10b5: Flag = None
    significant: Flag = None
    filed_from: Day = None
    filed_to: Day = None
    min_value: Figure = None
    max_value: Figure = None
    min_shares: Figure = None
    max_shares: Figure = None
    min_return_1d: Figure = None
    max_return_1d: Figure = None
    min_return_1w: Figure = None
    max_return_1w: Figure = None
    min_return_1m: Figure = None
    max_return_1m: Figure = None
    min_return_3m: Figure = None
    max_return_3m: Figure = None
    min_return_6m: Figure = None
    max_return_6m: Figure = None
    has_returns: Flag = None
    inst_ownership_trend: str | None = None
    role: str | None = None
    sort: str | None = None
    forms: str | None = None  # ours

    @model_validator(mode="after")
    def _significant(self) -> TransactionQuestion:
        """The preset; what is given explicitly wins."""
        if self.significant:
            if self.category is None and self.code is None and self.codes is None:
                self.category = "open_market"
            if self.exclude_10b5 is None:
                self.exclude_10b5 = True
            if self.exclude_derivative is None:
                self.exclude_derivative = True
        return self


class FilingQuestion(Span):
    ticker: str | None = None
    cik: str | None = None


class InsiderTransactionQuestion(Span):
    ticker: str | None = None
    code: str | None = None
    exclude_10b5: Flag = None
