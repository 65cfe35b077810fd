"""What a request must be before a page of ours looks at it.

Promises: a form that another site had the browser send is refused, even with a stolen token, wherever the browser says
where it comes from (Sec-Fetch-Site). Pages answer GET, HEAD and POST only; Django's class views take a PUT for a POST.
What takes no session (the API, one-click unsubscribe) says so by `csrf_exempt` and is left alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from form4site.kit.visitors import sent_by_another_site
from form4site.views import csrf_failure

FORM_METHODS = ("GET", "HEAD", "POST")


class OwnFormsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if getattr(view, "csrf_exempt", False):
            return None
        if request.method not in FORM_METHODS:
            return HttpResponseNotAllowed(FORM_METHODS)
        return csrf_failure(request) if sent_by_another_site(request) else None
