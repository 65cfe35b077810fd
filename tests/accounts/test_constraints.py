"""The database keeps the promises about people: every named constraint is broken once here, none is forgotten."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import (
    ApiKey,
    Channel,
    Delivery,
    DeliveryAttempt,
    Evaluation,
    EvaluationHorizon,
    KeyUsage,
    Match,
    SavedScreen,
    SignalEvaluation,
    User,
)
from tests.breaking import named_constraints, same_place, sql, twice, update

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]
NOW = timezone.now()


def webhook(**fields: Any) -> Callable[[], object]:
    return lambda: Channel.objects.filter(kind="webhook").update(**fields)


def again(kind: str) -> Callable[[], object]:
    """Another channel of this kind, with an id of its own and everything else the same."""

    def insert() -> None:
        row = Channel.objects.get(kind=kind)
        row.pk, row.uid = None, uuid.uuid4()
        row.save(force_insert=True)

    return insert


BREAKING: dict[str, Callable[[], object]] = {
    "savedscreen_uid_once": same_place(SavedScreen, shared_as="another"),
    "savedscreen_shared_once": same_place(SavedScreen, uid=uuid.uuid4()),
    "savedscreen_named": update(SavedScreen, name=""),
    "savedscreen_cadence_known": update(SavedScreen, cadence="hourly", digest_at=NOW),
    "savedscreen_pause_known": update(SavedScreen, paused="tired"),
    "savedscreen_digest_is_due": update(SavedScreen, cadence="daily"),
    "match_told_once": twice(Match),
    "match_revisions_count_from_one": update(Match, revision=0),
    # The check on lower case would refuse the row first.
    "user_email_once_in_any_case": lambda: (
        User.objects.create_user("amy@example.test"),
        sql("ALTER TABLE accounts_user DROP CONSTRAINT user_email_lower_case")(),
        User.objects.bulk_create([User(email="Amy@example.test")]),
    ),
    "user_email_lower_case": lambda: User.objects.bulk_create([User(email="Amy@example.test")]),
    "user_digest_hour_of_a_day": lambda: User.objects.bulk_create([User(email="o@example.test", digest_hour=24)]),
    "user_time_zone_named": lambda: User.objects.bulk_create([User(email="o@example.test", time_zone="")]),
    "channel_uid_once": lambda: Channel.objects.update(uid=uuid.UUID(int=1)),
    "channel_one_inbox": again("inbox"),
    "channel_email_address_once": again("email"),
    "channel_kind_known": update(Channel, kind="pigeon", secret=None, address="x"),
    "channel_state_known": webhook(state="tired"),
    "channel_address_but_for_the_inbox": webhook(address=None),
    "channel_email_is_verified": lambda: Channel.objects.filter(kind="email").update(verified_at=None),
    "channel_stopped_says_why": webhook(state="stopped", stopped_at=NOW),
    "channel_webhooks_are_signed": webhook(secret=None),
    "channel_previous_secret_ends": webhook(previous_secret="x"),
    "channel_auth_header_whole": webhook(auth_header_name="X-Mine"),
    "delivery_uid_once": same_place(Delivery, subject_key="another"),
    "delivery_owed_once": same_place(Delivery, uid=uuid.uuid4()),
    "delivery_status_known": sql("UPDATE accounts_delivery SET status = 'lost', due_at = NULL"),
    "delivery_claimed_while_held": update(Delivery, claim=uuid.uuid4()),
    "delivery_due_while_owed": update(Delivery, due_at=None),
    "delivery_sent_says_when": update(Delivery, status="sent", due_at=None),
    "delivery_not_carried_by_itself": sql("UPDATE accounts_delivery SET carried_by_id = id"),
    "deliveryattempt_once": twice(DeliveryAttempt),
    "evaluation_revisions_are_dated": update(Evaluation, evaluated_at=None),
    "evaluation_of_a_known_reading": update(Evaluation, digest=None),
    "evaluation_put_off_says_why": update(Evaluation, due_at=NOW),
    "signalevaluation_once": twice(SignalEvaluation),
    "signalevaluation_revisions_are_dated": update(SignalEvaluation, revision=0, told=None),
    "signalevaluation_told_when_evaluated": update(
        SignalEvaluation, revision=0, digest=None, evaluated_at=None, told={}
    ),
    "signalevaluation_put_off_says_why": update(SignalEvaluation, reason="no due_at"),
    "evaluationhorizon_name_known": update(EvaluationHorizon, name="weather"),
    "apikey_uid_once": same_place(ApiKey, digest=bytes(32)),
    "apikey_digest_once": same_place(ApiKey, uid=uuid.uuid4()),
    "apikey_digest_has_32_bytes": update(ApiKey, digest=b"short"),
    "apikey_scopes_known": update(ApiKey, scopes=["read", "everything"]),
    "apikey_scopes_some": update(ApiKey, scopes=[]),
    "keyusage_once_a_day": twice(KeyUsage),
}


@pytest.fixture
def people_and_theirs(olive):
    Channel.objects.create(user=olive, kind="inbox", name="Inbox")
    Channel.objects.create(user=olive, kind="email", name="Mail", address="olive@example.test", verified_at=NOW)
    hook = Channel.objects.create(
        user=olive, kind="webhook", name="Hook", address="https://a.example/", secret="sealed"
    )
    delivery = Delivery.objects.create(
        channel=hook, event="E", subject_key="s", payload=b"{}", title="t", text="t", due_at=NOW
    )
    DeliveryAttempt.objects.create(delivery=delivery, number=1, ended_at=NOW, took_ms=1)
    key = ApiKey.objects.create(user=olive, name="K", prefix="f4s_", digest=b"d" * 32, scopes=["read"])
    KeyUsage.objects.create(key=key, on=NOW.date(), minute_at=NOW)
    screen = SavedScreen.objects.create(user=olive, name="S", query="side=sold", schema=1)
    Match.objects.create(screen=screen, subject="a trade", accession="0000000000-00-000000", told={})
    seen = {"digest": b"d", "revision": 1, "evaluated_at": NOW}
    Evaluation.objects.create(accession="0009000001-24-000001", **seen)
    SignalEvaluation.objects.create(key="k", issuer="0009000100", **seen)
    EvaluationHorizon.objects.create(name="filings")


def test_no_constraint_of_the_models_is_without_its_breaking_test():
    assert named_constraints("accounts") == set(BREAKING)


def test_every_named_constraint_stands_in_the_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes")
        present = {name for (name,) in cursor.fetchall()}
    assert named_constraints("accounts") <= present


@pytest.mark.parametrize("name", sorted(BREAKING))
def test_the_database_refuses_what_breaks(name, people_and_theirs):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        BREAKING[name]()

    assert refused.value.__cause__.diag.constraint_name == name
