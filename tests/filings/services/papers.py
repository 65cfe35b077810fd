"""Filings to publish, made to measure, and pictures of the tables to compare.

The XML is written by the site's own writer, which the round-trip tests of `filings.ownership` hold to the reader.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection

from filings.models import Completeness, Document
from filings.ownership.document import Issuer, Line, Owner, OwnershipDocument, Signature
from filings.ownership.write import to_xml
from filings.services.keep import Received
from form4site.embedded import server

# Every table of facts, with what stands for a row of it wherever it came from: no made-up keys, no clocks.
NATURAL = {
    "issuer": "SELECT cik, name, ticker, sic, state_of_incorporation, fiscal_year_end FROM filings_issuer",
    "issuername": "SELECT issuer_id, name, ticker, foreign_ticker, first_on, last_on, last_accession"
    " FROM filings_issuername",
    "insider": "SELECT cik, name FROM filings_insider",
    "insidername": "SELECT insider_id, name, first_on, last_on, last_accession FROM filings_insidername",
    "document": "SELECT accession, sha256, size, body, completeness FROM filings_document",
    "filing": "SELECT to_jsonb(f) - 'document_id' - 'published_at', d.sha256"
    " FROM filings_filing f JOIN filings_document d ON d.id = f.document_id",
    "filingowner": "SELECT to_jsonb(o) - 'id' FROM filings_filingowner o",
    "line": "SELECT to_jsonb(l) - 'id' FROM filings_line l",
    "footnote": "SELECT to_jsonb(n) - 'id' FROM filings_footnote n",
    "signature": "SELECT to_jsonb(s) - 'id' FROM filings_signature s",
    "ledger": "SELECT accession, stage, failed_stage, failed_path, reason, parser_version FROM filings_ingeststage",
}


def accession(number: int) -> str:
    return f"0009000001-24-{number:06d}"


def sale(row: int = 1, **fields: Any) -> Line:
    """A plain transaction row of Table I."""
    return Line(
        **{
            "table": "I",
            "kind": "transaction",
            "row": row,
            "security_title": "Common Stock",
            "transaction_date": date(2024, 5, 1),
            "form_type": "4",
            "code": "S",
            "equity_swap": False,
            "shares": Decimal("100.00"),
            "price": Decimal("10.50"),
            "acquired_disposed": "D",
            "shares_owned_following": Decimal("900"),
            "ownership": "D",
        }
        | fields
    )


def paper(
    *,
    issuer: int = 9000100,
    issuer_name: str = "Invented Anvils Inc",
    ticker: str | None = "ANVL",
    owners: Iterable[tuple[int, str]] = ((9000200, "DOE JANE"),),
    lines: Iterable[Line] = (),
    period: date = date(2024, 5, 1),
    **fields: Any,
) -> OwnershipDocument:
    return OwnershipDocument(
        form=fields.pop("form", "4"),
        schema_version="X0508",
        issuer=Issuer(cik=f"{issuer:010d}", name=issuer_name, ticker=ticker),
        owners=tuple(Owner(cik=f"{cik:010d}", name=name, is_director=True) for cik, name in owners),
        period_of_report=period,
        lines=tuple(lines) or (sale(),),
        signatures=(Signature("/s/ Jane Doe", period),),
        **fields,
    )


def xml(**fields: Any) -> bytes:
    return to_xml(paper(**fields))


def submission(number: int, content: bytes, *, filed: date = date(2024, 5, 3), accepted: str | None = None) -> bytes:
    """The full submission that EDGAR makes of this XML; `accepted` is fourteen digits of Eastern time."""
    acceptance = f"<ACCEPTANCE-DATETIME>{accepted}\n" if accepted else ""
    header = (
        f"<SEC-DOCUMENT>{accession(number)}.txt : {filed:%Y%m%d}\n<SEC-HEADER>\n{acceptance}"
        f"ACCESSION NUMBER:\t\t{accession(number)}\nCONFORMED SUBMISSION TYPE:\t4\n"
        f"FILED AS OF DATE:\t\t{filed:%Y%m%d}\n</SEC-HEADER>\n<DOCUMENT>\n<TYPE>4\n<TEXT>\n<XML>\n"
    )
    return header.encode() + content + b"\n</XML>\n</TEXT>\n</DOCUMENT>\n</SEC-DOCUMENT>\n"


def received(number: int, content: bytes, completeness: Completeness = Completeness.BARE_XML) -> Received:
    return Received(accession(number), content, f"{accession(number)}.xml", completeness)


def file(folder: Path, number: int, content: bytes, suffix: str = ".xml") -> Path:
    path = folder / f"{accession(number)}{suffix}"
    path.write_bytes(content)
    return path


def facts() -> dict[str, list[Any]]:
    """Every table by its natural columns, in an order of their own."""
    return {name: sorted(map(repr, _rows(query))) for name, query in NATURAL.items()}


def whole_tables() -> dict[str, list[Any]]:
    """Every table with its keys and with the transaction that wrote each row: equal only if nothing was written."""
    tables = [name for name in connection.introspection.table_names() if name.startswith("filings_")]
    return {table: sorted(map(repr, _rows(f'SELECT xmin::text, * FROM "{table}"'))) for table in tables}


def _rows(query: str) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        for row in cursor.fetchall():
            yield tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)


def kept_hashes() -> set[bytes]:
    return {bytes(digest) for digest in Document.objects.values_list("sha256", flat=True)}


def site_environment(var: Path | None = None) -> dict[str, str]:
    """What a process of the site needs in order to work on the database of this test, wherever that is."""
    place = connection.settings_dict
    host = place["HOST"]
    if "VAR_DIR" in place:
        host = server.ensure_running(Path(place["VAR_DIR"]))
    credentials = place["USER"] + (f":{place['PASSWORD']}" if place["PASSWORD"] else "")
    port = f":{place['PORT']}" if place["PORT"] else ""
    url = f"postgres://{credentials}@/{place['NAME']}?host={host}&port={place['PORT'] or 5432}"
    if not host.startswith("/"):
        url = f"postgres://{credentials}@{host}{port}/{place['NAME']}"
    environment = dict(os.environ) | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "form4site.settings"}
    environment.pop("PYTEST_CURRENT_TEST", None)
    if var:
        environment["FORM4SITE_VAR"] = str(var)
    return environment
