"""Which row of an amendment stands for which row of a report, one to one, and in which cells they differ.

Promises: the surest pairs first; a pair agrees in day, code, class and form of ownership and then in shares or price,
or in all but one of those. Where nothing tells two rows apart, document order does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from filings.ownership.document import Line
from signals.readings.history import RowRef
from signals.readings.securities import security_class


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that the amendment states differently. Values as filed."""

    field: str
    old: Any
    new: Any


def day_code(line: Line) -> tuple[Any, ...]:
    return line.table, line.transaction_date, line.code, line.acquired_disposed


def _money(value: Decimal | None) -> Decimal:
    return value or Decimal(0)


def _security(line: Line) -> tuple[Any, ...]:
    return security_class(line.security_title).name, line.conversion_or_exercise_price, line.expiration_date


def _name(line: Line) -> str:
    return security_class(line.security_title).name


def _place(line: Line) -> tuple[Any, ...]:
    return line.ownership, " ".join((line.nature_of_ownership or "").lower().split())


Key = Callable[[Line], tuple[Any, ...] | None]

# From the surest pair to the least sure. A key of None matches nothing. A step that is `loose` pairs only what is the
# one row of its kind on both sides, and never a row that says it was left out before.
_TRANSACTIONS: tuple[tuple[Key, bool], ...] = (
    (lambda x: (day_code(x), _security(x), _place(x), x.shares, _money(x.price), x.shares_owned_following), False),
    (lambda x: (day_code(x), _security(x), _place(x), x.shares, _money(x.price)), False),
    (lambda x: (day_code(x), _security(x), _place(x), x.shares) if x.shares is not None else None, False),
    (lambda x: (day_code(x), _name(x), x.ownership, x.shares) if x.shares is not None else None, False),
    (lambda x: (day_code(x), _name(x), x.ownership, x.price) if x.price else None, True),
    (lambda x: (day_code(x), x.shares, _money(x.price)) if x.shares is not None else None, True),
    (lambda x: (x.table, x.transaction_date, _name(x), x.shares, _money(x.price)) if x.shares else None, True),
    (lambda x: (x.table, x.code, x.acquired_disposed, _name(x), x.ownership, x.shares, _money(x.price))
        if x.shares else None, True),
    (lambda x: (x.transaction_date, x.code, x.acquired_disposed, x.shares) if x.shares else None, True),
)  # fmt: skip
_HOLDINGS: tuple[tuple[Key, bool], ...] = (
    (lambda x: (x.table, _security(x), _place(x), x.shares_owned_following, x.underlying_shares), False),
    (lambda x: (x.table, _security(x), _place(x)), True),
    (lambda x: (x.table, _name(x), x.shares_owned_following, x.underlying_shares), True),
)


def match_rows(
    own: list[tuple[RowRef, Line]], present: list[tuple[RowRef, Line]], left_out: set[RowRef]
) -> dict[RowRef, RowRef]:
    """Which row each row of an amendment stands for, one to one. Rows in `left_out` only match what is all equal."""
    matched: dict[RowRef, RowRef] = {}
    for kind, steps in (("transaction", _TRANSACTIONS), ("holding", _HOLDINGS)):
        mine = [(ref, line) for ref, line in own if line.kind == kind]
        theirs = [(ref, line) for ref, line in present if line.kind == kind]
        for key, loose in steps:
            if not mine or not theirs:
                break
            pairs = _pairs(key, loose, mine, theirs, left_out)
            matched.update(pairs)
            taken = set(pairs.values())
            mine = [item for item in mine if item[0] not in pairs]
            theirs = [item for item in theirs if item[0] not in taken]
        if kind == "transaction":
            # Shares and price both corrected: only where the amendment has as many rows of the kind as the report.
            ours, its = _counts(own), _counts(present)
            mine = [(ref, line) for ref, line in mine if ours[_of_kind(line)] == its[_of_kind(line)]]
            matched.update(_pairs(_of_kind, True, mine, theirs, left_out))
    return matched


def _of_kind(line: Line) -> tuple[Any, ...]:
    return day_code(line), _name(line), line.ownership


def _counts(rows: list[tuple[RowRef, Line]]) -> Counter[tuple[Any, ...]]:
    """How many transactions there are of each day, code, class and form of ownership."""
    return Counter(_of_kind(line) for _, line in rows if line.kind == "transaction")


def _pairs(
    key: Key,
    loose: bool,
    mine: list[tuple[RowRef, Line]],
    theirs: list[tuple[RowRef, Line]],
    left_out: set[RowRef],
) -> dict[RowRef, RowRef]:
    waiting: dict[tuple[Any, ...], list[RowRef]] = {}
    for ref, line in theirs:
        found = key(line)
        if found is not None:
            waiting.setdefault(found, []).append(ref)
    asking: dict[tuple[Any, ...], list[RowRef]] = {}
    for ref, line in mine:
        found = key(line)
        if found is not None and found in waiting and not (ref in left_out and loose):
            asking.setdefault(found, []).append(ref)
    pairs: dict[RowRef, RowRef] = {}
    for found, refs in asking.items():
        if loose and (len(refs) > 1 or len(waiting[found]) > 1):
            continue
        pairs.update(zip(refs, waiting[found], strict=False))
    return pairs


_COMPARED = (
    "security_title", "conversion_or_exercise_price", "transaction_date", "deemed_execution_date", "form_type", "code",
    "equity_swap", "timeliness", "shares", "total_value", "price", "acquired_disposed", "exercise_date",
    "expiration_date", "underlying_title", "underlying_shares", "underlying_value", "shares_owned_following",
    "value_owned_following", "ownership", "nature_of_ownership",
)  # fmt: skip


def differences(old: Line, new: Line) -> tuple[Change, ...]:
    """The cells that differ in value, in the order of the form. Zeros after the point are no difference."""
    return tuple(
        Change(name, getattr(old, name), getattr(new, name))
        for name in _COMPARED
        if getattr(old, name) != getattr(new, name)
    )
