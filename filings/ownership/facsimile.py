"""The official form around the facts: box numbers, column numbers and names, and which fact stands in which cell.

Promises: every value and every footnote mark of a line has a place. What the official form has no column for (a
Form 3 with an amount in Table II, a Form 5 row that belongs on another form) stands under its row as `also`.
The wording of boxes and columns is that of the SEC's Forms 3 (OMB 3235-0104), 4 (3235-0287) and 5 (3235-0362).
Refuses: any reading of the facts. Works on `document.Line` and on the database's lines alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class FormLayout:
    """What is printed on one of the three forms."""

    form: str
    title: str
    omb_number: str
    period_item: str
    relationship_item: str
    amendment_item: str
    joint_item: str
    table_i_title: str
    table_ii_title: str


class Column(NamedTuple):
    """A numbered column; `parts` are its sub-columns, each (heading, the fields that may stand in it)."""

    number: str
    name: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    numeric: bool = False


class Cell(NamedTuple):
    """One cell: the words to show, the ids of its footnotes, and the heading a narrow screen gives it.

    A tuple, as a filing has dozens and most are blank.
    """

    field: str
    text: str
    notes: tuple[str, ...]
    label: str
    numeric: bool = False
    title: str = ""


class Row(NamedTuple):
    anchor: str
    kind: str
    row: int
    cells: tuple[Cell, ...]
    also: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Table I or II of one filing. `width` counts the cells of a row."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def width(self) -> int:
        return sum(len(column.parts) for column in self.columns)


LAYOUTS = {
    "3": FormLayout(
        form="3",
        title="Initial Statement of Beneficial Ownership of Securities",
        omb_number="3235-0104",
        period_item="2. Date of Event Requiring Statement",
        relationship_item="4",
        amendment_item="5",
        joint_item="6",
        table_i_title="Non-Derivative Securities Beneficially Owned",
        table_ii_title="Derivative Securities Beneficially Owned",
    ),
    "4": FormLayout(
        form="4",
        title="Statement of Changes in Beneficial Ownership",
        omb_number="3235-0287",
        period_item="3. Date of Earliest Transaction",
        relationship_item="5",
        amendment_item="4",
        joint_item="6",
        table_i_title="Non-Derivative Securities Acquired, Disposed of, or Beneficially Owned",
        table_ii_title="Derivative Securities Acquired, Disposed of, or Beneficially Owned",
    ),
    "5": FormLayout(
        form="5",
        title="Annual Statement of Changes in Beneficial Ownership of Securities",
        omb_number="3235-0362",
        period_item="3. Statement for Issuer's Fiscal Year Ended",
        relationship_item="5",
        amendment_item="4",
        joint_item="6",
        table_i_title="Non-Derivative Securities Acquired, Disposed of, or Beneficially Owned",
        table_ii_title="Derivative Securities Acquired, Disposed of, or Beneficially Owned",
    ),
}

_OWNERSHIP = "Ownership Form: Direct (D) or Indirect (I)"
_NATURE = "Nature of Indirect Beneficial Ownership"
_EXERCISE = (("Date Exercisable", ("exercise_date",)), ("Expiration Date", ("expiration_date",)))
_UNDERLYING = (
    ("Title", ("underlying_title",)),
    ("Amount or Number of Shares", ("underlying_shares", "underlying_value")),
)
_FOLLOWING = ("shares_owned_following", "value_owned_following")


def _single(number: str, name: str, *fields: str, numeric: bool = False) -> Column:
    return Column(number, name, (("", fields),), numeric)


def _columns(form: str) -> dict[str, tuple[Column, ...]]:
    if form == "3":
        return {
            "I": (
                _single("1", "Title of Security", "security_title"),
                _single("2", "Amount of Securities Beneficially Owned", *_FOLLOWING, numeric=True),
                _single("3", _OWNERSHIP, "ownership"),
                _single("4", _NATURE, "nature_of_ownership"),
            ),
            "II": (
                _single("1", "Title of Derivative Security", "security_title"),
                Column("2", "Date Exercisable and Expiration Date", _EXERCISE),
                Column("3", "Title and Amount of Securities Underlying Derivative Security", _UNDERLYING, numeric=True),
                _single(
                    "4",
                    "Conversion or Exercise Price of Derivative Security",
                    "conversion_or_exercise_price",
                    numeric=True,
                ),
                _single("5", _OWNERSHIP, "ownership"),
                _single("6", _NATURE, "nature_of_ownership"),
            ),
        }
    code = (("Code", ("code",)),) if form == "5" else (("Code", ("code",)), ("V", ("timeliness",)))
    after = "at End of Issuer's Fiscal Year" if form == "5" else "Following Reported Transaction(s)"
    return {
        "I": (
            _single("1", "Title of Security", "security_title"),
            _single("2", "Transaction Date", "transaction_date"),
            _single("2A", "Deemed Execution Date, if any", "deemed_execution_date"),
            Column("3", "Transaction Code", code),
            Column(
                "4",
                "Securities Acquired (A) or Disposed Of (D)",
                (
                    ("Amount", ("shares", "total_value")),
                    ("(A) or (D)", ("acquired_disposed",)),
                    ("Price", ("price",)),
                ),
                numeric=True,
            ),
            _single("5", f"Amount of Securities Beneficially Owned {after}", *_FOLLOWING, numeric=True),
            _single("6", _OWNERSHIP, "ownership"),
            _single("7", _NATURE, "nature_of_ownership"),
        ),
        "II": (
            _single("1", "Title of Derivative Security", "security_title"),
            _single(
                "2", "Conversion or Exercise Price of Derivative Security", "conversion_or_exercise_price", numeric=True
            ),
            _single("3", "Transaction Date", "transaction_date"),
            _single("3A", "Deemed Execution Date, if any", "deemed_execution_date"),
            Column("4", "Transaction Code", code),
            Column(
                "5",
                "Number of Derivative Securities Acquired (A) or Disposed of (D)",
                (("(A)", ("shares+A", "total_value+A")), ("(D)", ("shares+D", "total_value+D"))),
                numeric=True,
            ),
            Column("6", "Date Exercisable and Expiration Date", _EXERCISE),
            Column("7", "Title and Amount of Securities Underlying Derivative Security", _UNDERLYING, numeric=True),
            _single("8", "Price of Derivative Security", "price", numeric=True),
            _single("9", f"Number of Derivative Securities Beneficially Owned {after}", *_FOLLOWING, numeric=True),
            _single("10", _OWNERSHIP, "ownership"),
            _single("11", _NATURE, "nature_of_ownership"),
        ),
    }


COLUMNS = {form: _columns(form) for form in LAYOUTS}


class _Slot(NamedTuple):
    """The place of a cell in a row: its heading, the fields that may stand there, and the cell where none does.

    A field has a direction where it stands there in rows of that (A) or (D) alone.
    """

    label: str
    numeric: bool
    fields: tuple[tuple[str, str], ...]
    blank: Cell


def _slots(columns: Iterable[Column]) -> Iterator[_Slot]:
    for column in columns:
        for heading, fields in column.parts:
            label = f"{column.number}. {column.name}" + (f": {heading}" if heading else "")
            parted = tuple((name, direction) for name, _, direction in (field.partition("+") for field in fields))
            first = parted[0][0]
            numeric = column.numeric and first in _NUMBERS
            yield _Slot(label, column.numeric, parted, Cell(first, "", (), label, numeric))


_NUMBERS = frozenset(
    (
        "conversion_or_exercise_price",
        "shares",
        "total_value",
        "price",
        "underlying_shares",
        "underlying_value",
        "shares_owned_following",
        "value_owned_following",
    )
)
_DOLLARS = frozenset(
    ("conversion_or_exercise_price", "total_value", "price", "underlying_value", "value_owned_following")
)
_SLOTS = {form: {name: tuple(_slots(columns)) for name, columns in both.items()} for form, both in COLUMNS.items()}
# What a line may hold beyond its columns, with the words that name it under the row.
_ALSO = {
    "transaction_date": "Transaction date",
    "deemed_execution_date": "Deemed execution date",
    "code": "Transaction code",
    "timeliness": "Timeliness",
    "shares": "Amount",
    "total_value": "Total value",
    "price": "Price",
    "acquired_disposed": "Acquired (A) or disposed of (D)",
    "underlying_value": "Value of underlying security",
    "shares_owned_following": "Amount owned",
    "value_owned_following": "Value owned",
    "form_type": "Belongs on Form",
    "equity_swap": "Equity swap involved",
}


def tables(form: str, lines: Iterable[Any]) -> tuple[Table, Table]:
    """Tables I and II of a filing, each row's facts in the official columns, rows in document order."""
    base = form[:1]
    layout = LAYOUTS[base]
    lines = list(lines)
    return tuple(  # type: ignore[return-value]
        Table(
            name=name,
            title=title,
            columns=COLUMNS[base][name],
            rows=tuple(_row(base, _SLOTS[base][name], line) for line in lines if line.table == name),
        )
        for name, title in (("I", layout.table_i_title), ("II", layout.table_ii_title))
    )


def cited(both: Iterable[Table]) -> tuple[str, ...]:
    """The ids of all footnotes that some cell cites, each once, in the order of the marks."""
    cells = (cell for table in both for row in table.rows for cell in (*row.cells, *row.also))
    return tuple(dict.fromkeys(ref for cell in cells for ref in cell.notes))


def _row(form: str, slots: tuple[_Slot, ...], line: Any) -> Row:
    shown: set[str] = set()
    cells = []
    for slot in slots:
        name = next((name for name, direction in slot.fields if _stands(line, name, direction)), None)
        if name is not None:
            cells.append(_cell(form, line, name, slot.label, slot.numeric))
            # A second value for one cell stays visible under the row.
            shown.add(name)
        elif slot.blank.field == "timeliness":
            cells.append(_cell(form, line, "timeliness", slot.label))  # which may be said by another field
        else:
            cells.append(slot.blank)
    if line.table == "II" and shown & {"shares", "total_value"} and "acquired_disposed" not in _notes(line):
        shown.add("acquired_disposed")  # said by the sub-column in which the amount stands
    also = tuple(
        _cell(form, line, field, label) for field, label in _ALSO.items() if _is_left_over(form, line, field, shown)
    )
    return Row(
        anchor=f"{line.table}-{line.kind[0]}-{line.row}", kind=line.kind, row=line.row, cells=tuple(cells), also=also
    )


def _stands(line: Any, name: str, direction: str = "") -> bool:
    """Whether the line has this field; with a direction, whether it has it as a row whose (A) or (D) is that."""
    if direction and (line.acquired_disposed or "") != direction:
        return False
    return getattr(line, name) is not None or name in _notes(line) or name in (line.as_filed or {})


def _is_left_over(form: str, line: Any, field: str, shown: set[str]) -> bool:
    if field == "form_type":
        return line.form_type not in (None, form) or field in _notes(line)
    if field == "equity_swap":
        return line.equity_swap is True or field in _notes(line)
    return field not in shown and _stands(line, field)


def _notes(line: Any) -> Mapping[str, Any]:
    return line.footnotes or {}


def _cell(form: str, line: Any, name: str, label: str, numeric: bool = False) -> Cell:
    value = getattr(line, name)
    words = (line.as_filed or {}).get(name, "")
    text = _text(name, value) or words
    if name == "code" and line.equity_swap and value:
        text = f"{value}/K"  # EDGAR itself shows an equity swap this way
    if name == "timeliness" and form == "4" and line.form_type == "5":
        # A Form 5 item reported early: code V (Form 4, General Instruction 8).
        text = "V" if value in (None, "E") else f"V, {text}"
    if name == "equity_swap":
        text = {True: "yes (K)", False: "no", None: ""}[value]
    return Cell(name, text, tuple(_notes(line).get(name, ())), label, numeric and name in _NUMBERS, words)


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"${value:,f}" if name in _DOLLARS else f"{value:,f}"
    if isinstance(value, date):
        return f"{value.month:02}/{value.day:02}/{value.year:04}"
    return str(value)
