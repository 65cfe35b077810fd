"""How often each transaction code occurs in the archive, and the newest lines that have it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from filings.models import Line
from filings.ownership.codes import CODES, Code
from signals.selectors.currency import priced_in_doubt
from signals.selectors.kept import until_the_archive_changes


@dataclass(frozen=True, slots=True)
class CodeCount:
    """A code with the number of its lines here and their share of all transactions, None in an empty archive."""

    code: Code
    lines: int
    share: float | None


@until_the_archive_changes
def code_counts() -> list[CodeCount]:
    """Every official code in the order of the table, with how often it occurs. One query."""
    row = Line.objects.filter(kind="transaction").aggregate(
        total=Count("pk"), **{letter: Count("pk", filter=_having(letter)) for letter in CODES}
    )
    total = row["total"]
    return [CodeCount(code, row[letter], row[letter] / total if total else None) for letter, code in CODES.items()]


def examples(letter: str, count: int = 6) -> list[Line]:
    """The newest lines with this code, with filing, issuer and owners. Two queries."""
    lines: QuerySet[Line] = (
        Line.objects.filter(_having(letter), kind="transaction")
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
