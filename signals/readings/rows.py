"""One transaction row with all that decides to which trade it belongs, before rows are put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from filings.ownership.document import Line
from signals.readings.amendments import Amendments, TakenBack
from signals.readings.duplicates import Duplicate
from signals.readings.history import FiledForm, RowRef
from signals.readings.pairs import Pair, pairs
from signals.readings.plan import PlanEvidence
from signals.readings.position import Ledger
from signals.readings.row_notes import RowNotes, row_notes
from signals.readings.securities import SecurityClass, is_home_market, security_class
from signals.readings.tape import Quote, Tape

# What `plan.evidence` says of each transaction row of a form.
PlanOf = Callable[[FiledForm], Mapping[RowRef, PlanEvidence]]

FIRST_DAY = date(1990, 1, 1)
# Whose prices, in Table I, are those of shares on a day.
QUOTED = ("P", "S", "F")
_KIND_OF_CODE = {
    "A": "grant", "D": "issuer_disposition", "F": "withholding", "I": "plan_switch", "C": "conversion", "E": "expiry",
    "H": "expiry", "O": "exercise", "X": "exercise", "G": "gift", "L": "small_acquisition", "W": "inheritance",
    "Z": "voting_trust", "U": "tender", "K": "swap",
}  # fmt: skip


@dataclass(slots=True)
class Row:
    """`order` is the row's place in its document. `price` is dollars, or as filed where `foreign` says otherwise."""

    form: FiledForm
    line: Line
    ref: RowRef
    order: int
    security: SecurityClass
    kind: str
    notes: RowNotes
    plan: PlanEvidence | None
    price: Decimal | None
    foreign: bool
    strike: Decimal | None
    superseded_by: str | None
    withdrawn: TakenBack | None
    duplicate: Duplicate | None
    line_number: int | None
    partner: RowRef | None  # of a row that goes: the row that comes for it
    doubt: str | None = None

    @property
    def date_problem(self) -> str | None:
        """Why the transaction date is fit for no total; None if it is."""
        return date_problem(self.line.transaction_date, self.form.filed_on)

    @property
    def status(self) -> tuple[Any, ...]:
        return (
            self.superseded_by,
            self.withdrawn.by if self.withdrawn else None,
            self.duplicate.of.accession if self.duplicate else None,
        )

    @property
    def key(self) -> tuple[Any, ...]:
        """Rows of one filing with equal keys are one economic trade."""
        line = self.line
        where = (self.line_number,) if self.line_number is not None else (line.ownership, line.nature_of_ownership)
        return (
            self.form.accession, self.security.name, where, line.code, self.kind, line.acquired_disposed,
            line.transaction_date, line.equity_swap, self.foreign, self.doubt is not None,
            self.notes.private and self.notes.private[0], self.status,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Context:
    """The forms whose rows are read, and what the whole history says, that single rows are read with."""

    forms: Iterable[FiledForm]
    amendments: Amendments
    duplicates: Mapping[RowRef, Duplicate]
    ledger: Ledger
    plan_of: PlanOf

    def counts(self, form: FiledForm, line: Line) -> bool:
        """Whether the row stands, and repeats no other. Where no row falls, none is named for it."""
        found = self.amendments
        if not (found.superseded or found.withdrawn or self.duplicates):
            return True
        ref = form.ref(line)
        return found.stands(ref) and ref not in self.duplicates


def rows_of(
    context: Context, *, beside: Iterable[FiledForm] = (), quoted: Iterable[Quote] = ()
) -> tuple[list[Row], tuple[Quote, ...]]:
    """All transaction rows in the order of knowledge and of their documents, with doubtful prices marked; and what they
    put on the tape.

    `beside` are forms that are not read, but whose prices others are held against as well; `quoted` are such prices.
    """
    rows = [row for form in context.forms for row in _form_rows(form, context)]
    quotes = tuple(filter(None, map(_quote, rows)))
    asked = [row for row in rows if _may_be_doubted(row)]
    if asked:
        tape = Tape((*quotes, *(quote for form in beside for quote in _quotes(form, context)), *quoted))
        for row in asked:
            row.doubt = _doubt(row, tape)
    return rows, quotes


def _form_rows(form: FiledForm, context: Context) -> list[Row]:
    moving = [(index, line) for index, line in enumerate(form.lines) if line.kind == "transaction"]
    if not moving:
        return []
    plans = context.plan_of(form)
    partner: dict[RowRef, RowRef] = {}
    pair_of: dict[RowRef, Pair] = {}
    for pair in pairs(form.lines):
        for line in (*pair.came, *pair.went):
            pair_of[form.ref(line)] = pair
        for line in pair.went:
            partner[form.ref(line)] = form.ref(pair.came[0])
    rows = []
    for index, line in moving:
        ref = form.ref(line)
        notes = row_notes(form, line)
        price, foreign = _price(form, line, notes)
        rows.append(
            Row(
                form=form,
                line=line,
                ref=ref,
                order=index,
                security=security_class(line.security_title),
                kind=kind_of(line, pair_of.get(ref), plans.get(ref)),
                notes=notes,
                plan=plans.get(ref),
                price=price,
                foreign=foreign,
                strike=pair_of[ref].strike if ref in pair_of else line.conversion_or_exercise_price,
                superseded_by=context.amendments.superseded.get(ref),
                withdrawn=context.amendments.withdrawn.get(ref),
                duplicate=context.duplicates.get(ref),
                line_number=context.ledger.line_of.get(ref),
                partner=partner.get(ref),
            )
        )
    return rows


def kind_of(line: Line, pair: Pair | None, plan: PlanEvidence | None) -> str:
    """What sort of trade this row is. `pair` is its exercise or conversion, `plan` its 10b5-1 evidence."""
    if line.equity_swap:
        return "swap"
    if line.code in ("P", "S"):
        word = "buy" if line.code == "P" else "sell"
        return f"planned_{word}" if plan is not None and plan.planned else word
    if line.code == "M":
        return _exercise_or_vest(line, pair)
    if line.code == "J" and pair is not None:
        return "conversion"
    return _KIND_OF_CODE.get(line.code or "", "other")


def _exercise_or_vest(line: Line, pair: Pair | None) -> str:
    """A price to pay makes it an exercise; units and awards that cost nothing vest."""
    strike = pair.strike if pair else line.conversion_or_exercise_price or (line.price if line.table == "I" else None)
    families = {security_class(row.security_title).family for row in (pair.went if pair else (line,))}
    if strike or families & {"option", "warrant"}:
        return "exercise"
    return "vest"


def _price(form: FiledForm, line: Line, notes: RowNotes) -> tuple[Decimal | None, bool]:
    """The price to compute with, and whether it is in another currency than dollars."""
    price = line.price if line.price is not None else notes.spelled_price
    home = is_home_market(line.security_title, form.foreign_ticker) and not notes.in_dollars
    return price, bool(notes.currency) or (home and line.code in ("P", "S", "F"))


def date_problem(on: date | None, filed_on: date) -> str | None:
    """Why a transaction date is fit for no total; None if it is."""
    if on is None:
        return "No transaction date is given."
    if on < FIRST_DAY:
        return f"The transaction date, {on.isoformat()}, cannot be."
    if on > filed_on:
        return f"The transaction date, {on.isoformat()}, lies after the filing, {filed_on.isoformat()}."
    return None


def _quote(row: Row) -> Quote | None:
    """The price of the row, if it is of shares, in dollars, stands, and is of a day that can be."""
    on = row.line.transaction_date
    if on is None or not row.price or row.foreign or not _is_quoted(row.form, row.line) or any(row.status):
        return None
    return Quote(row.security.name, on, row.form.accession, row.price)


def _is_quoted(form: FiledForm, line: Line) -> bool:
    return line.code in QUOTED and line.table == "I" and date_problem(line.transaction_date, form.filed_on) is None


def _quotes(form: FiledForm, context: Context) -> Iterator[Quote]:
    """The same prices of a form that is not read."""
    return (quote for line, quote in prices_in(form) if context.counts(form, line))


def prices_in(form: FiledForm) -> Iterator[tuple[Line, Quote]]:
    """The prices that would be on the tape if all rows of this form stood."""
    for line in form.lines:
        if line.kind != "transaction" or line.transaction_date is None or not _is_quoted(form, line):
            continue
        price, foreign = _price(form, line, row_notes(form, line))
        if price and not foreign:
            yield line, Quote(security_class(line.security_title).name, line.transaction_date, form.accession, price)


def _may_be_doubted(row: Row) -> bool:
    """Only the price of a purchase or sale of shares is held against others."""
    line = row.line
    if line.code not in ("P", "S") or line.table != "I" or not row.price or row.foreign:
        return False
    return line.transaction_date is not None and row.date_problem is None


def _doubt(row: Row, tape: Tape) -> str | None:
    """Why the price cannot be, if other filings speak against it."""
    line = row.line
    if line.transaction_date is None or row.price is None:
        return None
    return tape.doubt(row.security.name, line.transaction_date, row.form.accession, row.price, line.shares)
