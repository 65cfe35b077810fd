"""A CSV of closes or of splits -> values, row by row, in the layouts that people have.

Closes: Yahoo (`Date,Open,High,Low,Close,Adj Close,Volume`), Stooq (`Date,Open,High,Low,Close,Volume`, or its bulk
files with `<TICKER>` and `<DATE>`), plain (`date` and `close` or `price`, with `ticker`, `symbol` or `cik` where rows
are of several issuers), and wide (`date` and a column for each symbol). Splits: `date` and `ratio` ("4", "4:1",
"4-for-1", "1/10") or Yahoo's `Date,Stock Splits`.
Promises: a row that cannot be read is named by its line and the rest goes on; a day without a number is left out and
is no fault. Of two closes, that without dividends taken out is read: what somebody paid had none taken out.
Refuses, with ValueError: a file whose header is none of these.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

YAHOO, STOOQ, PLAIN, WIDE = "yahoo", "stooq", "plain", "wide"
# Vendors' histories have all splits taken out up to the day they were fetched.
SCALED_LAYOUTS = frozenset({YAHOO, STOOQ})

_CLOSE_NAMES = ("close", "price", "closing price", "close/last")
_SYMBOL_NAMES = ("ticker", "symbol", "cik", "issuer")
_SPLIT_NAMES = ("ratio", "stock splits", "split", "stock split")
_NOTHING = frozenset({"", "null", "nan", "n/a", "na", "-", "none"})
_DATES = ("%Y-%m-%d", "%Y%m%d", "%m/%d/%Y", "%d.%m.%Y")
_RATIO = re.compile(r"([0-9.]+)\s*(?:[:/]|-?\s*for\s*-?)\s*([0-9.]+)", re.I)
_MOST = Decimal(10) ** 9
_MOST_RATIO = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class PricedDay:
    """`symbol` is as the file has it, a ticker or a CIK; None where the file is of one issuer and names none."""

    line: int
    symbol: str | None
    on: date
    price: Decimal


@dataclass(frozen=True, slots=True)
class SplitDay:
    line: int
    symbol: str | None
    on: date
    ratio: Decimal


@dataclass(frozen=True, slots=True)
class BadRow:
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where things stand: the day, the symbol (None: not in the file), the figures with the symbols they are of."""

    layout: str
    on: int
    symbol: int | None
    figures: tuple[tuple[int, str | None], ...]


class PriceFile:
    """The rows of a file of closes. `layout` is one of the words above."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._rows = csv.reader(lines)
        self._columns = _price_columns(_header(self._rows))
        self.layout = self._columns.layout

    def __iter__(self) -> Iterator[PricedDay | BadRow]:
        for line, row in _numbered(self._rows):
            if isinstance(row, BadRow):
                yield row
                continue
            on = _day(row, self._columns.on)
            if on is None:
                yield BadRow(line, f"{_cell(row, self._columns.on)!r:.40} is no day")
                continue
            for place, symbol in self._columns.figures:
                words = _cell(row, place)
                if words.lower() in _NOTHING:
                    continue
                price = _number(words)
                if price is None or not 0 < price < _MOST:
                    yield BadRow(line, f"{words!r:.40} is no price")
                else:
                    yield PricedDay(line, symbol or _symbol(row, self._columns.symbol), on, price)


class SplitFile:
    """The rows of a file of splits."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._rows = csv.reader(lines)
        names = _header(self._rows)
        ratio = _first(names, _SPLIT_NAMES)
        if "date" not in names or ratio is None:
            raise ValueError("a file of splits has a header with date and ratio")
        self._on, self._ratio, self._symbol = names.index("date"), ratio, _first(names, _SYMBOL_NAMES)

    def __iter__(self) -> Iterator[SplitDay | BadRow]:
        for line, row in _numbered(self._rows):
            if isinstance(row, BadRow):
                yield row
                continue
            on, ratio = _day(row, self._on), ratio_of(_cell(row, self._ratio))
            if on is None:
                yield BadRow(line, f"{_cell(row, self._on)!r:.40} is no day")
            elif ratio is None:
                yield BadRow(line, f"{_cell(row, self._ratio)!r:.40} is no ratio of a split")
            else:
                yield SplitDay(line, _symbol(row, self._symbol), on, ratio)


def ratio_of(words: str) -> Decimal | None:
    """New shares for one old: "4", "4:1" and "4-for-1" are 4; "1-for-10" is 0.1. None for what changes nothing."""
    found = _RATIO.fullmatch(words)
    if found:
        new, old = _number(found[1]), _number(found[2])
        ratio = new / old if new and old else None
    else:
        ratio = _number(words)
    if ratio is None or ratio == 1 or not 1 / _MOST_RATIO <= ratio <= _MOST_RATIO:
        return None
    return ratio


def _header(rows: Iterator[list[str]]) -> list[str]:
    for row in rows:
        if any(cell.strip() for cell in row):
            return [cell.strip().lstrip("\ufeff").strip("<>").lower() for cell in row]
    raise ValueError("the file is empty")


def _price_columns(names: Sequence[str]) -> _Columns:
    if "date" not in names:
        raise ValueError("a file of closes has a header with a column named date")
    on, symbol = names.index("date"), _first(names, _SYMBOL_NAMES)
    close = _first(names, _CLOSE_NAMES)
    if close is not None:
        vendor = {"open", "high", "low"} <= set(names)
        layout = (YAHOO if "adj close" in names else STOOQ) if vendor else PLAIN
        return _Columns(layout, on, symbol, ((close, None),))
    figures = tuple((place, name) for place, name in enumerate(names) if place not in (on, symbol) and name)
    if not figures or symbol is not None:
        raise ValueError("a file of closes has a column named close or price, or one for each symbol")
    return _Columns(WIDE, on, None, figures)


def _first(names: Sequence[str], wanted: Iterable[str]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)


def _numbered(rows: Any) -> Iterator[tuple[int, list[str] | BadRow]]:
    """The rows of a csv.reader with their line in the file; blank ones left out, unreadable ones told."""
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield rows.line_num, BadRow(rows.line_num, f"no row of a CSV: {error}")
            continue
        if any(cell.strip() for cell in row):
            yield rows.line_num, row


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _symbol(row: Sequence[str], place: int | None) -> str | None:
    """Stooq writes "AAPL.US"."""
    words = _cell(row, place).upper() if place is not None else ""
    return words.removesuffix(".US") or None


def _day(row: Sequence[str], place: int) -> date | None:
    words = _cell(row, place)[:10]
    for form in _DATES:
        try:
            return datetime.strptime(words, form).date()  # noqa: DTZ007 (a trading day has no zone)
        except ValueError:
            continue
    return None


def _number(words: str) -> Decimal | None:
    try:
        number = Decimal(words.replace(",", "").removeprefix("$"))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
