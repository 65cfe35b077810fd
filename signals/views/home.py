"""Home: the newest filings, and ways in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from form4site.kit.pages import page_or_partial, wants_partial
from form4site.kit.statements import together
from signals.ready_made import READY_MADE
from signals.selectors.charts import lately_chart
from signals.selectors.freshness import freshness
from signals.selectors.kept import until_the_archive_changes
from signals.selectors.latest import latest, most_active, page_key
from signals.selectors.signal_feed import Wanted, feed

LISTING = "filings"
SIGNALS = 4


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    before = page_key(request.GET.get("before", ""))
    fresh = freshness()
    whole = before is None and not wants_partial(request, LISTING)
    page, *newest = together(latest.question(before), *([feed.question(Wanted(), size=SIGNALS)] if whole else ()))
    context: dict[str, Any] = {"page": page, "first_page": before is None, "freshness": fresh}
    if whole:
        context |= {
            "active": most_active(fresh.latest_on),
            "charts": _charts(fresh.latest_on),
            "signals": newest[0].signals,
            "ready_made": READY_MADE,
        }
    return page_or_partial(request, "signals/home.html", {LISTING: "signals/_filings.html"}, context)


@until_the_archive_changes
def _charts(until: date | None) -> SafeString:
    """The chart of home as it stands there: to draw it takes a quarter of the page."""
    lately = lately_chart(until)
    return render_to_string("signals/_charts.html", {"charts": [lately]}) if lately else SafeString()
