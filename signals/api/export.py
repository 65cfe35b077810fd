"""Transaction lines as CSV, streamed: the rows of /v1/transactions, from the first to the last.

Promises: constant memory; a cell that a spreadsheet would run as a formula is made text; numbers stay numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from form4site.kit.csv_lines import csv_line
from signals.api.questions import TransactionQuestion
from signals.api.transactions import cik_of, matching, rows_of
from signals.models import LineReading

CHUNK = 500
COLUMNS = (
    "ticker", "companyName", "insiderName", "insiderCik", "insiderTitle", "isDirector", "isOfficer", "is10PctOwner",
    "accessionNumber", "line", "form", "securityTitle", "transactionCode", "acquiredDisposed", "isOpenMarket",
    "is10b5Plan", "planStatus", "sharesAmount", "pricePerShare", "totalValue", "sharesOwnedAfter", "directIndirect",
    "isDerivative", "transactionDate", "periodOfReport", "filedAt", "acceptedAt", "valueQuality", "counted",
    "tradeKind", "duplicateOf", "documentUrl",
)  # fmt: skip


def transactions_csv(asked: TransactionQuestion) -> Iterator[bytes]:
    """The file, piece by piece. Raises `ApiError` before the first."""
    insider = cik_of(asked.insider_cik) if asked.insider_cik else None
    return _pieces(matching(asked, insider), insider)


def _pieces(lines: QuerySet[LineReading], insider: int | None) -> Iterator[bytes]:
    yield csv_line(COLUMNS).encode()
    chunk: list[int] = []
    for key in lines.values_list("id", flat=True).iterator(chunk_size=5_000):
        chunk.append(key)
        if len(chunk) == CHUNK:
            yield _rows(chunk, insider)
            chunk = []
    if chunk:
        yield _rows(chunk, insider)


def _rows(keys: list[int], insider: int | None) -> bytes:
    return "".join(csv_line(row[name] for name in COLUMNS) for row in rows_of(keys, insider)).encode()
