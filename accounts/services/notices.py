"""What the site tells the owner of a channel about the channel itself, by the other channels they have."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from accounts.delivery.outcome import WORDS, Fault
from accounts.models import Channel, Delivery
from accounts.services import channels, outbox

FAILING = "ChannelFailing"
STOPPED = "ChannelStopped"


def failing(*, channel: Channel, now: datetime) -> list[Delivery]:
    since = channel.failing_since or now
    return _tell(
        channel,
        FAILING,
        f"failing {since.isoformat()}",
        f"Deliveries to {channel.name} have failed for a day",
        f"Every delivery to {channel.name} has failed since {since:%d %B %Y, %H:%M} UTC"
        f"{_last(channel)}. We go on trying. If all of them fail for five days in a row we stop, and tell you.",
        now,
    )


def stopped(*, channel: Channel, reason: str, now: datetime) -> list[Delivery]:
    return _tell(
        channel,
        STOPPED,
        f"stopped {now.isoformat()}",
        f"We have stopped sending to {channel.name}",
        f"Nothing more goes to {channel.name}, because {channels.REASONS[reason]}{_last(channel)}. What was not "
        "delivered is kept for 90 days: resume the channel when it is well again, and have the missed ones sent.",
        now,
    )


def _last(channel: Channel) -> str:
    if channel.last_status:
        return f" (the last answer was {channel.last_status})"
    return f" (at the last try {WORDS[Fault(channel.last_error_class)]})" if channel.last_error_class else ""


def _tell(channel: Channel, event: str, moment: str, title: str, text: str, now: datetime) -> list[Delivery]:
    """By the inbox and by mail, but never by the channel that is in trouble."""
    ways = [channels.inbox_of(channel.user), channels.mailbox_of(channel.user)]
    return outbox.owe_all(
        channels=[way for way in ways if way is not None and way.pk != channel.pk and way.is_active],
        event=event,
        subject_key=f"{channel.uid} {moment}",
        payload={"ChannelId": channel.pk, "Event": event},
        title=title,
        text=text,
        link=reverse("alerts:channel", args=[channel.uid]),
        now=now,
    )
