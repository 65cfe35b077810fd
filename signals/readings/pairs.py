"""The two sides of an exercise, a settlement or a conversion: the derivative that goes, the security that comes.

Promises: within one filing, rows that go (Table II, or one class turned into another) are paired with the rows that
come of the same code and day, where shares, place or price say that they belong together; one row that comes may
stand for several that go and the other way round. A row without a partner (cash-settled, sold as an option) stays
alone. Table I gives shares and stake, Table II strike and terms.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from filings.ownership.document import Line
from signals.readings.securities import security_class

EXERCISES = ("M", "X", "O")
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Pair:
    """`came` and `went` are rows of one filing; both have one at least."""

    came: tuple[Line, ...]
    went: tuple[Line, ...]

    @property
    def strike(self) -> Decimal | None:
        """The price paid a share: Table II's where it is a number, else what Table I says."""
        strikes = [line.conversion_or_exercise_price for line in self.went if line.conversion_or_exercise_price]
        return strikes[0] if strikes else next((line.price for line in self.came if line.price), None)


def pairs(lines: Iterable[Line]) -> tuple[Pair, ...]:
    """The pairs among the transactions of one filing, in the order of their first row."""
    groups: dict[tuple[Any, ...], tuple[list[Line], list[Line]]] = {}
    for line in lines:
        if line.kind == "transaction" and line.code in (*EXERCISES, "C", "J"):
            came, went = groups.setdefault((line.code, line.transaction_date), ([], []))
            if line.acquired_disposed == "A":
                came.append(line)
            elif line.acquired_disposed == "D":
                went.append(line)
    found: list[Pair] = []
    for (code, on), (came, went) in groups.items():
        if came and went:
            found.extend(_exchanges(came, went) if code == "J" else _matched(came, went))
        elif code == "C" and went:
            found.extend(_under_j(went, groups.get(("J", on), ([], []))[0]))
    return tuple(found)


def _under_j(went: list[Line], came: list[Line]) -> list[Pair]:
    """Converted under code C, with what came for it reported under J: place by place, to the share."""
    found: list[Pair] = []
    for row in came:
        gone = [other for other in went if _place(other) == _place(row) and _delivers(other, row)]
        given = [other.underlying_shares for other in gone if other.underlying_shares is not None]
        if gone and len(given) == len(gone) and row.shares == sum(given, _ZERO) and not row.price:
            found.append(Pair((row,), tuple(gone)))
    return found


def _matched(came: list[Line], went: list[Line]) -> list[Pair]:
    left_came, left_went = list(came), list(went)
    found: list[Pair] = []
    for fits in (_same_row, _same_shares):
        for row in list(left_went):
            partner = next((other for other in left_came if other is not row and fits(other, row)), None)
            if partner is not None:
                found.append(Pair((partner,), (row,)))
                left_came.remove(partner)
                left_went.remove(row)
    places = dict.fromkeys(_place(row) for row in left_went)
    for place in places:
        gone = [row for row in left_went if _place(row) == place]
        here = [row for row in left_came if _place(row) == place and _other_class(row, gone)]
        if gone and here:
            found.append(Pair(tuple(here), tuple(gone)))
            left_came = [row for row in left_came if row not in here]
            left_went = [row for row in left_went if row not in gone]
    if left_came and left_went and all(_other_class(row, left_went) for row in left_came):
        found.append(Pair(tuple(left_came), tuple(left_went)))
    return found


def _exchanges(came: list[Line], went: list[Line]) -> list[Pair]:
    """Code J: one class for another, same day and holder, nothing paid; anything else is no exchange."""
    found: list[Pair] = []
    left = list(came)
    for row in went:
        partner = next(
            (
                other
                for other in left
                if _place(other) == _place(row) and _name(other) != _name(row) and not other.price and not row.price
                and security_class(other.security_title).common_equity
                and (security_class(row.security_title).common_equity or row.table == "II")
                and not row.equity_swap and not other.equity_swap
            ),
            None,
        )  # fmt: skip
        if partner is not None:
            left.remove(partner)
            found.append(Pair((partner,), (row,)))
    return found


def _same_row(came: Line, went: Line) -> bool:
    """Shares, place and class agree, and the price is the strike where both are given."""
    if not _same_shares(came, went) or _place(came) != _place(went):
        return False
    strike = went.conversion_or_exercise_price
    return not strike or not came.price or strike == came.price


def _same_shares(came: Line, went: Line) -> bool:
    if came.shares is None or not _other_class(came, [went]):
        return False
    return came.shares in (went.underlying_shares, went.shares) and _delivers(went, came)


def _delivers(went: Line, came: Line) -> bool:
    """Whether the derivative's underlying is the class that came, as far as the titles tell."""
    if not went.underlying_title:
        return True
    underlying, got = security_class(went.underlying_title), security_class(came.security_title)
    return underlying.name == got.name or (underlying.common_equity and got.common_equity)


def _other_class(came: Line, went: list[Line]) -> bool:
    return all(_name(came) != _name(row) or came.table != row.table for row in went)


def _name(line: Line) -> str:
    return security_class(line.security_title).name


def _place(line: Line) -> tuple[str | None, str]:
    return line.ownership, " ".join((line.nature_of_ownership or "").lower().split())
