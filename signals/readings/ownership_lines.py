"""Which ownership line a row belongs to: one class, or one derivative with its terms, and how it is held.

The cells name a line; where they do not tell two lines apart ("By trust" twice, awards of one title, "See footnote"),
the words of footnotes do, and where those change from filing to filing, the balances. Promises: equal histories give
equal lines and numbers. A row that fits no line opens one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from filings.ownership.codes import ACQUIRED, CODES, DISPOSED
from filings.ownership.document import Line
from signals.readings.balances import Movement, in_order
from signals.readings.history import FiledForm
from signals.readings.securities import is_written, security_class

_ZERO = Decimal(0)
_SEE_NOTE = re.compile(r"\b(?:foot)?notes?\b|\bremarks?\b|\bexplanation\b", re.I)
_TERMS = ("exercise_date", "expiration_date", "security_title")
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class OwnershipLine:
    """What makes a line one line. `number` counts the lines of an issuer in the order in which they appeared."""

    number: int
    owners: tuple[str, ...]
    security_class: str
    family: str
    strike: Decimal | None
    expires_on: date | None
    ownership: str | None
    nature: str | None


def signed(line: Line) -> Decimal:
    """The shares of a transaction with the sign of its direction; 0 for a holding, and where no number is given.

    A P marked (D) or an S marked (A) contradicts itself; its code decides here, and where no letter is given.
    """
    if line.kind != "transaction" or line.shares is None:
        return _ZERO
    letter = line.acquired_disposed
    if line.code in ("P", "S") or letter not in (ACQUIRED, DISPOSED):
        code = CODES.get(line.code or "")
        letter = code.direction if code else None
    if letter not in (ACQUIRED, DISPOSED):
        return _ZERO
    return line.shares if (letter == ACQUIRED) != owes(line) else -line.shares


def owes(line: Line) -> bool:
    """Whether the row is of a written option, whose balance counts what is owed: disposing of it raises it."""
    if line.table != "II" or line.kind != "transaction" or line.code not in ("S", "P", "E"):
        return False
    return security_class(line.security_title).family == "option" and is_written(line.security_title)


def movements(rows: list[Line]) -> list[Movement]:
    """What each row moved, and the balance that it states."""
    return [Movement(signed(line), line.shares_owned_following or _ZERO) for line in rows]


def adds_up(rows: list[Line]) -> bool:
    """Whether the rows follow from each other, as rows of one line do."""
    return all(not step.gap for step in in_order(movements(rows), None).steps)


@dataclass(slots=True, eq=False)
class _Open:
    """A line as new rows find it."""

    number: int
    owners: frozenset[str]
    words: str
    opened_by: str


class OwnershipLines:
    """The lines of one issuer as they appear. `balance` gives what a line held last, by its number."""

    def __init__(self, balance: Callable[[int], Decimal]) -> None:
        self.lines: list[OwnershipLine] = []
        self.of_owner: dict[str, list[int]] = {}
        self._balance = balance
        self._open: dict[tuple[Key, str], list[_Open]] = {}

    def place(self, form: FiledForm) -> dict[int, list[Line]]:
        """The rows of the form that state a number of shares, by the number of their line."""
        groups: dict[tuple[Key, str], list[Line]] = {}
        for line in form.lines:
            if line.shares_owned_following is not None:
                groups.setdefault((_key(line), _words(form, line)), []).append(line)
        placed: dict[int, list[Line]] = {}
        for (key, words), rows in groups.items():
            for number, its in self._placed(form, key, words, rows):
                placed.setdefault(number, []).extend(its)
        return placed

    def _placed(self, form: FiledForm, key: Key, words: str, rows: list[Line]) -> list[tuple[int, list[Line]]]:
        """The lines of these rows: one, where the rows follow from each other."""
        direct_share = key[4] == "D" and key[1] in ("common", "depositary")
        if len(rows) == 1 or direct_share or adds_up(rows):
            return [(self._line_for(form, key, words, rows), rows)]
        # Several trusts called "By trust", several awards with the same words: the balances tell which is which.
        moving = [line for line in rows if line.kind == "transaction"]
        units = [[line] for line in rows if line.kind == "holding"]
        units += [moving] if moving and adds_up(moving) else [[line] for line in moving]
        lines = [
            open_ for open_ in self._candidates(form, key) if open_.owners == form.owner_ciks and open_.words == words
        ]
        placed: list[tuple[int, list[Line]]] = []
        for unit in list(units):
            fitting = next((open_ for open_ in lines if self._fits(open_, unit)), None)
            if fitting is not None:
                lines.remove(fitting)
                units.remove(unit)
                placed.append((fitting.number, unit))
        for unit in units:
            if lines and _opening(unit):
                nearest = min(lines, key=lambda open_: (self._away(open_, unit), open_.number))
                lines.remove(nearest)
                placed.append((nearest.number, unit))
            else:
                placed.append((self._new(form, key, words, unit[0]), unit))
        return placed

    def _candidates(self, form: FiledForm, key: Key) -> list[_Open]:
        """Lines of this name, opened before, whose owners are those of the form, or some of them, or more."""
        owners = form.owner_ciks
        if len(owners) == 1:
            found: Iterable[_Open] = self._open.get((key, next(iter(owners))), ())
        else:
            found = dict.fromkeys(open_ for cik in sorted(owners) for open_ in self._open.get((key, cik), ()))
        return [
            open_
            for open_ in found
            if open_.opened_by != form.accession and (open_.owners <= owners or owners <= open_.owners)
        ]

    def _line_for(self, form: FiledForm, key: Key, words: str, rows: list[Line]) -> int:
        lines = self._candidates(form, key)
        exact = [open_ for open_ in lines if open_.owners == form.owner_ciks]
        same = [open_ for open_ in exact if open_.words == words]
        if same and self._is_new_award(rows, same):
            return self._new(form, key, words, rows[0])
        if len(same) == 1:
            return same[0].number
        fitting = [open_ for open_ in (same or exact or lines) if self._fits(open_, rows)]
        if same:
            return (fitting or same)[0].number
        if not fitting and exact:
            fitting = [open_ for open_ in lines if self._fits(open_, rows)]
        if fitting and _opening(rows):
            return fitting[0].number
        return self._new(form, key, words, rows[0])

    def _is_new_award(self, rows: list[Line], lines: list[_Open]) -> bool:
        """A grant that states nothing held before it, beside awards of the same name of which something is left."""
        first = rows[0]
        if first.table != "II" or first.code != "A" or first.acquired_disposed != "A" or _opening(rows):
            return False
        return all(self._balance(open_.number) for open_ in lines)

    def _fits(self, open_: _Open, rows: list[Line]) -> bool:
        return self._balance(open_.number) == _opening(rows)

    def _away(self, open_: _Open, rows: list[Line]) -> Decimal:
        return abs(self._balance(open_.number) - _opening(rows))

    def _new(self, form: FiledForm, key: Key, words: str, line: Line) -> int:
        number = len(self.lines)
        self.lines.append(
            OwnershipLine(
                number=number,
                owners=tuple(sorted(form.owner_ciks)),
                security_class=key[0],
                family=key[1],
                strike=line.conversion_or_exercise_price,
                expires_on=line.expiration_date,
                ownership=line.ownership,
                nature=line.nature_of_ownership,
            )
        )
        open_ = _Open(number, form.owner_ciks, words, form.accession)
        for cik in form.owner_ciks:
            self._open.setdefault((key, cik), []).append(open_)
            self.of_owner.setdefault(cik, []).append(number)
        return number


def _opening(rows: list[Line]) -> Decimal:
    """What the line held before the first row, by the row itself."""
    return (rows[0].shares_owned_following or _ZERO) - signed(rows[0])


def _key(line: Line) -> Key:
    """What rows of one line have in common, as far as the cells say."""
    security = security_class(line.security_title)
    terms = (line.conversion_or_exercise_price, line.expiration_date) if line.table == "II" else (None, None)
    if security.common_equity:
        terms = (None, None)
    return security.name, security.family, *terms, line.ownership, _nature(line.nature_of_ownership or "")


@lru_cache(maxsize=4_096)
def _nature(words: str) -> str:
    return " ".join(words.lower().replace(".", "").split())


def _words(form: FiledForm, line: Line) -> str:
    """The words of footnotes that tell a line from others of the same cells: vesting terms, "see footnote"."""
    fields: list[str] = []
    if line.nature_of_ownership and _SEE_NOTE.search(line.nature_of_ownership):
        fields += ["nature_of_ownership", "ownership"]
    if line.table == "II" and not security_class(line.security_title).common_equity:
        fields += _TERMS
    return " ".join(form.notes_on(line, *fields)).lower() if fields else ""
