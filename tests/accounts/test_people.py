"""The demo user and staff, by command; and how passwords are kept."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from accounts.services import people

pytestmark = pytest.mark.django_db


def run(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def embedded(mail_folder, settings):
    settings.BASE_URL = "http://localhost:8000"


def log_in(email, password):
    return Client().post("/account/login/", {"login": email, "password": password}).get("Location")


def test_the_demo_user_logs_in_as_printed_and_the_place_of_mail_is_said(mail_folder):
    said = run("demo_user")
    email, password = re.search(r"Log in as (\S+), password: (\S+)", said).groups()
    assert log_in(email, password) == "/account/"
    assert str(mail_folder) in said
    assert "http://localhost:8000/account/outbox/" in said


def test_a_second_run_changes_nothing_and_mends_what_a_visitor_changed():
    run("demo_user")
    before = User.objects.values().get()
    run("demo_user")
    assert User.objects.values().get() == before
    user = User.objects.get()
    user.set_password("somebody else's idea")
    user.save()
    run("demo_user")
    assert log_in(people.DEMO_EMAIL, people.DEMO_PASSWORD) == "/account/"
    assert EmailAddress.objects.count() == 1


def test_the_demo_user_is_no_staff():
    run("demo_user")
    user = User.objects.get()
    assert not user.is_staff
    assert not user.is_superuser


@pytest.mark.parametrize(
    ("name", "value"), [("DATABASE_URL", "postgres://db/form4site"), ("BASE_URL", "https://form4site.example")]
)
def test_a_server_that_may_be_public_gets_no_demo_user_and_loses_its_known_password(settings, name, value):
    run("demo_user")
    setattr(settings, name, value)
    with pytest.raises(CommandError, match=name):
        run("demo_user")
    assert log_in(people.DEMO_EMAIL, people.DEMO_PASSWORD) is None
    run("demo_user", "--force")
    assert log_in(people.DEMO_EMAIL, people.DEMO_PASSWORD) == "/account/"


def test_new_staff_choose_their_password_by_a_link_that_works_once():
    said = run("staff", "Boss@Example.test")
    user = User.objects.get(email="boss@example.test")
    assert user.is_staff
    assert not user.has_usable_password()
    link = re.search(r"http://localhost:8000(/account/password/reset/key/\S+)", said)[1]
    client = Client()
    form = client.get(link, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": "the boss has a long one"})
    assert log_in("boss@example.test", "the boss has a long one") == "/account/"
    assert "no longer valid" in Client().get(link, follow=True).content.decode()


def test_a_person_with_a_confirmed_address_becomes_staff_and_keeps_the_password(verified_olive):
    said = run("staff", verified_olive.email)
    assert "http" not in said
    verified_olive.refresh_from_db()
    assert verified_olive.is_staff
    assert log_in(verified_olive.email, "olive's long password") == "/account/"


def test_whoever_opened_an_account_with_an_address_that_is_not_theirs_is_not_made_staff(stan):
    """The address was never confirmed, so the password may be anyone's."""
    client = Client()
    client.force_login(stan)
    said = run("staff", stan.email)
    assert "/account/password/reset/key/" in said
    assert log_in(stan.email, "stan's long password") is None
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("email", ["nobody", "", "a b@example.test"])
def test_staff_need_a_real_address(email):
    with pytest.raises(CommandError, match="no e-mail address"):
        run("staff", email)
    assert not User.objects.exists()


def test_passwords_are_kept_as_argon2id_above_the_minimum(settings):
    settings.PASSWORD_HASHERS = ["accounts.hashers.BoundedArgon2"]
    encoded = make_password("a password")
    memory, passes = re.fullmatch(r"argon2\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$.+", encoded).groups()
    assert int(memory) >= 19 * 1024
    assert int(passes) >= 2
    assert check_password("a password", encoded)
    assert not check_password("another", encoded)
    assert not identify_hasher(encoded).must_update(encoded)
