"""Nobody's endpoint hurts another's, and the site is no weapon: places, paces and caps."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.delivery import gate
from accounts.delivery.plan import PACE
from accounts.models import Channel, Delivery, DeliveryAttempt
from accounts.sealing import seal
from accounts.services import channels, claiming
from accounts.services.claiming import claim
from accounts.services.sending import send_owed
from tests.accounts.sending.conftest import QUICK, owe
from tests.accounts.sending.sink import Got, listening

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]


def hooks(olive, url, number, **fields):
    sealed = seal("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    return [
        Channel.objects.create(
            user=olive, kind="webhook", name=f"Hook {n}", address=url, host="127.0.0.1", secret=sealed, **fields
        )
        for n in range(number)
    ]


@pytest.fixture
def slow(settings):
    """A receiver that takes a request and says nothing for longer than anybody waits."""
    settings.WEBHOOK_ALLOW_PRIVATE = True
    over = threading.Event()
    with listening() as receiver:

        def say_nothing(got: Got, handler: object) -> None:
            over.wait()

        receiver.answer = say_nothing
        yield receiver
        over.set()


def waits(found):
    """From the moment each was owed until it was settled."""
    return sorted((attempt.ended_at - attempt.delivery.made_at).total_seconds() for attempt in found)


@pytest.mark.slow
def test_good_receivers_are_served_while_slow_ones_are_waited_for(olive, sink, slow, monkeypatch):
    monkeypatch.setattr(gate, "DEADLINE", 3.0)
    for channel in hooks(olive, slow.url, 15):
        owe(channel)
    good = [owe(channel) for channel in hooks(olive, sink.url, 15)]
    report = send_owed(pace=QUICK, until_empty=True)
    assert (report.sent, report.again) == (15, 15)
    tries = DeliveryAttempt.objects.select_related("delivery")
    of_good = waits(tries.filter(delivery__in=good))
    of_slow = waits(tries.exclude(delivery__in=good))
    waited = of_slow[len(of_slow) // 2]  # a busy machine may refuse one of them a connection, and sooner
    assert waited >= 3.0
    assert of_good[-1] < waited


@pytest.mark.slow
def test_those_known_to_fail_cannot_take_all_places(olive, sink, slow, monkeypatch):
    """Twice as many broken endpoints as there are places, all due long before the good one."""
    monkeypatch.setattr(gate, "DEADLINE", 3.0)
    since = timezone.now() - timedelta(hours=1)
    for channel in hooks(olive, slow.url, 64, failing_since=since, failures=3):
        owe(channel, now=since)
    (good,) = hooks(olive, sink.url, 1)
    delivery = owe(good)
    send_owed(pace=QUICK, seconds=0.5)
    attempt = DeliveryAttempt.objects.get(delivery=delivery)
    assert (attempt.ended_at - delivery.made_at).total_seconds() < 2.5
    assert DeliveryAttempt.objects.exclude(delivery=delivery).count() == 16


def test_a_try_ends_at_its_deadline_by_the_clock_on_the_wall(olive, slow, monkeypatch):
    monkeypatch.setattr(gate, "DEADLINE", 0.4)
    for channel in hooks(olive, slow.url, 5):
        owe(channel)
    began = time.monotonic()
    send_owed(pace=QUICK, until_empty=True)
    assert time.monotonic() - began < 3
    assert all(took < 1500 for took in DeliveryAttempt.objects.values_list("took_ms", flat=True))


def test_a_host_gets_ten_a_second_however_many_endpoints_name_it(olive, sink):
    now = timezone.now() + timedelta(seconds=1)
    for channel in hooks(olive, sink.url, 60):
        owe(channel)
    taken = [len(claim(room=100, troubled_room=100, pace=PACE, now=now + timedelta(seconds=n))) for n in range(4)]
    assert taken[0] <= 11  # what it may be ahead by
    assert all(count <= 10 for count in taken[1:])
    assert sum(taken) >= 38


def test_an_endpoint_gets_sixty_a_minute(hook, sink):
    now = timezone.now() + timedelta(seconds=1)
    for _ in range(8):
        owe(hook)
    sent = [send_owed(pace=PACE, now=now + timedelta(seconds=n / 4)).sent for n in range(16)]
    assert sum(sent) == 4


def test_a_failing_endpoint_is_asked_less_and_less_often(hook, sink):
    sink.answer = lambda got, handler: 500
    gaps = [PACE.gap(failures) for failures in range(12)]
    assert gaps[0] == timedelta(seconds=1)
    assert gaps[1:5] == [timedelta(seconds=2**n) for n in range(1, 5)]
    assert gaps[-1] == timedelta(minutes=5)
    owe(hook)
    owe(hook)
    now = timezone.now() + timedelta(seconds=1)
    send_owed(pace=PACE, now=now)
    assert send_owed(pace=PACE, now=now + timedelta(seconds=1)).again == 0
    assert send_owed(pace=PACE, now=now + timedelta(seconds=2.5)).again == 1


def test_a_person_has_a_bounded_number_of_channels(olive, sink):
    hooks(olive, sink.url, channels.MOST_CHANNELS)
    with pytest.raises(channels.ChannelRefused):
        channels.open_webhook(user=olive, url=sink.url, event_types=["ClusterBuy"])
    assert Channel.objects.count() == channels.MOST_CHANNELS


def test_the_claim_walks_an_index_and_never_the_log(hook):
    """Ten thousand settled rows are passed over unread."""
    now = timezone.now()
    Delivery.objects.bulk_create(
        Delivery(channel=hook, event="E", subject_key=str(n), payload=b"{}", title="t", text="t", status="sent",
                 sent_at=now) for n in range(10_000)
    )  # fmt: skip
    owe(hook)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_delivery, accounts_channel")
        cursor.execute(
            f"EXPLAIN (ANALYZE, BUFFERS) {claiming._NEXT}",
            {"now": now + timedelta(seconds=1), "room": 10, "troubled": True},
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan on accounts_delivery" not in plan, plan
    assert "delivery_waiting" in plan, plan
