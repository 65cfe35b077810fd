"""The sheet of an issuer: what its page shows along time, its newest signals and its insiders.

Promises: a kept sheet is taken only where it tells of the last reading, that is of all of the issuer's filings, and it
was drawn by the source that runs; it has the same bytes as one that is drawn for the reader.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from form4site.kit import sources
from form4site.kit.statements import Question, Statement, all_of, asked
from signals.choice import ALL_PEOPLE, Choice
from signals.selectors.parties import FoundIssuer, issuer_page
from signals.selectors.prices import PriceBook, price_book
from signals.selectors.seats import seats_at
from signals.selectors.timelines import OF_ISSUER, happened_to, issuer_scope, timeline, years_before

USUAL = Choice()
_TEMPLATE = "signals/_issuer_sheet.html"
_KEPT = """
SELECT drawn FROM signals_issuersheet sheet JOIN signals_issuerstate state USING (issuer_id)
 WHERE issuer_id = %s AND drawn_by = %s AND sheet.read_at = state.read_at
"""


@asked
def kept_sheet(found: FoundIssuer) -> Question[SafeString | None]:
    """The sheet as it was drawn when the issuer was read; None where there is none that still holds."""
    if settings.DEBUG or not found.seated:  # a template that is being written is read anew
        return None
    (rows,) = yield [Statement(_KEPT, [int(found.issuer.cik), sources.digest()])]
    return mark_safe(rows[0][0]) if rows and rows[0][0] else None  # our own template's words, escaped there


@asked
def sheet_of(found: FoundIssuer, choice: Choice) -> Question[dict[str, Any]]:
    """What the template of a sheet shows."""
    seats, *along = yield from all_of(seats_at.question(found.issuer, kept=found.seated), *_along_time(found, choice))
    book, happened = along or (PriceBook(), None)
    page = issuer_page(found, seats, book.splits, everybody=choice.people == ALL_PEOPLE)
    return {
        "party": page,
        "timeline": happened and timeline(issuer_scope(page, book), choice, happened),
        "choice": choice,
        "everybody": choice.query(people=ALL_PEOPLE),
    }


def drawn(found: FoundIssuer) -> str:
    """The sheet as a page shows it unless it is asked for other years, kinds, people or prices."""
    return render_to_string(_TEMPLATE, sheet_of(found, USUAL))


def _along_time(found: FoundIssuer, choice: Choice) -> tuple[Question[Any], ...]:
    """Prices and trades; of an issuer without a dated filing there are none."""
    if not found.last_on:
        return ()
    cik, since = found.issuer.cik, years_before(found.last_on, choice.years)
    return (
        price_book.question(cik, since, found.last_on, found.shown_splits),
        happened_to.question(int(cik), OF_ISSUER, choice, found.last_on),
    )
