"""Home: the newest filings, and ways in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from form4site.kit.pages import page_or_partial, wants_partial
from signals.ready_made import READY_MADE
from signals.selectors.charts import lately_chart
from signals.selectors.freshness import freshness
from signals.selectors.latest import latest, most_active, page_key
from signals.selectors.signal_feed import Wanted, feed

LISTING = "filings"
SIGNALS = 4


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    before = page_key(request.GET.get("before", ""))
    fresh = freshness()
    context: dict[str, Any] = {
        "page": latest(before),
        "first_page": before is None,
        "freshness": fresh,
    }
    if before is None and not wants_partial(request, LISTING):
        lately = lately_chart(fresh.latest_on)
        context |= {
            "active": most_active(fresh.latest_on),
            "charts": [lately] if lately else [],
            "signals": feed(Wanted(), size=SIGNALS).signals,
            "ready_made": READY_MADE,
        }
    return page_or_partial(request, "signals/home.html", {LISTING: "signals/_filings.html"}, context)
