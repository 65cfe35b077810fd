"""What a screen asks of trades: one table of fields, read from a querystring and written to one.

Promises: criteria that mean the same are equal and have one spelling (`query`): in the order of the table, lists
sorted and without repeats, numbers without signs and zeros that say nothing, what asks nothing left out. Whatever
cannot be understood is an error at its field, never a criterion that is silently not there. The table is compiled to a
query over trades by `signals.selectors.matching` and read in reverse, a trade to the screens that it meets, by
`signals.matching_index`; both know a criterion only as the `Test`s that stand here.
Refuses: fields, columns and orders that the table does not have; lists and numbers without bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, quote

from filings.ownership.codes import CODES
from signals.detectors.signal import KINDS as SIGNAL_KINDS
from signals.readings.securities import (
    COMMON,
    DEPOSITARY,
    NOTE,
    OPTION,
    OTHER,
    PREFERRED,
    RIGHT,
    UNIT,
    WARRANT,
)
from signals.readings.vocabulary import ACQUIRED, DISPOSED, KINDS, LATE, MARKET, PLAN_STATUSES, SLUGS

SCHEMA = 1  # of what is stored: a change of meaning adds one, and `upgraded` a step

# How a column of a trade is asked. A column that is None meets no test; `DISJOINT` is of lists, which never are.
ANY_OF, OVERLAPS, DISJOINT, AT_LEAST, AT_MOST, WITHIN = (
    "any_of", "overlaps", "disjoint", "at_least", "at_most", "within",
)  # fmt: skip

MOST_LISTED = 500  # parties in one screen
MOST_DAYS = 3660
GROUPED_DAYS = 90
_MOST_FIELDS = 500
_MOST = Decimal(10) ** 15

Value = tuple[str, ...] | str | Decimal | int | date | bool


@dataclass(frozen=True, slots=True)
class Test:
    """One thing asked of one column of a trade, or of a figure of a group. `WITHIN` counts days back from today."""

    column: str
    op: str
    value: Any


class BadCriteria(ValueError):
    """`errors` says by key what is wrong, in a sentence for whoever wrote it."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{key}: {error}" for key, error in errors.items()))
        self.errors = dict(errors)


LIST, ONE, PARTIES, FLAG, NUMBER, WHOLE, DAYS, DAY, ORDER = (
    "list", "one", "parties", "flag", "number", "whole", "days", "day", "order",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """One criterion: its key in a querystring, how its words are read, and what it asks of a trade.

    `choices` are the values there are; where `complete`, asking for all of them asks nothing. `tests` stand for single
    choices where these are more than a value of `column`. `of` says whether it is about a trade, a group or the view.
    """

    key: str
    form: str
    column: str = ""
    op: str = ANY_OF
    choices: tuple[str, ...] = ()
    complete: bool = False
    tests: Mapping[str, tuple[Test, ...]] = field(default_factory=dict)
    of: str = "trade"
    signed: bool = False


FAMILIES = (COMMON, DEPOSITARY, PREFERRED, OPTION, UNIT, WARRANT, NOTE, RIGHT, OTHER)
SIDES = {
    "bought": (Test("kind", ANY_OF, ("buy", "planned_buy")), Test("direction", ANY_OF, (ACQUIRED,))),
    "sold": (Test("kind", ANY_OF, ("sell", "planned_sell")), Test("direction", ANY_OF, (DISPOSED,))),
    "market": (Test("kind", ANY_OF, MARKET),),
    "acquired": (Test("direction", ANY_OF, (ACQUIRED,)),),
    "disposed": (Test("direction", ANY_OF, (DISPOSED,)),),
}
EXCLUSIONS = {
    "ten_percent": (Test("roles", DISJOINT, ("ten_percent",)),),
    "derivative": (Test("table", ANY_OF, ("I",)),),
    "amended": (Test("form", ANY_OF, ("3", "4", "5")),),
}
FLAGS = {
    "late": (Test("timeliness", ANY_OF, LATE),),
    "first": (Test("first_purchase", ANY_OF, (True,)),),
    "counted": (Test("counted", ANY_OF, (True,)),),
}
STANDING = Test("standing", ANY_OF, (True,))  # asked of every trade unless `superseded` is
GROUPS = ("filing", "insider", "issuer")
GROUP_FIGURES = ("trades", "filings", "insiders", "officers", "total", "total_stake")
# What a row can show, and a screen can be ordered by.
COLUMNS = (
    "filed", "traded", "issuer", "insider", "role", "what", "code", "class", "shares", "price", "value", "stake_after",
    "stake", "plan", "ownership", "table", "delay", "late", "score", "sic", "form",
)  # fmt: skip
GROUP_COLUMNS = ("filed", "traded", "issuer", "insider", *GROUP_FIGURES)
SHOWN = ("filed", "traded", "issuer", "insider", "what", "shares", "price", "value", "stake", "plan")
ROWS = (25, 50, 100, 250)
DEFAULT_ORDER = "-filed"


def _range(name: str, column: str, form: str = NUMBER, *, of: str = "trade", signed: bool = False) -> tuple[Field, ...]:
    return (
        Field(f"min_{name}", form, column, AT_LEAST, of=of, signed=signed),
        Field(f"max_{name}", form, column, AT_MOST, of=of, signed=signed),
    )


def _period(name: str) -> tuple[Field, ...]:
    return (
        Field(f"{name}_days", DAYS, f"{name}_on", WITHIN),
        Field(f"{name}_from", DAY, f"{name}_on", AT_LEAST),
        Field(f"{name}_to", DAY, f"{name}_on", AT_MOST),
    )


FIELDS = (
    Field("side", ONE, choices=tuple(SIDES), tests=SIDES),
    Field("kind", LIST, "kind", choices=KINDS, complete=True),
    Field("code", LIST, "code", choices=tuple(letter for letter, code in CODES.items() if code.in_xml)),
    Field("issuer", PARTIES, "issuer_id"),
    Field("insider", PARTIES, "owners", OVERLAPS),
    Field("role", LIST, "roles", OVERLAPS, choices=SLUGS),
    *_range("value", "value"),
    *_range("shares", "shares"),
    *_range("price", "price"),
    *_range("stake", "stake_change_pct", signed=True),
    Field("plan", LIST, "plan_status", choices=PLAN_STATUSES, complete=True),
    Field("ownership", LIST, "ownership", choices=("D", "I")),
    Field("table", LIST, "table", choices=("I", "II"), complete=True),
    Field("class", LIST, "family", choices=FAMILIES, complete=True),
    *_period("filed"),
    *_period("traded"),
    *_range("delay", "delay_days", WHOLE),
    Field("late", FLAG, tests=FLAGS),
    Field("first", FLAG, tests=FLAGS),
    *_range("sic", "sic", WHOLE),
    *_range("score", "score", WHOLE, signed=True),
    Field("signal", LIST, "signals", OVERLAPS, choices=SIGNAL_KINDS),
    Field("exclude", LIST, choices=tuple(EXCLUSIONS), tests=EXCLUSIONS),
    Field("counted", FLAG, tests=FLAGS),
    Field("superseded", FLAG),
    Field("group", ONE, choices=GROUPS, of="group"),
    *(one for name in GROUP_FIGURES[:4] for one in _range(name, name, WHOLE, of="group")),
    *_range("total", "total", of="group"),
    *_range("total_stake", "total_stake", of="group", signed=True),
    Field("sort", ORDER, of="view"),
    Field("columns", LIST, choices=tuple(dict.fromkeys((*COLUMNS, *GROUP_COLUMNS))), of="view"),
    Field("rows", ONE, choices=tuple(map(str, ROWS)), of="view"),
)
BY_KEY = {one.key: one for one in FIELDS}


@dataclass(frozen=True, slots=True)
class ScreenCriteria:
    """What is asked, as (key, value) in the order of `FIELDS`; made by `parse` alone, so that equal meaning is equal.

    Hashable: people who ask the same are answered together.
    """

    values: tuple[tuple[str, Value], ...] = ()

    def get(self, key: str) -> Any:
        """The value of a criterion, None where it is not asked."""
        return next((value for name, value in self.values if name == key), None)

    def __contains__(self, key: str) -> bool:
        return any(name == key for name, _ in self.values)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(key for key, _ in self.values)

    @property
    def query(self) -> str:
        """The querystring, one for each meaning."""
        return "&".join(f"{key}={quote(spelled(value), safe=',:-')}" for key, value in self.values)

    @property
    def group(self) -> str | None:
        return self.get("group")

    @property
    def order(self) -> str:
        return self.get("sort") or DEFAULT_ORDER

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns to show, in the order of the table."""
        possible = GROUP_COLUMNS if self.group else COLUMNS
        shown = set(self.get("columns") or ()) & set(possible) or set(GROUP_COLUMNS if self.group else SHOWN)
        nobody = self.group in ("issuer", "filing")  # a group of several insiders is nobody's
        return tuple(name for name in possible if name in shown and not (name == "insider" and nobody))

    @property
    def rows(self) -> int:
        return int(self.get("rows") or ROWS[1])

    @property
    def asked(self) -> ScreenCriteria:
        """The same without what is about the view only: what a match goes by."""
        return ScreenCriteria(tuple((key, value) for key, value in self.values if BY_KEY[key].of != "view"))

    def without(self, *keys: str) -> ScreenCriteria:
        """The same without these; without a grouping, without its figures, their columns and their order either."""
        of_groups = {key for key, _ in self.values if BY_KEY[key].of == "group"} | {"sort", "columns"}
        gone = {*keys, *(of_groups if "group" in keys and self.group else ())}
        return ScreenCriteria(tuple((key, value) for key, value in self.values if key not in gone))

    def having(self, **values: str | None) -> ScreenCriteria:
        """The same with other words for some keys, None for none. Raises `BadCriteria`."""
        given = {key: [spelled(value)] for key, value in self.values if key not in values}
        return parse(given | {key: [words] for key, words in values.items() if words is not None})

    def tests_by_key(self) -> dict[str, tuple[Test, ...]]:
        """What is asked of each trade, by criterion; all of it has to hold. Groups ask further (`group_tests`)."""
        found = {key: _tests(BY_KEY[key], value) for key, value in self.values if BY_KEY[key].of == "trade"}
        if "superseded" not in self:
            found["superseded"] = (STANDING,)
        return {key: tests for key, tests in found.items() if tests}

    def tests(self) -> tuple[Test, ...]:
        return tuple(test for tests in self.tests_by_key().values() for test in tests)

    def group_tests(self) -> tuple[Test, ...]:
        """What is asked of the figures of a group: its trades, insiders, total and so on."""
        return tuple(
            test
            for key, value in self.values
            if BY_KEY[key].of == "group" and key != "group"
            for test in _tests(BY_KEY[key], value)
        )

    @property
    def lacks_period(self) -> bool:
        """Groups without a period would add up all that was ever filed; `whole` gives them one."""
        return self.group is not None and not any(key.startswith(("filed_", "traded_")) for key, _ in self.values)

    @property
    def whole(self) -> ScreenCriteria:
        """What is really asked: groups that name no period are of the last `GROUPED_DAYS`."""
        return self.having(filed_days=str(GROUPED_DAYS)) if self.lacks_period else self


def _tests(of: Field, value: Value) -> tuple[Test, ...]:
    if of.form == FLAG:
        return tuple(of.tests.get(of.key, ()))
    if of.tests:
        chosen = (value,) if isinstance(value, str) else value
        return tuple(test for choice in chosen for test in of.tests[choice])  # type: ignore[union-attr]
    return (Test(of.column, of.op, value),)


EVERYTHING = ScreenCriteria()


def from_query(query: str) -> ScreenCriteria:
    """The criteria that a querystring spells. Raises `BadCriteria`, for a key that is none of the table's too."""
    try:
        return parse(parse_qs(query, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except BadCriteria:
        raise
    except ValueError:
        raise BadCriteria({"criteria": f"More than {_MOST_FIELDS} criteria are given."}) from None


def stored(query: str, schema: int) -> ScreenCriteria:
    """What was stored under this schema number. Raises `BadCriteria` where it can be read no more."""
    if schema != SCHEMA:
        raise BadCriteria({"schema": f"It was saved in form {schema}, and form {SCHEMA} is what can be read."})
    return from_query(query)


def parse(given: Mapping[str, Sequence[str]]) -> ScreenCriteria:
    """The criteria in these words by key, as a querystring holds them. Raises `BadCriteria`."""
    errors = {key: "This is no criterion here." for key in given if key not in BY_KEY}
    values: dict[str, Value] = {}
    for one in FIELDS:
        words = [item.strip() for item in given.get(one.key, ()) if item.strip()]
        if not words:
            continue
        try:
            value = _read(one, words)
        except ValueError as error:
            errors[one.key] = str(error)
        else:
            if value is not None:
                values[one.key] = value
    errors |= _conflicts(values)
    if errors:
        raise BadCriteria(errors)
    if values.get("sort") == DEFAULT_ORDER:
        del values["sort"]
    if values.get("rows") == str(ROWS[1]):
        del values["rows"]
    if set(values.get("columns", ())) == set(GROUP_COLUMNS if "group" in values else SHOWN):  # type: ignore[arg-type]
        del values["columns"]
    return ScreenCriteria(tuple(values.items()))


def _conflicts(values: Mapping[str, Value]) -> dict[str, str]:
    """What is wrong between criteria that are each right."""
    errors = {}
    for key, value in values.items():
        low, high = (f"min_{key[4:]}", key) if key.startswith("max_") else (f"{key[:-3]}_from", key)
        if (key.startswith("max_") or key.endswith("_to")) and low in values and values[low] > value:  # type: ignore[operator]
            errors[high] = "This is less than the least." if key.startswith("max_") else "This is before the first day."
        if BY_KEY[key].of == "group" and key != "group" and "group" not in values:
            errors[key] = "This is a figure of groups: choose what to group by."
    possible = GROUP_COLUMNS if "group" in values else COLUMNS
    order = values.get("sort")
    if isinstance(order, str) and order.lstrip("-") not in possible:
        errors["sort"] = "This list has no such column to order by."
    return errors


def _read(of: Field, words: Sequence[str]) -> Value | None:
    """The value of a field, None where it asks nothing. Raises ValueError with a sentence."""
    if of.form in (LIST, PARTIES):
        items = [item for word in words for item in re.split(r"[,\s;]+", word) if item]
        return _parties(items) if of.form == PARTIES else _choices(of, items)
    if len(words) > 1:
        raise ValueError("This is given more than once.")
    return _READERS[of.form](of, words[0])


def _choices(of: Field, items: Iterable[str]) -> Value | None:
    wanted = set(items)
    if unknown := sorted(wanted - set(of.choices)):
        raise ValueError(f"“{unknown[0][:40]}” is none of {', '.join(of.choices)}.")
    if of.complete and len(wanted) == len(of.choices):
        return None
    return tuple(choice for choice in of.choices if choice in wanted)


def _parties(items: Sequence[str]) -> Value:
    wanted = {item.zfill(10) for item in items}
    if bad := sorted(one for one in wanted if not re.fullmatch(r"[0-9]{10}", one, re.ASCII)):
        raise ValueError(f"“{bad[0].lstrip('0')[:40]}” is no CIK of up to ten digits.")
    if len(wanted) > MOST_LISTED:
        raise ValueError(f"At most {MOST_LISTED} in one screen.")
    return tuple(sorted(wanted))


def _one(of: Field, word: str) -> Value:
    if word not in of.choices:
        raise ValueError(f"“{word[:40]}” is none of {', '.join(of.choices)}.")
    return word


def _flag(of: Field, word: str) -> Value | None:
    if word.lower() not in ("1", "0", "on", "true", "false", "yes", "no"):
        raise ValueError("Yes is 1, no is 0.")
    return True if word.lower() in ("1", "on", "true", "yes") else None


_NUMBER = re.compile(r"([+-]?)\$?([0-9][0-9,]{0,20}|)(\.[0-9]{1,8})?\s?([kmb]?)%?", re.ASCII | re.IGNORECASE)
_TIMES = {"": 1, "k": 1_000, "m": 1_000_000, "b": 1_000_000_000}


def number(of: Field, word: str) -> Value:
    """A number as people write it: "250000", "$250,000", "250k", "1.5m"."""
    found = _NUMBER.fullmatch(word.replace("−", "-"))
    if not found or not (found[2] or found[3]):
        raise ValueError(f"“{word[:40]}” is no number.")
    value = Decimal(f"{found[2].replace(',', '') or 0}{found[3] or ''}") * _TIMES[found[4].lower()]
    if found[1] == "-" and value:
        if not of.signed:
            raise ValueError("This cannot be less than nothing.")
        value = -value
    if abs(value) > _MOST:
        raise ValueError("This is more than there can be.")
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _whole(of: Field, word: str) -> Value:
    value = number(of, word)
    if value != int(value) or abs(value) > 1_000_000:  # type: ignore[arg-type,operator]
        raise ValueError("A whole number is wanted, of a million at most.")
    return int(value)  # type: ignore[arg-type]


def _days(of: Field, word: str) -> Value:
    if not re.fullmatch(r"[0-9]{1,5}", word, re.ASCII) or not 1 <= int(word) <= MOST_DAYS:
        raise ValueError(f"A number of days from 1 to {MOST_DAYS} is wanted.")
    return int(word)


def _day(of: Field, word: str) -> Value:
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", word, re.ASCII):
            raise ValueError
        return date.fromisoformat(word)
    except ValueError:
        raise ValueError(f"“{word[:40]}” is no day. Write it as 2024-03-31.") from None


def _order(of: Field, word: str) -> Value:
    if word.removeprefix("-") not in (*COLUMNS, *GROUP_COLUMNS):
        raise ValueError("There is no such column to order by.")
    return word


_READERS = {ONE: _one, FLAG: _flag, NUMBER: number, WHOLE: _whole, DAYS: _days, DAY: _day, ORDER: _order}


def spelled(value: Value) -> str:
    """A value as its querystring has it."""
    if isinstance(value, bool):
        return "1"
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)
