"""What a request must be before a page of ours looks at it, and what every answer bears.

Promises: a form that another site had the browser send is refused, even with a stolen token, wherever the browser says
where it comes from (Sec-Fetch-Site). Pages answer GET, HEAD and POST only; Django's class views take a PUT for a POST.
What was made for somebody who is logged in is kept by no cache, and no other site may show what is ours.
What takes no session (the API, one-click unsubscribe) says so by `csrf_exempt` and is left alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from form4site.kit.visitors import sent_by_another_site
from form4site.views import csrf_failure

FORM_METHODS = ("GET", "HEAD", "POST")


class OnePolicyMiddleware(CSPMiddleware):
    """Django-csp's header, put together once: no view of ours changes the policy, and none uses a nonce."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)
        self.policy = build_policy()

    def process_request(self, request: HttpRequest) -> None:
        pass

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not (settings.DEBUG and response.status_code in (404, 500)):  # Django's pages for developers have styles
            response.headers.setdefault(HEADER, self.policy)
        return response


class OwnSiteMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        asked = getattr(request, "_cached_user", None)  # set where somebody wanted to know who it is
        # What is not there is the same for everybody, and so are its headers.
        made_for = asked is not None and asked.is_authenticated and response.status_code != 404
        if made_for and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if getattr(view, "csrf_exempt", False):
            return None
        if request.method not in FORM_METHODS:
            return HttpResponseNotAllowed(FORM_METHODS)
        return csrf_failure(request) if sent_by_another_site(request) else None
