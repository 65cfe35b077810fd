"""What is kept of a person they can take along, and when they leave nothing names them."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from accounts.models import User
from accounts.services import screens
from accounts.services.export import EXPORTERS, everything
from accounts.services.leave import leave
from signals.criteria import EVERYTHING
from tests.access.objects import OBJECTS
from tests.accounts.conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.db_and_celery]
# Rows that hang on a user and tell nothing that the account's own part does not.
# EmailConfirmation is allauth's for confirming by link: here a code does it, and the table stays empty.
TOLD_ELSEWHERE = {"User_groups", "User_user_permissions", "EmailConfirmation"}


def proven(client: Client, address: str) -> Client:
    """This client after it has shown its password once more on the way to the address."""
    client.post(client.get(address)["Location"], {"password": PASSWORD})
    return client


def leading_to_people(model: type, people: set[type]) -> list:
    """The fields of a model that name a person, or something of a person's."""
    return [
        field
        for field in model._meta.fields
        if (field.many_to_one or field.one_to_one)
        and field.related_model in people
        and field.related_model is not model
    ]


def belonging_to_a_user() -> set[type]:
    """Every model with a foreign key to the user, or to what belongs to one, whichever app has it."""
    found: set[type] = {User}
    while more := {
        model for model in set(apps.get_models(include_auto_created=True)) - found if leading_to_people(model, found)
    }:
        found |= more
    return {model for model in found if model.__name__ not in TOLD_ELSEWHERE}


def test_whatever_belongs_to_a_user_is_told_by_an_exporter():
    told = {model for exporter in EXPORTERS for model in exporter.models}
    untold = sorted(model._meta.label for model in belonging_to_a_user() - told)
    assert not untold, f"accounts/services/export.py: no exporter tells {', '.join(untold)}"


def test_whatever_belongs_to_a_user_goes_with_the_user():
    people = belonging_to_a_user()
    kept = [
        f"{model._meta.label}.{field.name}"
        for model in people
        for field in leading_to_people(model, people)
        if field.remote_field.on_delete.__name__ != "CASCADE"
    ]
    assert not kept, f"these outlive their user: {kept}"


def test_an_export_is_json_with_every_part_and_what_its_owner_made(logged_in_olive, verified_olive):
    secrets = [secret for make in OBJECTS.values() for secret in make(verified_olive).secrets]
    answer = proven(logged_in_olive, "/account/export/").get("/account/export/")
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    found = json.loads(answer.content)
    assert set(found) == {"exported_at", *(exporter.name for exporter in EXPORTERS)}
    assert found["account"]["email"] == verified_olive.email
    told = [secret for secret in secrets if secret in answer.content.decode()]
    assert len(told) >= 3  # the names of things; recovery codes and the like stay where they are


def test_an_export_holds_no_secret_and_nothing_of_others(verified_olive, stan):
    for make in OBJECTS.values():
        make(verified_olive)
        make(stan)
    text = json.dumps(everything(user=verified_olive), default=str)
    assert verified_olive.password not in text
    assert stan.email not in text
    for codes in OBJECTS["app"](verified_olive).secrets:
        assert codes not in text


def everywhere(words: list[str]) -> list[str]:
    """The tables in which one of these words stands, in any column, as it is or in bytes."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows = "\n".join(row for (row,) in cursor.fetchall())
            found += [table for word in words if word in rows or word.encode().hex() in rows]
    return found


def test_who_leaves_is_named_in_no_table(mail_folder):
    user = User.objects.create_user("ann-who-leaves@example.test", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client, other = logged_in(user), logged_in(user)
    secrets = [secret for make in OBJECTS.values() for secret in make(user).secrets]
    words = ["ann-who-leaves", *secrets, f'"_auth_user_id":"{user.pk}"']
    assert everywhere(words)
    assert UserSession.objects.filter(user_id=user.pk).exists()
    sessions = set(UserSession.objects.filter(user_id=user.pk).values_list("session_key", flat=True))
    answer = proven(client, "/account/delete/").post("/account/delete/", {"email": user.email})
    assert answer["Location"] == "/account/deleted/"
    assert everywhere(words) == []
    assert not Session.objects.filter(session_key__in=sessions).exists()
    assert not any(str(user.pk) == session.get_decoded().get("_auth_user_id") for session in Session.objects.all())
    assert "copies for emergencies are overwritten within 35 days" in client.get("/account/deleted/").content.decode()
    for browser in (client, other):
        assert browser.get("/account/").status_code == 302


def logged_in(user: User) -> Client:
    client = Client()
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    return client


def test_who_leaves_is_told_so_by_mail_and_others_stay(logged_in_olive, verified_olive, stan, mails):
    proven(logged_in_olive, "/account/delete/").post("/account/delete/", {"email": verified_olive.email})
    assert mails()[0].subject == "Your form4site account was deleted"
    assert mails()[0].to == "olive@example.test"
    assert list(User.objects.all()) == [stan]


def test_another_word_than_ones_own_address_deletes_nothing(logged_in_olive, verified_olive):
    client = proven(logged_in_olive, "/account/delete/")
    for email in ("", "stan@example.test", "olive"):
        answer = client.post("/account/delete/", {"email": email})
        assert answer.status_code == 422
    assert User.objects.filter(pk=verified_olive.pk).exists()


def test_looking_at_the_page_deletes_nothing(logged_in_olive, verified_olive):
    assert proven(logged_in_olive, "/account/delete/").get("/account/delete/").status_code == 200
    assert User.objects.filter(pk=verified_olive.pk).exists()


def test_leaving_twice_is_leaving(verified_olive):
    leave(user=verified_olive)
    leave(user=verified_olive)
    assert not User.objects.exists()


# --- one's day ---------------------------------------------------------------------------------------------------


def test_ones_time_zone_and_digest_hour_are_kept(logged_in_olive, verified_olive):
    logged_in_olive.post("/account/", {"time_zone": "Asia/Kathmandu", "digest_hour": "23"})
    verified_olive.refresh_from_db()
    assert (verified_olive.zone.key, verified_olive.digest_hour) == ("Asia/Kathmandu", 23)


def test_the_next_digest_comes_at_the_hour_that_was_chosen_last(logged_in_olive, verified_olive):
    kept = screens.save(owner=verified_olive, name="Mine", criteria=EVERYTHING, cadence="daily")
    logged_in_olive.post("/account/", {"time_zone": "Asia/Kathmandu", "digest_hour": "23"})
    kept.refresh_from_db()
    there = kept.digest_at.astimezone(ZoneInfo("Asia/Kathmandu"))
    assert (there.hour, there.minute) == (23, 0)


@pytest.mark.parametrize(
    "sent", [{"time_zone": "Mars/Base"}, {"digest_hour": "24"}, {"digest_hour": "-1"}, {"time_zone": ""}]
)
def test_what_is_no_zone_or_hour_is_refused_beside_its_field(logged_in_olive, verified_olive, sent):
    answer = logged_in_olive.post("/account/", {"time_zone": "UTC", "digest_hour": "7", **sent})
    assert answer.status_code == 422
    assert "field__error" in answer.content.decode()
    verified_olive.refresh_from_db()
    assert (verified_olive.time_zone, verified_olive.digest_hour) == ("America/New_York", 7)


@pytest.mark.parametrize("extra", ["is_staff", "is_superuser", "is_active", "email", "password", "user_id", "owner"])
def test_no_other_field_can_be_slipped_in(logged_in_olive, verified_olive, extra):
    before = {field.name: getattr(verified_olive, field.name) for field in User._meta.fields}
    logged_in_olive.post("/account/", {"time_zone": "UTC", "digest_hour": "7", extra: "1"})
    verified_olive.refresh_from_db()
    changed = {name for name, value in before.items() if getattr(verified_olive, name) != value}
    assert changed <= {"time_zone", "last_login"}
