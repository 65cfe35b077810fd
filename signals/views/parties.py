"""Issuer and insider pages: who they are, what happened along time, their filings, the trades behind each number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from filings.errors import NotFound
from filings.models import Issuer
from filings.querysets import FilingQuerySet
from form4site.kit.pages import page_or_partial, wants_partial
from signals.choice import ADJUSTED, ALL_PEOPLE, FILINGS, HOLDINGS, LINES, TRADES, Choice
from signals.models import Trade
from signals.readings.splits import NO_SPLITS
from signals.selectors.freshness import freshness
from signals.selectors.insiders import insider_along, insider_scope
from signals.selectors.latest import latest, page_key
from signals.selectors.ledgers import ledger
from signals.selectors.parties import filings_of, find_insider, find_issuer, insider_page, issuer_page
from signals.selectors.positions import Figures, Position, positions_at
from signals.selectors.prices import PriceBook, price_book, splits_of
from signals.selectors.seats import Seat
from signals.selectors.timelines import issuer_scope, timeline, years_before

LISTING, TIMELINE = "filings", "timeline"
INFERRED_PLAN = "inferred_plan"
PARTIALS = {LISTING: "signals/_listing.html", TIMELINE: "signals/_timeline.html"}


@require_safe
def issuer(request: HttpRequest, key: str) -> HttpResponse:
    try:
        found = find_issuer(key)
    except NotFound as error:
        raise Http404(str(error)) from error
    choice = Choice.of(request.GET)
    context = _choices(request, choice, FILINGS, TRADES, LINES, HOLDINGS) | {"lead": "owner"}
    if not wants_partial(request, TIMELINE):
        context |= _issuer_listing(found.issuer, choice)
    if not wants_partial(request, LISTING):
        book = PriceBook()
        if found.last_on:
            since = years_before(found.last_on, choice.years)
            book = price_book(found.issuer.cik, since, found.last_on, found.shown_splits)
        page = issuer_page(found, book.splits, everybody=choice.people == ALL_PEOPLE)
        context |= {
            "party": page,
            "timeline": found.last_on and timeline(issuer_scope(page, book), choice, found.last_on),
            "freshness": freshness(),
        }
    return page_or_partial(request, "signals/issuer.html", PARTIALS, context)


def _issuer_listing(issuer: Issuer, choice: Choice) -> dict[str, Any]:
    if choice.show == HOLDINGS:
        splits = splits_of(issuer.cik) if choice.prices == ADJUSTED else NO_SPLITS
        return {"positions": [position.figures(splits) for position in positions_at(issuer)]}
    return _listing(choice, issuer.filings.all(), Trade.objects.filter(issuer=issuer))


@require_safe
def insider(request: HttpRequest, cik: str) -> HttpResponse:
    try:
        found = find_insider(cik)
    except NotFound as error:
        raise Http404(str(error)) from error
    choice = Choice.of(request.GET)
    context = _choices(request, choice, FILINGS, TRADES, LINES)
    if not wants_partial(request, TIMELINE):
        trades = Trade.objects.filter(owners__contains=[found.insider.cik])
        context |= _listing(choice, filings_of(found.insider), trades)
    if not wants_partial(request, LISTING):
        page = insider_page(found)
        last_on = max((seat.last_on for seat in page.seats if seat.last_on), default=None)
        along = last_on and timeline(insider_scope(found.insider, page.seats), choice, last_on)
        context |= {
            "party": page,
            "timeline": along,
            "along": insider_along(found.insider, page.seats, choice),
            "held": _on_scale(page.held, page.seats, choice),
            "ended": _on_scale(page.ended, page.seats, choice),
            "inferred": [signal for signal in along.all_signals if signal.kind == INFERRED_PLAN] if along else [],
            "freshness": freshness(),
        }
    return page_or_partial(request, "signals/insider.html", PARTIALS, context)


def _on_scale(positions: Sequence[Position], seats: Sequence[Seat], choice: Choice) -> list[Figures]:
    splits = {seat.issuer.cik: seat.splits for seat in seats} if choice.prices == ADJUSTED else {}
    return [position.figures(splits.get(position.line.issuer.cik, NO_SPLITS)) for position in positions]


def _choices(request: HttpRequest, choice: Choice, *lists: str) -> dict[str, Any]:
    rest = choice.query().removeprefix("?")
    return {
        "choice": choice,
        "shown": choice.shown(*lists),
        "partial": any(wants_partial(request, target) for target in PARTIALS),
        "extra": f"&{rest}" if rest else "",
        "all_trades": choice.query(side="", since=None, until=None),
        "everybody": choice.query(people=ALL_PEOPLE),
    }


def _listing(choice: Choice, filings: FilingQuerySet, trades: QuerySet[Trade]) -> dict[str, Any]:
    """The list below the charts. Two queries or three."""
    if choice.show == TRADES:
        return {"ledger": ledger(trades, choice), "first_page": not choice.before}
    before = page_key(choice.before)
    return {"page": latest(before, filings, lines=choice.show == LINES), "first_page": before is None}
