"""Keys of programs: shown once, useless to whoever reads the database, and counted exactly, also in parallel."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import ApiKey, KeyUsage, Scope, User
from accounts.services import keys

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]
NOON = datetime(2026, 11, 28, 12, 0, 30, tzinfo=UTC)


@pytest.fixture
def made(olive):
    return keys.make(user=olive, name="Spreadsheet")


def test_a_key_says_who_calls_and_what_it_may_do(olive):
    made = keys.make(user=olive, name="Reader", scopes=["read"])
    caller = keys.call(made.secret)
    assert (caller.user_id, caller.key_id) == (olive.pk, made.key.pk)
    assert caller.may(Scope.READ)
    assert not caller.may(Scope.WEBHOOKS)


def test_a_key_has_256_random_bits_a_prefix_and_a_checksum(olive):
    secrets = {keys.make(user=olive, name="K").secret for _ in range(keys.MOST_KEYS)}
    assert len({secret[4:47] for secret in secrets}) == keys.MOST_KEYS
    for secret in secrets:
        assert re.fullmatch(r"f4s_[\w-]{43}[0-9a-z]{6}", secret)
        assert keys.looks_right(secret)
        wrong = secret[:10] + ("A" if secret[10] != "A" else "B") + secret[11:]
        assert not keys.looks_right(wrong)


@pytest.mark.parametrize("header", [None, "", "f4s_", "fapi_live_x", "f4s_" + "A" * 49, "Bearer x", "\0", "ü" * 53])
def test_what_is_no_key_is_refused_without_asking_the_database(header, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert keys.call(header) is None


def test_a_well_formed_key_that_nobody_has_is_nobody(made):
    assert keys.call(keys._new()) is None


@pytest.mark.parametrize("how", ["revoked", "expired", "closed"])
def test_a_key_that_ended_opens_nothing(made, how):
    assert keys.call(made.secret)
    if how == "revoked":
        keys.revoke(key=made.key)
    elif how == "expired":
        ApiKey.objects.update(expires_at=timezone.now())
    else:
        User.objects.update(is_active=False)
    assert keys.call(made.secret) is None


def test_neither_the_key_nor_its_random_part_stands_in_the_database(made):
    keys.call(made.secret)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(k)::text FROM accounts_apikey k")
        stored = "".join(row for (row,) in cursor.fetchall())
    assert made.secret[:12] in stored
    assert made.secret[12:30] not in stored
    assert made.secret.encode().hex() not in stored


def test_keys_outlive_a_change_of_the_sealing_key_and_not_its_loss(made, settings):
    old = settings.SEALING_KEYS
    settings.SEALING_KEYS = ["n" * 50, *old]
    assert keys.call(made.secret)
    settings.SEALING_KEYS = ["n" * 50]
    assert keys.call(made.secret) is None


def test_a_minute_has_its_limit_and_the_next_its_own(made, settings):
    settings.API_CALLS_PER_MINUTE, settings.API_CALLS_PER_DAY = 3, 100
    spent = [keys.call(made.secret, now=NOON + timedelta(seconds=n)).allowance for n in range(5)]
    assert [(each.allowed, each.remaining) for each in spent] == [
        (True, 2), (True, 1), (True, 0), (False, 0), (False, 0),
    ]  # fmt: skip
    assert spent[3].retry_after == 27
    assert spent[0].headers == {
        "X-RateLimit-Limit": "3", "X-RateLimit-Remaining": "2", "X-RateLimit-Reset": str(int(NOON.timestamp()) + 30),
    }  # fmt: skip
    assert re.fullmatch(r"[1-9]\d*", spent[3].headers["Retry-After"])
    assert spent[3].headers["X-RateLimit-Limit-Day"] == "100"
    assert keys.call(made.secret, now=NOON + timedelta(seconds=30)).allowance.allowed
    assert KeyUsage.objects.values_list("calls", "refused").get() == (4, 2)


def test_a_day_has_its_limit_and_says_until_when(made, settings):
    settings.API_CALLS_PER_MINUTE, settings.API_CALLS_PER_DAY = 10, 2
    assert [keys.call(made.secret, now=NOON).allowance.allowed for _ in range(3)] == [True, True, False]
    refused = keys.call(made.secret, now=NOON + timedelta(minutes=5)).allowance
    assert not refused.allowed
    assert refused.retry_after == 11 * 3600 + 54 * 60 + 30
    assert keys.call(made.secret, now=NOON + timedelta(days=1)).allowance.allowed


def test_the_last_use_is_known_to_the_minute(made):
    for seconds in (0, 30, 90):
        keys.call(made.secret, now=NOON + timedelta(seconds=seconds))
    assert ApiKey.objects.get().last_used_at == NOON + timedelta(seconds=90)


def test_use_is_told_day_by_day_with_the_days_without(made):
    keys.call(made.secret, now=NOON - timedelta(days=2))
    keys.call(made.secret, now=NOON)
    days = keys.usage_of([made.key], days=3, today=NOON.date())
    assert [day.calls for day in days] == [1, 0, 1]


@pytest.mark.parametrize("scopes", [[], ["write"], ["read", "write"]])
def test_a_key_for_nothing_or_for_more_than_there_is_cannot_be_made(olive, scopes):
    with pytest.raises(keys.KeyRefused):
        keys.make(user=olive, name="K", scopes=scopes)


def test_the_command_prints_a_key_that_works_and_makes_the_user():
    out = StringIO()
    call_command("apikey", "New@Example.test", stdout=out)
    caller = keys.call(out.getvalue().strip())
    user = User.objects.get(email="new@example.test")
    assert caller.user_id == user.pk
    assert not user.has_usable_password()
    assert caller.scopes == set(Scope.values)
    call_command("apikey", "new@example.test", stdout=StringIO())
    assert ApiKey.objects.filter(user=user).count() == 2


def test_the_command_needs_an_address():
    with pytest.raises(CommandError, match="no e-mail address"):
        call_command("apikey", "nobody")


def in_parallel(number, work):
    results, ready = [], threading.Barrier(number)

    def run():
        try:
            ready.wait()
            results.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_of_parallel_calls_exactly_as_many_pass_as_are_allowed(made, settings):
    settings.API_CALLS_PER_MINUTE = 10
    passed = in_parallel(24, lambda: keys.call(made.secret, now=NOON).allowance.allowed)
    assert (passed.count(True), passed.count(False)) == (10, 14)


@pytest.mark.django_db(transaction=True)
def test_of_parallel_makings_exactly_as_many_keys_come_as_there_is_room(olive):
    for _ in range(keys.MOST_KEYS - 3):
        keys.make(user=olive, name="K")

    def make():
        try:
            return keys.make(user=olive, name="K") is not None
        except keys.KeyRefused:
            return False

    assert in_parallel(8, make).count(True) == 3
