"""One filing: the form explained or as filed, and the bytes it was read from."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from filings.edgar.addresses import filing_index_page
from filings.errors import NotFound
from filings.ownership.facsimile import LAYOUTS, cited, tables
from filings.ownership.submission import EASTERN, accession_in
from filings.selectors import headed_filing, kept_document
from signals.readings.glance import phrases
from signals.selectors.currency import with_doubts
from signals.selectors.explained import explained, sheet
from signals.selectors.freshness import freshness

FILED = "filed"


@require_safe
def filing(request: HttpRequest, accession: str) -> HttpResponse:
    dashed = accession_in(accession)
    if dashed and dashed != accession:
        return redirect("signals:filing", dashed, permanent=True)
    try:
        found = headed_filing(accession)
    except (NotFound, ValidationError) as error:
        raise Http404(f"No filing {accession} is published here.") from error
    as_filed = request.GET.get("view") == FILED
    told = None if as_filed else explained(found, on=timezone.now().astimezone(EASTERN).date())
    # What was explained was read with its lines and footnotes already.
    lines = told.words.form.lines if told else with_doubts(found)
    footnotes = told.words.form.footnotes if told else dict(found.footnotes.values_list("ref", "text"))
    both = tables(found.form, lines)
    context = {
        "filing": found,
        "layout": LAYOUTS[found.form[:1]],
        "as_filed": as_filed,
        "told": told,
        "words": told.words if told else None,
        "sheet": sheet(both, footnotes.items(), found.remarks, told.words if told else None),
        "without_text": [ref for ref in cited(both) if ref not in footnotes],
        "phrases": () if told else phrases(lines),
        "holdings": len(lines),
        "sec_page": filing_index_page(settings.EDGAR_BASE_URL, found.issuer_id, found.accession),
        "freshness": freshness(),
    }
    return render(request, "signals/filing.html", context)


@require_safe
def kept_bytes(request: HttpRequest, accession: str) -> HttpResponse:
    """The document as received. Sent as plain text whatever it holds: it was written by strangers."""
    try:
        content = kept_document(accession).content
    except (NotFound, ValidationError) as error:
        raise Http404(f"No filing {accession} is published here.") from error
    response = HttpResponse(content, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{accession}.txt"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
