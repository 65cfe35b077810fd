"""Where a person is logged in, in words that they recognise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User

# The first that stands in what a browser calls itself: nearly all of them name several others, too.
BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"),
            ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
           ("Macintosh", "Mac"), ("Linux", "Linux"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class LoggedIn:
    pk: int
    where: str
    ip: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


def browser_words(user_agent: str) -> str:
    """What a browser calls itself, as people call it."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), None)
    system = next((name for mark, name in SYSTEMS if mark in user_agent), None)
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or "An unknown browser"


def sessions_of(*, user: User, key: str | None) -> list[LoggedIn]:
    """Every session of this person that is open, the one with this key first, then the latest seen."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    kept = UserSession.objects.filter(user_id=user.pk, session_key__in=alive).order_by("-last_seen_at", "-pk")
    found = [
        LoggedIn(
            pk=each.pk,
            where=browser_words(each.user_agent),
            ip=each.ip,
            began_at=each.created_at,
            seen_at=each.last_seen_at,
            is_this=each.session_key == key,
        )
        for each in kept
    ]
    return sorted(found, key=lambda session: not session.is_this)
