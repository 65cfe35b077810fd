"""Rows of Tables I and II as a story writes them: what was done, without balances, footnote ids or schema.

A `Row` names its footnotes by their text, under the field they hang on; `assemble` numbers them. What a balance is
after a row is worked out by `ledger`, so that filings agree with each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Notes = Mapping[str, str | tuple[str, ...]]
COMMON = "Common Stock"


@dataclass(frozen=True)
class Grant:
    """A derivative security. Where `strike`, `exercisable` or `expires` is words, the cell holds only a footnote."""

    title: str
    strike: Decimal | str
    exercisable: date | str
    expires: date | str
    underlying: str = COMMON
    per_unit: int = 1
    short: bool = False  # written: disposing of it opens the position


@dataclass(frozen=True)
class Place:
    """How a position is held: directly, or indirectly with the nature that column 7 (or 11) states."""

    ownership: str = "D"
    nature: str | None = None


DIRECT = Place()


def held_by(nature: str) -> Place:
    return Place("I", nature)


@dataclass(frozen=True)
class Row:
    """A transaction, or a holding (`code` None). `shares` None on a holding means: whatever is held."""

    security: str | Grant
    code: str | None = None
    acquired_disposed: str | None = None
    shares: int | None = None
    on: date | None = None
    price: Decimal | None = None
    place: Place = DIRECT
    notes: Notes = field(default_factory=dict)
    form_type: str | None = None  # of a transaction, "4" where `row` is not told otherwise
    timeliness: str | None = None
    swap: bool = False
    deemed: date | None = None
    total_value: Decimal | None = None
    # Shares that came without a report, and the footnote that says so ("" for none): a gap of the balances.
    unreported: tuple[int, str] | None = None
    # Set where the row reports an issuer's split itself: the ledger works out `shares`, and splits the line no more.
    reports_split: bool = False
    # The balance as an earlier filing stated it; such a row moves nothing.
    following: Decimal | None = None
    # The date as filed where a filer got it wrong; deadlines still run from `on`.
    stated_on: date | None = None


def row(
    code: str, acquired_disposed: str, shares: int | None, on: date, price: Decimal | None = None, /, **more
) -> Row:
    """A transaction; common stock held directly unless `more` says otherwise."""
    return Row(
        security=more.pop("security", COMMON),
        form_type=more.pop("form_type", "4"),
        code=code,
        acquired_disposed=acquired_disposed,
        shares=shares,
        on=on,
        price=price,
        **more,
    )


def bought(shares: int, on: date, price: Decimal | None, **more) -> Row:
    return row("P", "A", shares, on, price, **more)


def sold(shares: int, on: date, price: Decimal | None, **more) -> Row:
    return row("S", "D", shares, on, price, **more)


def holding(place: Place = DIRECT, shares: int | None = None, security: str | Grant = COMMON, **more) -> Row:
    return Row(security=security, shares=shares, place=place, **more)


FREE = Decimal("0")


def exercise(grant: Grant, shares: int, on: date, *, code: str = "M", place: Place = DIRECT) -> list[Row]:
    """The two rows of an exercise or settlement: shares in at the strike, derivative out for nothing."""
    price = grant.strike if isinstance(grant.strike, Decimal) else FREE
    notes = {} if isinstance(grant.strike, Decimal) else {"code": grant.strike}
    return [
        row(code, "A", shares * grant.per_unit, on, price, security=grant.underlying, place=place, notes=notes),
        row(code, "D", shares, on, FREE, security=grant, place=place),
    ]


def vested(grant: Grant, shares: int, on: date, price: Decimal, tax: float = 0.37) -> list[Row]:
    """Units settled in shares, and a share of them kept back by the issuer for tax."""
    acquired, settled = exercise(grant, shares, on)
    withheld = row("F", "D", round(shares * tax), on, price, security=grant.underlying, notes={"code": WITHHELD})
    return [acquired, withheld, settled]


WITHHELD = "Shares that the issuer kept back to pay the tax due when the units vested. Nothing was sold in the market."
