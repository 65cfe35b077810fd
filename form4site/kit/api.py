"""What every endpoint under /v1 shares: how an error is told, how an answer is sent, how a question is read.

Promises: every answer that is no success is `{"error": {code, message, requestId}}`; a success is JSON with a strong
ETag of its bytes, and the same bytes again are 304. Knows no model.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date


class ApiError(Exception):
    """An answer that is no success. `more` are further keys of the envelope (`reason`, `didYouMean`)."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.more = status, code, message, more


def not_found(message: str, code: str = "NOT_FOUND", **more: Any) -> ApiError:
    return ApiError(404, code, message, **more)


def bad_request(message: str, code: str = "INVALID_REQUEST") -> ApiError:
    return ApiError(400, code, message)


def request_id(request: HttpRequest) -> str:
    """The number of this call, in its answer and in the log; made once."""
    found = getattr(request, "api_request_id", None)
    if found is None:
        found = uuid.uuid4().hex
        request.api_request_id = found  # type: ignore[attr-defined]
    return str(found)


def envelope(request: HttpRequest, error: ApiError, headers: Mapping[str, str] | None = None) -> HttpResponse:
    number = request_id(request)
    body = {"error": {"code": error.code, "message": error.message, "requestId": number, **error.more}}
    response = HttpResponse(spelled(body), status=error.status, content_type="application/json")
    response["X-Request-Id"] = number
    response["Cache-Control"] = "no-store"
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def answer(
    request: HttpRequest, body: Any, *, status: int = 200, changed_at: datetime | None = None
) -> HttpResponse:  # fmt: skip
    """The body as JSON; 304 where the caller has these bytes already. `changed_at` becomes Last-Modified."""
    content = spelled(body)
    response = HttpResponse(content, status=status, content_type="application/json")
    if request.method not in ("GET", "HEAD") or status != 200:
        return response
    etag = f'"{blake2b(content, digest_size=12).hexdigest()}"'
    modified = int(changed_at.timestamp()) if changed_at else None
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    if modified is not None:
        response["Last-Modified"] = http_date(modified)
    found = get_conditional_response(request, etag=etag, last_modified=modified, response=response)
    return response if found is None else found


def spelled(body: Any) -> bytes:
    try:
        return orjson.dumps(body, default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME)
    except TypeError:  # a key that is a number, a whole number of more than 64 bits, half a character that was sent
        words = json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=_plain)
        return words.encode(errors="replace")


def number(value: Decimal | None) -> int | float | None:
    """A figure as a JSON number: whole where it is whole."""
    if value is None:
        return None
    whole = int(value)
    return whole if whole == value else float(value)


def midnight(day: date | None) -> str | None:
    """A date as the peer's clients are used to it."""
    return None if day is None else f"{day.isoformat()}T00:00:00Z"


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON")
