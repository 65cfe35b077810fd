"""What things mean: each kind of signal with its research, the thresholds with their reasons, the score's parts."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from signals.detectors.catalogue import CATALOGUE
from signals.detectors.thresholds import TABLE
from signals.readings.score import CORRECTIONS, POINTS
from signals.selectors.calibration import plan_calibration
from signals.selectors.freshness import freshness
from signals.selectors.signal_feed import Wanted, feed, kind_count, kind_counts

EXAMPLES = 5


@require_safe
def learn(request: HttpRequest) -> HttpResponse:
    return render(request, "learn/learn.html", {"catalogue": list(CATALOGUE.values()), "freshness": freshness()})


@require_safe
def signal_kinds(request: HttpRequest) -> HttpResponse:
    return render(request, "learn/signals.html", {"counts": kind_counts(), "freshness": freshness()})


@require_safe
def signal_kind(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in CATALOGUE:
        raise Http404(f"There is no kind of signal called {kind[:40]}.")
    context = {
        "entry": CATALOGUE[kind],
        "count": kind_count(kind),
        "examples": feed(Wanted(kinds=(kind,)), size=EXAMPLES).signals,
        "others": list(CATALOGUE.values()),
        "measured": plan_calibration() if kind == "inferred_plan" else None,
        "freshness": freshness(),
    }
    return render(request, "learn/signal.html", context)


@require_safe
def thresholds(request: HttpRequest) -> HttpResponse:
    by_kind: dict[str, list[object]] = {}
    for row in TABLE.values():
        by_kind.setdefault(row.kind, []).append(row)
    groups = [(CATALOGUE.get(kind), kind, rows) for kind, rows in by_kind.items()]
    return render(request, "learn/thresholds.html", {"groups": groups, "freshness": freshness()})


@require_safe
def score(request: HttpRequest) -> HttpResponse:
    return render(request, "learn/score.html", {"points": POINTS, "corrections": CORRECTIONS, "freshness": freshness()})
