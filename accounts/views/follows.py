"""Following an issuer or an insider: a screen of all their trades, one click from their page.

The button comes as a part of a page that is the same for everybody; without script its link leads to a page of its own,
which says what is so now: that page of everybody's cannot.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.selectors import screens as kept
from accounts.services import screens
from accounts.views.channels import person
from accounts.views.parts import asked_of_strangers
from filings.errors import NotFound
from form4site.kit.pages import page_or_partial
from signals.selectors.parties import find_insider, find_issuer

KEYS = ("issuer", "insider")


@never_cache
@asked_of_strangers
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, key: str, cik: str) -> HttpResponse:
    if key not in KEYS or not (cik.isascii() and cik.isdigit()):
        raise Http404
    try:
        party = find_issuer(cik).issuer if key == "issuer" else find_insider(cik).insider
    except NotFound as error:
        raise Http404(str(error)) from error
    user = person(request)
    if request.method == "POST":
        if request.POST.get("follow") == "0":
            screens.unfollow(owner=user, key=key, cik=party.cik)
        else:
            screens.follow(owner=user, key=key, cik=party.cik, name=party.name or party.cik)
        if not request.htmx:  # type: ignore[attr-defined]
            return redirect("screens:follow", key, party.cik)
    context: dict[str, object] = {
        "key": key,
        "party": party,
        "page": reverse(f"signals:{key}", args=[party.cik]),
        "following": kept.follows(user, f"{key}={party.cik}").first(),
    }
    return page_or_partial(request, "screens/follow.html", {"follow": "screens/_follow.html"}, context)
