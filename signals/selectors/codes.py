"""How often each transaction code occurs in the archive, and the newest lines that have it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Q

from filings.models import Filing, Line
from filings.models.fields import dashed
from filings.ownership.codes import CODES, Code
from signals.selectors.currency import priced_in_doubt
from signals.selectors.kept import each_until_the_archive_changes, until_the_archive_changes
from signals.selectors.latest import OWNERS, OwnerGlance, owners_told
from signals.selectors.tallied import tallied


@dataclass(frozen=True, slots=True)
class CodeCount:
    """A code with the number of its lines here and their share of all transactions, None in an empty archive."""

    code: Code
    lines: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Every official code in the order of the table. `on` is when a large archive was last counted, None for now."""

    codes: Sequence[CodeCount]
    on: datetime | None


def code_counts() -> Counts:
    """How often each code occurs: as last tallied where the archive is large, counted now where it is not."""
    on, total, lines = tallied("total", "lines") or (None, *counted())
    codes = [
        CodeCount(code, lines.get(letter, 0), lines.get(letter, 0) / total if total else None)
        for letter, code in CODES.items()
    ]
    return Counts(codes, on)


@until_the_archive_changes
def counted() -> tuple[int, dict[str, int]]:
    """All transactions, and those of each code, by its letter. One query, which reads every line."""
    row = Line.objects.filter(kind="transaction").aggregate(
        total=Count("pk"), **{letter: Count("pk", filter=_having(letter)) for letter in CODES}
    )
    return row.pop("total"), row


class CodedLine(NamedTuple):
    """A transaction with its filing, as a list of one code's shows it, called as in `Line` and `Filing`."""

    accession: str
    issuer_id: str
    owners: Sequence[OwnerGlance]
    form: str
    filed_on: date | None
    issuer_name: str | None
    in_doubt: bool
    table: str
    row: int
    code: str | None
    acquired_disposed: str | None
    shares: Decimal | None
    security_title: str | None
    price: Decimal | None


_OF_FILING = CodedLine._fields[CodedLine._fields.index("form") : CodedLine._fields.index("in_doubt")]
_OF_LINE = CodedLine._fields[CodedLine._fields.index("in_doubt") :]
# A code that nobody uses any more is not looked for in twenty years of filings.
LOOKED_THROUGH = 2_000


# A join with the newest filings, which PostgreSQL goes through in their order until it has enough. Asked for lines
# whose filing is one of these, it looks through the lines of all of them.
_NEWEST = f"""
    SELECT newest.accession, newest.issuer, {OWNERS.format(filing="newest.accession")},
           {", ".join(f"newest.{name}" for name in _OF_FILING)}, {", ".join(f'line."{name}"' for name in _OF_LINE)}
      FROM ({{filings}}) AS newest (accession, listed_on, issuer, {", ".join(_OF_FILING)})
      JOIN ({{lines}}) AS line (filing, position, {", ".join(f'"{name}"' for name in _OF_LINE)})
        ON line.filing = newest.accession
     ORDER BY newest.listed_on DESC NULLS LAST, newest.accession DESC, line.position LIMIT {{count}}
"""


@cache
def _newest(letter: str, count: int) -> tuple[str, tuple[Any, ...]]:
    """The statement, which is always the same for a code, and its values."""
    filings = Filing.objects.latest_first().values_list("accession", "listed_on", "issuer_id", *_OF_FILING)
    having = Line.objects.filter(_having(letter), kind="transaction").annotate(in_doubt=priced_in_doubt()).order_by()
    (filings_sql, filings_given), (lines_sql, lines_given) = (
        rows.query.sql_with_params()
        for rows in (filings[:LOOKED_THROUGH], having.values_list("filing", "position", *_OF_LINE))
    )
    return _NEWEST.format(filings=filings_sql, lines=lines_sql, count=count), (*filings_given, *lines_given)


@each_until_the_archive_changes(len(CODES), longer=lambda _: False)
def examples(letter: str, count: int = 6) -> list[CodedLine]:
    """The newest lines with this code among the newest filings. One query, which may go through two thousand."""
    with connection.cursor() as cursor:
        cursor.execute(*_newest(letter, count))
        return [
            CodedLine(dashed(accession), f"{issuer:010}", owners_told(owners), *rest)
            for accession, issuer, owners, *rest in cursor.fetchall()
        ]


def _having(letter: str) -> Q:
    """The lines that EDGAR shows with this code: V and K are no letters of the XML (`filings.ownership.codes`)."""
    if letter == "V":
        return Q(form_type="5", filing__form__in=("4", "4/A"))
    if letter == "K":
        return Q(equity_swap=True)
    return Q(code=letter)
