"""What an amendment corrects, adds, repeats or takes back, row by row beside its original, in words and values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from filings.ownership.document import Line
from signals.readings.amendments import Amendments, side_by_side
from signals.readings.explain.spans import anchor
from signals.readings.explain.things import of_line
from signals.readings.explain.words import count, day
from signals.readings.history import FiledForm, History, RowRef

STATES = {
    "corrected": "corrected",
    "repeated": "repeated as it was",
    "added": "added",
    "not_restated": "not repeated, and stands",
    "withdrawn": "taken back",
}
FIELDS = {
    "security_title": "title", "transaction_date": "date", "deemed_execution_date": "deemed execution date",
    "form_type": "form it belongs on", "code": "code", "equity_swap": "equity swap", "timeliness": "timeliness",
    "shares": "amount", "total_value": "total value", "price": "price", "acquired_disposed": "acquired or disposed of",
    "exercise_date": "exercisable", "expiration_date": "expiration", "underlying_title": "underlying security",
    "underlying_shares": "underlying amount", "underlying_value": "underlying value",
    "conversion_or_exercise_price": "exercise price", "shares_owned_following": "amount held after it",
    "value_owned_following": "value held after it", "ownership": "direct or indirect",
    "nature_of_ownership": "nature of ownership",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Changed:
    """One cell side by side: what it is called, as it was, as it is; "nothing" where there was or is no value."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """`new_anchor` is None for a row that the amendment leaves alone, `old_anchor` for one that it adds."""

    what: str
    state: str
    label: str
    new_anchor: str | None
    old_anchor: str | None
    old_accession: str | None
    cells: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class AmendmentWords:
    """`original` is None where it is not here. `words` are those that take something back."""

    text: str
    original: str | None
    original_on: date | None
    rows: tuple[RowChange, ...]
    words: str | None


def amendment_words(history: History, found: Amendments, accession: str) -> AmendmentWords | None:
    """What this amendment does; None for a report that is none."""
    amendment = found.by_accession.get(accession)
    if amendment is None:
        return None
    words = amendment.withdrawal.words if amendment.withdrawal else None
    form = history.form(accession)
    if amendment.original is None:
        named = form.date_of_original_submission
        of = f" The form says that it was filed on {day(named)}." if named else ""
        return AmendmentWords(f"The original report was not found in the filings here.{of}", None, None, (), words)
    original = history.form(amendment.original)
    rows = tuple(
        _row(history, difference.old, difference.new, difference.state, difference.changes)
        for difference in side_by_side(history, accession, found)
    )
    text = f"It amends the report filed on {day(original.filed_on)}: {_summary(rows)}."
    return AmendmentWords(text, original.accession, original.filed_on, rows, words)


def _summary(rows: tuple[RowChange, ...]) -> str:
    counts = {state: sum(row.state == state for row in rows) for state in STATES}
    told = [f"{count(number, 'row')} {STATES[state]}" for state, number in counts.items() if number]
    return ", ".join(told) or "no row is restated"


def _row(history: History, old: RowRef | None, new: RowRef | None, state: str, changes: Any) -> RowChange:
    of = new or old
    assert of is not None  # a difference has one side at least
    line = _line(history.form(of.accession), of)
    return RowChange(
        what=of_line(line.security_title, line.shares if line.kind == "transaction" else line.shares_owned_following),
        state=state,
        label=STATES[state],
        new_anchor=anchor(_line(history.form(new.accession), new)) if new else None,
        old_anchor=anchor(_line(history.form(old.accession), old)) if old else None,
        old_accession=old.accession if old else None,
        cells=tuple(
            Changed(FIELDS.get(change.field, change.field.replace("_", " ")), _shown(change.old), _shown(change.new))
            for change in changes
        ),
    )


def _line(form: FiledForm, ref: RowRef) -> Line:
    return next(line for line in form.lines if form.ref(line) == ref)


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:,f}"
    return value.isoformat() if isinstance(value, date) else str(value)
