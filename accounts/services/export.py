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

from accounts.models import ApiKey, Channel, Delivery, DeliveryAttempt, KeyUsage, Match, SavedScreen, User


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


def _channels(user: User) -> list[dict[str, Any]]:
    return [
        {
            "id": each.uid,
            "kind": each.kind,
            "name": each.name,
            "address": each.address,
            "state": each.state,
            "stopped_reason": each.stopped_reason,
            "event_types": each.event_types,
            "made_at": each.made_at,
            "verified_at": each.verified_at,
        }
        for each in Channel.objects.filter(user=user).order_by("pk")
    ]


def _deliveries(user: User) -> list[dict[str, Any]]:
    kept = Delivery.objects.filter(channel__user=user).select_related("channel").prefetch_related("tries")
    return [
        {
            "id": each.uid,
            "channel": each.channel.name,
            "event": each.event,
            "title": each.title,
            "text": each.text,
            "status": each.status,
            "made_at": each.made_at,
            "sent_at": each.sent_at,
            "read_at": each.read_at,
            "tries": [
                {"at": one.ended_at, "status": one.status, "error": one.error_class}
                for one in sorted(each.tries.all(), key=lambda one: one.number)
            ],
        }
        for each in kept.order_by("pk")
    ]


def _api_keys(user: User) -> list[dict[str, Any]]:
    kept = ApiKey.objects.filter(user=user).prefetch_related("usage").order_by("pk")
    return [
        {
            "name": each.name,
            "begins_with": each.prefix,
            "scopes": each.scopes,
            "made_at": each.made_at,
            "expires_at": each.expires_at,
            "last_used_at": each.last_used_at,
            "revoked_at": each.revoked_at,
            "calls": {str(day.on): day.calls for day in sorted(each.usage.all(), key=lambda day: day.on)},
        }
        for each in kept
    ]


def _screens(user: User) -> list[dict[str, Any]]:
    kept = SavedScreen.objects.owned_by(user).prefetch_related("matches").order_by("pk")
    return [
        {
            "name": each.name,
            "criteria": each.query,
            "cadence": each.cadence,
            "tells": each.tells,
            "paused": each.paused,
            "made_at": each.made_at,
            "alerts_from": each.alerts_from,
            "matches": [
                {"subject": one.subject, "revision": one.revision, "made_at": one.made_at, "told": one.told}
                for one in sorted(each.matches.all(), key=lambda one: one.pk)
            ],
        }
        for each in kept
    ]


# Everything that is somebody's, in the order of the document. What belongs to a user is added here.
EXPORTERS: tuple[Exporter, ...] = (
    Exporter("account", (User,), _account),
    Exporter("addresses", (EmailAddress,), _addresses),
    Exporter("second_factors", (Authenticator,), _second_factors),
    Exporter("sessions", (UserSession,), _sessions),
    Exporter("screens", (SavedScreen, Match), _screens),
    Exporter("channels", (Channel,), _channels),
    Exporter("deliveries", (Delivery, DeliveryAttempt), _deliveries),
    Exporter("api_keys", (ApiKey, KeyUsage), _api_keys),
)
