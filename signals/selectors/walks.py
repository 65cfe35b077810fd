"""The filing that the page about Form 4 walks through: picked from the archive by what it holds.

Promises: the newest of the fullest among recent Forms 4 that report what stands in both tables; an invented form where
the archive has none. Costs one page of an index over trades and the rows of those filings, twice a minute at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from filings.models import Filing
from filings.ownership.facsimile import Column, Row, Table, cited, tables
from filings.selectors import whole_filings
from signals.learning.form4 import HEADER, TABLE_I, TABLE_II, Item
from signals.learning.specimen import LINES, NOTES
from signals.models import Trade
from signals.selectors.explained import Sheet, sheet
from signals.selectors.kept import each_until_the_archive_changes

LOOKED_AT = 60
_MOST_ROWS = 8
_SHOWN_ROWS = 2
_TELLING = ("exercise", "vest", "conversion", "swap")  # what tends to stand in both tables


@dataclass(frozen=True, slots=True)
class Step:
    """One column of a table with its words and what stands in it: `cells` is a list of cells for each row shown."""

    ident: str
    column: Column
    item: Item
    cells: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """The form and its steps. `filing` is None for the invented one, which has no header to show."""

    filing: Filing | None
    sheet: Sheet
    without_text: tuple[str, ...]
    header: tuple[Item, ...]
    table_i: tuple[Step, ...]
    table_ii: tuple[Step, ...]

    @property
    def signed(self) -> Any:
        """Who signed, for the foot of the form; the invented one is signed by nobody."""
        return self.filing or {"signatures": {"all": ()}}


@each_until_the_archive_changes(1, longer=lambda _: True)  # any filing of late does; many are looked at
def walk() -> Walk:
    filing = _fullest()
    lines: Iterable[Any] = filing.lines.all() if filing else LINES
    notes = [(note.ref, note.text) for note in filing.footnotes.all()] if filing else list(NOTES)
    both = tables("4", lines)
    told = {ref for ref, _ in notes}
    first, second = both
    return Walk(
        filing=filing,
        sheet=sheet(both, notes, filing.remarks if filing else None, None),
        without_text=tuple(ref for ref in cited(both) if ref not in told),
        header=HEADER,
        table_i=steps("i", first, TABLE_I),
        table_ii=steps("ii", second, TABLE_II),
    )


def _fullest() -> Filing | None:
    recent = (
        Trade.objects.filter(kind__in=_TELLING, form="4")
        .order_by("-filed_on", "-filing", "-number")
        .values("filing")[:LOOKED_AT]
    )
    found = whole_filings().filter(accession__in=recent)
    ranked = sorted(((_holds(filing), filing.listed_on, filing.accession, filing) for filing in found), key=_rank)
    return ranked[-1][3] if ranked and ranked[-1][0] else None


def _rank(entry: tuple[Any, ...]) -> tuple[Any, ...]:
    return entry[:3]


def _holds(filing: Filing) -> int:
    """How much of the form this filing shows; 0 where it lacks a transaction in one of the tables, or is too long."""
    lines = list(filing.lines.all())
    moved = [line for line in lines if line.kind == "transaction"]
    if len(lines) > _MOST_ROWS or {line.table for line in moved} != {"I", "II"}:
        return 0
    noted = {field for line in lines for field in line.footnotes or ()}
    return 1 + sum(
        (
            3 * bool(filing.aff10b5_one),
            3 * any(line.ownership == "I" for line in lines),
            2 * bool(noted & {"price", "conversion_or_exercise_price"}),
            2 * any(line.deemed_execution_date for line in moved),
            2 * any(line.form_type == "5" for line in moved),
            1 * any(line.kind == "holding" for line in lines),
            len({line.code for line in moved}),
        )
    )


def steps(name: str, table: Table, items: Sequence[Item]) -> tuple[Step, ...]:
    """Each column of the table with its words and with what the most telling rows hold."""
    rows = _most_telling(table.rows)
    found, start = [], 0
    for column, item in zip(table.columns, items, strict=True):
        end = start + len(column.parts)
        cells = tuple(row.cells[start:end] for row in rows)
        found.append(Step(f"column-{name}-{column.number.lower()}", column, item, cells))
        start = end
    return tuple(found)


def _most_telling(rows: Sequence[Row]) -> list[Row]:
    """The rows with the most to show, in the order of the form."""
    best = sorted(rows, key=lambda row: (sum(bool(cell.text or cell.notes) for cell in row.cells), -row.row))
    return [row for row in rows if row in best[-_SHOWN_ROWS:]]
