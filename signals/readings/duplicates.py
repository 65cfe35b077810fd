"""Events that more than one filing reports: a fund and its director, a group of more than ten, a report sent twice.

Promises: the first accession to report an event owns it; rows of later ones that repeat it are named with it, one for
one. Rows repeat an event where issuer, class, date, code, direction, shares, price and the balance after are equal,
the owners differ, an entity is among them and the filings are within five days; or where the same owners sent the same
whole report again; or where a Form 5 repeats a Form 4 of its owner. Whatever version of a row an amendment brought
belongs to the event of the first.
Refuses: two persons never share an event here, however equal their rows; rows inside one filing are all real; the
parts of a report that was split for its length are different rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from filings.ownership.document import Line
from signals.readings.amendments import Amendments, amendments
from signals.readings.history import FiledForm, History, RowRef
from signals.readings.roles import is_entity
from signals.readings.securities import security_class

Key = tuple[Any, ...]

WITHIN = timedelta(days=5)

SAME_EVENT, SENT_TWICE, FORM_5_REPEATS = "same_event", "sent_twice", "form_5_repeats"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """`row` repeats what `of`, a row of an earlier accession, reported first. `how` is one of the words above."""

    row: RowRef
    of: RowRef
    how: str


@dataclass(slots=True)
class _Event:
    """One row through all its versions, oldest first. Its root says who reported it, and when."""

    root: RowRef
    form: FiledForm
    reported_on: date
    refs: list[RowRef] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def deals(self) -> Iterable[Key]:
        """What its versions deal in, each once, oldest first."""
        return dict.fromkeys(map(_deal, self.lines))

    def balances(self) -> Iterable[Key]:
        """The same with the balance after it."""
        return dict.fromkeys(map(_with_balance, self.lines))


def duplicates(forms: History | Iterable[FiledForm], found: Amendments | None = None) -> Mapping[RowRef, Duplicate]:
    """Every transaction row, of any version, whose event another accession reported first."""
    history = History.of(forms)
    found = amendments(history) if found is None else found
    forms = _alike_somewhere(history, found)
    twice = _sent_twice(forms)
    if not twice and not any(form.family == "5" or _has_entity(form) for form in forms):
        return {}
    events = _events(forms, history, found)
    owner_of: dict[RowRef, tuple[RowRef, str]] = {}
    for repeated, first in twice.items():
        owner_of[repeated] = (first, SENT_TWICE)
    _same_events(events, owner_of)
    _form_5_repeats(events, owner_of)
    result: dict[RowRef, Duplicate] = {}
    for event in events:
        if event.root in owner_of:
            of, how = owner_of[event.root]
            while of in owner_of:
                of = owner_of[of][0]
            for ref in event.refs:
                result[ref] = Duplicate(ref, of, how)
    return result


def _alike_somewhere(history: History, found: Amendments) -> list[FiledForm]:
    """The forms that may repeat others or be repeated, by what costs little to compare: most rows are like no other.

    Amendments and what they restate are among them, as a row may be like another in any of its versions.
    """
    chosen = {row.accession for row in found.replaces.values()}
    first: dict[Key, str] = {}
    for form in history:
        if form.is_amendment:
            chosen.add(form.accession)
        for line in form.lines:
            if line.kind == "transaction":
                of = first.setdefault(_likeness(line), form.accession)
                if of != form.accession:
                    chosen.update((of, form.accession))
    return [form for form in history if form.accession in chosen]


def _likeness(line: Line) -> Key:
    return line.transaction_date, line.code, line.shares


def _events(forms: Iterable[FiledForm], history: History, found: Amendments) -> list[_Event]:
    """In the order in which the roots became known, rows in document order."""
    events: dict[RowRef, _Event] = {}
    for form in forms:
        for line in form.lines:
            if line.kind != "transaction":
                continue
            ref = form.ref(line)
            root = found.first_version(ref)
            event = events.get(root)
            if event is None:
                of = history.form(root.accession)
                named = of.date_of_original_submission if of.is_amendment else None
                event = events[root] = _Event(root, of, named or of.filed_on)
            event.refs.append(ref)
            event.lines.append(line)
    return list(events.values())


def _deal(line: Line) -> Key:
    """What two reports of one event have in common even where balances are not stated alike."""
    return (
        line.table,
        security_class(line.security_title).name,
        line.conversion_or_exercise_price,
        line.transaction_date,
        line.code,
        line.acquired_disposed,
        line.shares,
        line.total_value,
        line.price or 0,
    )


def _with_balance(line: Line) -> Key:
    return (*_deal(line), line.shares_owned_following, line.value_owned_following)


def _same_events(events: list[_Event], owner_of: dict[RowRef, tuple[RowRef, str]]) -> None:
    """Rows of other owners within five days, an entity among the owners: later ones belong to the first."""
    waiting: dict[Key, list[_Event]] = {}
    # A row of an earlier accession answers for one row of each later accession.
    spoken_for: set[tuple[RowRef, str]] = set()
    for event in _alike(events):
        keys = event.balances()
        if event.root not in owner_of:
            first = _first_of(event, keys, waiting, spoken_for)
            if first is not None:
                owner_of[event.root] = (first.root, SAME_EVENT)
                spoken_for.add((first.root, event.form.accession))
                continue
            for key in keys:
                waiting.setdefault(key, []).append(event)


def _alike(events: list[_Event]) -> list[_Event]:
    """Those that may be one with another: rows of several accessions that are alike."""
    of: dict[Key, str | None] = {}  # the accession of the rows that are like this, None where they are of several
    for event in events:
        for line in event.lines:
            key = _likeness(line)
            if of.setdefault(key, event.root.accession) != event.root.accession:
                of[key] = None
    several = {key for key, accession in of.items() if accession is None}
    if not several:
        return []
    return [event for event in events if any(_likeness(line) in several for line in event.lines)]


def _first_of(
    event: _Event,
    keys: Iterable[Key],
    waiting: dict[Key, list[_Event]],
    spoken_for: set[tuple[RowRef, str]],
) -> _Event | None:
    for key in keys:
        for other in waiting.get(key, ()):
            if (other.root, event.form.accession) in spoken_for or other.form.accession == event.form.accession:
                continue
            if other.form.owner_ciks == event.form.owner_ciks or not _related(event.form, other.form):
                continue
            if abs(event.reported_on - other.reported_on) <= WITHIN:
                return other
    return None


def _related(one: FiledForm, other: FiledForm) -> bool:
    """Whether an entity is among the owners of either."""
    return _has_entity(one) or _has_entity(other)


def _has_entity(form: FiledForm) -> bool:
    return any(is_entity(owner.name) for owner in form.owners)


def _sent_twice(forms: Iterable[FiledForm]) -> dict[RowRef, RowRef]:
    """Rows of a report that repeats another of an owner in common whole, balances and all."""
    pairs: dict[RowRef, RowRef] = {}
    earlier: dict[str, list[tuple[FiledForm, list[Line]]]] = {}
    for form in forms:
        rows = [line for line in form.lines if line.kind == "transaction"]
        if form.is_amendment or not rows:
            continue
        first = _whole_in(form, rows, earlier)
        if first is None:
            for cik in form.owner_ciks:
                earlier.setdefault(cik, []).append((form, rows))
            continue
        left: dict[Key, list[RowRef]] = {}
        for line in first.lines:
            if line.kind == "transaction":
                left.setdefault(_with_balance(line), []).append(first.ref(line))
        for line in rows:
            pairs[form.ref(line)] = left[_with_balance(line)].pop(0)
    return pairs


def _whole_in(
    form: FiledForm, rows: list[Line], earlier: dict[str, list[tuple[FiledForm, list[Line]]]]
) -> FiledForm | None:
    own: Counter[Key] | None = None
    for cik in sorted(form.owner_ciks):
        for other, others in reversed(earlier.get(cik, ())):
            if len(rows) != len(others) or form.family != other.family or form.filed_on - other.filed_on > WITHIN:
                continue
            own = own or Counter(_with_balance(line) for line in rows)
            if own == Counter(_with_balance(line) for line in others) and _stated(own):
                return other
    return None


def _stated(rows: Iterable[Key]) -> bool:
    """Whether any row states a balance: without one, two equal reports may be two equal trades."""
    return any(row[-2] is not None or row[-1] is not None for row in rows)


def _form_5_repeats(events: list[_Event], owner_of: dict[RowRef, tuple[RowRef, str]]) -> None:
    if not any(event.form.family == "5" for event in events):
        return
    waiting: dict[Key, list[_Event]] = {}
    taken: set[RowRef] = set()
    for event in events:
        if event.root in owner_of:
            continue
        keys = event.deals()
        if event.form.family == "5":
            first = next(
                (
                    other
                    for key in keys
                    for other in waiting.get(key, ())
                    if other.root not in taken and other.form.owner_ciks & event.form.owner_ciks
                ),
                None,
            )
            if first is not None:
                owner_of[event.root] = (first.root, FORM_5_REPEATS)
                taken.add(first.root)
        elif event.form.family == "4":
            for key in keys:
                waiting.setdefault(key, []).append(event)
