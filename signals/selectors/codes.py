"""How often each transaction code occurs in the archive, and the newest lines that have it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.db.models.expressions import RawSQL

from filings.models import Filing, FilingOwner, Line
from filings.ownership.codes import CODES, Code
from signals.models import CodeTally
from signals.selectors.currency import priced_in_doubt
from signals.selectors.kept import until_the_archive_changes


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
    tally = CodeTally.objects.first()
    total, lines = (tally.total, tally.lines) if tally else counted()
    codes = [
        CodeCount(code, lines.get(letter, 0), lines.get(letter, 0) / total if total else None)
        for letter, code in CODES.items()
    ]
    return Counts(codes, tally.counted_at if tally else None)


@until_the_archive_changes
def counted() -> tuple[int, dict[str, int]]:
    """All transactions, and those of each code, by its letter. One query, which reads every line."""
    row = Line.objects.filter(kind="transaction").aggregate(
        total=Count("pk"), **{letter: Count("pk", filter=_having(letter)) for letter in CODES}
    )
    return row.pop("total"), row


# A code that nobody uses any more is not looked for in twenty years of filings.
LOOKED_THROUGH = 2_000


# A join with the newest filings, which PostgreSQL goes through in their order until it has enough. Asked for lines
# whose filing is one of these, it looks through the lines of all of them.
_NEWEST = """
    SELECT line.id FROM ({filings}) AS newest (accession, listed_on)
      JOIN ({lines}) AS line (id, filing, position) ON line.filing = newest.accession
     ORDER BY newest.listed_on DESC NULLS LAST, newest.accession DESC, line.position LIMIT {count}
"""


@cache
def _newest(letter: str, count: int) -> tuple[str, tuple[Any, ...]]:
    """The statement, which is always the same for a code, and its values."""
    filings = Filing.objects.latest_first().values("accession", "listed_on")[:LOOKED_THROUGH]
    having = Line.objects.filter(_having(letter), kind="transaction").order_by().values("pk", "filing", "position")
    (filings_sql, filings_given), (lines_sql, lines_given) = (
        rows.query.sql_with_params() for rows in (filings, having)
    )
    return _NEWEST.format(filings=filings_sql, lines=lines_sql, count=count), (*filings_given, *lines_given)


_LISTED = (
    *("table", "kind", "row", "code", "acquired_disposed", "shares", "security_title", "price"),
    *(f"filing__{name}" for name in ("form", "filed_on", "issuer", "issuer_name")),
)
_LISTED_OWNERS = (
    *("filing", "insider", "name", "is_director", "is_officer", "is_ten_percent_owner", "is_other"),
    *("officer_title", "other_text"),
)


def examples(letter: str, count: int = 6) -> list[Line]:
    """The newest lines with this code among the newest filings, with what a list shows of them. Two queries."""
    lines: QuerySet[Line] = (
        Line.objects.filter(pk__in=RawSQL(*_newest(letter, count)))
        .select_related("filing")
        .only(*_LISTED)
        .prefetch_related(Prefetch("filing__owners", FilingOwner.objects.only(*_LISTED_OWNERS)))
        .annotate(in_doubt=priced_in_doubt())
        .order_by(F("filing__listed_on").desc(nulls_last=True), "-filing_id", "position")
    )
    return list(lines)


def _having(letter: str) -> Q:
    """The lines that EDGAR shows with this code: V and K are no letters of the XML (`filings.ownership.codes`)."""
    if letter == "V":
        return Q(form_type="5", filing__form__in=("4", "4/A"))
    if letter == "K":
        return Q(equity_swap=True)
    return Q(code=letter)
