"""/ops/: how the archive stands, for staff. For everybody else there is no such page, to the byte and by any method."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from filings.errors import NotFound
from filings.models import Stage
from filings.selectors import received_document
from filings.services.quarantine import retry_quarantined
from form4site.kit.visitors import staff_only
from signals.selectors.coverage import KEY
from signals.selectors.operations import Beside, nothing_beside, operations_page


@staff_only
@require_safe
def operations(request: HttpRequest, beside: Beside = nothing_beside) -> HttpResponse:
    """`beside` gives the queues of other apps; the project's addresses say which."""
    page = operations_page(year=_number(request, "year"), month=_number(request, "month"), beside=beside)
    return render(request, "signals/ops.html", {"ops": page, "key": KEY})


@staff_only
@require_POST
def retry(request: HttpRequest, accession: str) -> HttpResponse:
    try:
        stage = retry_quarantined(accession=accession)
    except (NotFound, ValidationError):
        messages.warning(request, f"{accession[:40]} is not set aside any more; somebody else may have been faster.")
    else:
        what = "fetched from the SEC again" if stage is Stage.SEEN else "read again from its kept bytes"
        messages.success(request, f"{accession} will be {what} within seconds.")
    return redirect("ops")


@staff_only
@require_safe
def received(request: HttpRequest, accession: str) -> HttpResponse:
    """The bytes that were received of a filing, published or not. Plain text: they were written by strangers."""
    try:
        document = received_document(accession)
    except (NotFound, ValidationError):
        raise Http404 from None
    response = HttpResponse(document.content, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{document.accession}.txt"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _number(request: HttpRequest, name: str) -> int | None:
    words = request.GET.get(name, "")
    return int(words) if words.isascii() and words.isdigit() and len(words) <= 4 else None
