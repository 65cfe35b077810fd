"""The lines of one filing -> a few phrases that say what was filed, before any reading of what it means.

Promises: *bought* and *sold* are said of codes P and S only; lines of the same code, direction and security are
added up; an amount that nobody filed is not counted as zero, and a total over partial prices says so.
Pure. Works on `filings.ownership.document.Line` and on the database's lines alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any

from filings.ownership.codes import CODES, DISPOSED

# Figures may be filed with 60 digits; a product of two must neither round nor fail.
_EXACT = Context(prec=400)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One thing that happened. `tone` is "bought", "sold" or "mechanics"; `value` is dollars of the priced lines.

    `shares` is None where no line says an amount; `unpriced` counts the lines without a price, `in_doubt` those whose
    price may be in another currency (`signals.selectors.currency`); neither is in `value`.
    """

    verb: str
    tone: str
    code: str | None
    security_title: str
    shares: Decimal | None
    value: Decimal | None
    unpriced: int
    lines: int
    anchor: str
    in_doubt: int = 0

    @property
    def what(self) -> str:
        return self.security_title if self.shares is None else of_title(self.security_title)


_COUNTED_IN_SHARES = re.compile(r"\bstock\s*$|\bcommon\b(?!.*\b(?:option|right|unit|warrant|note)s?\b)", re.IGNORECASE)


def of_title(security_title: str) -> str:
    """The title as it reads after a number: "shares of Common Stock", but "Depositary Units"."""
    if _COUNTED_IN_SHARES.search(security_title) and not re.search(r"\bshares?\b", security_title, re.IGNORECASE):
        return f"shares of {security_title}"
    return security_title


def tone_of(code: str | None) -> str:
    return {"P": "bought", "S": "sold"}.get(code or "", "mechanics")


def phrases(lines: Iterable[Any]) -> tuple[Phrase, ...]:
    """What the transactions say, purchases and sales first, then in document order."""
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for line in lines:
        if line.kind == "transaction":
            key = (line.table, line.code, line.acquired_disposed, line.security_title)
            groups.setdefault(key, []).append(line)
    found = [_phrase(group) for group in groups.values()]
    return tuple(sorted(found, key=lambda phrase: phrase.tone == "mechanics"))


def _phrase(group: list[Any]) -> Phrase:
    first = group[0]
    code = CODES.get(first.code or "")
    if code is None:
        verb = "Disposed of" if first.acquired_disposed == DISPOSED else "Acquired"
    else:
        verb = code.verb(first.acquired_disposed)
    amounts = [line.shares for line in group if line.shares is not None]
    in_doubt = sum(bool(line.price and getattr(line, "in_doubt", False)) for line in group)
    priced = [line for line in group if line.shares is not None and line.price and not getattr(line, "in_doubt", False)]
    return Phrase(
        verb=verb,
        tone=tone_of(first.code),
        code=first.code,
        security_title=first.security_title or "untitled security",
        shares=_total(amounts) if amounts else None,
        value=_total(_EXACT.multiply(line.shares, line.price) for line in priced) if priced else None,
        unpriced=len(group) - len(priced) - in_doubt,
        lines=len(group),
        anchor=f"{first.table}-{first.kind[0]}-{first.row}",
        in_doubt=in_doubt,
    )


def _total(numbers: Iterable[Decimal]) -> Decimal:
    total = Decimal(0)
    for number in numbers:
        total = _EXACT.add(total, number)
    return total
