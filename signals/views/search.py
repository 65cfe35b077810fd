"""Search: issuers, insiders and filings by name, symbol, CIK or accession number; suggestions while typing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from filings.search import search as find
from form4site.kit.pages import page_or_partial
from signals.selectors.freshness import freshness

PAGE_LIMIT = 40
SUGGESTIONS = 8


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    suggesting = request.headers.get("HX-Target") == "suggestions"
    hits = find(query, SUGGESTIONS if suggesting else PAGE_LIMIT) if query else []
    # An accession number names one thing: go there, unless the reader is still typing.
    if not suggesting and len(hits) == 1 and hits[0].kind == "filing":
        return redirect("signals:filing", hits[0].key)
    context = {"query": query, "hits": hits, "limit": PAGE_LIMIT, "freshness": freshness()}
    return page_or_partial(request, "signals/search.html", {"suggestions": "signals/_suggestions.html"}, context)
