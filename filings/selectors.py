"""What pages, commands and the API read of the facts. Reading only; a fixed number of queries each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet

from filings.demo.identity import ACCESSIONS
from filings.errors import NotFound
from filings.models import Document, Filing, FilingOwner, Line, Signature
from filings.models.fields import AccessionField
from filings.querysets import FilingQuerySet
from form4site.kit.statements import rows_of_each

_HEADER = (
    "form",
    "schema_version",
    "period_of_report",
    "date_of_original_submission",
    "filed_on",
    "accepted_at",
    "no_securities_owned",
    "not_subject_to_section16",
    "form3_holdings_reported",
    "form4_transactions_reported",
    "aff10b5_one",
    "remarks",
)
_OWNER = (
    "name",
    "is_director",
    "is_officer",
    "is_ten_percent_owner",
    "is_other",
    "officer_title",
    "other_text",
)
_LINE = (
    "table",
    "kind",
    "row",
    "security_title",
    "conversion_or_exercise_price",
    "transaction_date",
    "deemed_execution_date",
    "form_type",
    "code",
    "equity_swap",
    "timeliness",
    "shares",
    "total_value",
    "price",
    "acquired_disposed",
    "exercise_date",
    "expiration_date",
    "underlying_title",
    "underlying_shares",
    "underlying_value",
    "shares_owned_following",
    "value_owned_following",
    "ownership",
    "nature_of_ownership",
)


def whole_filings() -> QuerySet[Filing]:
    """Filings with all that stands in them: five queries for any number of filings."""
    return (
        Filing.objects.select_related("issuer", "document")
        .defer("document__body")
        .prefetch_related("owners", "lines", "footnotes", "signatures")
    )


def whole_filing(accession: str) -> Filing:
    """One filing with all that stands in it. Raises `NotFound`."""
    try:
        return whole_filings().get(accession=accession)
    except Filing.DoesNotExist:
        raise NotFound(f"No filing {accession} is published here.") from None


def headed_filing(accession: str) -> Filing:
    """One filing with its document, owners and signatures; its lines and footnotes are still to be asked for.

    Four statements in one, the same for every filing: the ORM takes longer to put them together than to ask them, and
    PostgreSQL to plan a join than to look up a second row. Raises `NotFound`.
    """
    own, document = kept_columns(Filing), kept_columns(Document, "body")
    parts = {"owners": kept_columns(FilingOwner), "signatures": kept_columns(Signature)}
    kept = "FROM filings_filing WHERE accession = %(filing)s"
    found, documents, *rows = rows_of_each(
        f"SELECT {own.columns} {kept}",
        f"SELECT {document.columns} FROM filings_document WHERE id = (SELECT document_id {kept})",
        *(
            f"SELECT {part.columns} FROM {part.model._meta.db_table} WHERE filing_id = %(filing)s ORDER BY position"
            for part in parts.values()
        ),
        given={"filing": _KEY.get_prep_value(accession)},
    )
    if not found:
        raise NotFound(f"No filing {accession} is published here.")
    filing: Filing = own.made(found[0])
    filing.document = document.made(documents[0])
    filing._prefetched_objects_cache = {}  # type: ignore[attr-defined]
    for (name, part), of_part in zip(parts.items(), rows, strict=True):
        among = getattr(filing, name).all()
        among._result_cache = [part.made(row) for row in of_part]
        filing._prefetched_objects_cache[name] = among  # type: ignore[attr-defined]
    return filing


_KEY = AccessionField()


@dataclass(frozen=True, slots=True)
class KeptColumns:
    """A model's columns as they are kept; `made` makes one of a row that begins with them, as the ORM does."""

    model: type[Any]
    names: tuple[str, ...]
    columns: str
    reads: tuple[tuple[int, Any, Any], ...]

    def made(self, row: tuple[Any, ...]) -> Any:
        values = list(row[: len(self.names)])
        for place, read, column in self.reads:
            values[place] = read(values[place], column, connection)
        return self.model.from_db(DEFAULT_DB_ALIAS, self.names, values)


@cache
def kept_columns(model: type[Model], *without: str) -> KeptColumns:
    fields = [field for field in model._meta.concrete_fields if field.name not in without]
    columns = [field.get_col(model._meta.db_table) for field in fields]
    return KeptColumns(
        model,
        tuple(field.attname for field in fields),
        ", ".join(f'{model._meta.db_table}."{field.column}"' for field in fields),
        tuple(
            (place, read, column)
            for place, column in enumerate(columns)
            for read in (*connection.ops.get_db_converters(column), *column.get_db_converters(connection))
        ),
    )


def latest_filings(among: FilingQuerySet | None = None) -> QuerySet[Filing]:
    """The newest filings first (of all, or of those in `among`), each with its issuer and its owners."""
    return (
        (Filing.objects.all() if among is None else among)
        .latest_first()
        .select_related("issuer")
        .prefetch_related("owners")
    )


def filing_json(filing: Filing) -> dict[str, Any]:
    """The facts of a filing in the public JSON (docs/json.md): filed numbers are strings as filed, unknown is null."""
    return {
        "accession": filing.accession,
        **{name: _plain(getattr(filing, name)) for name in _HEADER},
        "issuer": {
            "cik": filing.issuer_id,
            "name": filing.issuer_name,
            "ticker": filing.issuer_ticker,
            "foreign_ticker": filing.issuer_foreign_ticker,
        },
        "owners": [
            {"cik": owner.insider_id, **{name: getattr(owner, name) for name in _OWNER}}
            for owner in filing.owners.all()
        ],
        "lines": [line_json(line) for line in filing.lines.all()],
        "footnotes": {note.ref: note.text for note in filing.footnotes.all()},
        "signatures": [
            {"name": signature.name, "date": _plain(signature.signed_on)} for signature in filing.signatures.all()
        ],
        "issues": filing.issues,
        **({"partial": True} if filing.partial else {}),  # said only of the few that are
    }


def line_json(line: Line) -> dict[str, Any]:
    as_filed = line.as_filed or {}
    values = {name: _plain(getattr(line, name)) for name in _LINE}
    for name, words in as_filed.items():
        if isinstance(getattr(line, name), Decimal):
            values[name] = "".join(words.split())  # a hard line break inside a figure is EDGAR's, not the filer's
    return {**values, "footnotes": line.footnotes or {}}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return value


def kept_document(accession: str) -> Document:
    """The bytes that the published facts of this filing were read from. Raises `NotFound`."""
    try:
        return Document.objects.get(pk=Filing.objects.values("document").get(accession=accession)["document"])
    except Filing.DoesNotExist:
        raise NotFound(f"No filing {accession} is published here.") from None


def received_document(accession: str) -> Document:
    """The latest received bytes of this filing, whether they could be read or not. Raises `NotFound`."""
    document = Document.objects.filter(accession=accession).order_by("-received_at", "-id").first()
    if document is None:
        raise NotFound(f"No document of {accession} was received.")
    return document


def demo_filings() -> QuerySet[Filing]:
    return Filing.objects.filter(accession__range=ACCESSIONS)
