"""Issuer and insider pages: who they are, their filings, their lines."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from filings.errors import NotFound
from form4site.kit.pages import page_or_partial
from signals.selectors.freshness import freshness
from signals.selectors.latest import latest, page_key
from signals.selectors.parties import filings_of, insider_page, issuer_page

VIEWS = ("filings", "lines")


@require_safe
def issuer(request: HttpRequest, key: str) -> HttpResponse:
    try:
        party = issuer_page(key)
    except NotFound as error:
        raise Http404(str(error)) from error
    context = {"party": party, "lead": "owner", **_listing(request, party.issuer.filings.all())}
    return page_or_partial(request, "signals/issuer.html", {"filings": "signals/_listing.html"}, context)


@require_safe
def insider(request: HttpRequest, cik: str) -> HttpResponse:
    try:
        party = insider_page(cik)
    except NotFound as error:
        raise Http404(str(error)) from error
    context = {"party": party, **_listing(request, filings_of(party.insider))}
    return page_or_partial(request, "signals/insider.html", {"filings": "signals/_listing.html"}, context)


def _listing(request, filings):  # type: ignore[no-untyped-def]
    before = page_key(request.GET.get("before", ""))
    shown = request.GET.get("show")
    return {
        "page": latest(before, filings),
        "first_page": before is None,
        "show": shown if shown in VIEWS else VIEWS[0],
        "freshness": freshness(),
    }
