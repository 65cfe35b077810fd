"""How often each transaction code occurs in the archive, and the newest lines that have it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from filings.models import Filing, Line
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


def examples(letter: str, count: int = 6) -> list[Line]:
    """The newest lines with this code among the newest filings, with filing, issuer and owners. Two queries."""
    newest = Filing.objects.order_by(F("listed_on").desc(nulls_last=True), "-accession")[:LOOKED_THROUGH]
    lines: QuerySet[Line] = (
        Line.objects.filter(_having(letter), kind="transaction", filing__in=newest.values("accession"))
        .select_related("filing__issuer")
        .prefetch_related("filing__owners")
        .annotate(in_doubt=priced_in_doubt())
        .order_by(F("filing__listed_on").desc(nulls_last=True), "-filing_id", "position")
    )
    return list(lines[:count])


def _having(letter: str) -> Q:
    """The lines that EDGAR shows with this code: V and K are no letters of the XML (`filings.ownership.codes`)."""
    if letter == "V":
        return Q(form_type="5", filing__form__in=("4", "4/A"))
    if letter == "K":
        return Q(equity_swap=True)
    return Q(code=letter)
