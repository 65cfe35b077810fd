"""Search: issuers, insiders and filings by name, symbol, CIK or accession number; footnotes by their words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from filings.search import search as find
from form4site.kit.pages import page_or_partial
from signals.selectors.footnotes import NotesPage, footnotes_with
from signals.selectors.freshness import freshness
from signals.selectors.matching import TooBroad

PAGE_LIMIT = 40
SUGGESTIONS = 8
FOOTNOTES = "footnotes"


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    if request.GET.get("in") == FOOTNOTES:
        return _footnotes(request, query)
    suggesting = request.headers.get("HX-Target") == "suggestions"
    hits = find(query, SUGGESTIONS if suggesting else PAGE_LIMIT) if query else []
    # An accession number names one thing: go there, unless the reader is still typing.
    if not suggesting and len(hits) == 1 and hits[0].kind == "filing":
        return redirect("signals:filing", hits[0].key)
    context = {"query": query, "hits": hits, "limit": PAGE_LIMIT, "freshness": freshness()}
    return page_or_partial(request, "signals/search.html", {"suggestions": "signals/_suggestions.html"}, context)


def _footnotes(request: HttpRequest, query: str) -> HttpResponse:
    before = request.GET.get("before", "")
    key = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    found, broad = NotesPage([], None), False
    if query:
        try:
            found = footnotes_with(query, key)
        except TooBroad:
            broad = True
    context = {"query": query, "found": found, "broad": broad, "first": key is None, "freshness": freshness()}
    return render(request, "signals/search_footnotes.html", context)
