"""/alerts/inbox/: what a person was told, on the site itself."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.selectors import deliveries
from accounts.services import reading
from accounts.views.channels import person
from form4site.kit.pages import page_or_partial

ITEMS = "items"


@never_cache
@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    user = person(request)
    before = request.GET.get("before", "")
    key = int(before) if before.isascii() and before.isdigit() and len(before) <= 18 else None
    unread_only = request.GET.get("show") == "unread"
    context = {
        "page": deliveries.inbox(user, unread_only=unread_only, before=key),
        "first_page": key is None,
        "unread": deliveries.unread(user),
        "unread_only": unread_only,
    }
    return page_or_partial(request, "alerts/inbox.html", {ITEMS: "alerts/_items.html"}, context)


@never_cache
@login_required
@require_safe
def unread(request: HttpRequest) -> HttpResponse:
    """The number alone, for the head of a page that is the same for everybody."""
    return render(request, "alerts/_unread.html", {"unread": deliveries.unread(person(request))})


@login_required
@require_POST
def read(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Marks one as read and goes to what it is about."""
    item = deliveries.inbox_item(person(request), uid)
    if item is None:
        raise Http404
    reading.mark_read(user=person(request), items=[item])
    return redirect(item.link or "alerts:inbox")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    reading.mark_read(user=person(request))
    return redirect("alerts:inbox")
