"""How the outbox stands, for those who run the site. One query, over what is not settled only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from accounts.models import ChannelState, Delivery, DeliveryStatus
from accounts.models.delivery import HELD, WAITING

LATE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Outbox:
    """`late` are due for over `LATE` and not begun, `unknown` those whose fate nobody can tell and nobody tries again.

    `oldest_at` is since when the longest waiting one is owed; None where nothing waits. A backlog behind the pace of
    its own channel counts too: it is late for whoever waits for it.
    """

    waiting: int
    due: int
    late: int
    under_way: int
    unknown: int
    oldest_at: datetime | None


def outbox(*, now: datetime) -> Outbox:
    active = Q(channel__state=ChannelState.ACTIVE, channel__user__is_active=True)
    waits = Q(status__in=WAITING, due_at__isnull=False) & active
    found = Delivery.objects.filter(Q(status__in=(*WAITING, *HELD))).aggregate(
        waiting=Count("pk", filter=waits),
        due=Count("pk", filter=waits & Q(due_at__lte=now)),
        late=Count("pk", filter=waits & Q(due_at__lt=now - LATE)),
        under_way=Count("pk", filter=Q(status__in=HELD)),
        unknown=Count("pk", filter=Q(status=DeliveryStatus.UNKNOWN, due_at__isnull=True)),
        oldest_at=Min("made_at", filter=waits),
    )
    return Outbox(**found)
