"""What every answer under /v1 gets: CORS without credentials, limits, gzip, the number of the call, errors in envelope.

Stands outermost of all that could answer in HTML: no page, no redirect and no cookie leaves through here.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

from form4site.kit.api import ApiError, envelope, request_id

PREFIXES = ("/v1/", "/health/")
_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
_OF_THE_BODY = {"Content-Type", "Content-Length", "Content-Language", "Location"}  # what an error does not take over
_EXPOSED = "ETag, Last-Modified, Retry-After, X-Request-Id, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset"


class ApiMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.gzip = GZipMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(PREFIXES):
            return self.get_response(request)
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response: HttpResponseBase = HttpResponse(status=204)
            response["Access-Control-Allow-Methods"] = _METHODS
            response["Access-Control-Allow-Headers"] = "X-Api-Key, Content-Type, If-None-Match, If-Modified-Since"
            response["Access-Control-Max-Age"] = "86400"
        else:
            head = request.method == "HEAD"
            if head:  # what GET would answer; the server leaves the body out
                request.method = "GET"
            response = self._refused(request) or self._in_envelope(request, self.get_response(request))
            if head:
                request.method = "HEAD"
            for name, value in getattr(request, "api_headers", {}).items():
                response[name] = value
            response["X-Request-Id"] = request_id(request)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = _EXPOSED
        response.cookies.clear()
        patch_vary_headers(response, ["X-Api-Key", "Accept-Encoding"])
        return self.gzip.process_response(request, response)

    @staticmethod
    def _refused(request: HttpRequest) -> HttpResponse | None:
        """No text in PostgreSQL has a NUL, so nothing can be asked by one."""
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return envelope(
                request, ApiError(400, "INVALID_REQUEST", "The address has a NUL (%00), which no text has.")
            )
        return None

    @staticmethod
    def _in_envelope(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "")
        if response.status_code < 400 and not 300 <= response.status_code < 304:
            return response
        if kind.startswith("application/json"):
            return response
        codes = {400: "INVALID_REQUEST", 403: "FORBIDDEN", 404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED"}
        status = 404 if response.status_code < 400 else response.status_code
        code = codes.get(status, "INTERNAL_ERROR" if status >= 500 else "INVALID_REQUEST")
        words = {405: f"{request.method} is not answered here."}.get(status, "That request cannot be answered.")
        allowed = {"Allow": response["Allow"]} if "Allow" in response.headers else None
        answer = envelope(request, ApiError(status, code, words), allowed)
        for name, value in response.headers.items():
            if name not in _OF_THE_BODY:
                answer.headers.setdefault(name, value)
        return answer
