"""Files of closes and of splits -> rows, issuer by issuer.

Promises: a file imported twice changes nothing; a later import of a day replaces it; a row that cannot be used is named
with its line and reason, and the rest is stored. Nothing is asked of any vendor.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection, transaction

from filings.errors import NotFound
from filings.models import Issuer
from signals.models import DailyClose, IssuerSheet, IssuerState, StockSplit
from signals.readings.price_files import SCALED_LAYOUTS, BadRow, PricedDay, PriceFile, SplitDay, SplitFile
from signals.selectors.parties import find_issuer

# Rows that are written in one statement.
BATCH = 5_000


@dataclass(slots=True)
class Imported:
    """`read` counts figures in the file, `stored` those that are new or another than before. `issuers` are touched."""

    read: int = 0
    stored: int = 0
    unchanged: int = 0
    failed: list[dict[str, Any]] = field(default_factory=list)
    issuers: list[str] = field(default_factory=list)


class _Issuers:
    """Who a symbol means: the issuer given for the whole file, or each by the row's symbol or CIK. Asks once each."""

    def __init__(self, given: Issuer | None) -> None:
        self.given = given
        self._found: dict[str, str | None] = {}

    def of(self, symbol: str | None) -> tuple[str | None, str]:
        """The CIK, or None with the reason."""
        if self.given is not None:
            return self.given.cik, ""
        if symbol is None:
            return None, "the file names no issuer; give one with --issuer"
        if symbol not in self._found:
            try:
                self._found[symbol] = find_issuer(symbol).issuer.cik
            except NotFound:
                self._found[symbol] = None
        return self._found[symbol], f"no issuer {symbol[:20]} is in this archive"


def import_closes(
    *,
    lines: Iterable[str],
    issuer: Issuer | None = None,
    security_class: str = "",
    column: str | None = None,
    as_traded: bool | None = None,
    scaled_to: date | None = None,
    step: Callable[[int], None] = lambda rows: None,
) -> Imported:
    """Stores the closes of a file. `column` takes one symbol of a wide file, or one of a file of several.

    `as_traded` None goes by the layout: histories of Yahoo and Stooq have the splits taken out up to `scaled_to`, or
    for want of it up to their last day; other files are as traded. Raises ValueError for a file of no known layout.
    """
    file = PriceFile(lines)
    outcome, whose = Imported(), _Issuers(issuer)
    found: list[PricedDay] = []
    for row in file:
        if isinstance(row, BadRow):
            outcome.failed.append({"line": row.line, "reason": row.reason})
        elif column is None or (row.symbol or "").upper() == column.upper():
            found.append(row)
    outcome.read = len(found)
    if as_traded is None:
        as_traded = file.layout not in SCALED_LAYOUTS and scaled_to is None
    last = scaled_to or max((row.on for row in found), default=None)
    values: dict[tuple[str, date], tuple[Any, ...]] = {}
    unknown: set[str | None] = set()
    for row in found:
        cik, reason = whose.of(row.symbol)
        if cik is None:
            if row.symbol not in unknown:  # said once for a symbol, not for each of its days
                outcome.failed.append({"line": row.line, "reason": reason})
                unknown.add(row.symbol)
        elif not as_traded and last is not None and row.on > last:
            outcome.failed.append({"line": row.line, "reason": f"a day after {last}, to which the file is scaled"})
        else:
            values[cik, row.on] = (int(cik), security_class, row.on, row.price, None if as_traded else last)
    _store_closes(list(values.values()), outcome, step)
    outcome.issuers = sorted({cik for cik, _ in values})
    outcome.failed.sort(key=lambda one: one["line"])
    return outcome


def import_splits(*, lines: Iterable[str], issuer: Issuer | None = None) -> Imported:
    """Stores the splits of a file. Raises ValueError for a file of no known layout."""
    outcome, whose = Imported(), _Issuers(issuer)
    values: dict[tuple[str, date], SplitDay] = {}
    for row in SplitFile(lines):
        if isinstance(row, BadRow):
            outcome.failed.append({"line": row.line, "reason": row.reason})
            continue
        outcome.read += 1
        cik, reason = whose.of(row.symbol)
        if cik is None:
            outcome.failed.append({"line": row.line, "reason": reason})
        else:
            values[cik, row.on] = row
    outcome.stored = _store(
        StockSplit, "issuer_id, on", ("issuer_id", "on", "ratio"),
        [(int(cik), on, row.ratio) for (cik, on), row in values.items()],
    )  # fmt: skip
    outcome.unchanged = len(values) - outcome.stored
    outcome.issuers = sorted({cik for cik, _ in values})
    return outcome


def _store_closes(rows: list[tuple[Any, ...]], outcome: Imported, step: Callable[[int], None]) -> None:
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        stored = _store(
            DailyClose, "issuer_id, security_class, on",
            ("issuer_id", "security_class", "on", "price", "scaled_to"), batch,
        )  # fmt: skip
        outcome.stored += stored
        outcome.unchanged += len(batch) - stored
        step(len(batch))


@transaction.atomic
def _store(
    model: type[DailyClose | StockSplit], key: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]
) -> int:
    """Inserts or replaces, and returns how many rows are new or another than before. Equal rows are not written.

    What rests on them is made again, or nothing is stored: to import the file once more would find it all there.
    """
    if not rows:
        return 0
    quoted = [connection.ops.quote_name(column) for column in columns]
    keys = [connection.ops.quote_name(name) for name in key.split(", ")]
    table = connection.ops.quote_name(model._meta.db_table)
    rest = [name for name in quoted if name not in keys]
    types = {field.column: field.db_type(connection) for field in model._meta.concrete_fields}
    arrays = ", ".join(f"%s::{types[column]}[]" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS old ({', '.join(quoted)}) SELECT * FROM unnest({arrays})"
            f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET"
            f" {', '.join(f'{name} = EXCLUDED.{name}' for name in rest)}"
            f" WHERE ({', '.join(f'old.{name}' for name in rest)})"
            f" IS DISTINCT FROM ({', '.join(f'EXCLUDED.{name}' for name in rest)})",
            [list(values) for values in zip(*rows, strict=True)],
        )
        stored = int(cursor.rowcount)
    if stored:
        _look_again({f"{row[0]:010}" for row in rows})
    return stored


def _look_again(issuers: Collection[str]) -> None:
    """Signals may be others with these prices: the clock's next ring finds them as if its detectors were new.

    The line of prices is another at once. Whoever draws one holds the same rows (`drawing.draw`), and those first.
    """
    states = IssuerState.objects.filter(issuer__in=issuers)
    list(states.order_by("issuer").select_for_update(no_key=True).values_list("pk"))
    states.update(detector_version=0)
    IssuerSheet.objects.filter(issuer__in=issuers).delete()
