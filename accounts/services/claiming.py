"""Which deliveries are sent next, and by whom: claims are leases by key, in short transactions.

Promises: of many processes none does another's work (SKIP LOCKED); a channel has one delivery under way, so a slow
receiver takes one place and no more; an endpoint gets at most one a second, a host ten, a person twenty mails an hour
and then a digest. What a dead process had only claimed is owed again; what it was sending is `unknown`, and sent once
more under the same id. By PostgreSQL's clock alone.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, F, Q, Value, When

from accounts.delivery.plan import MAILS_AN_HOUR, TRIES, Pace
from accounts.models import Channel, ChannelKind, Delivery, DeliveryStatus, User
from accounts.models.delivery import HELD, WAITING

HOUR = timedelta(hours=1)
BURST = timedelta(seconds=1)  # how far ahead of its pace a host may be
DIGEST_OF = 100

# The channels that have something waiting are walked through by the index, one probe each, however long each waits.
_WAITING_CHANNELS = """
WITH RECURSIVE waiting (channel_id) AS (
    (SELECT channel_id FROM accounts_delivery WHERE {waits} ORDER BY channel_id LIMIT 1)
    UNION ALL
    SELECT (SELECT d.channel_id FROM accounts_delivery d WHERE {waits} AND d.channel_id > w.channel_id
             ORDER BY d.channel_id LIMIT 1)
      FROM waiting w WHERE w.channel_id IS NOT NULL
)
SELECT {what}
  FROM waiting w JOIN accounts_channel c ON c.id = w.channel_id JOIN accounts_user u ON u.id = c.user_id
 CROSS JOIN LATERAL (SELECT id, due_at FROM accounts_delivery d WHERE {waits} AND d.channel_id = c.id
                      ORDER BY due_at, id LIMIT 1) first
 WHERE c.state = 'active' AND u.is_active
"""
_WAITS = "status IN ('owed', 'unknown') AND due_at IS NOT NULL AND carried_by_id IS NULL"

_NEXT = (
    _WAITING_CHANNELS.format(waits=_WAITS, what="c.id, first.id")
    + """
   AND c.free_at <= %(now)s AND first.due_at <= %(now)s AND (c.failing_since IS NULL OR %(troubled)s)
 ORDER BY c.failing_since IS NOT NULL, first.due_at, c.id LIMIT %(room)s FOR NO KEY UPDATE OF c SKIP LOCKED
"""
)
_NEXT_AT = _WAITING_CHANNELS.format(waits=_WAITS, what="min(GREATEST(c.free_at, first.due_at))")

_HOST_SLOT = """
INSERT INTO accounts_sendinghost (name, free_at) VALUES (%(host)s, %(now)s + %(gap)s)
    ON CONFLICT (name) DO UPDATE SET free_at = %(gap)s +
        CASE WHEN accounts_sendinghost.free_at > %(now)s + %(burst)s THEN %(now)s
             ELSE GREATEST(accounts_sendinghost.free_at, %(now)s) END
    WHERE accounts_sendinghost.free_at <= %(now)s + %(burst)s
       OR accounts_sendinghost.free_at > %(now)s + interval '1 minute' -- the clock was set back
RETURNING free_at
"""


@dataclass(frozen=True, slots=True)
class Held:
    """One try's right to be made: the channel, its delivery first and those that its mail carries, and the token."""

    token: uuid.UUID
    channel: Channel
    deliveries: tuple[Delivery, ...]
    claimed_at: datetime

    @property
    def delivery(self) -> Delivery:
        return self.deliveries[0]


def database_clock() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (moment,) = cursor.fetchone()
    return moment


def next_at() -> datetime | None:
    """When the next delivery can begin, by its plan and its channel's pace; None when nothing waits."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_AT)
        (moment,) = cursor.fetchone()
    return moment


@transaction.atomic
def claim(*, room: int, troubled_room: int, pace: Pace, now: datetime | None = None) -> list[Held]:
    """Up to `room` deliveries of as many channels; of channels that fail at present at most `troubled_room`."""
    now = now or database_clock()
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, {"now": now, "room": room, "troubled": troubled_room > 0})
        chosen: dict[int, int] = dict(cursor.fetchall())
    channels = list(Channel.objects.filter(pk__in=chosen).order_by("failing_since", "pk").select_related("user"))
    held, troubled = [], 0
    for channel in _may_send(channels, pace, now):
        if channel.failing_since is not None:
            if troubled == troubled_room:
                continue
            troubled += 1
        if deliveries := _take(channel, chosen[channel.pk], pace, now):
            held.append(deliveries)
    return held


def _may_send(channels: list[Channel], pace: Pace, now: datetime) -> list[Channel]:
    """Those whose host and whose owner's mailbox can take one more now; the others are put off.

    Hosts and people are locked in their order, as every claim does.
    """
    free = []
    for channel in sorted(channels, key=lambda channel: (channel.host or "", channel.user_id, channel.pk)):
        if channel.host and not _host_slot(channel.host, pace, now):
            Channel.objects.filter(pk=channel.pk).update(free_at=now + BURST)
        elif channel.kind == ChannelKind.EMAIL and (until := _mailbox_full_until(channel, now)):
            Channel.objects.filter(pk=channel.pk).update(free_at=until, digesting=True)
        else:
            free.append(channel)
    return free


def _host_slot(host: str, pace: Pace, now: datetime) -> bool:
    parameters: dict[str, Any] = {"host": host, "now": now, "gap": pace.host_gap, "burst": BURST}
    with connection.cursor() as cursor:
        cursor.execute(_HOST_SLOT, parameters)
        return cursor.fetchone() is not None


def _mailbox_full_until(channel: Channel, now: datetime) -> datetime | None:
    """When this person can be mailed again; None for now. Their row is locked, so that two claims count one by one."""
    User.objects.select_for_update(no_key=True).get(pk=channel.user_id)
    mails = Delivery.objects.filter(
        channel__user_id=channel.user_id, channel__kind=ChannelKind.EMAIL, carried_by__isnull=True
    )
    lately = list(mails.filter(status=DeliveryStatus.SENT, sent_at__gt=now - HOUR).order_by("-sent_at")[:MAILS_AN_HOUR])
    under_way = mails.filter(status__in=HELD).count()
    if len(lately) + under_way < MAILS_AN_HOUR:
        return None
    oldest = lately[-1].sent_at if lately else None
    return oldest + HOUR if oldest else now + BURST


def _take(channel: Channel, first: int, pace: Pace, now: datetime) -> Held | None:
    token, lease_until = uuid.uuid4(), now + pace.lease
    mine: dict[str, Any] = {
        "status": DeliveryStatus.CLAIMED, "claim": token, "lease_until": lease_until, "due_at": None,
    }  # fmt: skip
    if not Delivery.objects.filter(pk=first, status__in=WAITING).update(**mine):
        return None
    if channel.digesting:
        rest = Delivery.objects.filter(channel=channel, status__in=WAITING, due_at__lte=now, carried_by__isnull=True)
        keys = list(rest.order_by("due_at", "pk").values_list("pk", flat=True)[: DIGEST_OF - 1])
        Delivery.objects.filter(pk__in=keys).update(carried_by_id=first, **mine)
    Delivery.objects.filter(carried_by_id=first, status__in=WAITING).update(**mine)
    Channel.objects.filter(pk=channel.pk).update(free_at=lease_until, digesting=False)
    taken = sorted(Delivery.objects.filter(claim=token), key=lambda delivery: (delivery.pk != first, delivery.pk))
    return Held(token, channel, tuple(taken), now)


def begin(tokens: list[uuid.UUID], *, now: datetime | None = None) -> set[uuid.UUID]:
    """Writes down that these tries are made now, before they are; the tokens that still hold."""
    moment = now or database_clock()
    held = Delivery.objects.filter(claim__in=tokens, status=DeliveryStatus.CLAIMED, lease_until__gt=moment)
    held.update(
        status=DeliveryStatus.SENDING,
        attempts=F("attempts") + 1,
        first_tried_at=Case(When(first_tried_at__isnull=True, then=Value(moment)), default=F("first_tried_at")),
    )
    begun = Delivery.objects.filter(claim__in=tokens, status=DeliveryStatus.SENDING)
    return {token for token in begun.values_list("claim", flat=True) if token}


def recover(*, now: datetime | None = None) -> int:
    """What dead processes held: owed again where nothing was sent, else `unknown`. How many those were.

    A mail whose fate is unknown is sent once more; a webhook as often as its plan has tries, as receivers know its id.
    """
    now = now or database_clock()
    stale = Delivery.objects.filter(status__in=HELD, lease_until__lt=now)
    free: dict[str, Any] = {"claim": None, "lease_until": None}
    recovered = stale.filter(status=DeliveryStatus.CLAIMED).update(status=DeliveryStatus.OWED, due_at=now, **free)
    lost = list(stale.filter(status=DeliveryStatus.SENDING).values_list("pk", "channel__kind"))
    mails = [pk for pk, kind in lost if kind == ChannelKind.EMAIL]
    last_chance = Q(pk__in=mails, unknowns__gte=1) | Q(attempts__gte=TRIES)
    return recovered + stale.filter(pk__in=[pk for pk, _ in lost], status=DeliveryStatus.SENDING).update(
        status=DeliveryStatus.UNKNOWN,
        unknowns=F("unknowns") + 1,
        due_at=Case(When(last_chance, then=None), default=Value(now)),
        **free,
    )
