"""One ownership filing, as filed: what the XML of a Form 3, 4 or 5 says, and nothing it does not say.

Promises: every value of the SEC's ownership schema, in every version seen (EDGAR Ownership XML Technical
Specification v3 to v5.5), has a place here; a value that is absent is None, never 0 or ""; a number keeps its digits
and zeros; a flag has three values. What has no place is in `issues`.
Refuses: any interpretation. Whether a row is a purchase that matters is for `signals` to say.

The field names below are also the names in the JSON of a filing and the columns of the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

FORMS = ("3", "3/A", "4", "4/A", "5", "5/A")
TABLES = ("I", "II")
KINDS = ("transaction", "holding")

NO_FOOTNOTES: Mapping[str, tuple[str, ...]] = {}
NOTHING_ODD: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Issue:
    """Something the reader could not place or had to mend: where it stands, and a sentence."""

    path: str
    problem: str

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Issuer:
    cik: str  # ten digits
    name: str | None = None
    ticker: str | None = None  # free text as filed: "NONE", "GOOG, GOOGL" and "MAJR.OB" occur
    foreign_ticker: str | None = None  # since schema X0609


@dataclass(frozen=True, slots=True)
class Owner:
    """A reporting owner with the address and the relationship that this filing gives."""

    cik: str  # ten digits
    name: str | None = None
    is_director: bool | None = None
    is_officer: bool | None = None
    is_ten_percent_owner: bool | None = None
    is_other: bool | None = None
    officer_title: str | None = None
    other_text: str | None = None
    street1: str | None = None
    street2: str | None = None
    city: str | None = None
    state: str | None = None
    zip_code: str | None = None
    state_description: str | None = None
    good_address: bool | None = None
    non_us_address: bool | None = None
    non_us_state_territory: str | None = None
    country: str | None = None


@dataclass(frozen=True)
class Line:
    """One row of Table I or II: a transaction, or a holding (a position without a transaction).

    `row` counts from 1 within its table and kind, in document order. `footnotes` gives the footnote ids of each
    field that carries some; those on the whole transactionCoding stand under "code". `as_filed` gives the exact
    words of a number or date whose value does not spell them (".5", a date with a zone) or that has no value.
    """

    table: str
    kind: str
    row: int
    security_title: str | None = None
    conversion_or_exercise_price: Decimal | None = None
    transaction_date: date | None = None
    deemed_execution_date: date | None = None
    form_type: str | None = None
    code: str | None = None
    equity_swap: bool | None = None
    timeliness: str | None = None
    shares: Decimal | None = None
    total_value: Decimal | None = None
    price: Decimal | None = None
    acquired_disposed: str | None = None
    exercise_date: date | None = None
    expiration_date: date | None = None
    underlying_title: str | None = None
    underlying_shares: Decimal | None = None
    underlying_value: Decimal | None = None
    shares_owned_following: Decimal | None = None
    value_owned_following: Decimal | None = None
    ownership: str | None = None
    nature_of_ownership: str | None = None
    footnotes: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NO_FOOTNOTES)
    as_filed: Mapping[str, str] = field(default_factory=lambda: NOTHING_ODD)

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Line:
        """`Line(**given)` at a third of its cost, which is that of setting 27 frozen fields one by one."""
        line = object.__new__(cls)
        line.__dict__.update(_ABSENT)
        line.__dict__.update(given)
        return line

    @classmethod
    def of_all(cls, values: Iterable[Any]) -> Line:
        """The same of the values of all fields in their order."""
        line = object.__new__(cls)
        line.__dict__.update(zip(_FIELDS, values, strict=True))
        return line


_FIELDS = tuple(part.name for part in fields(Line))
_ABSENT: Mapping[str, Any] = {
    name: None for name in _FIELDS if name not in ("table", "kind", "row", "footnotes", "as_filed")
} | {"footnotes": NO_FOOTNOTES, "as_filed": NOTHING_ODD}


@dataclass(frozen=True, slots=True)
class Signature:
    name: str | None = None
    signed_on: date | None = None


@dataclass(frozen=True, slots=True)
class OwnershipDocument:
    """The whole of one filing's XML. `footnotes` keeps document order; `as_filed` is as in `Line`."""

    form: str
    issuer: Issuer
    owners: tuple[Owner, ...]
    schema_version: str | None = None
    period_of_report: date | None = None
    date_of_original_submission: date | None = None
    no_securities_owned: bool | None = None
    not_subject_to_section16: bool | None = None
    form3_holdings_reported: bool | None = None
    form4_transactions_reported: bool | None = None
    aff10b5_one: bool | None = None
    lines: tuple[Line, ...] = ()
    footnotes: Mapping[str, str] = field(default_factory=dict)
    remarks: str | None = None
    signatures: tuple[Signature, ...] = ()
    issues: tuple[Issue, ...] = ()
    as_filed: Mapping[str, str] = field(default_factory=lambda: NOTHING_ODD)
