"""What pages, commands and the API read of the facts. Reading only; a fixed number of queries each."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from filings.demo.identity import ACCESSIONS
from filings.errors import NotFound
from filings.models import Document, Filing, Line
from filings.querysets import FilingQuerySet

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
