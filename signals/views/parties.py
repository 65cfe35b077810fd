"""Issuer and insider pages: who they are, what happened along time, their filings, the trades behind each number."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from filings.errors import NotFound
from filings.models import Issuer
from filings.querysets import FilingQuerySet
from form4site.kit.pages import page_or_partial, wants_partial
from signals.choice import ALL_PEOPLE, FILINGS, HOLDINGS, LINES, TRADES, Choice
from signals.models import Trade
from signals.selectors.freshness import freshness
from signals.selectors.insiders import insider_along, insider_scope
from signals.selectors.latest import latest, page_key
from signals.selectors.ledgers import ledger
from signals.selectors.parties import filings_of, find_insider, find_issuer, insider_page, issuer_holdings, issuer_page
from signals.selectors.timelines import issuer_scope, timeline

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
    context = _choices(request, choice, FILINGS, TRADES, LINES, HOLDINGS) | {"lead": "owner", "has_prices": True}
    if not wants_partial(request, TIMELINE):
        context |= _issuer_listing(found.issuer, choice)
    if not wants_partial(request, LISTING):
        page = issuer_page(found, everybody=choice.people == ALL_PEOPLE)
        context |= {
            "party": page,
            "timeline": found.last_on and timeline(issuer_scope(page), choice, found.last_on),
            "freshness": freshness(),
        }
    return page_or_partial(request, "signals/issuer.html", PARTIALS, context)


def _issuer_listing(issuer: Issuer, choice: Choice) -> dict[str, Any]:
    if choice.show == HOLDINGS:
        return {"positions": issuer_holdings(issuer)}
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
            "along": insider_along(found.insider, page.seats),
            "inferred": [signal for signal in along.all_signals if signal.kind == INFERRED_PLAN] if along else [],
            "freshness": freshness(),
        }
    return page_or_partial(request, "signals/insider.html", PARTIALS, context)


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
