"""The ledger of positions: what each ownership line of each owner held, filing by filing, and where it does not add up.

An ownership line is one class (or one derivative with its terms), direct or indirect with its nature. Promises: every
stated balance is an entry that follows from the one before, restates an earlier filing, opens the line, or is a gap
with its size and its likely cause in words; balances are as filed, never adjusted; an amendment speaks as of its
original's day and moves later balances by what it corrects and no more.
Refuses: to call a gap an error. Splits, employee plans, reinvested dividends and changes from direct to indirect are
exempt from reports, and filings may be missing here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from filings.ownership.document import Line
from signals.readings.amendments import Amendments, amendments
from signals.readings.balances import Step, Steps, in_order
from signals.readings.duplicates import Duplicate, duplicates
from signals.readings.gap_causes import (
    EXEMPT,
    FORM_CHANGED,
    MISSING,
    MISSTATED,
    RESTATED,
    WRITTEN,
    Gap,
    came_without_report,
    cause_of,
)
from signals.readings.history import FiledForm, History, RowRef
from signals.readings.ownership_lines import OwnershipLine, OwnershipLines, adds_up, movements, owes, signed
from signals.readings.roles import is_entity

OPENS, FOLLOWS, RESTATES, GAP = "opens", "follows", "restates", "gap"
_ZERO = Decimal(0)
# Gaps that cancel out are one move if their filings are this near, and no small number that may be chance.
_ONE_MOVE, _WORTH_PAIRING = timedelta(days=100), Decimal(50)


@dataclass(frozen=True, slots=True)
class Entry:
    """One stated balance. `moved` is signed, 0 for a holding; `status` one of the words above."""

    row: RowRef
    on: date | None
    moved: Decimal
    before: Decimal
    after: Decimal
    status: str
    gap: Gap | None = None


@dataclass(slots=True)
class LineLedger:
    line: OwnershipLine
    entries: list[Entry] = field(default_factory=list)
    balance: Decimal = _ZERO
    known: bool = False  # whether a filing has stated the balance

    @property
    def gaps(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.status == GAP)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the owners of a filing held in each of their lines before it, by line number."""

    before: Mapping[int, Decimal]


class Ledger:
    """All ownership lines of one issuer's owners."""

    def __init__(self) -> None:
        self.lines: list[LineLedger] = []
        self.entries: dict[RowRef, Entry] = {}
        self.line_of: dict[RowRef, int] = {}
        self.standing: dict[str, Standing] = {}
        # The place of each entry in the order in which balances follow.
        self.sequence: dict[RowRef, int] = {}

    def of(self, cik: str) -> tuple[LineLedger, ...]:
        """The lines of one owner, those of joint filings included."""
        return tuple(ledger for ledger in self.lines if cik in ledger.line.owners)

    def __iter__(self) -> Iterator[LineLedger]:
        return iter(self.lines)

    def stake(self, row: RowRef, moved: Decimal) -> tuple[Decimal, Decimal] | None:
        """What the owners of the row's filing held in its class before and after `moved` (signed), over all lines.

        None where the filing states no number of shares for the row's line.
        """
        entry, standing = self.entries.get(row), self.standing.get(row.accession)
        if entry is None or standing is None:
            return None
        own = self.line_of[row]
        kind = self.lines[own].line.security_class
        others = sum(
            (held for number, held in standing.before.items() if number != own and self._class(number) == kind), _ZERO
        )
        return others + entry.before, others + entry.before + moved

    def _class(self, number: int) -> str:
        return self.lines[number].line.security_class


def ledger(
    forms: History | Iterable[FiledForm],
    found: Amendments | None = None,
    repeated: Mapping[RowRef, Duplicate] | None = None,
) -> Ledger:
    """The ledger over these forms of one issuer."""
    history = History.of(forms)
    found = amendments(history) if found is None else found
    repeated = duplicates(history, found) if repeated is None else repeated
    work = _Work(history, found, repeated)
    for form in history:
        work.enter(form)
    work.pair_form_changes()
    work.share_the_day()
    return work.ledger


class _Work:
    def __init__(self, history: History, found: Amendments, repeated: Mapping[RowRef, Duplicate]) -> None:
        self.history = history
        self.found = found
        self.repeated = repeated
        self.ledger = Ledger()
        lines = self.ledger.lines
        # Not of `self`: a circle would keep all these forms in memory until Python looks for circles.
        self._lines = OwnershipLines(lambda number: lines[number].balance)
        self._gaps: list[tuple[RowRef, Gap]] = []
        self._openings: dict[str, dict[int, Decimal]] = {}

    def enter(self, form: FiledForm) -> None:
        before = self._held_by(form)
        openings = self._openings.setdefault(form.accession, {})
        groups = self._lines.place(form)
        for line in self._lines.lines[len(self.ledger.lines) :]:
            self.ledger.lines.append(LineLedger(line))
        for number, rows in groups.items():
            opening = self._enter_line(form, number, rows)
            if opening is not None:
                before[number] = openings[number] = opening
        self.ledger.standing[form.accession] = Standing(self._as_of_original(form, before))

    # --- what it held -------------------------------------------------------------------------------------------------

    def _enter_line(self, form: FiledForm, number: int, rows: list[Line]) -> Decimal | None:
        """Enters the rows of one line; what it held before the first of them, None if they only restate."""
        book = self.ledger.lines[number]
        fresh = []
        for line in rows:
            ref = form.ref(line)
            of = self._restated(ref)
            if of is None:
                fresh.append(line)
            else:
                self._restate(form, number, line, ref, of)
        if len(fresh) > 1:
            fresh = self._without_contradictions(form, number, fresh)
        if not fresh:
            return None
        known = book.balance if book.known else None
        steps = in_order(movements(fresh), known)
        book.known = True
        for step in steps.steps:
            entry = self._entry(form, number, fresh[step.index], step, opens=known is None and step is steps.steps[0])
            self._keep(number, entry)
            if entry.gap and entry.gap.cause == MISSTATED:
                book.balance += entry.moved
            else:
                book.balance = entry.after
        return self._opening_of(steps, known)

    def _without_contradictions(self, form: FiledForm, number: int, rows: list[Line]) -> list[Line]:
        """Holdings that contradict the transactions of the same line on the same form are gaps and move nothing."""
        moving = [line for line in rows if line.kind == "transaction"]
        if not moving or len(moving) == len(rows) or adds_up(rows):
            return rows
        text = "The form states another balance for this line beside its transactions."
        for line in rows:
            if line.kind == "holding":
                stated = line.shares_owned_following or _ZERO
                gap = Gap(stated - (moving[-1].shares_owned_following or _ZERO), MISSTATED, text)
                entry = Entry(form.ref(line), None, _ZERO, stated, stated, GAP, gap)
                self._keep(number, entry)
        return moving

    @staticmethod
    def _opening_of(steps: Steps, known: Decimal | None) -> Decimal:
        """What the line held before the form; never less than nothing, whatever the form implies."""
        return max(steps.opening, _ZERO) if steps.opening >= 0 or known is None else known

    def _entry(self, form: FiledForm, number: int, line: Line, step: Step, *, opens: bool) -> Entry:
        ref, moved = form.ref(line), signed(line)
        entry = Entry(ref, line.transaction_date, moved, step.before, step.after, OPENS if opens else FOLLOWS)
        if owes(line) and moved:
            return replace(entry, status=GAP, gap=Gap(step.gap or 2 * moved, WRITTEN, _WRITTEN_TEXT))
        if opens and (came := came_without_report(form, line)):
            return replace(entry, status=GAP, gap=came)
        if step.gap or step.before < 0:
            return replace(entry, status=GAP, gap=cause_of(step, form, line, self._back(number)))
        return entry

    def _back(self, number: int) -> dict[str, Decimal]:
        """What withdrawn filings had moved on this line, by the accession that withdrew them."""
        moved: dict[str, Decimal] = {}
        for entry in self.ledger.lines[number].entries:
            taken = self.found.withdrawn.get(entry.row)
            if taken and entry.status in (FOLLOWS, OPENS):
                moved[taken.by] = moved.get(taken.by, _ZERO) + entry.moved
        return moved

    def _restated(self, ref: RowRef) -> RowRef | None:
        """The earlier row, of this or another owner, that this one states again."""
        if ref in self.found.replaces:
            return self.found.replaces[ref]
        repeats = self.repeated.get(ref)
        return repeats.of if repeats else None

    def _restate(self, form: FiledForm, number: int, line: Line, ref: RowRef, of: RowRef) -> None:
        """A row that states an earlier one again moves the balance by what it corrects, and no more."""
        book = self.ledger.lines[number]
        after = line.shares_owned_following or _ZERO
        moved = signed(line)
        gap = Gap(after - moved - book.balance, RESTATED, f"States again what {of.accession} reported.", of.accession)
        first = self.ledger.entries.get(of)
        if first is not None and self.ledger.line_of[of] == number:
            book.balance += after - first.after
        else:
            book.balance, book.known = after, True
        self._keep(number, Entry(ref, line.transaction_date, moved, after - moved, after, RESTATES, gap))

    def _keep(self, number: int, entry: Entry) -> None:
        self.ledger.lines[number].entries.append(entry)
        self.ledger.entries[entry.row] = entry
        self.ledger.line_of[entry.row] = number
        self.ledger.sequence[entry.row] = len(self.ledger.sequence)
        if entry.status == GAP and entry.gap:
            self._gaps.append((entry.row, entry.gap))

    def pair_form_changes(self) -> None:
        """Two gaps of one holder and class that cancel out: shares moved from one form of ownership to another."""
        waiting: dict[tuple[str, tuple[str, ...], Decimal], list[RowRef]] = {}
        for row, gap in self._gaps:
            if gap.cause not in (MISSING, EXEMPT) or not gap.guessed or abs(gap.amount) < _WORTH_PAIRING:
                continue
            line = self.ledger.lines[self.ledger.line_of[row]].line
            others = waiting.get((line.security_class, line.owners, -gap.amount), [])
            other = next((ref for ref in others if self._can_be_one_move(ref, row)), None)
            if other is None:
                waiting.setdefault((line.security_class, line.owners, gap.amount), []).append(row)
                continue
            others.remove(other)
            for ref in (other, row):
                self._recause(ref)

    def share_the_day(self) -> None:
        """A report split for its length states other lines once: the parts of one day know each other's balances."""
        days: dict[tuple[frozenset[str], date], list[FiledForm]] = {}
        for form in self.history:
            if not form.is_amendment:
                days.setdefault((form.owner_ciks, form.filed_on), []).append(form)
        for parts in days.values():
            later: dict[int, Decimal] = {}
            for form in reversed(parts):
                own = self._openings[form.accession]
                known = {number: held for number, held in later.items() if number not in own}
                if known:
                    before = self.ledger.standing[form.accession].before
                    self.ledger.standing[form.accession] = Standing({**before, **known})
                later.update(own)

    def _can_be_one_move(self, one: RowRef, other: RowRef) -> bool:
        filed = [self.history.form(ref.accession).filed_on for ref in (one, other)]
        near = abs(filed[0] - filed[1]) <= _ONE_MOVE
        return near and self.ledger.line_of[one] != self.ledger.line_of[other]

    def _recause(self, row: RowRef) -> None:
        gap = self.ledger.entries[row].gap
        if gap is None:
            return
        text = "Moved between two forms of ownership of the same holder; such a change needs no report."
        changed = replace(self.ledger.entries[row], gap=Gap(gap.amount, FORM_CHANGED, text))
        entries = self.ledger.lines[self.ledger.line_of[row]].entries
        entries[next(index for index, entry in enumerate(entries) if entry.row == row)] = changed
        self.ledger.entries[row] = changed

    # --- who holds what -----------------------------------------------------------------------------------------------

    def _held_by(self, form: FiledForm) -> dict[int, Decimal]:
        """The balances of all lines of the people of this filing (of all its owners, where none is a person)."""
        people = [owner.cik for owner in form.owners if not is_entity(owner.name)] or list(form.owner_ciks)
        numbers = sorted({number for cik in people for number in self._lines.of_owner.get(cik, ())})
        return {number: self.ledger.lines[number].balance for number in numbers}

    def _as_of_original(self, form: FiledForm, before: dict[int, Decimal]) -> dict[int, Decimal]:
        """An amendment speaks as of its original: what was held before that one, in lines both know."""
        amendment = self.found.by_accession.get(form.accession)
        if amendment is None or amendment.original is None:
            return before
        return {**before, **self.ledger.standing[amendment.original].before}


_WRITTEN_TEXT = "A written option: the balance counts what is owed, so writing one raises it."
