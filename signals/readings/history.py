"""The history of one issuer: its filings as readings take them in, and the order in which they became known.

Promises: a `FiledForm` is one accession with its facts as filed; `History` puts the forms of one issuer in the order
of knowledge (acceptance, then reports before amendments, then accession), whatever the order of arrival. A filing
without an acceptance time counts as known at 22:00 Eastern on its filing date, and `acceptance_known` says so.
Refuses, with ValueError: forms of several issuers in one history, and one accession twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from filings.ownership.document import Line, Owner, OwnershipDocument

EASTERN = ZoneInfo("America/New_York")
_CLOSE_OF_EDGAR = time(22, 0)


class RowRef(NamedTuple):
    """Where a row stands: accession, table ("I" or "II"), kind ("transaction" or "holding") and number from 1."""

    accession: str
    table: str
    kind: str
    row: int


@dataclass(frozen=True)
class FiledForm:
    """One filing of one issuer. `lines` are `Line`s, or anything with their attributes, in document order."""

    accession: str
    form: str
    filed_on: date
    known_at: datetime  # UTC
    issuer_cik: str
    owners: tuple[Owner, ...]
    lines: tuple[Line, ...]
    footnotes: Mapping[str, str] = field(default_factory=dict)
    remarks: str | None = None
    date_of_original_submission: date | None = None
    period_of_report: date | None = None
    foreign_ticker: str | None = None
    aff10b5_one: bool | None = None
    not_subject_to_section16: bool | None = None
    acceptance_known: bool = True
    owner_ciks: frozenset[str] = field(init=False)
    _refs: dict[int, RowRef] = field(init=False, repr=False, compare=False)  # by the identity of each line

    def __post_init__(self) -> None:
        object.__setattr__(self, "owner_ciks", frozenset(owner.cik for owner in self.owners))
        object.__setattr__(self, "_refs", {})

    @classmethod
    def of(cls, owners: tuple[Owner, ...], **given: Any) -> FiledForm:
        """`FiledForm(...)` at a third of its cost, which is that of setting frozen fields one by one."""
        form = object.__new__(cls)
        ciks = frozenset([owner.cik for owner in owners])
        form.__dict__.update(given, owners=owners, owner_ciks=ciks, _refs={})
        return form

    @property
    def is_amendment(self) -> bool:
        return self.form.endswith("/A")

    @property
    def family(self) -> str:
        """The number of the form, "3", "4" or "5": a 4/A amends a 4 and nothing else."""
        return self.form.removesuffix("/A")

    @property
    def order(self) -> tuple[datetime, bool, str]:
        """Ties of a moment: reports before amendments, then by accession."""
        return self.known_at, self.is_amendment, self.accession

    def ref(self, line: Line) -> RowRef:
        """Asked for a dozen times of each line, so made once; of many forms it is asked for none."""
        if not self._refs:
            self._refs.update({id(own): RowRef(self.accession, own.table, own.kind, own.row) for own in self.lines})
        known = self._refs.get(id(line))
        return RowRef(self.accession, line.table, line.kind, line.row) if known is None else known

    def notes_on(self, line: Line, *fields: str) -> tuple[str, ...]:
        """The texts of the footnotes on these fields of the row (on any field if none is named), each once."""
        ids: dict[str, None] = {}
        for name, cited in line.footnotes.items():
            if not fields or name in fields:
                ids.update(dict.fromkeys(cited))
        return tuple(self.footnotes[note] for note in ids if self.footnotes.get(note))


def known_at(filed_on: date, accepted_at: datetime | None) -> datetime:
    """When everybody could know of a filing: its acceptance, or 22:00 Eastern on its filing date. In UTC."""
    if accepted_at is not None:
        return accepted_at.astimezone(UTC)
    return _close_of(filed_on)


@lru_cache(maxsize=16_384)
def _close_of(day: date) -> datetime:
    """A clock that is set forward and back takes its time, and filings are of few days."""
    return datetime.combine(day, _CLOSE_OF_EDGAR, EASTERN).astimezone(UTC)


def filed_form(
    document: OwnershipDocument, *, accession: str, filed_on: date, accepted_at: datetime | None
) -> FiledForm:
    """The form as readings take it in, from the pure reader's document and what the envelope says."""
    return FiledForm(
        accession=accession,
        form=document.form,
        filed_on=filed_on,
        known_at=known_at(filed_on, accepted_at),
        issuer_cik=document.issuer.cik,
        owners=document.owners,
        lines=document.lines,
        footnotes=document.footnotes,
        remarks=document.remarks,
        date_of_original_submission=document.date_of_original_submission,
        period_of_report=document.period_of_report,
        foreign_ticker=document.issuer.foreign_ticker,
        aff10b5_one=document.aff10b5_one,
        not_subject_to_section16=document.not_subject_to_section16,
        acceptance_known=accepted_at is not None,
    )


class History:
    """The forms of one issuer in the order of knowledge. Immutable."""

    def __init__(self, forms: Iterable[FiledForm]) -> None:
        self.forms: tuple[FiledForm, ...] = tuple(sorted(forms, key=lambda form: form.order))
        issuers = {form.issuer_cik for form in self.forms}
        if len(issuers) > 1:
            raise ValueError(f"a history is of one issuer, not of {', '.join(sorted(issuers))}")
        self._by_accession = {form.accession: form for form in self.forms}
        if len(self._by_accession) < len(self.forms):
            raise ValueError("a history holds each accession once")

    @classmethod
    def of(cls, forms: History | Iterable[FiledForm]) -> History:
        return forms if isinstance(forms, History) else cls(forms)

    def __iter__(self) -> Iterator[FiledForm]:
        return iter(self.forms)

    def __len__(self) -> int:
        return len(self.forms)

    def form(self, accession: str) -> FiledForm:
        return self._by_accession[accession]

    def as_of(self, moment: datetime) -> History:
        """The same history as it was known at that moment, the moment included."""
        return History(form for form in self.forms if form.known_at <= moment)

    def before(self, first: RowRef | FiledForm, second: RowRef | FiledForm) -> bool:
        """Whether the filing of the first became known before the filing of the second."""
        one, other = self._by_accession[first.accession], self._by_accession[second.accession]
        return one.order < other.order
