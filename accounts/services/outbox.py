"""What is owed: written down in the transaction of whatever caused it, once for each channel.

Promises: a second call for the same channel, event and subject changes nothing and returns the first row, with the
snapshot of then; whoever commits owes, whoever rolls back owes nothing. Nothing is sent here. A channel that is paused
or stopped gets its row too, as not delivered, so that its owner can see and replay what was missed. In the inbox a
delivery arrives by being written.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.delivery.outcome import Fault
from accounts.events import deliveries_owed
from accounts.models import Channel, ChannelKind, ChannelState, Delivery, DeliveryStatus

LONGEST_KEY = 200


def owe(
    *,
    channel: Channel,
    event: str,
    subject_key: str,
    payload: dict[str, Any],
    title: str,
    text: str,
    html: SafeString | None = None,
    link: str | None = None,
    now: datetime | None = None,
) -> Delivery:
    """The one delivery of this event about this subject to this channel, made now or before.

    `payload` is what a program receives; `title` and `text` are what a person reads, `html` the same as a fragment that
    a template rendered (SafeString, as names in filings are strangers' words); `link` a path of this site.
    """
    return owe_all(
        channels=[channel],
        event=event,
        subject_key=subject_key,
        payload=payload,
        title=title,
        text=text,
        html=html,
        link=link,
        now=now,
    )[0]


@transaction.atomic
def owe_all(
    *,
    channels: list[Channel],
    event: str,
    subject_key: str,
    payload: dict[str, Any],
    title: str,
    text: str,
    html: SafeString | None = None,
    link: str | None = None,
    now: datetime | None = None,
) -> list[Delivery]:
    """The same to several channels; two statements however many they are. In the order of `channels`."""
    if html is not None and not isinstance(html, SafeString):
        raise TypeError("html has to be rendered by a template, which escapes what strangers wrote")
    if not subject_key or len(subject_key) > LONGEST_KEY:
        raise ValueError(f"subject_key has to have 1 to {LONGEST_KEY} characters")
    now = now or timezone.now()
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    snapshot: dict[str, Any] = {
        "event": event,
        "subject_key": subject_key,
        "payload": body,
        "title": title.replace("\0", ""),
    }
    snapshot |= {"text": text.replace("\0", ""), "html": html, "link": link, "made_at": now}
    # By key, so that two transactions which owe to the same channels wait for each other in one order.
    ordered = sorted({channel.pk: channel for channel in channels}.values(), key=lambda channel: channel.pk)
    Delivery.objects.bulk_create(
        [Delivery(channel=channel, **snapshot, **_standing(channel, now)) for channel in ordered],
        ignore_conflicts=True,
    )
    found = {
        delivery.channel_id: delivery
        for delivery in Delivery.objects.filter(channel__in=ordered, event=event, subject_key=subject_key)
    }
    ring()
    return [found[channel.pk] for channel in channels]


def _standing(channel: Channel, now: datetime) -> dict[str, Any]:
    if channel.state != ChannelState.ACTIVE:
        return {"status": DeliveryStatus.FAILED, "last_error_class": Fault.CHANNEL_STOPPED}
    if channel.kind == ChannelKind.INBOX:
        return {"status": DeliveryStatus.SENT, "sent_at": now}
    return {"status": DeliveryStatus.OWED, "due_at": now}


def ring() -> None:
    """Announces after commit that something is owed: once a transaction, however much it owes."""
    if any(_announce in entry for entry in connection.run_on_commit):
        return
    transaction.on_commit(_announce, robust=True)


def _announce() -> None:
    deliveries_owed.send(sender=Delivery)
