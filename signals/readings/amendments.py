"""Amendments by line: which row of an earlier report each row of a 3/A, 4/A or 5/A corrects, adds or takes back.

Promises: a /A amends a form of its own family, issuer and owners that was filed about the day it names; where the day
is wrong, as it often is, the rows decide. Rows are matched one to one, the surest pairs first; a row that an amendment
does not repeat stays, "not restated". Several amendments of one report form a chain: each matches the newest version
of a row. The result depends on what was filed and when it became known, never on the order of arrival.
Refuses to guess: an original that is not here is said to be not found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from filings.ownership.document import Line
from signals.readings.history import FiledForm, History, RowRef
from signals.readings.securities import security_class
from signals.readings.withdrawals import Withdrawal, report_withdrawn, row_withdrawn, says_left_out

# How far the day that an amendment names may lie from the day the original was filed (domain facts, 7.19.5).
EARLIEST_BEFORE, LATEST_AFTER = timedelta(days=3), timedelta(days=4)

BY_DATE, BY_TRANSACTION_DATE, BY_ROWS, BY_CHAIN = "date", "transaction_date", "rows", "chain"


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that the amendment states differently. Values as filed."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class RowPair:
    """A row of the amendment, and the row it stands for now. No `changes`: it repeats it as it was."""

    row: RowRef
    replaces: RowRef
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A row that no longer stands, because the words of the filing `by` take it back."""

    row: RowRef
    by: str
    words: str


@dataclass(frozen=True, slots=True)
class Amendment:
    """One /A. `original` is None where it is not found; `found_by` says how it was found."""

    accession: str
    original: str | None
    found_by: str | None
    pairs: tuple[RowPair, ...]
    added: tuple[RowRef, ...]
    not_restated: tuple[RowRef, ...]
    withdrawal: Withdrawal | None

    @property
    def original_found(self) -> bool:
        return self.original is not None


@dataclass(frozen=True, slots=True)
class Amendments:
    """All amendments of one issuer's history, and what they did to each row."""

    by_accession: Mapping[str, Amendment]
    superseded: Mapping[RowRef, str]
    withdrawn: Mapping[RowRef, TakenBack]
    replaces: Mapping[RowRef, RowRef]

    def superseded_rows(self, accession: str) -> tuple[tuple[RowRef, str], ...]:
        """The rows of this filing that later ones restated, each with the accession that did."""
        return tuple(sorted((row, by) for row, by in self.superseded.items() if row.accession == accession))

    def first_version(self, row: RowRef) -> RowRef:
        """The row as it was reported first."""
        while row in self.replaces:
            row = self.replaces[row]
        return row

    def stands(self, row: RowRef) -> bool:
        return row not in self.superseded and row not in self.withdrawn


NONE = Amendments({}, {}, {}, {})


def amendments(forms: History | Iterable[FiledForm]) -> Amendments:
    """What the amendments among these forms of one issuer did."""
    history = History.of(forms)
    if not any(form.is_amendment for form in history):
        return NONE
    work = _Work(history)
    for form in history:
        if form.is_amendment:
            work.take(form)
    return Amendments(work.found, work.superseded, work.withdrawn, work.replaces)


@dataclass(frozen=True, slots=True)
class Difference:
    """One row side by side: as it was, as it is now. `old` is None for an added row, `new` for one not restated."""

    old: RowRef | None
    new: RowRef | None
    changes: tuple[Change, ...]
    state: str  # corrected, repeated, added, not_restated, withdrawn


def side_by_side(forms: History | Iterable[FiledForm], accession: str) -> tuple[Difference, ...]:
    """What the amendment `accession` changed, row by row: its own rows in document order, then those it left alone."""
    history = History.of(forms)
    found = amendments(history)
    amendment = found.by_accession[accession]
    pairs = {pair.row: pair for pair in amendment.pairs}
    rows: list[Difference] = []
    for line in history.form(accession).lines:
        ref = history.form(accession).ref(line)
        pair = pairs.get(ref)
        if pair:
            taken = found.withdrawn.get(pair.replaces)
            state = "withdrawn" if taken and taken.by == accession else "corrected" if pair.changes else "repeated"
            rows.append(Difference(pair.replaces, ref, pair.changes, state))
        else:
            taken = found.withdrawn.get(ref)
            rows.append(Difference(None, ref, (), "withdrawn" if taken and taken.by == accession else "added"))
    for ref in amendment.not_restated:
        taken = found.withdrawn.get(ref)
        rows.append(Difference(ref, None, (), "withdrawn" if taken and taken.by == accession else "not_restated"))
    return tuple(rows)


class _Work:
    """The amendments taken so far, in the order of knowledge."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.found: dict[str, Amendment] = {}
        self.superseded: dict[RowRef, str] = {}
        self.withdrawn: dict[RowRef, TakenBack] = {}
        self.replaces: dict[RowRef, RowRef] = {}
        # The newest version of every row of a report and of what amendments added to it, by the report's accession.
        self._present: dict[str, dict[RowRef, Line]] = {}
        self._by_owner: dict[str, list[FiledForm]] = {}
        for form in history:
            for cik in sorted(form.owner_ciks):
                self._by_owner.setdefault(cik, []).append(form)

    def take(self, form: FiledForm) -> None:
        root, how = self._original(form)
        present = self._rows_of(root) if root else {}
        own = [(form.ref(line), line) for line in form.lines]
        left_out = {ref for ref, line in own if says_left_out(form, line)}
        matched = match_rows(own, list(present.items()), left_out)
        pairs = tuple(
            RowPair(ref, matched[ref], differences(present[matched[ref]], line)) for ref, line in own if ref in matched
        )
        added = tuple(ref for ref, _ in own if ref not in matched)
        kept = set(present) - {pair.replaces for pair in pairs}
        withdrawal = report_withdrawn(form)
        self.found[form.accession] = Amendment(
            accession=form.accession,
            original=root.accession if root and how != BY_CHAIN else None,
            found_by=how,
            pairs=pairs,
            added=added,
            not_restated=tuple(sorted(kept)),
            withdrawal=withdrawal,
        )
        for pair in pairs:
            self.superseded[pair.replaces] = form.accession
            self.replaces[pair.row] = pair.replaces
        self._take_back(form, withdrawal, pairs, added, kept, found=root is not None)
        newest = self._present.setdefault(root.accession if root else form.accession, {})
        for pair in pairs:
            newest.pop(pair.replaces, None)
        newest.update(own)

    def _take_back(
        self,
        form: FiledForm,
        withdrawal: Withdrawal | None,
        pairs: tuple[RowPair, ...],
        added: tuple[RowRef, ...],
        kept: set[RowRef],
        *,
        found: bool,
    ) -> None:
        def take(row: RowRef, words: str) -> None:
            if row.kind == "transaction":
                self.withdrawn.setdefault(row, TakenBack(row, form.accession, words))

        if withdrawal:
            # EDGAR wants a transaction on most amendments, so a withdrawal repeats what it withdraws.
            for pair in pairs:
                take(pair.replaces, withdrawal.words)
                take(pair.row, withdrawal.words)
            for row in sorted(kept):
                take(row, withdrawal.words)
            if not found:
                for row in added:
                    take(row, withdrawal.words)
            return
        by_ref = {pair.row: pair for pair in pairs}
        for line in form.lines:
            ref = form.ref(line)
            words = row_withdrawn(form, line)
            if words and (ref in by_ref or not found):
                take(ref, words.words)
                if ref in by_ref:
                    take(by_ref[ref].replaces, words.words)

    def _rows_of(self, root: FiledForm) -> dict[RowRef, Line]:
        if root.accession not in self._present:
            self._present[root.accession] = {root.ref(line): line for line in root.lines}
        return self._present[root.accession]

    def _original(self, form: FiledForm) -> tuple[FiledForm | None, str | None]:
        """The report that this amendment amends and how it was found; of a chain without one, its first amendment."""
        earlier = self._earlier(form)
        reports = [other for other in earlier if not other.is_amendment]
        named = form.date_of_original_submission
        for how, fits in (
            (BY_DATE, lambda other: named is not None and _about(other.filed_on, named)),
            (BY_TRANSACTION_DATE, lambda other: named is not None and named in _dates(other)),
            (BY_ROWS, lambda other: _shares_rows(form, other)),
        ):
            fitting = [other for other in reports if fits(other)]
            best = self._closest(form, fitting, needs_rows=how != BY_DATE)
            if best:
                return best, how
        chain = [
            other
            for other in earlier
            if other.is_amendment and self.found[other.accession].original is None
            and (other.date_of_original_submission == named or _shares_rows(form, other))
        ]  # fmt: skip
        if chain:
            first = self._chain_root(chain[0])
            return first, BY_CHAIN
        return None, None

    def _chain_root(self, form: FiledForm) -> FiledForm:
        for accession, rows in self._present.items():
            if any(ref.accession == form.accession for ref in rows):
                return self.history.form(accession)
        return form

    def _earlier(self, form: FiledForm) -> list[FiledForm]:
        """Forms of the same family known before this one: of exactly these owners, or else of some of them."""
        seen: dict[str, FiledForm] = {}
        for cik in form.owner_ciks:
            for other in self._by_owner[cik]:
                if other.order < form.order and other.family == form.family:
                    seen[other.accession] = other
        found = sorted(seen.values(), key=lambda other: other.order)
        same = [other for other in found if other.owner_ciks == form.owner_ciks]
        return same or found

    def _closest(self, form: FiledForm, reports: list[FiledForm], *, needs_rows: bool) -> FiledForm | None:
        """The one that shares most rows to the share, then the one filed nearest the day named, then the latest."""
        named = form.date_of_original_submission
        own = [(form.ref(line), line) for line in form.lines]
        scored = []
        for other in reports:
            rows = self._rows_of(other)
            matched = match_rows(own, list(rows.items()), set())
            sure = sum(1 for ref, line in own if ref in matched and line.shares == rows[matched[ref]].shares)
            if matched or not needs_rows:
                away = abs((other.filed_on - named).days) if named else 0
                scored.append(((-sure, -len(matched), away, -other.known_at.timestamp(), other.accession), other))
        return min(scored, key=lambda item: item[0])[1] if scored else None


def _about(filed_on: date, named: date) -> bool:
    return named - EARLIEST_BEFORE <= filed_on <= named + LATEST_AFTER


def _dates(form: FiledForm) -> set[date | None]:
    return {line.transaction_date for line in form.lines} - {None} | {form.period_of_report} - {None}


def _shares_rows(form: FiledForm, other: FiledForm) -> bool:
    """Whether both speak of one period, and a transaction of the amendment is the report's to the share."""
    if form.period_of_report != other.period_of_report:
        return False
    own = [line for line in form.lines if line.kind == "transaction"]
    theirs = [line for line in other.lines if line.kind == "transaction"]
    return bool(own) and any(_day_code(a) == _day_code(b) and a.shares == b.shares for a in own for b in theirs)


def _day_code(line: Line) -> tuple[Any, ...]:
    return line.table, line.transaction_date, line.code, line.acquired_disposed


# --- matching rows ----------------------------------------------------------------------------------------------------


def _money(value: Decimal | None) -> Decimal:
    return value or Decimal(0)


def _security(line: Line) -> tuple[Any, ...]:
    return security_class(line.security_title).name, line.conversion_or_exercise_price, line.expiration_date


def _name(line: Line) -> str:
    return security_class(line.security_title).name


def _place(line: Line) -> tuple[Any, ...]:
    return line.ownership, " ".join((line.nature_of_ownership or "").lower().split())


Key = Callable[[Line], tuple[Any, ...] | None]

# From the surest pair to the least sure. A key of None matches nothing. A step that is `loose` pairs only what is the
# one row of its kind on both sides, and never a row that says it was left out before.
_TRANSACTIONS: tuple[tuple[Key, bool], ...] = (
    (lambda x: (_day_code(x), _security(x), _place(x), x.shares, _money(x.price), x.shares_owned_following), False),
    (lambda x: (_day_code(x), _security(x), _place(x), x.shares, _money(x.price)), False),
    (lambda x: (_day_code(x), _security(x), _place(x), x.shares) if x.shares is not None else None, False),
    (lambda x: (_day_code(x), _name(x), x.ownership, x.shares) if x.shares is not None else None, False),
    (lambda x: (_day_code(x), _name(x), x.ownership, x.price) if x.price else None, True),
    (lambda x: (_day_code(x), x.shares, _money(x.price)) if x.shares is not None else None, True),
    (lambda x: (x.table, x.transaction_date, _name(x), x.shares, _money(x.price)) if x.shares else None, True),
    (lambda x: (x.table, x.code, x.acquired_disposed, _name(x), x.ownership, x.shares, _money(x.price))
        if x.shares else None, True),
    (lambda x: (x.transaction_date, x.code, x.acquired_disposed, x.shares) if x.shares else None, True),
)  # fmt: skip
_HOLDINGS: tuple[tuple[Key, bool], ...] = (
    (lambda x: (x.table, _security(x), _place(x), x.shares_owned_following, x.underlying_shares), False),
    (lambda x: (x.table, _security(x), _place(x)), True),
    (lambda x: (x.table, _name(x), x.shares_owned_following, x.underlying_shares), True),
)


def match_rows(
    own: list[tuple[RowRef, Line]], present: list[tuple[RowRef, Line]], left_out: set[RowRef]
) -> dict[RowRef, RowRef]:
    """Which row each row of an amendment stands for, one to one. Rows in `left_out` only match what is all equal."""
    matched: dict[RowRef, RowRef] = {}
    for kind, steps in (("transaction", _TRANSACTIONS), ("holding", _HOLDINGS)):
        mine = [(ref, line) for ref, line in own if line.kind == kind]
        theirs = [(ref, line) for ref, line in present if line.kind == kind]
        for key, loose in steps:
            if not mine or not theirs:
                break
            pairs = _pairs(key, loose, mine, theirs, left_out)
            matched.update(pairs)
            taken = set(pairs.values())
            mine = [item for item in mine if item[0] not in pairs]
            theirs = [item for item in theirs if item[0] not in taken]
        if kind == "transaction":
            # Shares and price both corrected: only where the amendment has as many rows of the kind as the report.
            ours, its = _counts(own), _counts(present)
            mine = [(ref, line) for ref, line in mine if ours[_of_kind(line)] == its[_of_kind(line)]]
            matched.update(_pairs(_of_kind, True, mine, theirs, left_out))
    return matched


def _of_kind(line: Line) -> tuple[Any, ...]:
    return _day_code(line), _name(line), line.ownership


def _counts(rows: list[tuple[RowRef, Line]]) -> Counter[tuple[Any, ...]]:
    """How many transactions there are of each day, code, class and form of ownership."""
    return Counter(_of_kind(line) for _, line in rows if line.kind == "transaction")


def _pairs(
    key: Key,
    loose: bool,
    mine: list[tuple[RowRef, Line]],
    theirs: list[tuple[RowRef, Line]],
    left_out: set[RowRef],
) -> dict[RowRef, RowRef]:
    waiting: dict[tuple[Any, ...], list[RowRef]] = {}
    for ref, line in theirs:
        found = key(line)
        if found is not None:
            waiting.setdefault(found, []).append(ref)
    asking: dict[tuple[Any, ...], list[RowRef]] = {}
    for ref, line in mine:
        found = key(line)
        if found is not None and found in waiting and not (ref in left_out and loose):
            asking.setdefault(found, []).append(ref)
    pairs: dict[RowRef, RowRef] = {}
    for found, refs in asking.items():
        if loose and (len(refs) > 1 or len(waiting[found]) > 1):
            continue
        pairs.update(zip(refs, waiting[found], strict=False))
    return pairs


_COMPARED = (
    "security_title", "conversion_or_exercise_price", "transaction_date", "deemed_execution_date", "form_type", "code",
    "equity_swap", "timeliness", "shares", "total_value", "price", "acquired_disposed", "exercise_date",
    "expiration_date", "underlying_title", "underlying_shares", "underlying_value", "shares_owned_following",
    "value_owned_following", "ownership", "nature_of_ownership",
)  # fmt: skip


def differences(old: Line, new: Line) -> tuple[Change, ...]:
    """The cells that differ in value, in the order of the form. Zeros after the point are no difference."""
    return tuple(
        Change(name, getattr(old, name), getattr(new, name))
        for name in _COMPARED
        if getattr(old, name) != getattr(new, name)
    )
