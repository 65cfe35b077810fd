"""Webhooks and keys under /v1, each of the person whose key calls; another person's are not there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import BaseModel, ConfigDict

from accounts.models import (
    ApiKey,
    Channel,
    ChannelKind,
    ChannelState,
    Delivery,
    DeliveryStatus,
    SavedScreen,
    User,
)
from accounts.services import channels
from accounts.services.channels import ChannelRefused
from accounts.services.keys import Caller, usage_of
from accounts.services.screens import criteria_of
from accounts.services.trying import try_out
from form4site.kit.api import ApiError, answer, bad_request, not_found
from signals.api.native import trades as screen_page
from signals.api.questions import Whole

webhooks = Router(tags=["webhooks"])
keys = Router(tags=["keys"])
screens = Router(tags=["screens"])

MOST_EVENTS = 500
OLDEST = timedelta(days=30)
# Hosts that pass on what they get to somebody's own machine: allowed, and said.
TUNNELS = ("trycloudflare.com", "ngrok", "webhook.site", "loca.lt", "serveo")


class Header(BaseModel):
    name: str
    value: str


class NewWebhook(BaseModel):
    model_config = ConfigDict(extra="ignore")

    url: str | None = None
    eventTypes: list[str] | None = None  # noqa: N815
    authHeader: Header | None = None  # noqa: N815


class Address(BaseModel):
    model_config = ConfigDict(extra="ignore")

    url: str | None = None


class Anything(BaseModel):
    model_config = ConfigDict(extra="allow")


class Failure(BaseModel):
    error: dict[str, Any]


FAILURES = {400: Failure, 401: Failure, 403: Failure, 404: Failure, 405: Failure, 415: Failure, 429: Failure}


def told(schema: Any, status: int = 200) -> dict[int, Any]:
    return {status: schema, **FAILURES}


def caller(request: HttpRequest) -> Caller:
    return request.auth  # type: ignore[attr-defined]


def owner(request: HttpRequest) -> User:
    return User.objects.get(pk=caller(request).user_id)


def own(request: HttpRequest, number: int) -> Channel:
    """Raises `ApiError`."""
    found = Channel.objects.filter(user_id=caller(request).user_id, kind=ChannelKind.WEBHOOK, pk=number).first()
    if found is None:
        raise not_found("There is no such webhook.")
    return found


def moment_in(words: str) -> datetime:
    """In UTC where no zone is given. Raises `ApiError`."""
    try:
        read = datetime.fromisoformat(words.strip().replace(" ", "+"))  # a plus that was not escaped comes as a space
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise bad_request(f"since is no moment: {words[:40]!r}.", "INVALID_DATE") from None


def refused(error: ChannelRefused) -> ApiError:
    return ApiError(400, error.code, str(error))


@webhooks.post("", response=told(Anything, 201))
def create(request: HttpRequest, body: NewWebhook) -> HttpResponse:
    if not body.url:
        raise bad_request("url is missing.")
    if not body.eventTypes:
        raise bad_request("eventTypes names one event at least.")
    header = (body.authHeader.name, body.authHeader.value) if body.authHeader else None
    try:
        opened = channels.open_webhook(
            user=owner(request), url=body.url, event_types=body.eventTypes, auth_header=header
        )
    except ChannelRefused as error:
        raise refused(error) from error
    made = opened.channel
    return answer(
        request,
        {
            "subscriptionId": made.pk,
            "url": made.address,
            "eventTypes": list(made.event_types),
            "secret": opened.secret,
            "createdAt": moment(made.made_at),
            "warning": None,
            "isReadOnly": False,
            "authHeaderName": made.auth_header_name,
            "urlWarning": tunnel_words(made.address),
        },
        status=201,
    )


@webhooks.get("", response=told(list[Anything]))
def list_all(request: HttpRequest) -> HttpResponse:
    found = Channel.objects.filter(user_id=caller(request).user_id, kind=ChannelKind.WEBHOOK).order_by("pk")
    return answer(request, [subscription(channel) for channel in found])


@webhooks.get("/events", response=told(list[Anything]))
def events(request: HttpRequest, since: str | None = None) -> HttpResponse:
    """What was owed to this person's webhooks, the newest first."""
    after = moment_in(since) if since else timezone.now() - timedelta(days=1)
    if after < timezone.now() - OLDEST:
        raise bad_request(f"since is at most {OLDEST.days} days ago.", "INVALID_RANGE")
    rows = (
        Delivery.objects.filter(
            channel__user_id=caller(request).user_id, channel__kind=ChannelKind.WEBHOOK, made_at__gte=after
        )
        .order_by("-made_at", "-id")[:MOST_EVENTS]
    )  # fmt: skip
    return answer(request, [event(row) for row in rows])


@webhooks.patch("/{number}", response=told(Anything))
def change(request: HttpRequest, number: int, body: Address) -> HttpResponse:
    channel = own(request, number)
    if not body.url:
        raise bad_request("url is missing.")
    try:
        channel = channels.change_url(channel=channel, url=body.url)
    except ChannelRefused as error:
        raise refused(error) from error
    return answer(request, subscription(channel))


@webhooks.delete("/{number}", response=told(None, 204))
def remove(request: HttpRequest, number: int) -> HttpResponse:
    channels.remove(channel=own(request, number))
    return HttpResponse(status=204)


@webhooks.post("/{number}/enable", response=told(Anything))
def enable(request: HttpRequest, number: int) -> HttpResponse:
    channel = channels.resume(channel=own(request, number))
    return answer(
        request, {"subscriptionId": channel.pk, "isActive": channel.state == ChannelState.ACTIVE}
    )  # fmt: skip


@webhooks.post("/{number}/test", response=told(Anything))
def test(request: HttpRequest, number: int) -> HttpResponse:
    channel = own(request, number)
    try:
        tried = try_out(channel=channel, event=(list(channel.event_types) or ["TransactionFiled"])[0])
    except ChannelRefused as error:
        raise refused(error) from error
    return answer(
        request,
        {
            "delivered": tried.delivered, "statusCode": tried.status, "durationMs": tried.took_ms,
            "error": tried.error,
        },
    )  # fmt: skip


@webhooks.post("/{number}/replay", response=told(Anything))
def replay(request: HttpRequest, number: int, since: str) -> HttpResponse:
    """Ours: owes again, under the same ids, what was made since then and did not arrive."""
    try:
        count = channels.replay(channel=own(request, number), since=moment_in(since))
    except ChannelRefused as error:
        raise refused(error) from error
    return answer(request, {"subscriptionId": number, "replayed": count})


@webhooks.put("/{number}/auth-header", response=told(Anything))
def set_header(request: HttpRequest, number: int, body: Header) -> HttpResponse:
    try:
        channel = channels.set_auth_header(channel=own(request, number), name=body.name, value=body.value)
    except ChannelRefused as error:
        raise refused(error) from error
    return answer(request, {"subscriptionId": channel.pk, "authHeaderName": channel.auth_header_name})


@webhooks.delete("/{number}/auth-header", response=told(None, 204))
def delete_header(request: HttpRequest, number: int) -> HttpResponse:
    channels.set_auth_header(channel=own(request, number), name=None)
    return HttpResponse(status=204)


def subscription(channel: Channel) -> dict[str, Any]:
    stopped = channel.state == ChannelState.STOPPED
    return {
        "subscriptionId": channel.pk,
        "url": channel.address,
        "eventTypes": list(channel.event_types),
        "createdAt": moment(channel.made_at),
        "isActive": channel.state == ChannelState.ACTIVE,
        "isReadOnly": False,
        "disabledAt": moment(channel.stopped_at),
        "disabledReason": "delivery_failures" if stopped else None,
        "lastAttemptAt": moment(channel.last_attempt_at),
        "lastSuccessAt": moment(channel.last_success_at),
        "lastStatusCode": channel.last_status,
        "lastErrorClass": channel.last_error_class,
        "authHeaderName": channel.auth_header_name,
        "urlWarning": tunnel_words(channel.address),
    }


def event(row: Delivery) -> dict[str, Any]:
    return {
        "deliveryId": row.pk,
        "subscriptionId": row.channel_id,
        "eventType": row.event,
        "attemptCount": row.attempts,
        "deliveredAt": moment(row.sent_at),
        "nextRetryAt": moment(row.due_at),
        "lastStatusCode": row.last_status,
        "isDead": row.status == DeliveryStatus.FAILED,
        "payload": bytes(row.payload).decode("utf-8", "replace"),
        "payloadRedacted": False,
    }


def tunnel_words(url: str | None) -> str | None:
    if url and any(name in url for name in TUNNELS):
        return "This looks like a tunnel to somebody's own machine; it may be gone when the next event comes."
    return None


def moment(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# --- keys -------------------------------------------------------------------------------------------------------------


@keys.get("/usage", response=told(Anything))
def usage(request: HttpRequest) -> HttpResponse:
    own_keys = list(ApiKey.objects.filter(pk=caller(request).key_id))
    days = usage_of(own_keys, days=1)
    total = sum(day.calls for day in usage_of(own_keys, days=3_650))
    return answer(
        request,
        {
            "plan": "open", "requestsToday": sum(day.calls for day in days), "dailyLimit": settings.API_CALLS_PER_DAY,
            "requestsAllTime": total, "keyCreatedAt": moment(caller(request).made_at),
        },
    )  # fmt: skip


@keys.get("/usage/history", response=told(list[Anything]))
def usage_history(request: HttpRequest, days: Whole = None) -> HttpResponse:
    own_keys = list(ApiKey.objects.filter(pk=caller(request).key_id))
    found = usage_of(own_keys, days=max(1, min(days or 30, 90)))
    return answer(request, [{"date": day.on.isoformat(), "requests": day.calls} for day in found])


@keys.get("/usage/activity", response=told(list[Anything]), summary="Nothing: single calls are not kept")
def usage_activity(request: HttpRequest, limit: Whole = None) -> HttpResponse:
    return answer(request, [])


# --- screens ----------------------------------------------------------------------------------------------------------


@screens.get("", response=told(list[Anything]))
def list_screens(request: HttpRequest) -> HttpResponse:
    """Ours: the screens that the key's owner keeps."""
    found = SavedScreen.objects.filter(user_id=caller(request).user_id).order_by("pk")
    return answer(request, [screen_json(screen) for screen in found])


@screens.get("/{uid}/trades", response=told(Anything))
def screen_trades(request: HttpRequest, uid: UUID, after: str = "", limit: Whole = None) -> HttpResponse:
    """Ours: a page of what a kept screen matches now, as its page shows it."""
    screen = SavedScreen.objects.filter(user_id=caller(request).user_id, uid=uid).first()
    if screen is None:
        raise not_found("There is no such screen.")
    criteria = criteria_of(screen)
    if criteria is None:
        raise bad_request("The criteria of this screen can be read no more; open it on the site and save it again.")
    return answer(request, screen_page(criteria, after, limit or 100))


def screen_json(screen: SavedScreen) -> dict[str, Any]:
    return {
        "id": str(screen.uid),
        "name": screen.name,
        "criteria": screen.query,
        "cadence": screen.cadence,
        "paused": screen.paused,
        "madeAt": moment(screen.made_at),
    }
