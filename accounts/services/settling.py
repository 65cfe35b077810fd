"""What a try brought, written down by whoever still holds it; a late owner changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.delivery.outcome import EXCERPT, Kind, Outcome
from accounts.delivery.plan import STOP_AFTER, WARN_AFTER, Pace, wait_after
from accounts.models import Channel, ChannelKind, Delivery, DeliveryAttempt, DeliveryStatus
from accounts.services import channels, notices
from accounts.services.claiming import Held, database_clock

OUR_TROUBLE_WAIT = timedelta(minutes=5)


@dataclass(slots=True)
class SendReport:
    """What a round of sending did. `late` counts results that came after somebody else had taken over."""

    sent: int = 0
    again: int = 0
    failed: int = 0
    stopped: int = 0
    late: int = 0
    recovered: int = 0
    took_ms: list[int] = field(default_factory=list, repr=False)


@transaction.atomic
def settle(held: Held, outcome: Outcome, *, pace: Pace, report: SendReport, now: datetime | None = None) -> None:
    now = now or database_clock()
    channel = Channel.objects.select_for_update(no_key=True).filter(pk=held.channel.pk).first()
    mine = list(Delivery.objects.select_for_update().filter(claim=held.token, status=DeliveryStatus.SENDING))
    if channel is None or not mine:
        report.late += 1
        return
    report.took_ms.append(outcome.took_ms)
    _judge(channel, held, outcome, pace, now)
    exhausted = False
    for delivery in mine:
        fate = _fate(channel, delivery, outcome, now)
        exhausted |= fate["status"] == DeliveryStatus.FAILED
        _note_try(delivery, outcome, now)
        Delivery.objects.filter(pk=delivery.pk).update(
            claim=None,
            lease_until=None,
            last_status=outcome.status,
            last_error_class=outcome.fault,
            last_words=outcome.words[:EXCERPT] or None,
            **fate,
        )
    _count(report, outcome, exhausted)
    if outcome.kind is Kind.GONE:
        _stop(channel, "refused" if channel.kind == ChannelKind.EMAIL else "gone", now, report)
    elif outcome.kind is Kind.AGAIN and channel.is_active:
        began_at = min(delivery.first_tried_at or now for delivery in mine)
        _warn_or_stop(channel, exhausted, began_at, now, report)


def _judge(channel: Channel, held: Held, outcome: Outcome, pace: Pace, now: datetime) -> None:
    """What the try says of the channel. The site's own trouble says nothing of it."""
    channel.last_attempt_at = now
    channel.last_status, channel.last_error_class = outcome.status, outcome.fault
    if outcome.delivered:
        channel.failures, channel.failing_since, channel.warned_at = 0, None, None
        channel.last_success_at = now
        channel.verified_at = channel.verified_at or now
    elif outcome.kind in (Kind.AGAIN, Kind.GONE):
        channel.failures = min(channel.failures + 1, 1_000_000)
        channel.failing_since = channel.failing_since or now
    channel.free_at = max(now, held.claimed_at + pace.gap(channel.failures))
    channel.save()


def _fate(channel: Channel, delivery: Delivery, outcome: Outcome, now: datetime) -> dict[str, Any]:
    if outcome.delivered:
        return {"status": DeliveryStatus.SENT, "sent_at": now, "due_at": None}
    if outcome.kind is Kind.OURS:
        if now - delivery.made_at < STOP_AFTER and channel.is_active:
            due_at = now + (wait_after(2) or OUR_TROUBLE_WAIT)
            return {"status": DeliveryStatus.OWED, "due_at": due_at, "attempts": delivery.attempts - 1}
        return {"status": DeliveryStatus.FAILED, "due_at": None}
    wait = wait_after(delivery.attempts, asked=outcome.retry_after) if outcome.kind is Kind.AGAIN else None
    if wait is None or not channel.is_active:
        return {"status": DeliveryStatus.FAILED, "due_at": None}
    return {"status": DeliveryStatus.OWED, "due_at": now + wait}


def _note_try(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    DeliveryAttempt.objects.create(
        delivery=delivery,
        number=DeliveryAttempt.objects.filter(delivery=delivery).count() + 1,
        ended_at=now,
        took_ms=max(outcome.took_ms, 0),
        status=outcome.status,
        error_class=outcome.fault,
    )


def _count(report: SendReport, outcome: Outcome, exhausted: bool) -> None:
    if outcome.delivered:
        report.sent += 1
    elif exhausted:
        report.failed += 1
    else:
        report.again += 1


def _warn_or_stop(channel: Channel, exhausted: bool, began_at: datetime, now: datetime, report: SendReport) -> None:
    """A day of failures only is worth a word; five days, or a whole plan without one success, are the end."""
    since = channel.failing_since or now
    if now - since >= STOP_AFTER or (exhausted and since <= began_at + timedelta(minutes=1)):
        _stop(channel, "delivery_failures", now, report)
    elif now - since >= WARN_AFTER and channel.warned_at is None:
        Channel.objects.filter(pk=channel.pk).update(warned_at=now)
        notices.failing(channel=channel, now=now)


def _stop(channel: Channel, reason: str, now: datetime, report: SendReport) -> None:
    if not channel.is_active:
        return
    channels.stop(channel=channel, reason=reason, now=now)
    notices.stopped(channel=channel, reason=reason, now=now)
    report.stopped += 1
