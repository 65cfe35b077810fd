"""The inbox as read: what its owner has opened."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from accounts.models import ChannelKind, Delivery, User


def mark_read(*, user: User, items: Sequence[Delivery] | None = None) -> int:
    """Marks these of the user's inbox, or all of it; how many were unread."""
    unread = Delivery.objects.filter(channel__user_id=user.pk, channel__kind=ChannelKind.INBOX, read_at__isnull=True)
    if items is not None:
        unread = unread.filter(pk__in=[item.pk for item in items])
    return unread.update(read_at=timezone.now())
