"""Read filings -> rows, in bulk. The only place that writes the tables of facts; `publish` holds the transaction."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from filings.models import Completeness, Filing, FilingOwner, Footnote, Insider, Issuer, Line, Signature
from filings.ownership import document as facts
from filings.ownership.parse import PARSER_VERSION
from form4site.kit import transactions
from form4site.kit.copying import copy_rows

if TYPE_CHECKING:
    from filings.services.publish import ReadFiling

_LINE_FIELDS = [field.name for field in dataclasses.fields(facts.Line) if field.name not in ("footnotes", "as_filed")]
_OWNER_FIELDS = [field.name for field in dataclasses.fields(facts.Owner) if field.name != "cik"]
_HEADER_FIELDS = (
    "form",
    "schema_version",
    "period_of_report",
    "date_of_original_submission",
    "no_securities_owned",
    "not_subject_to_section16",
    "form3_holdings_reported",
    "form4_transactions_reported",
    "aff10b5_one",
    "remarks",
)


def lock(model: type[Issuer] | type[Insider], ciks: Iterable[str]) -> None:
    """Makes these rows exist and holds them until the transaction ends, in the order of their keys.

    One statement: a row that another publication has just removed is made anew, and one that is there is locked
    without being written (PostgreSQL locks the rows of a conflict even where the condition is false).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} AS present (cik) SELECT unnest(%s::bigint[])"
            " ON CONFLICT (cik) DO UPDATE SET name = present.name WHERE false",
            [sorted(int(cik) for cik in ciks)],
        )


def owner_ciks(accessions: Sequence[str]) -> list[str]:
    return list(FilingOwner.objects.filter(filing__in=accessions).values_list("insider_id", flat=True).distinct())


def delete_below(accessions: Sequence[str]) -> None:
    if accessions:
        for model in (FilingOwner, Line, Footnote, Signature):
            model._default_manager.filter(filing__in=accessions)._raw_delete(using="default")


def write_filings(read: Sequence[ReadFiling]) -> None:
    """Writes these filings and what is below them; `delete_below` has removed what was there."""
    published_at = _moment()
    Filing.objects.bulk_create(
        [Filing(**_columns(item, published_at)) for item in read],
        update_conflicts=True,
        unique_fields=["accession"],
        update_fields=[
            field.name for field in Filing._meta.concrete_fields if not field.primary_key and field.name != "listed_on"
        ],
    )
    _copy_below(read)


def copy_filings(read: Sequence[ReadFiling]) -> None:
    """As `write_filings`, for filings of which there is no row yet: all of it by COPY."""
    published_at = _moment()
    names = list(_columns(read[0], published_at))
    copy_rows(
        Filing,
        [name.removesuffix("_id") for name in names],
        (tuple((_columns(item, published_at) | _spelled_for_copy(item)).values()) for item in read),
    )
    _copy_below(read)


def _moment() -> datetime:
    """When this is published: not before this transaction has its number.

    So who noted a moment and after it a transaction's number, and finds no transaction with a lower number open, knows
    that nothing of before that moment is still to come.
    """
    transactions.own()
    return timezone.now()


def _spelled_for_copy(item: ReadFiling) -> dict[str, Any]:
    """What `Filing` takes as text or as values, as COPY takes it."""
    issues = [str(issue) for issue in item.ownership.issues]
    return {
        "accession": _key(item),
        "issuer_id": int(item.ownership.issuer.cik),
        "issues": json.dumps(issues) if issues else "[]",
        "as_filed": _json(item.ownership.as_filed),
    }


def _copy_below(read: Sequence[ReadFiling]) -> None:
    copy_rows(
        FilingOwner,
        ["filing", "position", "insider", *_OWNER_FIELDS],
        (
            (_key(item), position, int(owner.cik), *(getattr(owner, name) for name in _OWNER_FIELDS))
            for item in read
            for position, owner in enumerate(item.ownership.owners)
        ),
    )
    copy_rows(
        Line,
        ["filing", "position", "footnotes", "as_filed", *_LINE_FIELDS],
        (
            (
                _key(item),
                position,
                _json(line.footnotes),
                _json(line.as_filed),
                *(getattr(line, name) for name in _LINE_FIELDS),
            )
            for item in read
            for position, line in enumerate(item.ownership.lines)
        ),
    )
    copy_rows(
        Footnote,
        ["filing", "position", "ref", "text"],
        (
            (_key(item), position, ref, text)
            for item in read
            for position, (ref, text) in enumerate(item.ownership.footnotes.items())
        ),
    )
    copy_rows(
        Signature,
        ["filing", "position", "name", "signed_on"],
        (
            (_key(item), position, signature.name, signature.signed_on)
            for item in read
            for position, signature in enumerate(item.ownership.signatures)
        ),
    )


def _key(item: ReadFiling) -> int:
    return int(item.document.accession.replace("-", ""))


def _json(mapping: Mapping[str, object]) -> str | None:
    return json.dumps(dict(mapping)) if mapping else None


def _columns(item: ReadFiling, published_at: datetime) -> dict[str, Any]:
    """The row of a filing, by field."""
    ownership, submission = item.ownership, item.submission
    header = submission.issuer
    if header and header.cik != ownership.issuer.cik:  # what it says is of another company
        header = None
    return {
        "accession": item.document.accession,
        "filed_on": submission.filed_on,
        "accepted_at": submission.accepted_at,
        "issuer_id": ownership.issuer.cik,
        "issuer_name": ownership.issuer.name,
        "issuer_ticker": ownership.issuer.ticker,
        "issuer_foreign_ticker": ownership.issuer.foreign_ticker,
        "issuer_sic": header.sic if header else None,
        "issuer_state_of_incorporation": header.state_of_incorporation if header else None,
        "issuer_fiscal_year_end": header.fiscal_year_end if header else None,
        "issues": [str(issue) for issue in ownership.issues],
        "as_filed": dict(ownership.as_filed) or None,
        "document_id": item.document.pk,
        "partial": item.document.completeness == Completeness.SOME_TABLES,
        "parser_version": PARSER_VERSION,
        "published_at": published_at,
        **{name: getattr(ownership, name) for name in _HEADER_FIELDS},
    }
