"""The balances that one filing states for one ownership line, put in a row: what was held before and after each.

Filers follow two conventions: a running balance on each row, or the position after all of the form on every row (or
on every row of a day). Both, and rows in any order, are recognised by what adds up. Pure; at most quadratic in the
rows of one line, of which a form has thirty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

RUNNING, TOTAL, UNCLEAR = "running", "total", "unclear"
_ZERO = Decimal(0)
_MOST_TO_SEARCH = 40


class Movement(NamedTuple):
    """`moved` is signed (0 for a holding); `stated` is the balance the row gives."""

    moved: Decimal
    stated: Decimal


@dataclass(frozen=True, slots=True)
class Step:
    """One row in its place. `gap` is what its balance has beyond what was known; 0 where it follows."""

    index: int
    before: Decimal
    after: Decimal
    gap: Decimal


@dataclass(frozen=True, slots=True)
class Steps:
    """All rows in the order that adds up. `convention` says how the balances were stated."""

    steps: tuple[Step, ...]
    convention: str

    @property
    def opening(self) -> Decimal:
        return self.steps[0].before

    @property
    def closing(self) -> Decimal:
        return self.steps[-1].after


@dataclass(frozen=True, slots=True)
class _Block:
    """Neighbouring rows that state one balance: the position after all of them, or a single row."""

    rows: tuple[int, ...]
    moved: Decimal
    stated: Decimal


def in_order(rows: Sequence[Movement], known: Decimal | None) -> Steps:
    """The rows of one line of one filing, one at least. `known` is the balance of the line until then, if any."""
    if len(rows) == 1:
        return _alone(rows[0], known)
    blocks = _blocks(rows)
    convention = TOTAL if any(len(block.rows) > 1 for block in blocks) else RUNNING
    order = _chain(blocks, known) if known is not None else None
    if order is None:
        order = _chain(blocks, None)
    if order is None:
        order, convention = blocks, UNCLEAR
    return Steps(_steps(rows, order, known), convention)


def _alone(row: Movement, known: Decimal | None) -> Steps:
    """A single row, as most are: it follows from itself, and there is no order to look for."""
    before = row.stated - row.moved
    gap = _ZERO if known is None else before - known
    return Steps((Step(0, before, before + row.moved, gap),), RUNNING)


def _blocks(rows: Sequence[Movement]) -> list[_Block]:
    blocks: list[_Block] = []
    for index, row in enumerate(rows):
        last = blocks[-1] if blocks else None
        if last and last.stated == row.stated:
            blocks[-1] = _Block((*last.rows, index), last.moved + row.moved, row.stated)
        else:
            blocks.append(_Block((index,), row.moved, row.stated))
    return blocks


def _chain(blocks: list[_Block], start: Decimal | None) -> list[_Block] | None:
    """The blocks in an order in which each follows from the one before; None if there is none."""
    for order in (blocks, blocks[::-1]):
        if _follows(order, start):
            return order
    if len(blocks) > _MOST_TO_SEARCH:
        return None
    starts = [start] if start is not None else [block.stated - block.moved for block in blocks]
    for first in starts:
        found = _walk(blocks, first)
        if found:
            return found
    return None


def _follows(order: list[_Block], start: Decimal | None) -> bool:
    balance = order[0].stated - order[0].moved if start is None else start
    for block in order:
        balance += block.moved
        if balance != block.stated:
            return False
    return True


def _walk(blocks: list[_Block], balance: Decimal) -> list[_Block] | None:
    left, order = list(blocks), []
    while left:
        found = next((block for block in left if block.stated - block.moved == balance), None)
        if found is None:
            return None
        left.remove(found)
        order.append(found)
        balance = found.stated
    return order


def _steps(rows: Sequence[Movement], order: list[_Block], known: Decimal | None) -> tuple[Step, ...]:
    steps: list[Step] = []
    expected = known
    for block in order:
        before = block.stated - block.moved
        gap = _ZERO if expected is None else before - expected
        for index in block.rows:
            after = before + rows[index].moved
            steps.append(Step(index, before, after, gap))
            before, gap = after, _ZERO
        expected = block.stated
    return tuple(steps)
