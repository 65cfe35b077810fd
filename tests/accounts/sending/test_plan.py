"""Ten tries over at least 75 hours; an endpoint that only fails is stopped, and its owner told before and then."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.delivery.plan import ASKED_AT_MOST, JITTER, STOP_AFTER, TRIES, WAITS, retry_after, wait_after
from accounts.models import Channel, Delivery, DeliveryStatus, SendingHost
from accounts.services import channels
from accounts.services.claiming import begin, claim, recover
from accounts.services.sending import send_owed
from tests.accounts.sending.conftest import QUICK, owe

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@given(st.integers())
def test_ten_tries_span_75_hours_whatever_the_jitter_and_end_before_the_channel_does(seed):
    chance = random.Random(seed)
    waits = [wait_after(attempts, chance=chance) for attempts in range(1, TRIES + 1)]
    assert waits[-1] is None
    assert len(waits[:-1]) == TRIES - 1
    assert timedelta(hours=75) <= sum(waits[:-1], timedelta()) < STOP_AFTER
    for wait, planned in zip(waits[:-1], WAITS, strict=True):
        assert abs(wait - planned) <= planned * JITTER * 1.000001


def test_even_the_shortest_jitter_everywhere_leaves_75_hours():
    assert sum(WAITS, timedelta()) * (1 - JITTER) >= timedelta(hours=75)
    assert sum(WAITS, timedelta()) * (1 + JITTER) < STOP_AFTER


def test_two_that_failed_together_do_not_come_back_together():
    """The waits are spread evenly over their range: the largest gap to a uniform distribution is that of chance."""
    chance = random.Random(1)
    drawn = sorted((wait_after(4, chance=chance) / WAITS[3] - (1 - JITTER)) / (2 * JITTER) for _ in range(2000))
    distance = max(max(abs(x - i / 2000), abs(x - (i + 1) / 2000)) for i, x in enumerate(drawn))
    assert distance < 1.63 / 2000**0.5  # Kolmogorov-Smirnov, 1%


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120), (" 7 ", 7), ("0", 0), (None, None), ("", None), ("-1", None), ("1.5", None), ("soon", None),
        ("1e9", None), ("99999999999999999999", None), ("\N{ARABIC-INDIC DIGIT FIVE}", None),
        (format_datetime(NOW + timedelta(minutes=3), usegmt=True), 180),
        (format_datetime(NOW - timedelta(minutes=3), usegmt=True), None), ("Sat, 99 Nov 2026 12:00:00 GMT", None),
        ("Sat, 28 Nov 99999 12:00:00 GMT", None),
    ],
)  # fmt: skip
def test_what_a_receiver_asks_for_is_read_or_passed_over(header, seconds):
    assert retry_after(header, NOW) == seconds


@given(st.integers(1, TRIES - 1), st.none() | st.floats(-1e12, 1e12, allow_nan=False))
def test_a_wait_that_is_asked_for_is_kept_within_bounds(attempts, asked):
    planned = WAITS[attempts - 1]
    wait = wait_after(attempts, asked=asked)
    assert planned * (1 - JITTER) * 0.999999 <= wait <= max(planned * 2, ASKED_AT_MOST)
    if asked and 0 < asked <= ASKED_AT_MOST.total_seconds():
        assert wait >= timedelta(seconds=asked)


@pytest.fixture
def confirmed(olive):
    EmailAddress.objects.create(user=olive, email=olive.email, verified=True, primary=True)
    return olive


def due_at(delivery):
    return Delivery.objects.get(pk=delivery.pk).due_at


def subjects():
    return [message.subject for message in mail.outbox]


@pytest.mark.db_and_celery
@pytest.mark.django_db
class TestChannelsInTrouble:
    def run_out(self, delivery, sink, status=500):
        sink.answer = lambda got, handler: status
        moments = []
        while (moment := due_at(delivery)) is not None:
            moments.append(moment)
            send_owed(pace=QUICK, now=moment + timedelta(milliseconds=1))
        return moments

    def test_the_whole_plan_is_run_and_the_owner_told_once_before_the_end_and_once_then(self, confirmed, hook, sink):
        delivery = owe(hook)
        moments = self.run_out(delivery, sink)
        assert len(moments) == len(sink.got) == TRIES
        assert moments[-1] - moments[0] >= timedelta(hours=75)
        assert len({(got.headers["webhook-id"], got.body) for got in sink.got}) == 1
        hook.refresh_from_db()
        assert (hook.state, hook.stopped_reason) == ("stopped", "delivery_failures")
        told = Delivery.objects.filter(channel__kind="inbox").order_by("pk").values_list("event", flat=True)
        assert list(told) == ["ChannelFailing", "ChannelStopped"]
        send_owed(pace=QUICK, now=moments[-1] + timedelta(minutes=1))
        assert [subject.split()[0] for subject in subjects()] == ["Deliveries", "We"]

    def test_the_plan_survives_a_death_before_and_after_every_try(self, hook, sink):
        """A claim that dies before its try costs nothing; one that dies in it costs one try, at once made again."""
        delivery = owe(hook)
        sink.answer = lambda got, handler: 500
        tries = 0
        while (moment := due_at(delivery)) is not None:
            moment += timedelta(milliseconds=1)
            claim(room=1, troubled_room=1, pace=QUICK, now=moment)
            recover(now=moment + timedelta(seconds=61))
            send_owed(pace=QUICK, now=moment + timedelta(seconds=61))
            tries += 1
        assert tries == len(sink.got) == TRIES
        Delivery.objects.filter(pk=delivery.pk).update(status=DeliveryStatus.OWED, due_at=timezone.now(), attempts=0)
        Delivery.objects.exclude(pk=delivery.pk).delete()
        SendingHost.objects.all().delete()
        Channel.objects.update(state="active", stopped_at=None, stopped_reason=None, free_at=timezone.now())
        (held,) = claim(room=1, troubled_room=1, pace=QUICK)
        begin([held.token])
        recover(now=held.claimed_at + timedelta(seconds=61))
        assert Delivery.objects.get().attempts == 1
        assert due_at(delivery) == held.claimed_at + timedelta(seconds=61)

    def test_five_days_of_failures_only_end_it_though_each_delivery_is_young(self, confirmed, hook, sink):
        sink.answer = lambda got, handler: 503
        began = timezone.now()
        for hour in range(0, 6 * 24, 6):
            owe(hook, now=began + timedelta(hours=hour))
            send_owed(pace=QUICK, now=began + timedelta(hours=hour, seconds=1))
            hook.refresh_from_db()
            if not hook.is_active:
                break
        assert 75 <= hour <= 120
        assert Delivery.objects.filter(event="ChannelStopped", channel__kind="inbox").count() == 1
        assert Delivery.objects.filter(event="ChannelFailing", channel__kind="inbox").count() == 1

    def test_one_success_clears_it(self, confirmed, hook, sink):
        began = timezone.now()
        for hour in range(0, 14 * 24, 12):
            sink.answer = lambda got, handler, hour=hour: 200 if hour % 96 == 84 else 500
            owe(hook, now=began + timedelta(hours=hour))
            send_owed(pace=QUICK, now=began + timedelta(hours=hour, seconds=1))
        hook.refresh_from_db()
        assert hook.is_active

    def test_gone_is_the_end_at_once_and_what_waits_can_be_replayed(self, confirmed, hook, sink):
        first, second = owe(hook), owe(hook)
        sink.answer = lambda got, handler: 410
        send_owed(pace=QUICK, until_empty=True)
        hook.refresh_from_db()
        assert (hook.state, hook.stopped_reason, len(sink.got)) == ("stopped", "gone", 1)
        assert set(Delivery.objects.filter(channel=hook).values_list("status", flat=True)) == {"failed"}
        send_owed(pace=QUICK, until_empty=True)
        assert [subject.split()[0] for subject in subjects()] == ["We"]
        assert "answered that it is gone" in mail.outbox[0].body
        sink.answer = lambda got, handler: 200
        sink.got.clear()
        channels.resume(channel=hook)
        assert channels.replay(channel=hook, since=first.made_at) == 2
        send_owed(pace=QUICK, until_empty=True)
        assert {got.headers["x-delivery-id"] for got in sink.got} == {str(first.pk), str(second.pk)}

    def test_a_replay_brings_what_was_missed_and_nothing_else(self, confirmed, hook, sink):
        """The receiver is away for six hours."""
        began = timezone.now()
        sent = [owe(hook, now=began + timedelta(minutes=minute)) for minute in range(0, 480, 30)]
        for minute in range(0, 480, 30):
            sink.answer = lambda got, handler, minute=minute: 500 if 60 <= minute < 420 else 200
            Delivery.objects.filter(attempts__gt=0, status="owed").update(due_at=began + timedelta(days=2))
            send_owed(pace=QUICK, now=began + timedelta(minutes=minute, seconds=1))
        missed = {str(d.pk) for d in Delivery.objects.filter(status="owed")}
        assert len(missed) == 12
        channels.pause(channel=hook)
        channels.resume(channel=hook)
        sink.got.clear()
        assert channels.replay(channel=hook, since=began) == 12
        send_owed(pace=QUICK, now=began + timedelta(hours=9))
        assert {got.headers["x-delivery-id"] for got in sink.got} == missed
        assert len(sink.got) == len(missed)
        assert Delivery.objects.filter(channel=hook, status="sent").count() == len(sent)

    @pytest.mark.parametrize("header", ["3", "1800"])
    def test_retry_after_is_kept(self, hook, sink, header):
        def wait(got, handler):
            handler.send_response(429)
            handler.send_header("Retry-After", header)
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        sink.answer = wait
        delivery = owe(hook)
        now = timezone.now() + timedelta(seconds=1)
        send_owed(pace=QUICK, now=now)
        assert due_at(delivery) - now >= timedelta(seconds=int(header))
        assert due_at(delivery) - now <= max(timedelta(seconds=int(header)), WAITS[0] * 1.2)

    def test_without_a_confirmed_address_the_inbox_tells_it_alone(self, hook, sink):
        owe(hook)
        sink.answer = lambda got, handler: 410
        send_owed(pace=QUICK, until_empty=True)
        assert list(Delivery.objects.filter(event="ChannelStopped").values_list("channel__kind", flat=True)) == [
            "inbox"
        ]
