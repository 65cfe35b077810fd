"""Which browsers a person has logged in with: the browser keeps it, in a signed cookie that names nobody.

A browser without the cookie is a new one; losing it costs one mail, and nothing else depends on it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

NAME = "__Host-known" if settings.HTTPS else "known"
KEPT = timedelta(days=365)
MOST = 8  # people who share a browser


def is_known(request: HttpRequest, user: Any) -> bool:
    return _mark(user) in _marks(request)


def remember(request: HttpRequest, user: Any, response: HttpResponseBase) -> None:
    marks = [_mark(user), *_marks(request)][:MOST]
    response.set_cookie(
        NAME,
        signing.dumps(marks, salt="known browsers"),
        max_age=KEPT,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _marks(request: HttpRequest) -> list[str]:
    try:
        marks = signing.loads(request.COOKIES.get(NAME, ""), salt="known browsers", max_age=KEPT)
    except signing.BadSignature:
        return []
    return [str(mark) for mark in marks]


def _mark(user: Any) -> str:
    return salted_hmac("known browsers", f"{user.pk}", algorithm="sha256").hexdigest()[:32]
