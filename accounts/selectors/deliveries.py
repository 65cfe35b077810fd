"""What an owner reads of their channels: their health, what was sent, what is in the inbox. Each reads one person's."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from accounts.models import Channel, ChannelKind, Delivery, DeliveryStatus, User

PAGE = 50
SHOWN_STATUSES = {
    "waiting": (DeliveryStatus.OWED, DeliveryStatus.CLAIMED, DeliveryStatus.SENDING),
    "delivered": (DeliveryStatus.SENT,),
    "missed": (DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN),
}


@dataclass(frozen=True, slots=True)
class LogPage:
    """One page of a channel's log, newest first. `older` is the key of the next page; None where there is none."""

    rows: list[Delivery]
    older: int | None


def channels_of(user: User) -> QuerySet[Channel]:
    """All of a person's channels but the inbox, each with how much waits and how much was missed."""
    waiting = Q(deliveries__status__in=SHOWN_STATUSES["waiting"])
    missed = Q(deliveries__status__in=SHOWN_STATUSES["missed"])
    return (
        Channel.objects.owned_by(user)
        .exclude(kind=ChannelKind.INBOX)
        .annotate(waiting=Count("deliveries", filter=waiting), missed=Count("deliveries", filter=missed))
        .order_by("kind", "name", "pk")
    )


def channel_of(user: User, uid: UUID) -> Channel | None:
    """One of this person's channels; None for everybody else's."""
    return Channel.objects.owned_by(user).exclude(kind=ChannelKind.INBOX).filter(uid=uid).first()


def delivery_of(user: User, uid: UUID) -> Delivery | None:
    return (
        Delivery.objects.filter(uid=uid, channel__user_id=user.pk)
        .exclude(channel__kind=ChannelKind.INBOX)
        .select_related("channel", "carried_by")
        .prefetch_related("tries")
        .first()
    )


def log_of(channel: Channel, *, status: str = "", event: str = "", before: int | None = None) -> LogPage:
    """The channel's deliveries; `status` is a key of SHOWN_STATUSES, or "" for all."""
    rows = Delivery.objects.filter(channel=channel)
    if status in SHOWN_STATUSES:
        rows = rows.filter(status__in=SHOWN_STATUSES[status])
    if event:
        rows = rows.filter(event=event)
    return _page(rows, before)


def events_in(channel: Channel) -> list[str]:
    """The kinds of events in the channel's log."""
    return list(Delivery.objects.filter(channel=channel).order_by("event").values_list("event", flat=True).distinct())


def inbox(user: User, *, unread_only: bool = False, before: int | None = None) -> LogPage:
    """What this person was told on this site, newest first."""
    rows = _inbox(user)
    if unread_only:
        rows = rows.filter(read_at__isnull=True)
    return _page(rows, before)


def unread(user: User) -> int:
    return _inbox(user).filter(read_at__isnull=True).count()


def inbox_item(user: User, uid: UUID) -> Delivery | None:
    return _inbox(user).filter(uid=uid).first()


def _inbox(user: User) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        channel__user_id=user.pk, channel__kind=ChannelKind.INBOX, status=DeliveryStatus.SENT
    )


def _page(rows: QuerySet[Delivery], before: int | None) -> LogPage:
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by(F("pk").desc())[: PAGE + 1])
    return LogPage(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)
