"""Channels: opened by their owner, checked before they are used, and stopped with a reason.

Promises: mail goes to confirmed addresses only; a webhook's secret is shown once, when it is made or changed, and the
one before it signs beside it for a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from accounts.delivery import gate
from accounts.delivery.outcome import Fault
from accounts.delivery.webhook import header_trouble, new_secret
from accounts.models import Channel, ChannelKind, ChannelState, Delivery, DeliveryStatus, User
from accounts.models.delivery import WAITING
from accounts.sealing import reseal, seal
from accounts.services import outbox

# What programs can ask to be told of: the first three are the peer's names, the others ours.
EVENT_TYPES = ("TransactionFiled", "ClusterBuy", "ClusterSell", "FilingAmended", "SignalRaised", "ScreenMatched")
OVERLAP = timedelta(hours=24)
MOST_CHANNELS = 50  # of one person

# Why a channel is stopped, as its owner reads it.
REASONS = {
    "delivery_failures": "it failed for days",
    "gone": "the receiver answered that it is gone",
    "refused": "the mail server refuses this address",
    "unsubscribed": "you unsubscribed",
    "unconfirmed": "the address is not confirmed any more",
}


class ChannelRefused(Exception):
    """`code` is the API's: INVALID_URL, INSECURE_URL, PRIVATE_ADDRESS, UNRESOLVABLE_HOST, INVALID_REQUEST."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


@dataclass(frozen=True, slots=True)
class OpenedWebhook:
    channel: Channel
    secret: str  # shown once


def open_webhook(
    *,
    user: User,
    url: str,
    event_types: Sequence[str],
    name: str = "",
    auth_header: tuple[str, str] | None = None,
) -> OpenedWebhook:
    """A signed webhook, active at once. Raises `ChannelRefused`."""
    events = _event_types(event_types)
    host = _checked(url)
    if auth_header and (trouble := header_trouble(*auth_header)):
        raise ChannelRefused("INVALID_REQUEST", trouble)
    secret = new_secret()
    channel = _open(
        user=user,
        kind=ChannelKind.WEBHOOK,
        name=name or host,
        address=url,
        host=host,
        event_types=events,
        secret=seal(secret),
        auth_header_name=auth_header[0] if auth_header else None,
        auth_header_value=seal(auth_header[1]) if auth_header else None,
    )
    return OpenedWebhook(channel, secret)


def open_chat(*, user: User, url: str, name: str = "") -> Channel:
    """A room's incoming webhook (Slack, Discord, and those that take Slack's form)."""
    host = _checked(url)
    return _open(user=user, kind=ChannelKind.CHAT, name=name or host, address=url, host=host)


def open_email(*, user: User, address: str, name: str = "") -> Channel:
    """Mail to a confirmed address of this user; opened again if it was stopped."""
    address = address.strip().lower()
    if not is_confirmed(user.pk, address):
        raise ChannelRefused("INVALID_REQUEST", "Only an address that you have confirmed can be told.")
    known = Channel.objects.owned_by(user).filter(kind=ChannelKind.EMAIL, address=address).first()
    if known:
        return resume(channel=known)
    return _open(user=user, kind=ChannelKind.EMAIL, name=name or address, address=address, verified_at=timezone.now())


def inbox_of(user: User) -> Channel:
    """The user's inbox on this site, made when it is first needed."""
    channel, _ = Channel.objects.get_or_create(user=user, kind=ChannelKind.INBOX, defaults={"name": "Inbox"})
    return channel


def mailbox_of(user: User) -> Channel | None:
    """The channel of the address by which the user logs in, made when first needed; None while it is not confirmed.

    It may be paused or stopped: whoever unsubscribed is not mailed.
    """
    known = Channel.objects.owned_by(user).filter(kind=ChannelKind.EMAIL, address=user.email).first()
    if known or not is_confirmed(user.pk, user.email):
        return known
    made, _ = Channel.objects.get_or_create(
        user=user,
        kind=ChannelKind.EMAIL,
        address=user.email,
        defaults={"name": user.email, "verified_at": timezone.now()},
    )
    return made


@transaction.atomic
def _open(*, user: User, **fields: object) -> Channel:
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # so that a count holds under parallel calls
    if Channel.objects.owned_by(user).count() >= MOST_CHANNELS:
        raise ChannelRefused("INVALID_REQUEST", f"There are {MOST_CHANNELS} channels already; remove one first.")
    return Channel.objects.create(user=user, **fields)


def change_url(*, channel: Channel, url: str) -> Channel:
    """The same webhook at another place: what was known of the old place's health is forgotten."""
    host = _checked(url)
    Channel.objects.filter(pk=channel.pk).update(
        address=url,
        host=host,
        failures=0,
        failing_since=None,
        warned_at=None,
        last_attempt_at=None,
        last_success_at=None,
        last_status=None,
        last_error_class=None,
    )
    channel.refresh_from_db()
    return channel


def set_event_types(*, channel: Channel, event_types: Sequence[str]) -> Channel:
    channel.event_types = _event_types(event_types)
    channel.save(update_fields=["event_types"])
    return channel


def set_auth_header(*, channel: Channel, name: str | None, value: str | None = None) -> Channel:
    """The receiver's own header, or none. Its value is never shown again."""
    if name is not None and (trouble := header_trouble(name, value or "")):
        raise ChannelRefused("INVALID_REQUEST", trouble)
    channel.auth_header_name = name
    channel.auth_header_value = seal(value or "") if name is not None else None
    channel.save(update_fields=["auth_header_name", "auth_header_value"])
    return channel


@transaction.atomic
def rotate_secret(*, channel: Channel, now: datetime | None = None) -> str:
    """A new secret, shown once; the present one signs beside it for a day."""
    now = now or timezone.now()
    locked = Channel.objects.select_for_update(no_key=True).get(pk=channel.pk, kind=ChannelKind.WEBHOOK)
    secret = new_secret()
    locked.previous_secret, locked.previous_until = locked.secret, now + OVERLAP
    locked.secret = seal(secret)
    locked.save(update_fields=["secret", "previous_secret", "previous_until"])
    return secret


def pause(*, channel: Channel) -> Channel:
    return _rest(channel, ChannelState.PAUSED, None, timezone.now())


def stop(*, channel: Channel, reason: str, now: datetime | None = None) -> Channel:
    """Nothing more is sent until its owner says so; what waits is kept as not delivered, to be replayed."""
    return _rest(channel, ChannelState.STOPPED, reason, now or timezone.now())


@transaction.atomic
def _rest(channel: Channel, state: ChannelState, reason: str | None, now: datetime) -> Channel:
    locked = Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
    if locked.state == ChannelState.STOPPED and state == ChannelState.STOPPED:
        return locked
    locked.state, locked.stopped_reason = state, reason
    locked.stopped_at = now if state == ChannelState.STOPPED else None
    locked.save(update_fields=["state", "stopped_reason", "stopped_at"])
    Delivery.objects.filter(channel=locked, status__in=WAITING, due_at__isnull=False).update(
        status=DeliveryStatus.FAILED, due_at=None, last_error_class=Fault.CHANNEL_STOPPED
    )
    return locked


@transaction.atomic
def resume(*, channel: Channel) -> Channel:
    """Used again from now on. What was missed meanwhile comes only if it is replayed."""
    locked = Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
    if locked.kind == ChannelKind.EMAIL and not is_confirmed(locked.user_id, locked.address or ""):
        raise ChannelRefused("INVALID_REQUEST", "Only an address that you have confirmed can be told.")
    locked.state, locked.stopped_reason, locked.stopped_at = ChannelState.ACTIVE, None, None
    locked.failures, locked.failing_since, locked.warned_at, locked.digesting = 0, None, None, False
    locked.free_at = timezone.now()
    locked.save()
    return locked


@transaction.atomic
def replay(*, channel: Channel, since: datetime, now: datetime | None = None) -> int:
    """Owes again what was made since then and did not arrive, under the same ids; how many those are.

    Raises `ChannelRefused` while the channel is not active.
    """
    now = now or timezone.now()
    locked = Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
    if locked.state != ChannelState.ACTIVE:
        raise ChannelRefused("INVALID_REQUEST", "Resume the channel first.")
    missed = Delivery.objects.filter(channel=locked, made_at__gte=since)
    missed = missed.filter(status=DeliveryStatus.FAILED) | missed.filter(
        status=DeliveryStatus.UNKNOWN, due_at__isnull=True
    )
    if locked.kind == ChannelKind.INBOX:
        return missed.update(status=DeliveryStatus.SENT, sent_at=now, due_at=None)
    replayed = missed.update(
        status=DeliveryStatus.OWED, due_at=now, attempts=0, unknowns=0, carried_by=None, first_tried_at=None
    )
    if replayed:
        outbox.ring()
    return replayed


def remove(*, channel: Channel) -> None:
    """The channel with its log. Whatever is under way to it settles nothing."""
    channel.delete()


def still_confirmed(channel: Channel) -> bool:
    """Whether this channel's address is its owner's still."""
    return channel.kind != ChannelKind.EMAIL or is_confirmed(channel.user_id, channel.address or "")


def reseal_all() -> int:
    """Every secret under the first of SEALING_KEYS, so that the others can be taken away."""
    resealed = 0
    for channel in Channel.objects.filter(kind=ChannelKind.WEBHOOK).order_by("pk").iterator():
        fields = ("secret", "previous_secret", "auth_header_value")
        sealed = {name: getattr(channel, name) for name in fields}
        fresh = {name: reseal(value) for name, value in sealed.items() if value}
        # Only over what was read: a secret that its owner changes meanwhile is sealed with the first key anyway.
        resealed += Channel.objects.filter(pk=channel.pk, **sealed).update(**fresh)
    return resealed


def is_confirmed(user_id: int, address: str) -> bool:
    return EmailAddress.objects.filter(user_id=user_id, email=address, verified=True).exists()


def _event_types(given: Sequence[str]) -> list[str]:
    events = list(dict.fromkeys(given))
    unknown = [event for event in events if event not in EVENT_TYPES]
    if not events or unknown:
        raise ChannelRefused("INVALID_REQUEST", f"Choose event types from: {', '.join(EVENT_TYPES)}.")
    return [event for event in EVENT_TYPES if event in events]


def _checked(url: str) -> str:
    """The host of a URL that may be sent to."""
    try:
        return gate.resolve(url).host
    except gate.Refused as refused:
        raise ChannelRefused(refused.code, str(refused)) from refused
