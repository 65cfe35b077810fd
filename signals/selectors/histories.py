"""The facts of issuers as readings take them in: each filing a `FiledForm`, each issuer a `History`.

Promises: two queries for any number of issuers. A filing of which tables are missing is not among the facts: what it
does not show may have been filed. A filing that came as bare XML has no filing date, and stands at the
day of its latest signature, or for want of one at its period of report.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Model

from filings.errors import NotFound
from filings.models import Filing, FilingOwner, Footnote
from filings.models import Line as StoredLine
from filings.models.fields import AccessionField, CikField, dashed
from filings.ownership import document
from filings.ownership.document import NO_FOOTNOTES, NOTHING_ODD, Owner
from form4site.kit.statements import rows_of_each, selected
from signals.readings.history import FiledForm, History, known_at

# EDGAR took filings from no earlier day.
BEGINNING = date(1993, 1, 1)

_OWNER = ("insider", *(field.name for field in fields(Owner)[1:8]))
_LINE = [field.name for field in fields(document.Line)]
_HEAD = (
    "accession", "form", "filed_on", "issuer_id", "remarks", "date_of_original_submission", "period_of_report",
    "issuer_foreign_ticker", "aff10b5_one", "not_subject_to_section16",
)  # fmt: skip
_KEY, _CIK = AccessionField(), CikField()
# In UTC without saying so: instants with a zone are made by psycopg in Python, one by one.
_HEADS = f"""{", ".join(f"f.{name}" for name in _HEAD)}, f.accepted_at AT TIME ZONE 'UTC'"""
_FILINGS = f"""
    SELECT f.published_at, {_HEADS} FROM filings_filing f
     WHERE NOT f.partial AND f.{{column}} = ANY (%s) ORDER BY f.accession
"""
# Of filings without a filing date.
_SIGNED = """
    SELECT filing_id, max(signed_on) FROM filings_signature
     WHERE filing_id = ANY (%(undated)s::bigint[]) GROUP BY filing_id
"""
_HEADLINES = f"""
    SELECT filing_id, headline FROM signals_reading
     WHERE filing_id = ANY ({selected("neighbours", "bigint[]")}::bigint[])
"""
Head = Sequence[Any]


def _parts(model: type[Model], *names: str) -> str:
    """The statement for these columns of the parts of some filings, in the order of the documents.

    Not by the ORM, which takes as long to check and convert a thousand accessions and their parts as it takes to read
    what they mean.
    """
    columns = ", ".join(f'"{model._meta.get_field(name).column}"' for name in names)  # type: ignore[union-attr]
    return (
        f'SELECT filing_id, {columns} FROM "{model._meta.db_table}"'
        " WHERE filing_id = ANY (%(filings)s::bigint[]) ORDER BY filing_id, position"
    )


_PARTS = _parts(FilingOwner, *_OWNER), _parts(StoredLine, *_LINE), _parts(Footnote, "ref", "text")


class Facts:
    """The histories of some issuers, and which publication of each filing they were taken from."""

    def __init__(self, histories: Mapping[str, History], published_at: Mapping[str, datetime]) -> None:
        self.histories = histories
        self.published_at = published_at


def facts_of(issuers: Iterable[str], *, known_until: datetime | None = None) -> Facts:
    """The facts of these issuers; with `known_until`, of the filings that were known by that moment."""
    return _facts_by("issuer_id", [_CIK.get_prep_value(issuer) for issuer in issuers], known_until)


def facts_among(accessions: Iterable[str]) -> Facts:
    """The facts of these filings, and of no other of their issuers."""
    return _facts_by("accession", [_KEY.get_prep_value(accession) for accession in accessions])


def history_of(issuer: str, *, known_until: datetime | None = None) -> History:
    """The history of one issuer; empty where nothing of it is known."""
    return facts_of([issuer], known_until=known_until).histories.get(issuer) or History(())


# How many filings are read around one: of its owners at the issuer before and after it, and of anybody there.
OWN_BEFORE, OWN_AFTER, NEAR_BEFORE, NEAR_AFTER = 45, 15, 30, 20
# How many of those of its owners are named on both sides of it.
NEIGHBOURS = 4


class Neighbour(NamedTuple):
    """Another filing of the same owners at the issuer; `headline` is None where it is not read yet."""

    accession: str
    form: str
    on: date | None
    headline: str | None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A filing among those that it must be read with. `whole` says whether they are all of its issuer.

    `before` and `after` are the nearest filings of its owners there, oldest first.
    """

    history: History
    whole: bool
    before: tuple[Neighbour, ...]
    after: tuple[Neighbour, ...]


def _nearest(among: str, before: int, after: int, near: bool) -> str:
    """Those on both sides of a filing, in the order of their days.

    As the index of an issuer's filings stands: in another order, or with the key taken apart, PostgreSQL sorts
    thousands.
    """
    chosen = f"SELECT {near} AS near, f.partial, f.listed_on, {_HEADS} FROM {among}"
    place = f"({selected('on', 'date')}, {selected('accession')})"
    return f"""
        ({chosen} AND (f.listed_on, f.accession) < {place}
          ORDER BY f.listed_on DESC NULLS LAST, f.accession DESC LIMIT {before})
        UNION ALL
        ({chosen} AND (f.listed_on, f.accession) > {place}
          ORDER BY f.listed_on NULLS FIRST, f.accession LIMIT {after})
    """


def _around() -> str:
    """The heads of a filing and of those around it: near ones, and, not near, of its owners; what is both comes twice.

    To plan a join takes longer than to ask for any of this, so keys are looked up in an array, and nothing is joined.
    """
    of_issuer = f"f.issuer_id = {selected('issuer')}"
    theirs = ", ".join(f"f.{name}" for name in ("partial", "listed_on", *_HEAD, "accepted_at"))
    return f"""
        WITH theirs AS MATERIALIZED (
             SELECT {theirs} FROM filings_filing f
              WHERE {of_issuer} AND f.accession = ANY (ARRAY(
                    SELECT filing_id FROM filings_filingowner
                     WHERE insider_id = ANY ({selected("owners", "bigint[]")}::bigint[]))))
        {_nearest(f"filings_filing f WHERE {of_issuer}", NEAR_BEFORE, NEAR_AFTER, near=True)}
        UNION ALL
        {_nearest("theirs f WHERE true", OWN_BEFORE, OWN_AFTER, near=False)}
        UNION ALL
        SELECT NULL, f.partial, f.listed_on, {_HEADS} FROM filings_filing f WHERE f.accession = {selected("accession")}
    """


def surroundings_of(filing: Filing) -> Surroundings:
    """The filings around this one: bounded, however many its issuer has. Two queries."""
    on, accession = place = filing.listed_on or BEGINNING, filing.accession
    given = {
        "issuer": _CIK.get_prep_value(filing.issuer_id),
        "on": on,
        "accession": _KEY.get_prep_value(accession),
        "owners": _array(owner.insider_id for owner in filing.owners.all()),
    }
    (found,) = rows_of_each(_around(), given=given)
    before = after = 0
    heads: dict[int, Head] = {}
    own = []
    for near, partial, listed_on, *head in found:
        if near:
            if (listed_on, dashed(head[0])) < place:
                before += 1
            else:
                after += 1
        elif near is not None:
            own.append((listed_on, dashed(head[0]), head))
        if not partial:
            heads[head[0]] = head
    own.sort(key=itemgetter(0, 1))
    here = bisect_left(own, (filing.listed_on or date.min, accession), key=itemgetter(0, 1))
    beside = own[max(here - NEIGHBOURS, 0) : here], own[here : here + NEIGHBOURS]
    histories, (headlines,) = _facts(
        tuple(heads.values()), _HEADLINES, neighbours=_array(head[0] for side in beside for *_, head in side)
    )
    headline_of = dict(headlines)
    return Surroundings(
        histories[filing.issuer_id],
        before < NEAR_BEFORE and after < NEAR_AFTER,
        *(tuple(Neighbour(of, head[1], day, headline_of.get(head[0])) for day, of, head in side) for side in beside),
    )


def form_of(accession: str) -> FiledForm:
    """One filing. Raises `NotFound`."""
    for history in facts_among([accession]).histories.values():
        return history.form(accession)
    raise NotFound(f"No filing {accession} is published here.")


def _facts_by(column: str, keys: list[int | None], known_until: datetime | None = None) -> Facts:
    """Of the filings that have one of these keys in this column, those that are whole."""
    with connection.cursor() as cursor:
        cursor.execute(_FILINGS.format(column=column), [keys])
        found = cursor.fetchall()
    histories, _ = _facts([head for _, *head in found], known_until=known_until)
    return Facts(histories, {dashed(accession): published_at for published_at, accession, *_ in found})


def _facts(
    heads: Sequence[Head], *beside: str, known_until: datetime | None = None, **given: str
) -> tuple[dict[str, History], list[list[tuple[Any, ...]]]]:
    """The histories that these filings make, and what else is asked `beside` in the same message with what is given."""
    undated = _array(head[0] for head in heads if head[2] is None)
    given |= {"filings": _array(head[0] for head in heads), "undated": undated}
    also = (_SIGNED, *beside) if undated != _NONE else beside
    owned, cells, noted, *others = rows_of_each(*_PARTS, *also, given=given)
    signed_on: dict[int, date] = dict(others.pop(0)) if undated != _NONE else {}
    owners, lines, notes = _owners(owned), _lines(cells), _notes(noted)
    forms: dict[str, list[FiledForm]] = {}
    for head in heads:
        filing = head[0]
        form = _form(head, owners.get(filing, ()), lines.get(filing, ()), notes.get(filing, {}), signed_on.get(filing))
        if known_until is None or form.known_at <= known_until:
            forms.setdefault(form.issuer_cik, []).append(form)
    return {issuer: History(found) for issuer, found in forms.items()}, others


def _array(keys: Iterable[Any]) -> str:
    """An array as PostgreSQL writes it: psycopg takes as long to write one of sixty as the statement to answer."""
    return f"{{{','.join(map(str, keys))}}}"


_NONE = _array(())


def _form(
    head: Head,
    owners: Sequence[Owner],
    lines: Sequence[document.Line],
    notes: Mapping[str, str],
    signed_on: date | None,
) -> FiledForm:
    (
        accession, form, filed_on, issuer, remarks, date_of_original, period, foreign_ticker, box, left, accepted_at,
    ) = head  # fmt: skip
    filed_on = filed_on or signed_on or period or _last_traded(lines) or BEGINNING
    return FiledForm.of(
        accession=dashed(accession),
        form=form,
        filed_on=filed_on,
        known_at=accepted_at.replace(tzinfo=UTC) if accepted_at else known_at(filed_on, None),
        issuer_cik=f"{issuer:010}",
        owners=tuple(owners),
        lines=tuple(lines),
        footnotes=notes,
        remarks=remarks,
        date_of_original_submission=date_of_original,
        period_of_report=period,
        foreign_ticker=foreign_ticker,
        aff10b5_one=box,
        not_subject_to_section16=left,
        acceptance_known=accepted_at is not None,
    )


def _last_traded(lines: Iterable[document.Line]) -> date | None:
    return max((line.transaction_date for line in lines if line.transaction_date), default=None)


def _owners(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[Owner]]:
    found: dict[int, list[Owner]] = {}
    for filing, *owner in rows:
        found.setdefault(filing, []).append(_owner(*owner))
    return found


@lru_cache(maxsize=4_096)
def _owner(cik: int, *said: Any) -> Owner:
    """People file in the same words for years, and filings are read with those around them."""
    return Owner(f"{cik:010d}", *said)


def _lines(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[document.Line]]:
    found: dict[int, list[document.Line]] = {}
    for filing, *cells, cited, words in rows:
        line = document.Line.of_all(
            (*cells, _cited(cited) if cited else NO_FOOTNOTES, json.loads(words) if words else NOTHING_ODD)
        )
        found.setdefault(filing, []).append(line)
    return found


@lru_cache(maxsize=4_096)
def _cited(footnotes: str) -> Mapping[str, tuple[str, ...]]:
    """Most rows cite their first footnotes on one of a few cells."""
    return {cell: tuple(refs) for cell, refs in json.loads(footnotes).items()}


def _notes(rows: Iterable[tuple[Any, ...]]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for filing, ref, text in rows:
        found.setdefault(filing, {})[ref] = text
    return found
