"""Issuer and insider pages: who they are, their charts, their filings, their lines."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from filings.errors import NotFound
from filings.querysets import FilingQuerySet
from form4site.kit.pages import page_or_partial, wants_partial
from signals.selectors.charts import insider_charts, issuer_charts
from signals.selectors.freshness import freshness
from signals.selectors.latest import latest, page_key
from signals.selectors.parties import filings_of, find_insider, find_issuer, insider_page, issuer_holdings, issuer_page

LISTING = "filings"
SHOWN = ("filings", "lines")
HOLDINGS = "holdings"


@require_safe
def issuer(request: HttpRequest, key: str) -> HttpResponse:
    try:
        found = find_issuer(key)
    except NotFound as error:
        raise Http404(str(error)) from error
    if request.GET.get("show") == HOLDINGS:
        context: dict[str, Any] = {"show": HOLDINGS, "positions": issuer_holdings(found.issuer)}
    else:
        context = _listing(request, found.issuer.filings.all())
    context |= {"lead": "owner", "has_holdings": True}
    if not wants_partial(request, LISTING):
        context |= {
            "party": issuer_page(found),
            "charts": issuer_charts(found.issuer, found.last_on),
            "freshness": freshness(),
        }
    return page_or_partial(request, "signals/issuer.html", {LISTING: "signals/_listing.html"}, context)


@require_safe
def insider(request: HttpRequest, cik: str) -> HttpResponse:
    try:
        found = find_insider(cik)
    except NotFound as error:
        raise Http404(str(error)) from error
    context = _listing(request, filings_of(found.insider))
    if not wants_partial(request, LISTING):
        context |= {"party": insider_page(found), "charts": insider_charts(found.insider), "freshness": freshness()}
    return page_or_partial(request, "signals/insider.html", {LISTING: "signals/_listing.html"}, context)


def _listing(request: HttpRequest, filings: FilingQuerySet) -> dict[str, Any]:
    before = page_key(request.GET.get("before", ""))
    shown = request.GET.get("show")
    return {
        "page": latest(before, filings),
        "first_page": before is None,
        "show": shown if shown in SHOWN else SHOWN[0],
    }
