"""The facts of issuers as readings take them in: each filing a `FiledForm`, each issuer a `History`.

Promises: four queries for any number of issuers. A filing of which tables are missing is not among the facts: what it
does not show may have been filed. A filing that came as bare XML has no filing date, and stands at the
day of its latest signature, or for want of one at its period of report.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Model

from filings.errors import NotFound
from filings.models import Filing, FilingOwner, Footnote
from filings.models import Line as StoredLine
from filings.models.fields import AccessionField, CikField, dashed
from filings.ownership import document
from filings.ownership.document import NO_FOOTNOTES, NOTHING_ODD, Owner
from signals.readings.history import FiledForm, History, known_at

# EDGAR took filings from no earlier day.
BEGINNING = date(1993, 1, 1)

_LINE = [field.name for field in fields(document.Line)]
_OWNER = [field.name for field in fields(Owner)][1:8]
_FILING = (
    "accession", "form", "filed_on", "accepted_at", "issuer_id", "remarks", "date_of_original_submission",
    "period_of_report", "issuer_foreign_ticker", "aff10b5_one", "not_subject_to_section16", "published_at",
)  # fmt: skip
_KEY, _CIK = AccessionField(), CikField()
# The last signature is looked up for the few that have no filing date, and for no others.
_FILINGS = f"""
    SELECT {", ".join(_FILING)},
           CASE WHEN filed_on IS NULL
                THEN (SELECT max(s.signed_on) FROM filings_signature s WHERE s.filing_id = f.accession) END
      FROM filings_filing f
     WHERE NOT partial AND {{column}} = ANY (%s)
     ORDER BY accession
"""


class Facts:
    """The histories of some issuers, and which publication of each filing they were taken from."""

    def __init__(self, histories: Mapping[str, History], published_at: Mapping[str, datetime]) -> None:
        self.histories = histories
        self.published_at = published_at


def facts_of(issuers: Iterable[str], *, known_until: datetime | None = None) -> Facts:
    """The facts of these issuers; with `known_until`, of the filings that were known by that moment."""
    return _facts("issuer_id", [_CIK.get_prep_value(issuer) for issuer in issuers], known_until)


def facts_among(accessions: Iterable[str]) -> Facts:
    """The facts of these filings, and of no other of their issuers."""
    return _facts("accession", [_KEY.get_prep_value(accession) for accession in accessions], None)


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


Around = list[tuple[str, str, date | None, str | None]]


def surroundings_of(filing: Filing) -> Surroundings:
    """The filings around this one: bounded, however many its issuer has. Six queries."""
    owners = [int(owner.insider_id) for owner in filing.owners.all()]
    own = _around(filing, OWN_BEFORE, OWN_AFTER, owners)
    near = _around(filing, NEAR_BEFORE, NEAR_AFTER)
    before = sum(row[2] is not None and (row[2], row[0]) < _place(filing) for row in near)
    after = len(near) - before
    chosen = {row[0] for row in (*own, *near)} | {filing.accession}
    histories = facts_among(chosen).histories
    return Surroundings(
        histories[filing.issuer_id], before < NEAR_BEFORE and after < NEAR_AFTER, tuple(sorted(own, key=_by_day))
    )


# As the index of an issuer's filings stands: in another order, or with the key taken apart, PostgreSQL sorts thousands.
_AROUND = """
    (SELECT f.accession, f.form, f.listed_on, r.headline
       FROM filings_filing f LEFT JOIN signals_reading r ON r.filing_id = f.accession
      WHERE f.issuer_id = %(issuer)s AND (f.listed_on, f.accession) < (%(on)s::date, %(accession)s){owned}
      ORDER BY f.listed_on DESC NULLS LAST, f.accession DESC LIMIT %(before)s)
    UNION ALL
    (SELECT f.accession, f.form, f.listed_on, r.headline
       FROM filings_filing f LEFT JOIN signals_reading r ON r.filing_id = f.accession
      WHERE f.issuer_id = %(issuer)s AND (f.listed_on, f.accession) > (%(on)s::date, %(accession)s){owned}
      ORDER BY f.listed_on NULLS FIRST, f.accession LIMIT %(after)s)
"""
_OWNED = """
        AND EXISTS (SELECT 1 FROM filings_filingowner o
                     WHERE o.filing_id = f.accession AND o.insider_id = ANY (%(owners)s))"""


def _around(filing: Filing, before: int, after: int, owners: Sequence[int] | None = None) -> Around:
    """The nearest filings on both sides of this one in the order of their days, without it: of these owners, or all."""
    on, accession = _place(filing)
    given: dict[str, Any] = {
        "issuer": _CIK.get_prep_value(filing.issuer_id),
        "on": on,
        "accession": _KEY.get_prep_value(accession),
        "before": before,
        "after": after,
        "owners": owners,
    }
    with connection.cursor() as cursor:
        cursor.execute(_AROUND.format(owned="" if owners is None else _OWNED), given)
        return [(dashed(key), *rest) for key, *rest in cursor.fetchall()]


def _place(filing: Filing) -> tuple[date, str]:
    return filing.listed_on or BEGINNING, filing.accession


def _by_day(row: tuple[str, str, date | None, str | None]) -> tuple[date, str]:
    return row[2] or BEGINNING, row[0]


def form_of(accession: str) -> FiledForm:
    """One filing. Raises `NotFound`."""
    for history in facts_among([accession]).histories.values():
        return history.form(accession)
    raise NotFound(f"No filing {accession} is published here.")


def _facts(column: str, keys: list[int | None], known_until: datetime | None) -> Facts:
    """Of the filings that have one of these keys in this column, those that are whole."""
    names = (*_FILING, "signed_on")
    with connection.cursor() as cursor:
        cursor.execute(_FILINGS.format(column=column), [keys])
        filings = [_filing(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    accessions = [filing["accession"] for filing in filings]
    owners = _owners(accessions)
    lines = _lines(accessions)
    notes = _notes(accessions)
    forms: dict[str, list[FiledForm]] = {}
    for filing in filings:
        accession = filing["accession"]
        form = _form(
            filing,
            owners.get(accession, ()),
            lines.get(accession, ()),
            notes.get(accession, {}),
        )
        if known_until is None or form.known_at <= known_until:
            forms.setdefault(filing["issuer_id"], []).append(form)
    return Facts(
        {issuer: History(found) for issuer, found in forms.items()},
        {filing["accession"]: filing["published_at"] for filing in filings},
    )


def _filing(row: dict[str, Any]) -> dict[str, Any]:
    """With the keys as the SEC writes them."""
    return row | {"accession": dashed(row["accession"]), "issuer_id": f"{row['issuer_id']:010}"}


def _form(
    filing: Mapping[str, Any],
    owners: Sequence[Owner],
    lines: Sequence[document.Line],
    notes: Mapping[str, str],
) -> FiledForm:
    filed_on = filing["filed_on"] or _day(filing, lines)
    return FiledForm(
        accession=filing["accession"],
        form=filing["form"],
        filed_on=filed_on,
        known_at=known_at(filed_on, filing["accepted_at"]),
        issuer_cik=filing["issuer_id"],
        owners=tuple(owners),
        lines=tuple(lines),
        footnotes=notes,
        remarks=filing["remarks"],
        date_of_original_submission=filing["date_of_original_submission"],
        period_of_report=filing["period_of_report"],
        foreign_ticker=filing["issuer_foreign_ticker"],
        aff10b5_one=filing["aff10b5_one"],
        not_subject_to_section16=filing["not_subject_to_section16"],
        acceptance_known=filing["accepted_at"] is not None,
    )


def _day(filing: Mapping[str, Any], lines: Iterable[document.Line]) -> date:
    traded = max((line.transaction_date for line in lines if line.transaction_date), default=None)
    return filing["signed_on"] or filing["period_of_report"] or traded or BEGINNING


def _owners(accessions: Sequence[str]) -> dict[str, list[Owner]]:
    found: dict[str, list[Owner]] = {}
    for filing, cik, *rest in _parts_of(accessions, FilingOwner, "insider", *_OWNER):
        found.setdefault(filing, []).append(Owner(f"{cik:010d}", *rest))
    return found


def _lines(accessions: Sequence[str]) -> dict[str, list[document.Line]]:
    found: dict[str, list[document.Line]] = {}
    for filing, *values in _parts_of(accessions, StoredLine, *_LINE):
        given = dict(zip(_LINE, values, strict=True))
        notes, words = given["footnotes"], given["as_filed"]
        given["footnotes"] = {cell: tuple(refs) for cell, refs in json.loads(notes).items()} if notes else NO_FOOTNOTES
        given["as_filed"] = json.loads(words) if words else NOTHING_ODD
        found.setdefault(filing, []).append(document.Line.of(given))
    return found


def _notes(accessions: Sequence[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for filing, ref, text in _parts_of(accessions, Footnote, "ref", "text"):
        found.setdefault(filing, {})[ref] = text
    return found


def _parts_of(accessions: Sequence[str], model: type[Model], *names: str) -> Iterator[tuple[Any, ...]]:
    """The accession of each part and these columns of it, as PostgreSQL has them, in the order of the documents.

    Not by the ORM, which takes as long to check and convert a thousand accessions and their parts as it takes to read
    what they mean.
    """
    by_key = {int(accession.replace("-", "")): accession for accession in accessions}
    columns = ", ".join(f'"{model._meta.get_field(name).column}"' for name in names)  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT filing_id, {columns} FROM "{model._meta.db_table}"'
            " WHERE filing_id = ANY(%s) ORDER BY filing_id, position",
            [list(by_key)],
        )
        for filing, *values in cursor.fetchall():
            yield by_key[filing], *values
