"""What the page of a filing shows beside the facts: the explanation, and the form's cells joined with their words.

Promises: the same number of queries for every filing; a filing that cannot be explained is shown as filed all the same.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from filings.models import Filing
from filings.ownership.codes import CODES
from filings.ownership.facsimile import Cell as FiledCell
from filings.ownership.facsimile import Table
from signals.readings.around import reading_around
from signals.readings.explain.filing import FilingExplanation, LineWords, explain_filing
from signals.readings.explain.marks import Piece
from signals.readings.explain.spans import FORM
from signals.selectors.histories import Neighbour, surroundings_of

log = logging.getLogger(__name__)

# A mistake of ours in a reading must not take the facts from a reader.
_READER_FAULTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, AssertionError)


class Saying(NamedTuple):
    """Words that a cell opens. `code` is the letter whose page says more, `trade` the place of the row's trade."""

    number: int
    label: str
    text: str
    code: str | None


class SheetCell(NamedTuple):
    """A cell of the facsimile; `saying` is what it opens, None where its value says it all."""

    id: str
    text: str
    notes: tuple[str, ...]
    label: str
    numeric: bool
    title: str
    saying: Saying | None


class SheetRow(NamedTuple):
    anchor: str
    kind: str
    row: int
    cells: tuple[SheetCell, ...]
    also: tuple[SheetCell, ...]
    words: LineWords | None


@dataclass(frozen=True, slots=True)
class SheetTable:
    name: str
    title: str
    columns: tuple[Any, ...]
    width: int
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """`read_with` counts the filings that this one was read among, `whole` says whether they are all of its issuer."""

    words: FilingExplanation
    before: tuple[Neighbour, ...]
    after: tuple[Neighbour, ...]
    read_with: int
    whole: bool


def explained(filing: Filing, *, on: date) -> Explained | None:
    """The explanation of a filing as of that day; None where it is incomplete, or our reader fails, which is logged."""
    if filing.partial:
        return None
    around = surroundings_of(filing)
    try:
        reading = reading_around(around.history, filing.accession)
        words = explain_filing(reading, filing.accession, as_of=on, whole=around.whole)
    except _READER_FAULTS:
        log.exception("Filing %s cannot be explained", filing.accession)
        return None
    return Explained(words, around.before, around.after, len(around.history), around.whole)


@dataclass(frozen=True, slots=True)
class SheetNote:
    """A footnote in pieces, those marked that state something. `says` is all that it states, in a few words each."""

    ref: str
    pieces: tuple[Piece, ...]

    @property
    def says(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(piece.says for piece in self.pieces if piece.says))


@dataclass(frozen=True, slots=True)
class Sheet:
    """The tables of a filing with the sayings of their cells, and those of the boxes by the id of the box."""

    tables: tuple[SheetTable, ...]
    sayings: tuple[Saying, ...]
    boxes: Mapping[str, Saying]
    notes: tuple[SheetNote, ...]
    remarks: tuple[Piece, ...]


def sheet(
    both: Iterable[Table], notes: Iterable[tuple[str, str]], remarks: str | None, words: FilingExplanation | None
) -> Sheet:
    """Tables and notes with what each cell says; equal words are said once. Without `words`, as filed.

    `notes` are (id, text).
    """
    sayings = _Sayings()
    boxes = {}
    told: dict[str, dict[str, str]] = {}  # by the anchor of the row
    for cell, text in words.cells.items() if words else ():
        if cell.anchor == FORM or cell.anchor.startswith("owner-"):
            boxes[cell.id] = sayings.of("", text)
        else:
            told.setdefault(cell.anchor, {})[cell.field] = text
    tables = tuple(
        SheetTable(
            name=table.name,
            title=table.title,
            columns=table.columns,
            width=table.width,
            rows=tuple(
                SheetRow(
                    anchor=row.anchor,
                    kind=row.kind,
                    row=row.row,
                    cells=tuple(_cells(row.anchor, row.cells, told.get(row.anchor, {}), sayings)),
                    also=tuple(_cells(row.anchor, row.also, told.get(row.anchor, {}), sayings)),
                    words=words.lines.get(row.anchor) if words else None,
                )
                for row in table.rows
            ),
        )
        for table in both
    )
    plain = (Piece(remarks),) if remarks else ()
    return Sheet(
        tables,
        tuple(sayings.all.values()),
        boxes,
        tuple(SheetNote(ref, words.notes.get(ref, (Piece(text),)) if words else (Piece(text),)) for ref, text in notes),
        words.remarks if words else plain,
    )


class _Sayings:
    def __init__(self) -> None:
        self.all: dict[tuple[str, str], Saying] = {}

    def of(self, label: str, text: str, code: str | None = None) -> Saying:
        found = self.all.get((label, text))
        if found is None:
            found = self.all[label, text] = Saying(len(self.all) + 1, label, text, code)
        return found


def _cells(anchor: str, cells: Iterable[FiledCell], told: Mapping[str, str], sayings: _Sayings) -> Iterator[SheetCell]:
    """A field stands in one cell of a row: of the two columns for amounts, the one that is filled."""
    named: set[str] = set()
    for cell in cells:
        filled = bool(cell.text or cell.notes)
        text = told.get(cell.field) if cell.field not in named else None
        if not filled and cell.field == "shares":
            text = None
        if not filled and text is None:
            yield _blank(cell.label, cell.numeric)
            continue
        code = cell.text[:1] if cell.field == "code" and cell.text[:1] in CODES else None
        yield SheetCell(
            id=f"{anchor}-{cell.field}" if cell.field not in named else "",
            text=cell.text,
            notes=cell.notes,
            label=cell.label,
            numeric=cell.numeric,
            title=cell.title,
            saying=sayings.of(cell.label, text, code) if text else None,
        )
        named.add(cell.field)


@cache
def _blank(label: str, numeric: bool) -> SheetCell:
    return SheetCell("", "", (), label, numeric, "", None)
