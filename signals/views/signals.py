"""Signals: the feed, one with its rows and with the reader's own thresholds, the summary, the market."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from filings.errors import NotFound
from form4site.kit.pages import page_or_partial, wants_partial
from signals.detectors.catalogue import CATALOGUE
from signals.readings.sectors import SECTORS
from signals.readings.vocabulary import SLUGS
from signals.selectors.freshness import freshness
from signals.selectors.market import market as market_of
from signals.selectors.own_thresholds import BadThreshold, with_own
from signals.selectors.signal_feed import SINCE, feed, summary, wanted, whole_signal

LISTING = "signals"
PERIODS = {"day": 1, "week": 7}


class Choices:
    """What the filters of the feed offer, to everybody and always."""

    kinds = tuple(CATALOGUE.values())
    roles = SLUGS
    sectors = tuple(enumerate(SECTORS))
    since = tuple(SINCE.items())


CHOICES = Choices()


@require_safe
def signals(request: HttpRequest) -> HttpResponse:
    given = {name: request.GET.getlist(name) for name in request.GET}
    asked = wanted(given)
    after = request.GET.get("after", "")
    kept = request.GET.copy()
    kept.pop("after", None)
    context: dict[str, Any] = {"page": feed(asked, after), "asked": asked, "first_page": not after, "kept": kept}
    if not wants_partial(request, LISTING):
        context |= {"choices": CHOICES, "freshness": freshness()}
    return page_or_partial(request, "signals/signals.html", {LISTING: "signals/_signals.html"}, context)


@require_safe
def signal(request: HttpRequest, key: str) -> HttpResponse:
    try:
        found = whole_signal(key)
    except NotFound as error:
        raise Http404(str(error)) from error
    rows = [(row, request.GET.get(row.name, "").strip()) for row in found.entry.thresholds]
    own = {row.name: words for row, words in rows if words}
    context: dict[str, Any] = {"whole": found, "own": own, "thresholds": rows, "freshness": freshness()}
    try:
        context["again"] = with_own(found.signal, own) if own else None
    except BadThreshold as error:
        context |= {"again": None, "problem": str(error)}
    return render(request, "signals/signal.html", context, status=422 if "problem" in context else 200)


@require_safe
def signals_summary(request: HttpRequest, period: str) -> HttpResponse:
    if period not in PERIODS:
        raise Http404(f"There is a summary of the last {' and of the last '.join(PERIODS)}.")
    context = {"period": period, "summary": summary(PERIODS[period]), "freshness": freshness()}
    return render(request, "signals/summary.html", context)


@require_safe
def market(request: HttpRequest) -> HttpResponse:
    found = market_of()
    return render(request, "signals/market.html", {"market": found, "charts": [found.chart], "freshness": freshness()})
