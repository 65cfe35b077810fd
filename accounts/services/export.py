"""All that is kept about a person, as one JSON document for that person.

Promises: every model that belongs to a user is told by one of `EXPORTERS`, or a test fails. Secrets stay out: a hash of
a password or the seed of a code is of no use to its owner, and of much to a thief.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Model
from django.utils import timezone

from accounts.models import User


@dataclass(frozen=True, slots=True)
class Exporter:
    """One part of the document: its name, the models it tells, and what it makes of them (JSON's types, dates too)."""

    name: str
    models: tuple[type[Model], ...]
    tell: Callable[[User], Any]


def everything(*, user: User) -> dict[str, Any]:
    parts = {exporter.name: exporter.tell(user) for exporter in EXPORTERS}
    return {"exported_at": timezone.now(), **parts}


def _account(user: User) -> dict[str, Any]:
    return {
        "email": user.email,
        "joined_at": user.joined_at,
        "last_login_at": user.last_login,
        "is_staff": user.is_staff,
        "time_zone": user.time_zone,
        "digest_hour": user.digest_hour,
        "groups": [group.name for group in user.groups.order_by("pk")],
    }


def _addresses(user: User) -> list[dict[str, Any]]:
    kept = EmailAddress.objects.filter(user=user).order_by("pk")
    return [{"email": each.email, "verified": each.verified, "primary": each.primary} for each in kept]


def _second_factors(user: User) -> list[dict[str, Any]]:
    kept = Authenticator.objects.filter(user=user).order_by("pk")
    return [
        {"kind": each.type, "name": str(each), "added_at": each.created_at, "last_used_at": each.last_used_at}
        for each in kept
    ]


def _sessions(user: User) -> list[dict[str, Any]]:
    kept = UserSession.objects.filter(user=user).order_by("pk")
    return [
        {"ip": each.ip, "browser": each.user_agent, "began_at": each.created_at, "seen_at": each.last_seen_at}
        for each in kept
    ]


# Everything that is somebody's, in the order of the document. What belongs to a user is added here.
EXPORTERS: tuple[Exporter, ...] = (
    Exporter("account", (User,), _account),
    Exporter("addresses", (EmailAddress,), _addresses),
    Exporter("second_factors", (Authenticator,), _second_factors),
    Exporter("sessions", (UserSession,), _sessions),
)
