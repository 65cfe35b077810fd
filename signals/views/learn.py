"""What things mean: each kind of signal with its research, the thresholds with their reasons, the score's parts."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from filings.ownership.facsimile import LAYOUTS
from signals.detectors.catalogue import CATALOGUE
from signals.detectors.thresholds import TABLE
from signals.learning.form4 import BELOW, NOT_ON_THE_FORM
from signals.learning.myths import PLANS, TOPICS, about
from signals.learning.plans import ALLOWED, HISTORY, TOLD_NOTHING, TOLD_SOMETHING, WAITS
from signals.readings.score import CORRECTIONS, POINTS
from signals.selectors.calibration import plan_calibration
from signals.selectors.freshness import freshness
from signals.selectors.kinds import kind_count, kind_counts
from signals.selectors.plans import plan_ages, plan_counts, states
from signals.selectors.signal_feed import Wanted, feed
from signals.selectors.walks import walk

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


@require_safe
def form_4(request: HttpRequest) -> HttpResponse:
    context = {
        "walk": walk(),
        "below": BELOW,
        "absent": NOT_ON_THE_FORM,
        "layouts": LAYOUTS,
        "layout": LAYOUTS["4"],
        "freshness": freshness(),
    }
    return render(request, "learn/form_4.html", context)


@require_safe
def rule_10b5_1(request: HttpRequest) -> HttpResponse:
    plans = plan_counts()
    context = {
        "waits": WAITS,
        "allowed": ALLOWED,
        "history": HISTORY,
        "states": states(plans),
        "ages": plan_ages(plans),
        "counted_on": plans.on,
        "told_something": TOLD_SOMETHING,
        "told_nothing": TOLD_NOTHING,
        "myths": about(PLANS),
        "freshness": freshness(),
    }
    return render(request, "learn/rule_10b5_1.html", context)


@require_safe
def exercises(request: HttpRequest) -> HttpResponse:
    return render(request, "learn/exercises.html", {"freshness": freshness()})


@require_safe
def amendments(request: HttpRequest) -> HttpResponse:
    return render(request, "learn/amendments.html", {"freshness": freshness()})


@require_safe
def myths(request: HttpRequest) -> HttpResponse:
    groups = [(topic, name, about(topic)) for topic, name in TOPICS.items()]
    return render(request, "learn/myths.html", {"groups": groups, "freshness": freshness()})
