"""How long a session lives: without a visit, and at all; shorter for staff.

Promises: a session past its time is anonymous from the first request after, and gone. A visit is written down once in a
while, not at every request, and a page that does not ask who reads it asks nothing here either.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware as DjangoAuthentication
from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User

BEGAN, SEEN = "began_at", "seen_at"  # in the session, as seconds
WRITTEN_PER_IDLE = 30  # a visit is written down when this part of the idle time has passed since the last one


class AuthenticationMiddleware(DjangoAuthentication):
    """Django's, with sessions that end."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _visitor(request))  # type: ignore[assignment]


def begin(session: SessionBase) -> None:
    """A log-in: the session's time begins."""
    session[BEGAN] = session[SEEN] = int(time.time())


def logged_in(*, request: HttpRequest | None, **_: Any) -> None:
    """Rung by Django at every log-in."""
    if request is not None:
        begin(request.session)


def logged_out(*, request: HttpRequest | None, **_: Any) -> None:
    """Rung by Django before a session is emptied."""
    if request is not None and request.session.session_key:
        UserSession.objects.filter(session_key=request.session.session_key).delete()


def password_changed(*, request: HttpRequest, user: User, **_: Any) -> None:
    """Rung by allauth: whoever got in with the old password is out."""
    end_others(user=user, kept=request.session.session_key)


def limits(user: User) -> tuple[timedelta, timedelta]:
    """The longest pause, and the longest life."""
    if user.is_staff:
        return settings.STAFF_SESSION_IDLE, settings.STAFF_SESSION_LONGEST
    return settings.SESSION_IDLE, settings.SESSION_LONGEST


def end_others(*, user: User, kept: str | None) -> int:
    """Every session of this person but the one with this key is over. How many there were."""
    others = UserSession.objects.filter(user_id=user.pk).exclude(session_key=kept or "")
    for session in (found := list(others)):
        session.end()
    return len(found)


def _visitor(request: HttpRequest) -> Any:
    user: Any = get_user(request)
    if not user.is_authenticated:
        return user
    idle, longest = limits(user)
    session, now = request.session, time.time()
    began, seen = session.get(BEGAN), session.get(SEEN)
    if began is None or seen is None:  # begun before times were kept
        begin(session)
    elif now - seen > idle.total_seconds() or now - began > longest.total_seconds():
        _end(request)
        return AnonymousUser()
    elif now - seen > idle.total_seconds() / WRITTEN_PER_IDLE:
        session[SEEN] = int(now)
        seen_at = datetime.fromtimestamp(now, tz=UTC)
        UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=seen_at)
    return user


def _end(request: HttpRequest) -> None:
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    request.session.flush()
    request._cached_user = AnonymousUser()  # type: ignore[attr-defined]
