"""What belongs to no app: health, and the pages for what went wrong.

Promises: `/healthz` answers as long as the process does; `/readyz` answers 200 only when this process can serve
(`form4site.readiness`). An error page says what happened and what to do next, needs no database and shows nothing of
the inside.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from form4site.kit.visitors import staff_only
from form4site.readiness import readiness

log = logging.getLogger(__name__)
SECURITY_TXT_HOLDS = timedelta(days=180)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether this process can serve: never whether the SEC answers, which is no fault of this machine."""
    found = readiness()
    return JsonResponse(found.said, status=200 if found.ready else 503)


@staff_only
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state. Staff only; for everybody else there is no such page."""
    from form4site.gallery import specimens as all_specimens  # not with every start: its charts take a while to invent

    groups = [
        (
            name,
            [
                {
                    "template": specimen.template,
                    "state": specimen.state,
                    "element": specimen.element,
                    "html": render_to_string(specimen.template, specimen.context),
                }
                for specimen in specimens
            ],
        )
        for name, specimens in all_specimens()
    ]
    return render(request, "gallery.html", {"groups": groups})


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a hole (RFC 9116). It says of itself until when it holds, so it is made anew every day."""
    expires = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + SECURITY_TXT_HOLDS
    lines = (
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {settings.BASE_URL}{request.path}",
    )
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    # A message of ours is a sentence for the reader; Django's own resolver errors are not.
    said = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    response = render(request, "errors/404.html", {"said": said, "query": _words_of(request.path)}, status=404)
    # A page that some may see and others may not must not tell itself from one that is not there, not even by this.
    patch_vary_headers(response, ("Cookie",))
    response["Cache-Control"] = "private, no-store"  # as on an answer for which somebody asked who it is
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/500.html", status=500)


class DatabaseAwayMiddleware:
    """Turns a database that does not answer into a page that says so (503), whatever view met it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        log.exception("the database is away: %s", request.path)
        connection.close()
        response = render(request, "errors/503.html", status=503)
        response["Retry-After"] = "10"
        return response


class OnlyPostedMiddleware:
    """Gives whoever opens an address that only takes what a button sends a page that says so, in place of a blank one.

    A log-in leads there: the button was pressed in a session that was over by then.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or request.method not in ("GET", "HEAD"):
            return response
        page = render(request, "errors/405.html", status=405)
        page["Allow"] = response["Allow"]
        return page


def _words_of(path: str) -> str:
    """The last part of an address as words to search for."""
    return path.rstrip("/").rsplit("/", 1)[-1].replace("-", " ")[:60]
