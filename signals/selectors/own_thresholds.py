"""A signal's kind computed again for its issuer with the reader's own thresholds. Nothing of it is stored.

Refuses: issuers with so many filings that a page would keep its reader waiting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from filings.models import Issuer
from signals.detectors.engine import signals_of
from signals.detectors.signal import Signal as Found
from signals.detectors.thresholds import Thresholds
from signals.models import Signal
from signals.readings.fiscal_year import month_and_day
from signals.readings.trades import issuer_reading
from signals.selectors.histories import history_of
from signals.selectors.prices import closes_and_splits

MOST_FILINGS = 3_000


class BadThreshold(ValueError):
    """A number that is none, or a name that is not there; the text says which."""


@dataclass(frozen=True, slots=True)
class Again:
    """The kind's signals of the issuer with these thresholds. `same` rests on a trade that the page's own rests on."""

    found: Sequence[Found]
    same: Found | None


def with_own(signal: Signal, numbers: Mapping[str, str]) -> Again:
    """Raises `BadThreshold`."""
    issuer: Issuer = signal.issuer
    if issuer.filings.count() > MOST_FILINGS:
        raise BadThreshold(f"{issuer.name} has more than {MOST_FILINGS:,} filings here; that would take too long.")
    try:
        thresholds = Thresholds(numbers)
    except ValueError as error:
        raise BadThreshold(str(error)) from error
    closes, splits = closes_and_splits([issuer.cik]).get(issuer.cik, ({}, []))
    try:
        found = signals_of(
            issuer_reading(history_of(issuer.cik)),
            now=timezone.now(),
            thresholds=thresholds,
            closes=closes,
            splits=splits,
            ticker=issuer.ticker,
            fiscal_year_end=month_and_day(issuer.fiscal_year_end),
            kinds=[signal.kind],
        )
    except OverflowError as error:
        raise BadThreshold("One of these numbers is larger than any calendar.") from error
    newest_first = sorted(found, key=lambda one: one.order, reverse=True)
    counted = {_place(cited["accession"], cited["lines"]) for cited in signal.trades}
    same = (
        one
        for one in newest_first
        if one.key == signal.key or any(_place(cited.accession, cited.lines) in counted for cited in one.trades)
    )
    return Again(newest_first, next(same, None))


def _place(accession: str, lines: Sequence[Sequence[object]]) -> tuple[object, ...]:
    """The first row that is cited; of a filing that is cited as a whole, the filing."""
    return accession, *(lines[0] if lines else ())
