"""The screen: criteria, what meets them, and the same rows as a file and as a feed. The address is the screen."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from form4site.kit.pages import page_or_partial, wants_partial
from signals.criteria import ScreenCriteria
from signals.criteria_words import in_a_sentence, phrases
from signals.forms import ScreenForm
from signals.ready_made import READY_MADE
from signals.selectors.freshness import freshness
from signals.selectors.matching import TooBroad, answer, hits
from signals.views.columns import Column, Head, columns, labels, rows
from signals.views.files import csv_lines

RESULTS = "results"
FEED_ENTRIES = 50
LONGEST_KEPT = 500  # characters of criteria, which stand in sixty addresses of a page: 15 MB of words at worst
NEVER = datetime(2003, 5, 5, tzinfo=UTC)  # before EDGAR took the first of these forms as XML
_REFUSED = 422  # also of what is too broad: the address asks for what cannot be answered


@require_safe
def screen(request: HttpRequest) -> HttpResponse:
    form = ScreenForm(request.GET)
    if form.criteria is not None and form.untidy and not wants_partial(request, RESULTS):
        return redirect(_address("signals:screen", form.criteria, form.changing))
    context: dict[str, Any] = {"form": form, "freshness": freshness(), "ready_made": READY_MADE}
    if form.criteria is None:
        return _page(request, context, _REFUSED)
    after = request.GET.get("after", "")
    context |= _of_criteria(form) | {"first_page": not after}
    try:
        found = answer(form.criteria, after)
    except TooBroad:
        return _page(request, context | {"too_broad": True}, _REFUSED)
    context |= {
        "answer": found,
        "rows": rows(form.criteria, found.page),
        "older": found.page.after and _older(context["top"], found.page.after),
        "emptied": _emptied(form, found.emptied or {}),
    }
    response = _page(request, context)
    if wants_partial(request, RESULTS) and not after:
        response["HX-Push-Url"] = _address("signals:screen", form.criteria, form.changing)
    return response


@require_safe
def screen_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The rows of a screen as a file, all of them up to a limit that its name tells."""
    form = ScreenForm(request.GET)
    if form.criteria is None:
        return _page(request, {"form": form, "freshness": freshness(), "ready_made": READY_MADE}, _REFUSED)
    response = StreamingHttpResponse(csv_lines(form.criteria), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="form4site-screen.csv"'
    return response


@require_safe
def screen_feed(request: HttpRequest) -> HttpResponse:
    """The newest trades of a screen as an Atom feed, whatever the page groups or orders by."""
    form = ScreenForm(request.GET)
    if form.criteria is None:
        return _page(request, {"form": form, "freshness": freshness(), "ready_made": READY_MADE}, _REFUSED)
    criteria = form.criteria.without("group", "sort", "columns", "rows")
    try:
        found = hits(criteria, limit=FEED_ENTRIES)
    except TooBroad:
        return HttpResponse("This screen is too broad to answer in time.", status=503, content_type="text/plain")
    context = {
        "title": in_a_sentence(criteria, form.names),
        "trades": found,
        "updated": max((trade.known_at for trade in found), default=NEVER),
        "page": request.build_absolute_uri(_address("signals:screen", criteria)),
        "feed": request.build_absolute_uri(_address("signals:screen-feed", criteria)),
        "site": request.build_absolute_uri("/")[:-1],
    }
    return render(request, "signals/screen.atom", context, content_type="application/atom+xml; charset=utf-8")


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    partials = {RESULTS: "signals/_screen_part.html"}
    return page_or_partial(request, "signals/screen.html", partials, context, status)


def _address(name: str, criteria: ScreenCriteria, changing: str | None = None) -> str:
    query = "&".join(filter(None, (criteria.query, changing and f"changing={changing}")))
    return f"{reverse(name)}?{query}" if query else reverse(name)


def _of_criteria(form: ScreenForm) -> dict[str, Any]:
    """What the page says of the criteria themselves."""
    assert form.criteria is not None
    said = _said if len(form.criteria.query) <= LONGEST_KEPT else _said.__wrapped__
    return said(form.criteria, tuple(form.names.items()), form.changing)


@lru_cache(500)
def _said(criteria: ScreenCriteria, names: tuple[tuple[str, str], ...], changing: str | None) -> dict[str, Any]:
    """The same whenever it is asked: a screen that is looked at again, or turned over, is put in words once."""
    called = dict(names)
    pills = [
        {"words": phrase.words, "without": _address("signals:screen", criteria.without(*phrase.keys), changing)}
        for phrase in phrases(criteria, called)
    ]
    return {
        "criteria": criteria,
        "sentence": in_a_sentence(criteria, called),
        "pills": pills,
        "heads": tuple(_head(criteria, changing, name, column) for name, column in columns(criteria).items()),
        "top": _address("signals:screen", criteria, changing),
        "csv": _address("signals:screen-csv", criteria),
        "feed": _address("signals:screen-feed", criteria),
    }


def _older(top: str, after: str) -> str:
    return f"{top}{'&' if '?' in top else '?'}{urlencode({'after': after})}"


def _head(criteria: ScreenCriteria, changing: str | None, name: str, column: Column) -> Head:
    """A column's head: figures and days fall first, names rise; the same again runs the other way."""
    falls_first = column.numeric or name in ("filed", "traded", "late")
    now = criteria.order
    if now.removeprefix("-") == name:
        order = name if now.startswith("-") else f"-{name}"
    else:
        order = f"-{name}" if falls_first else name
    href = _address("signals:screen", criteria.having(sort=order), changing)
    sorted_by = {name: "ascending", f"-{name}": "descending"}.get(now)
    return Head(labels(criteria)[name], column.numeric, href, sorted_by)


def _emptied(form: ScreenForm, emptied: dict[str, int]) -> list[dict[str, Any]]:
    """The criteria without which an empty screen would have rows, with how many and where."""
    criteria = form.criteria
    assert criteria is not None
    by_key = {key: phrase for phrase in phrases(criteria, form.names) for key in phrase.keys}
    return [
        {
            "words": by_key[key].words,
            "number": number,
            "without": _address("signals:screen", criteria.without(key), form.changing),
        }
        for key, number in emptied.items()
    ]
