"""Home: the newest filings, and ways in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from form4site.kit.pages import page_or_partial
from signals.selectors.freshness import freshness
from signals.selectors.latest import latest, most_active, page_key


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    before = page_key(request.GET.get("before", ""))
    fresh = freshness()
    context = {
        "page": latest(before),
        "first_page": before is None,
        "freshness": fresh,
        "active": most_active(fresh.latest_on) if before is None else [],
    }
    return page_or_partial(request, "signals/home.html", {"filings": "signals/_filings.html"}, context)
