"""/v1: the peer's contract and ours, behind keys.

Promises: every answer that is no success is the envelope of `form4site.kit.api`; nothing redirects; a session decides
nothing. The OpenAPI document is at /v1/openapi.json, its page at /api/docs, both from this site alone.
"""

from __future__ import annotations

import functools
import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.parser import Parser
from ninja.security import APIKeyHeader

from accounts.api import routes as people
from accounts.models import Scope
from accounts.services.keys import Caller, call
from form4site.kit.api import ApiError, envelope
from signals.api.parameters import described
from signals.api.routes import open_to_all, ours, peer
from signals.selectors.matching import TooBroad

log = logging.getLogger(__name__)

HEADER = "X-Api-Key"


class Key(APIKeyHeader):
    """The key in the header, and one call of what it may spend."""

    param_name = HEADER

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        super().__init__()

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller:
        if not key:
            raise ApiError(401, "MISSING_API_KEY", f"Send your key in the header {HEADER}; make one in your account.")
        caller = call(key)
        if caller is None:
            raise ApiError(401, "INVALID_API_KEY", "This key is unknown, revoked or expired.")
        allowance = caller.allowance
        request.api_headers = allowance.headers  # type: ignore[attr-defined]
        if not allowance.allowed:
            raise ApiError(429, "RATE_LIMIT_EXCEEDED", f"Too many calls; try again in {allowance.retry_after} seconds.")
        if not caller.may(self.scope):
            raise ApiError(403, "INSUFFICIENT_SCOPE", f"This key may not do that; it needs the scope {self.scope}.")
        return caller


class Questions(Parser):
    """A parameter without a word (`?min_value=`, as a form sends it) asks nothing: it counts as not given."""

    def parse_querydict(
        self, data: MultiValueDict[str, str], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        read = super().parse_querydict(data, list_fields, request)
        return {name: words for name, words in read.items() if not isinstance(words, str) or words.strip()}


api = NinjaAPI(
    title="form4site",
    version="1",
    description=(
        "What insiders filed with the SEC on Forms 3, 4 and 5, as filed and as read. Nothing here is investment "
        "advice. Paths have no slash at their end. Errors are `{error: {code, message, requestId}}`."
    ),
    docs_url=None,
    openapi_url=None,
    auth=Key(Scope.READ),
    parser=Questions(),
    urls_namespace="api",
)
api.add_router("", peer)
api.add_router("", ours)
api.add_router("", open_to_all)
api.add_router("/webhooks", people.webhooks, auth=Key(Scope.WEBHOOKS))
api.add_router("/keys", people.keys)
api.add_router("/screens", people.screens)


@api.exception_handler(ApiError)
def told(request: HttpRequest, error: ApiError) -> HttpResponse:
    return envelope(request, error)


@api.exception_handler(ValidationError)
def not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first: dict[str, Any] = error.errors[0] if error.errors else {}
    where = ".".join(str(part) for part in first.get("loc", ())[1:] if part != "asked") or "the request"
    words = str(first.get("msg", "cannot be read")).removeprefix("Value error, ")
    code = "INVALID_DATE" if "is no date such as" in words else "INVALID_REQUEST"
    return envelope(request, ApiError(400, code, f"{where}: {words}"))


@api.exception_handler(TooBroad)
def too_broad(request: HttpRequest, error: TooBroad) -> HttpResponse:
    message = f"That is too broad ({error}): ask for a shorter span of days, or for fewer issuers."
    return envelope(request, ApiError(400, "TOO_BROAD", message))


@api.exception_handler(Http404)
def not_here(request: HttpRequest, error: Http404) -> HttpResponse:
    return envelope(request, ApiError(404, "NOT_FOUND", str(error) or "There is nothing here."))


@api.exception_handler(AuthenticationError)
def who_are_you(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return envelope(request, ApiError(401, "MISSING_API_KEY", f"Send your key in the header {HEADER}."))


@api.exception_handler(HttpError)
def of_ninja(request: HttpRequest, error: HttpError) -> HttpResponse:
    code = "RATE_LIMIT_EXCEEDED" if isinstance(error, Throttled) else "INVALID_REQUEST"
    return envelope(request, ApiError(error.status_code, code, str(error)))


@api.exception_handler(Exception)
def ours_to_mend(request: HttpRequest, error: Exception) -> HttpResponse:
    log.exception("The API failed on %s", request.path)
    return envelope(request, ApiError(500, "INTERNAL_ERROR", "Something failed here. It is logged under this number."))


@functools.cache
def openapi_document() -> dict[str, Any]:
    return described(dict(api.get_openapi_schema(path_prefix="/v1/")))


def nothing_there(request: HttpRequest, path: str = "") -> HttpResponse:
    """Every other address under /v1."""
    return envelope(request, ApiError(404, "NOT_FOUND", f"There is no endpoint /v1/{path[:80]}."))
