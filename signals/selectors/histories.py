"""The facts of issuers as readings take them in: each filing a `FiledForm`, each issuer a `History`.

Promises: two queries for any number of issuers. A filing of which tables are missing is not among the facts: what it
does not show may have been filed. A filing that came as bare XML has no filing date, and stands at the
day of its latest signature, or for want of one at its period of report.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Model

from filings.errors import NotFound
from filings.models import Filing, FilingOwner, Footnote
from filings.models import Line as StoredLine
from filings.models.fields import AccessionField, CikField, dashed
from filings.ownership import document
from filings.ownership.document import NO_FOOTNOTES, NOTHING_ODD, Owner
from form4site.kit.statements import rows_of_each
from signals.readings.history import FiledForm, History, known_at

# EDGAR took filings from no earlier day.
BEGINNING = date(1993, 1, 1)

_OWNER = ("insider", *(field.name for field in fields(Owner)[1:8]))
_LINE = [field.name for field in fields(document.Line)]
_HEAD = (
    "accession", "form", "filed_on", "accepted_at", "issuer_id", "remarks", "date_of_original_submission",
    "period_of_report", "issuer_foreign_ticker", "aff10b5_one", "not_subject_to_section16", "published_at",
)  # fmt: skip
_KEY, _CIK = AccessionField(), CikField()
# The last signature is looked up for the few that have no filing date, and for no others.
_HEADS = f"""{", ".join(f"f.{name}" for name in _HEAD)},
    CASE WHEN f.filed_on IS NULL
         THEN (SELECT max(s.signed_on) FROM filings_signature s WHERE s.filing_id = f.accession) END"""
_FILINGS = f"""
    SELECT {_HEADS} FROM filings_filing f WHERE NOT f.partial AND f.{{column}} = ANY (%s) ORDER BY f.accession
"""
Head = tuple[Any, ...]


def _parts(model: type[Model], *names: str) -> str:
    """The statement for these columns of the parts of some filings, in the order of the documents.

    Not by the ORM, which takes as long to check and convert a thousand accessions and their parts as it takes to read
    what they mean.
    """
    columns = ", ".join(f'"{model._meta.get_field(name).column}"' for name in names)  # type: ignore[union-attr]
    return (
        f'SELECT filing_id, {columns} FROM "{model._meta.db_table}"'
        " WHERE filing_id = ANY (%(filings)s) ORDER BY filing_id, position"
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


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A filing among those that it must be read with. `whole` says whether they are all of its issuer.

    `others` are further filings of its owners there, oldest first, each (accession, form, day, stored headline).
    """

    history: History
    whole: bool
    others: tuple[tuple[str, str, date | None, str | None], ...]


_OWNED = """AND EXISTS (SELECT 1 FROM filings_filingowner o
                           WHERE o.filing_id = f.accession AND o.insider_id = ANY (%(owners)s))"""


def _nearest(before: int, after: int, near: bool) -> str:
    """The filings on both sides of one, in the order of their days: of anybody there, or of its owners.

    As the index of an issuer's filings stands: in another order, or with the key taken apart, PostgreSQL sorts
    thousands.
    """
    chosen = f"SELECT f.accession, {near} AS near FROM filings_filing f WHERE f.issuer_id = %(issuer)s"
    place, owned = "(%(on)s::date, %(accession)s)", "" if near else _OWNED
    return f"""
        ({chosen} AND (f.listed_on, f.accession) < {place} {owned}
          ORDER BY f.listed_on DESC NULLS LAST, f.accession DESC LIMIT {before})
        UNION ALL
        ({chosen} AND (f.listed_on, f.accession) > {place} {owned}
          ORDER BY f.listed_on NULLS FIRST, f.accession LIMIT {after})
    """


def _around() -> str:
    """The heads of a filing and of those around it; whether each is near, and of the same owners."""
    near, own = _nearest(NEAR_BEFORE, NEAR_AFTER, near=True), _nearest(OWN_BEFORE, OWN_AFTER, near=False)
    return f"""
        SELECT c.near, c.own, f.partial, f.listed_on,
               CASE WHEN c.own THEN (SELECT r.headline FROM signals_reading r WHERE r.filing_id = f.accession) END,
               {_HEADS}
          FROM (SELECT accession, bool_or(near) AS near, bool_or(NOT near) AS own
                  FROM ({near} UNION ALL {own} UNION ALL SELECT %(accession)s, NULL) each GROUP BY accession) c
          JOIN filings_filing f ON f.accession = c.accession
         ORDER BY f.accession
    """


def surroundings_of(filing: Filing) -> Surroundings:
    """The filings around this one: bounded, however many its issuer has. Two queries."""
    on, accession = place = _place(filing)
    given = {
        "issuer": _CIK.get_prep_value(filing.issuer_id),
        "on": on,
        "accession": _KEY.get_prep_value(accession),
        "owners": [int(owner.insider_id) for owner in filing.owners.all()],
    }
    with connection.cursor() as cursor:
        cursor.execute(_around(), given)
        found = cursor.fetchall()
    before = after = 0
    others, heads = [], []
    for near, own, partial, listed_on, headline, *head in found:
        if near:
            if listed_on is not None and (listed_on, dashed(head[0])) < place:
                before += 1
            else:
                after += 1
        if own:
            others.append((dashed(head[0]), head[1], listed_on, headline))
        if not partial:
            heads.append(head)
    return Surroundings(
        _facts(heads).histories[filing.issuer_id],
        before < NEAR_BEFORE and after < NEAR_AFTER,
        tuple(sorted(others, key=_by_day)),
    )


def _place(filing: Filing) -> tuple[date, str]:
    return filing.listed_on or BEGINNING, filing.accession


def _by_day(row: tuple[str, str, date | None, str | None]) -> tuple[date, str]:
    return row[2] or BEGINNING, row[0]


def form_of(accession: str) -> FiledForm:
    """One filing. Raises `NotFound`."""
    for history in facts_among([accession]).histories.values():
        return history.form(accession)
    raise NotFound(f"No filing {accession} is published here.")


def _facts_by(column: str, keys: list[int | None], known_until: datetime | None = None) -> Facts:
    """Of the filings that have one of these keys in this column, those that are whole."""
    with connection.cursor() as cursor:
        cursor.execute(_FILINGS.format(column=column), [keys])
        return _facts(cursor.fetchall(), known_until)


def _facts(heads: Sequence[Head], known_until: datetime | None = None) -> Facts:
    parts = rows_of_each(*_PARTS, given={"filings": [head[0] for head in heads]})
    owners, lines, notes = _owners(parts[0]), _lines(parts[1]), _notes(parts[2])
    forms: dict[str, list[FiledForm]] = {}
    published: dict[str, datetime] = {}
    for head in heads:
        filing = head[0]
        form = _form(head, owners.get(filing, ()), lines.get(filing, ()), notes.get(filing, {}))
        published[form.accession] = head[11]
        if known_until is None or form.known_at <= known_until:
            forms.setdefault(form.issuer_cik, []).append(form)
    return Facts({issuer: History(found) for issuer, found in forms.items()}, published)


def _form(head: Head, owners: Sequence[Owner], lines: Sequence[document.Line], notes: Mapping[str, str]) -> FiledForm:
    (
        accession, form, filed_on, accepted_at, issuer, remarks, date_of_original, period, foreign_ticker, box, left,
        _, signed_on,
    ) = head  # fmt: skip
    filed_on = filed_on or signed_on or period or _last_traded(lines) or BEGINNING
    return FiledForm(
        accession=dashed(accession),
        form=form,
        filed_on=filed_on,
        known_at=known_at(filed_on, accepted_at),
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
