"""Keyset pages over the newest filings, and the choice of page or partial. No model is known here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def wants_partial(request: HttpRequest, target: str) -> bool:
    """Whether HTMX asks for exactly the element with this id. Boosted and history requests want the page."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request and htmx.target == target


def page_or_partial(
    request: HttpRequest, page: str, partials: dict[str, str], context: dict[str, object], status: int = 200
) -> HttpResponse:
    """Renders `page`, or the one of `partials` (by element id) that HTMX asks for, from the same context."""
    template = page
    for target, partial in partials.items():
        if wants_partial(request, target):
            template = partial
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ("HX-Request", "HX-Target", "HX-Boosted", "HX-History-Restore-Request"))
    return response
