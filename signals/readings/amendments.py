"""Amendments by line: which row of an earlier report each row of a 3/A, 4/A or 5/A corrects, adds or takes back.

Promises: a /A amends a form of its own family, issuer and owners that was filed about the day it names; where the day
is wrong, as it often is, the rows decide. Rows are matched one to one, the surest pairs first; a row that an amendment
does not repeat stays, "not restated". Several amendments of one report form a chain: each matches the newest version
of a row. The result depends on what was filed and when it became known, never on the order of arrival.
Refuses to guess: an original that is not here is said to be not found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from filings.ownership.document import Line
from signals.readings.history import FiledForm, History, RowRef
from signals.readings.row_matching import Change, day_code, differences, match_rows
from signals.readings.withdrawals import Withdrawal, report_withdrawn, row_withdrawn, says_left_out

# How far the day that an amendment names may lie from the day the original was filed (domain facts, 7.19.5).
EARLIEST_BEFORE, LATEST_AFTER = timedelta(days=3), timedelta(days=4)

BY_DATE, BY_TRANSACTION_DATE, BY_ROWS, BY_CHAIN = "date", "transaction_date", "rows", "chain"


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


def side_by_side(
    forms: History | Iterable[FiledForm], accession: str, found: Amendments | None = None
) -> tuple[Difference, ...]:
    """What the amendment `accession` changed, row by row: its own rows in document order, then those it left alone."""
    history = History.of(forms)
    found = amendments(history) if found is None else found
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
    return bool(own) and any(day_code(a) == day_code(b) and a.shares == b.shares for a in own for b in theirs)
