"""Screens in reverse: given a trade, which of a hundred thousand different screens it meets. Pure, and in memory.

Promises: exactly those whose tests (`signals.criteria`) all hold, as the query over trades would have it; the time is
that of a few dozen operations on sets of bits, whatever the screens ask. A trade is anything with the columns of a
stored trade as attributes, and `signals`, the kinds of signals it is part of.
How: every screen is a bit. For each criterion (a lane) there is the set of screens that do not ask it, and for a value
of the trade the set of those whom it satisfies; what all lanes have is the answer. Screens that follow one of many
parties stand in lists by party; those with a bound are sorted by it, with their set written out at every 1,024th, so
that the sets of a lane with a hundred thousand different bounds take 1.3 MB.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from signals.criteria import ANY_OF, AT_LEAST, AT_MOST, DISJOINT, OVERLAPS, WITHIN, ScreenCriteria, Test

_STRIDE = 1024


def holds(test: Test, trade: Any, today: date) -> bool:
    """Whether one trade, or the figures of one group, meets one test."""
    value = getattr(trade, test.column)
    return value is not None and _HOLDS[test.op](value, test.value, today)


_HOLDS: dict[str, Callable[[Any, Any, date], bool]] = {
    ANY_OF: lambda value, wanted, today: value in wanted,
    OVERLAPS: lambda value, wanted, today: any(item in wanted for item in value),
    DISJOINT: lambda value, wanted, today: not any(item in wanted for item in value),
    AT_LEAST: lambda value, bound, today: value >= bound,
    AT_MOST: lambda value, bound, today: value <= bound,
    WITHIN: lambda value, days, today: value >= today - timedelta(days=days),
}


def meets(criteria: ScreenCriteria, trade: Any, today: date) -> bool:
    """Whether one trade meets all that is asked of a trade."""
    return all(holds(test, trade, today) for test in criteria.tests())


class ScreenIndex:
    """Screens, compiled once; `matches` may be asked from many threads."""

    def __init__(self, screens: Sequence[ScreenCriteria]) -> None:
        self.size = len(screens)
        lanes: dict[tuple[str, int, str, str], list[tuple[int, Test]]] = {}
        for number, criteria in enumerate(screens):
            for key, tests in criteria.tests_by_key().items():
                for place, test in enumerate(tests):
                    # A choice that stands for other columns than its neighbour has another lane.
                    lanes.setdefault((key, place, test.column, test.op), []).append((number, test))
        self._lanes = [_LANES[op](column, op, asked, self.size) for (_, _, column, op), asked in lanes.items()]
        # The lanes that leave fewest screens first: once none is left the rest need not be asked.
        self._lanes.sort(key=lambda lane: lane.indifferent.bit_count())

    def matches(self, trade: Any, today: date) -> list[int]:
        """The numbers of the screens that this trade meets, rising."""
        left = (1 << self.size) - 1
        for lane in self._lanes:
            if not left:
                return []
            left &= lane.satisfied(getattr(trade, lane.column), today)
        return _numbers(left)


class _Lane:
    """What the screens ask of one column in one way. `indifferent` are those that do not ask."""

    def __init__(self, column: str, op: str, asked: Sequence[tuple[int, Test]], size: int) -> None:
        self.column = column
        self.size = size
        self.indifferent = ((1 << size) - 1) & ~_bits((number for number, _ in asked), size)
        self.compile(op, asked)

    def compile(self, op: str, asked: Sequence[tuple[int, Test]]) -> None:
        raise NotImplementedError

    def satisfied(self, value: Any, today: date) -> int:
        raise NotImplementedError


class _Values(_Lane):
    """Lists of values: the screens by value, written out as a set where there are many of them."""

    def compile(self, op: str, asked: Sequence[tuple[int, Test]]) -> None:
        by_value: dict[Any, list[int]] = {}
        for number, test in asked:
            for value in test.value:
                by_value.setdefault(value, []).append(number)
        dense = self.size // 64  # a list of these takes more room than the set
        self._sets = {value: _bits(numbers, self.size) for value, numbers in by_value.items() if len(numbers) > dense}
        self._lists = {value: numbers for value, numbers in by_value.items() if len(numbers) <= dense}
        self._single = op == ANY_OF

    def among(self, value: Any) -> int:
        """The screens that name this value, or any of these."""
        if value is None:
            return 0
        found = 0
        few: list[int] = []
        for one in (value,) if self._single else value:
            found |= self._sets.get(one, 0)
            few += self._lists.get(one, ())
        return found | _bits(few, self.size) if few else found

    def satisfied(self, value: Any, today: date) -> int:
        return self.indifferent | self.among(value)


class _Without(_Values):
    """Lists of values that must not be there."""

    def satisfied(self, value: Any, today: date) -> int:
        return ((1 << self.size) - 1) & ~self.among(value)


class _Bounds(_Lane):
    """Least and most values, and numbers of days: screens sorted by their bound."""

    def compile(self, op: str, asked: Sequence[tuple[int, Test]]) -> None:
        ordered = sorted((test.value, number) for number, test in asked)
        self._op = op
        self._bounds = [bound for bound, _ in ordered]
        self._numbers = [number for _, number in ordered]
        self._all = _bits(self._numbers, self.size)
        self._upto = [0]
        for start in range(0, len(ordered) - _STRIDE + 1, _STRIDE):
            block = _bits(self._numbers[start : start + _STRIDE], self.size)
            self._upto.append(self._upto[-1] | block)

    def satisfied(self, value: Any, today: date) -> int:
        if value is None:
            return self.indifferent
        if self._op == AT_LEAST:  # bounds up to the value
            return self.indifferent | self._first(bisect_right(self._bounds, value))
        if self._op == AT_MOST:  # bounds from the value on
            return self.indifferent | (self._all & ~self._first(bisect_left(self._bounds, value)))
        age = (today - value).days
        return self.indifferent | (self._all & ~self._first(bisect_left(self._bounds, age)))

    def _first(self, count: int) -> int:
        """The screens with the `count` lowest bounds."""
        whole = count // _STRIDE
        return self._upto[whole] | _bits(self._numbers[whole * _STRIDE : count], self.size)


_LANES: dict[str, type[_Lane]] = {
    ANY_OF: _Values,
    OVERLAPS: _Values,
    DISJOINT: _Without,
    AT_LEAST: _Bounds,
    AT_MOST: _Bounds,
    WITHIN: _Bounds,
}


def _bits(numbers: Iterable[int], size: int) -> int:
    """The set of these numbers below `size`."""
    found = bytearray(size // 8 + 1)
    for number in numbers:
        found[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(found, "little")


_IN_BYTE = [tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256)]


def _numbers(bits: int) -> list[int]:
    """The members of a set, rising."""
    found: list[int] = []
    for place, byte in enumerate(bits.to_bytes((bits.bit_length() + 7) // 8, "little")):
        if byte:
            found += [8 * place + bit for bit in _IN_BYTE[byte]]
    return found
