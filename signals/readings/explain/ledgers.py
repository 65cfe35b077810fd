"""The ledgers behind a filing's numbers: which rows its totals count, and how each balance follows from the one before.

Promises: every transaction row of the filing stands in the counting ledger, counted or left out with each reason;
gaps of the position ledger name their size and likely cause, "not reported: exempt" or "filings missing here".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from signals.readings.explain.people import reading_name
from signals.readings.explain.spans import anchor, lines_of
from signals.readings.explain.things import amount, noun
from signals.readings.explain.words import day, money, number
from signals.readings.gap_causes import CAUSES
from signals.readings.history import FiledForm
from signals.readings.position import GAP, Entry, LineLedger
from signals.readings.trade import Trade
from signals.readings.trades import EXACT, IssuerReading

_SHOWN = 6  # entries of a line before and with this filing


@dataclass(frozen=True, slots=True)
class CountedRow:
    """A trade of the filing in the counting ledger. `anchors` are its rows, `reasons` empty where it is counted."""

    anchors: tuple[str, ...]
    what: str
    value: str
    reasons: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Counting:
    """`total` is what the counted rows of a side come to, "" where there are none."""

    side: str
    total: str
    counted: tuple[CountedRow, ...]
    left_out: tuple[CountedRow, ...]


def counting(trades: Sequence[Trade], form: FiledForm) -> tuple[Counting, ...]:
    """Bought and sold, where the filing has rows of that code; what is neither is left out of both and stands last."""
    found = []
    for side, code in (("Bought", "P"), ("Sold", "S")):
        own = [trade for trade in trades if trade.code == code]
        if own:
            counted = [trade for trade in own if trade.counted]
            total = _total(counted)
            found.append(
                Counting(
                    side,
                    money(total) if counted else "",
                    tuple(_row(trade, form) for trade in counted),
                    tuple(_row(trade, form) for trade in own if not trade.counted),
                )
            )
    others = tuple(_row(trade, form) for trade in trades if trade.code not in ("P", "S"))
    if others:
        found.append(Counting("Neither bought nor sold", "", (), others))
    return tuple(found)


def _total(trades: Sequence[Trade]) -> Decimal:
    total = Decimal(0)
    for trade in trades:
        total = EXACT.add(total, trade.value or Decimal(0))
    return total


def _row(trade: Trade, form: FiledForm) -> CountedRow:
    return CountedRow(
        anchors=tuple(anchor(line) for line in lines_of(trade, form)),
        what=amount(trade.shares, trade.security_class),
        value=money(trade.value) if trade.value is not None and trade.code in ("P", "S") else "",
        reasons=tuple((item.text, item.by) for item in trade.exclusions),
    )


@dataclass(frozen=True, slots=True)
class Balance:
    """One stated balance. `here` marks those of the filing shown; `gap` is the cause in words, "" where it follows."""

    on: str
    moved: str
    after: str
    accession: str
    anchor: str
    here: bool
    gap: str
    cause: str


@dataclass(frozen=True, slots=True)
class Position:
    """One ownership line of the filing's owners; `earlier` counts the entries before those shown."""

    title: str
    how: str
    holder: str
    entries: tuple[Balance, ...]
    earlier: int
    gaps: int


def positions(reading: IssuerReading, form: FiledForm) -> tuple[Position, ...]:
    """The ownership lines that this filing states, each with how its balance came about."""
    numbers: dict[int, None] = {}
    for line in form.lines:
        found = reading.ledger.line_of.get(form.ref(line))
        if found is not None:
            numbers[found] = None
    names = {owner.cik: owner.name for one in reading.history for owner in one.owners}
    return tuple(_position(reading.ledger.lines[number_], names, reading, form) for number_ in numbers)


def _position(book: LineLedger, names: Mapping[str, str | None], reading: IssuerReading, form: FiledForm) -> Position:
    entries = book.entries
    here = [place for place, entry in enumerate(entries) if entry.row.accession == form.accession]
    last = max(here) + 1 if here else len(entries)
    first = max(0, min(min(here, default=0), last - _SHOWN))
    first = max(first, last - 40)  # a report of thirty rows is shown whole, a life is not
    line = book.line
    how = "directly" if line.ownership == "D" else "indirectly"
    if line.ownership == "I" and line.nature:
        how = f"indirectly: “{line.nature}”"
    return Position(
        title=noun(line.security_class),
        how=how,
        holder=", ".join(reading_name(names.get(cik)) for cik in line.owners[:2]),
        entries=tuple(_balance(entry, reading, form) for entry in entries[first:last]),
        earlier=first,
        gaps=len(book.gaps),
    )


def _balance(entry: Entry, reading: IssuerReading, form: FiledForm) -> Balance:
    gap = entry.gap if entry.status == GAP or entry.gap else None
    return Balance(
        on=_when(entry.on, reading.history.form(entry.row.accession)),
        moved=f"{entry.moved:+,f}".replace("-", "−") if entry.moved else "",
        after=number(entry.after),
        accession=entry.row.accession,
        anchor=f"{entry.row.table}-{entry.row.kind[0]}-{entry.row.row}",
        here=entry.row.accession == form.accession,
        gap=gap.text if gap else "",
        cause=CAUSES.get(gap.cause, gap.cause) if gap else "",
    )


def _when(on: date | None, form: FiledForm) -> str:
    return day(on) if on else f"stated {day(form.filed_on)}"
