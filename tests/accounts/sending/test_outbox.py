"""What is owed is written once, sent once, and settled by whoever holds it; whatever dies in between."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.delivery.outcome import Kind, Outcome
from accounts.models import Channel, Delivery, DeliveryAttempt, DeliveryStatus
from accounts.selectors import backlog
from accounts.services import channels, outbox, retention
from accounts.services.claiming import begin, claim, recover
from accounts.services.sending import send_owed
from accounts.services.settling import SendReport, settle
from tests.accounts.sending.conftest import QUICK, owe

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]
OK = Outcome(Kind.DELIVERED, 5, status=200)


def fresh(delivery: Delivery) -> Delivery:
    return Delivery.objects.get(pk=delivery.pk)


def test_what_is_owed_arrives_with_the_bytes_of_the_moment_it_was_owed(hook, sink):
    delivery = owe(hook)
    report = send_owed(pace=QUICK, until_empty=True)
    (got,) = sink.got
    assert (report.sent, report.again, report.failed) == (1, 0, 0)
    assert got.body == bytes(delivery.payload)
    assert json.loads(got.body)["Words"] == "Ünï \N{SNOWMAN}"
    assert got.headers["x-event-type"] == "ScreenMatched"
    assert got.headers["x-delivery-id"] == str(delivery.pk)
    assert got.headers["webhook-id"] == f"msg_{delivery.uid.hex}"
    settled = fresh(delivery)
    assert (settled.status, settled.attempts, settled.last_status) == (DeliveryStatus.SENT, 1, 200)
    assert Channel.objects.get(pk=hook.pk).last_success_at is not None


def test_the_same_event_about_the_same_subject_is_owed_once_with_its_first_snapshot(hook, sink):
    first = owe(hook, subject_key="filing 1", payload={"At": "first"})
    again = owe(hook, subject_key="filing 1", payload={"At": "second"})
    assert again.pk == first.pk
    owe(hook, subject_key="filing 1", event="FilingAmended")
    send_owed(pace=QUICK, until_empty=True)
    assert sorted(got.headers["x-event-type"] for got in sink.got) == ["FilingAmended", "ScreenMatched"]
    assert send_owed(pace=QUICK, until_empty=True).sent == 0
    assert b"first" in sink.got[0].body + sink.got[1].body


def test_whoever_rolls_back_owes_nothing(hook):
    with transaction.atomic():
        owe(hook)
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()


def test_several_channels_are_told_in_two_statements_whatever_their_number(olive, hook, django_assert_max_num_queries):
    others = [
        Channel.objects.create(user=olive, kind="chat", name=f"Room {n}", address="https://a.example/")
        for n in range(20)
    ]
    with django_assert_max_num_queries(4):  # and a savepoint
        owed = outbox.owe_all(channels=[*others, hook], event="E", subject_key="s", payload={}, title="t", text="t")
    assert [delivery.channel_id for delivery in owed] == [channel.pk for channel in [*others, hook]]


def test_a_transaction_rings_once_however_much_it_owes(hook, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as rings, transaction.atomic():
        for _ in range(5):
            owe(hook)
    assert len(rings) == 1


def test_html_that_no_template_rendered_is_refused(hook):
    with pytest.raises(TypeError):
        owe(hook, html="<b>" + "a stranger's words")


def test_a_failure_is_tried_again_later_and_only_then(hook, sink):
    delivery = owe(hook)
    sink.answer = lambda got, handler: 500
    report = send_owed(pace=QUICK, until_empty=True)
    assert (report.sent, report.again) == (0, 1)
    failed = fresh(delivery)
    assert failed.status == DeliveryStatus.OWED
    assert timedelta(seconds=3) < failed.due_at - timezone.now() < timedelta(seconds=6.5)
    assert failed.last_words == "ok"
    assert send_owed(pace=QUICK, until_empty=True).again == 0
    sink.answer = lambda got, handler: 200
    assert send_owed(pace=QUICK, now=timezone.now() + timedelta(seconds=8)).sent == 1
    assert [got.headers["webhook-id"] for got in sink.got] == [f"msg_{delivery.uid.hex}"] * 2
    assert sink.got[0].body == sink.got[1].body
    assert [(t.number, t.status) for t in DeliveryAttempt.objects.order_by("number")] == [(1, 500), (2, 200)]


def test_a_channel_has_one_delivery_under_way(hook):
    owe(hook)
    owe(hook)
    assert len(claim(room=10, troubled_room=10, pace=QUICK)) == 1
    assert claim(room=10, troubled_room=10, pace=QUICK) == []


def test_an_endpoint_gets_one_a_second_and_the_rest_waits_its_turn(hook, sink):
    for _ in range(3):
        owe(hook)
    report = send_owed(seconds=1.5, until_empty=False)
    assert report.sent == 2
    assert Delivery.objects.filter(status=DeliveryStatus.OWED).count() == 1


def test_what_a_dead_process_had_only_claimed_is_owed_again_and_was_no_try(hook):
    delivery = owe(hook)
    (held,) = claim(room=1, troubled_room=1, pace=QUICK)
    later = held.claimed_at + timedelta(seconds=61)
    assert recover(now=held.claimed_at + timedelta(seconds=59)) == 0
    assert recover(now=later) == 1
    back = fresh(delivery)
    assert (back.status, back.attempts, back.unknowns) == (DeliveryStatus.OWED, 0, 0)
    assert len(claim(room=1, troubled_room=1, pace=QUICK, now=later)) == 1


def test_what_a_dead_process_was_sending_is_unknown_and_sent_again_under_the_same_id(hook, sink):
    delivery = owe(hook)
    (held,) = claim(room=1, troubled_room=1, pace=QUICK)
    assert begin([held.token]) == {held.token}
    later = held.claimed_at + timedelta(seconds=61)
    recover(now=later)
    assert fresh(delivery).status == DeliveryStatus.UNKNOWN
    assert send_owed(pace=QUICK, now=later).sent == 1
    assert sink.got[0].headers["webhook-id"] == f"msg_{delivery.uid.hex}"
    assert fresh(delivery).attempts == 2


def test_a_late_owner_settles_nothing(hook):
    delivery = owe(hook)
    (late,) = claim(room=1, troubled_room=1, pace=QUICK)
    begin([late.token])
    later = late.claimed_at + timedelta(seconds=61)
    recover(now=later)
    (owner,) = claim(room=1, troubled_room=1, pace=QUICK, now=later)
    assert begin([owner.token], now=later) == {owner.token}
    report = SendReport()
    settle(late, Outcome(Kind.GONE, 1, status=410), pace=QUICK, report=report)
    assert report.late == 1
    assert fresh(delivery).status == DeliveryStatus.SENDING
    assert Channel.objects.get(pk=hook.pk).is_active
    settle(owner, OK, pace=QUICK, report=report)
    assert fresh(delivery).status == DeliveryStatus.SENT


def test_a_late_owner_does_not_even_begin(hook, sink):
    owe(hook)
    (late,) = claim(room=1, troubled_room=1, pace=QUICK)
    later = late.claimed_at + timedelta(seconds=61)
    assert begin([late.token], now=later) == set()


def test_the_log_is_the_same_after_a_second_round(hook, sink):
    owe(hook)
    owe(hook)
    send_owed(pace=QUICK, until_empty=True)
    before = list(Delivery.objects.order_by("pk").values())
    send_owed(pace=QUICK, until_empty=True)
    assert list(Delivery.objects.order_by("pk").values()) == before
    assert len(sink.got) == 2


def test_a_channel_that_was_removed_while_it_was_sent_to_leaves_nothing(hook):
    owe(hook)
    (held,) = claim(room=1, troubled_room=1, pace=QUICK)
    begin([held.token])
    channels.remove(channel=hook)
    report = SendReport()
    settle(held, OK, pace=QUICK, report=report)
    assert report.late == 1
    assert not Delivery.objects.exists()


def test_a_paused_channel_keeps_what_it_missed_and_replays_it_alone(hook, sink):
    arrived = owe(hook)
    send_owed(pace=QUICK, until_empty=True)
    waiting = owe(hook)
    channels.pause(channel=hook)
    hook.refresh_from_db()
    missed = owe(hook)
    assert send_owed(pace=QUICK, until_empty=True).sent == 0
    assert {fresh(waiting).status, fresh(missed).status} == {DeliveryStatus.FAILED}
    with pytest.raises(channels.ChannelRefused):
        channels.replay(channel=hook, since=arrived.made_at)
    channels.resume(channel=hook)
    assert send_owed(pace=QUICK, until_empty=True).sent == 0
    assert channels.replay(channel=hook, since=missed.made_at) == 1
    assert channels.replay(channel=hook, since=arrived.made_at) == 1
    assert send_owed(pace=QUICK, until_empty=True).sent == 2
    assert [got.headers["x-delivery-id"] for got in sink.got] == [str(d.pk) for d in (arrived, missed, waiting)] or [
        got.headers["x-delivery-id"] for got in sink.got
    ] == [str(d.pk) for d in (arrived, waiting, missed)]
    assert channels.replay(channel=hook, since=arrived.made_at) == 0


def test_a_closed_account_is_told_nothing(hook, sink, olive):
    owe(hook)
    olive.is_active = False
    olive.save()
    assert send_owed(pace=QUICK, until_empty=True).sent == 0
    assert sink.got == []


def test_what_cannot_be_put_together_fails_alone(olive, hook, sink):
    broken = channels.open_webhook(user=olive, url=sink.url, event_types=["ScreenMatched"]).channel
    lost = owe(broken)
    Delivery.objects.filter(pk=lost.pk).update(payload=b"\xff not text")
    whole = owe(hook)
    report = send_owed(pace=QUICK, until_empty=True)
    assert (report.sent, report.failed) == (1, 1)
    assert fresh(whole).status == DeliveryStatus.SENT
    assert fresh(lost).status == DeliveryStatus.FAILED
    assert Channel.objects.get(pk=broken.pk).failing_since is None


def test_those_who_run_the_site_see_what_waits_and_since_when(hook, django_assert_num_queries):
    now = timezone.now()
    for minutes in (0, 1, 5):
        owe(hook, now=now - timedelta(minutes=minutes))
    (held,) = claim(room=1, troubled_room=1, pace=QUICK)
    begin([held.token])
    with django_assert_num_queries(1):
        found = backlog.outbox(now=now)
    assert (found.waiting, found.late, found.under_way, found.unknown) == (2, 0, 1, 0)
    assert found.oldest_at == now - timedelta(minutes=1)


def test_what_is_older_than_ninety_days_is_forgotten_but_not_under_its_sender(hook):
    old, held_old, young = owe(hook), owe(hook), owe(hook)
    Delivery.objects.filter(pk__in=[old.pk, held_old.pk]).update(made_at=timezone.now() - timedelta(days=91))
    Delivery.objects.filter(pk=held_old.pk).update(
        status="sending", claim=uuid.uuid4(), lease_until=timezone.now(), due_at=None
    )
    retention.forget_old()
    assert set(Delivery.objects.values_list("pk", flat=True)) == {held_old.pk, young.pk}
