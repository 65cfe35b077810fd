"""A test of a channel: one delivery that says it is a test, made and tried while its owner waits."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.delivery import gate
from accounts.delivery.outcome import Fault, Outcome
from accounts.delivery.plan import PACE
from accounts.models import Channel, ChannelKind, Delivery, DeliveryStatus, User
from accounts.services import outbox
from accounts.services.channels import ChannelRefused
from accounts.services.claiming import Held, database_clock
from accounts.services.sending import send_now

TEST = "Test"
TESTS_A_MINUTE = 5  # of one person


@dataclass(frozen=True, slots=True)
class Tried:
    """`error` is the API's word: INSECURE_URL, PRIVATE_ADDRESS, UNRESOLVABLE_HOST, NETWORK_ERROR; None on an answer."""

    delivered: bool
    status: int  # 0: no answer
    took_ms: int
    words: str
    error: str | None


def try_out(*, channel: Channel, event: str = TEST) -> Tried:
    """Sends `{"test": true}` of this event now, whatever the channel's state. Raises `ChannelRefused` if too often."""
    if channel.kind == ChannelKind.INBOX:
        _owed_test(channel, event)
        return Tried(True, 0, 0, "", None)
    held = _claimed_test(channel, event)
    outcome = send_now(held)
    # A test is tried once: the person is there to try again.
    Delivery.objects.filter(pk=held.delivery.pk, status=DeliveryStatus.OWED).update(
        status=DeliveryStatus.FAILED, due_at=None
    )
    if outcome is None:
        return Tried(False, 0, 0, "Another process took it over.", "NETWORK_ERROR")
    words = outcome.words if outcome.status is None else f"The answer was {outcome.status}."
    return Tried(outcome.delivered, outcome.status or 0, outcome.took_ms, words, _error(channel, outcome))


@transaction.atomic
def _owed_test(channel: Channel, event: str) -> Delivery:
    User.objects.select_for_update(no_key=True).get(pk=channel.user_id)  # so that the count holds
    lately = Delivery.objects.filter(
        channel__user_id=channel.user_id,
        subject_key__startswith="test ",
        made_at__gt=timezone.now() - timedelta(minutes=1),
    )
    if lately.count() >= TESTS_A_MINUTE:
        raise ChannelRefused("INVALID_REQUEST", f"{TESTS_A_MINUTE} tests a minute are enough; wait a moment.")
    return outbox.owe(
        channel=channel,
        event=event,
        subject_key=f"test {uuid.uuid4().hex}",
        payload={"test": True, "Event": event},
        title="A test from form4site",
        text="This is the test that you asked for. Nothing was filed.",
        link="/alerts/",
    )


@transaction.atomic
def _claimed_test(channel: Channel, event: str) -> Held:
    """Claimed in the transaction that owes it, so that no worker is quicker; beside what is under way here anyway."""
    delivery = _owed_test(channel, event)
    token, now = uuid.uuid4(), database_clock()
    Delivery.objects.filter(pk=delivery.pk).update(
        status=DeliveryStatus.CLAIMED, claim=token, lease_until=now + PACE.lease, due_at=None, last_error_class=None
    )
    delivery.refresh_from_db()
    return Held(token, Channel.objects.select_related("user").get(pk=channel.pk), (delivery,), now)


def _error(channel: Channel, outcome: Outcome) -> str | None:
    if outcome.delivered or outcome.status is not None:
        return None
    if outcome.fault in (Fault.URL_REJECTED, Fault.DNS):
        try:
            gate.resolve(channel.address or "")
        except gate.Refused as refused:
            return refused.code
    return "NETWORK_ERROR"
