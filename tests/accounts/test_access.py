"""Every account page there is: ours, never broken, and closed to those whom it does not concern."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.test import Client
from django.urls import get_resolver

from tests.accounts.conftest import PASSWORD

ARGUMENTS = {"uidb36": "1", "key": "cxyz12-0123456789abcdef"}
# What each page answers to GET: (anonymous, logged in). 302 leads to the log-in, or to where it belongs.
EXPECTED = {
    "account": (302, 200),
    "sessions": (302, 200),
    "session-end": (405, 405),
    "sessions-end-others": (405, 405),
    "export": (302, 302),
    "delete": (302, 302),
    "deleted": (200, 200),
    "keys": (302, 200),
    "key-revoke": (302, 405),
    "outbox": (404, 404),
    "account_login": (200, 302),
    "account_logout": (302, 200),
    "account_inactive": (200, 200),
    "account_signup": (200, 302),
    "account_reauthenticate": (302, 200),
    "account_email": (302, 200),
    "account_email_verification_sent": (302, 302),
    "account_change_password": (302, 200),
    "account_set_password": (302, 302),
    "account_reset_password": (200, 200),
    "account_confirm_login_code": (302, 302),
    "account_reset_password_from_key_done": (200, 200),
    "account_reset_password_from_key": (200, 200),
    "account_reset_password_done": (200, 200),
}


def routed() -> dict[str, str]:
    """Every address below /account/, by name."""
    found = {}
    for included in get_resolver().url_patterns:
        if str(included.pattern) == "account/":
            for pattern in included.url_patterns:
                path = str(pattern.pattern)
                path = path.replace("<int:pk>", "1").replace("<uuid:uid>", str(UUID(int=1)))
                if "(?P" in path:
                    path = f"password/reset/key/{ARGUMENTS['uidb36']}-{ARGUMENTS['key']}/"
                found[pattern.name] = f"/account/{path}"
    return found


def test_every_routed_page_has_its_expectation():
    assert sorted(routed()) == sorted(EXPECTED)


@pytest.mark.django_db
@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("who", ["anonymous", "logged in"])
def test_every_page_answers_with_a_template_of_ours(name, who, verified_olive):
    client = Client(REMOTE_ADDR="192.0.2.1", raise_request_exception=True)
    if who == "logged in":
        client.post("/account/login/", {"login": verified_olive.email, "password": PASSWORD})
    answer = client.get(routed()[name])
    assert answer.status_code == EXPECTED[name][who == "logged in"]
    if answer.status_code == 200:
        origins = {Path(template.origin.name) for template in answer.templates if template.origin}
        foreign = [path for path in origins if "allauth" in path.parts]
        assert not foreign
        assert settings.BASE_DIR / "templates" / "base.html" in origins
        page = answer.content.decode()
        assert page.count("<h1") == 1
        assert "style=" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("who", ["anonymous", "logged in"])
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options", "head"])
def test_no_method_breaks_a_page(name, who, method, verified_olive):
    client = Client(REMOTE_ADDR="192.0.2.1")
    if who == "logged in":
        client.post("/account/login/", {"login": verified_olive.email, "password": PASSWORD})
    assert getattr(client, method)(routed()[name]).status_code < 500


@pytest.mark.django_db
def test_a_person_without_a_password_can_set_one(client, olive):
    olive.set_unusable_password()
    olive.save()
    client.force_login(olive)
    assert client.get("/account/password/change/")["Location"] == "/account/password/set/"
    assert client.get("/account/password/set/").status_code == 200


@pytest.mark.django_db
def test_a_program_gets_the_same_pages_as_a_person(client, verified_olive):
    """allauth would answer some headers with JSON: a second kind of answer, which nobody here looks after."""
    for headers in ({"HTTP_ACCEPT": "application/json"}, {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}):
        answer = client.post("/account/login/", {"login": verified_olive.email, "password": "wrong"}, **headers)
        assert answer["Content-Type"].startswith("text/html")


@pytest.mark.django_db
def test_every_form_asks_for_its_token(verified_olive):
    client = Client(enforce_csrf_checks=True)
    for name in ("account_login", "account_signup", "account_reset_password", "account_logout"):
        assert client.post(routed()[name], {}).status_code == 403


@pytest.mark.django_db
def test_an_account_page_shows_its_owner_and_nobody_else(verified_olive, stan):
    """There is no address that names a person, so a stranger has nothing to ask for: each sees themself."""
    owner, stranger, anonymous = Client(), Client(), Client()
    owner.force_login(verified_olive)
    stranger.force_login(stan)
    assert "olive@example.test</strong>, confirmed" in owner.get("/account/").content.decode()
    assert "olive@example.test" not in stranger.get("/account/").content.decode()
    assert "stan@example.test</strong>, not confirmed" in stranger.get("/account/").content.decode()
    assert anonymous.get("/account/")["Location"] == "/account/login/?next=/account/"


@pytest.mark.django_db
def test_an_account_page_is_kept_by_no_cache(logged_in_olive):
    assert "no-store" in logged_in_olive.get("/account/")["Cache-Control"]


@pytest.mark.django_db
def test_a_reset_link_opens_the_account_it_was_made_for_only(verified_olive, stan, mails):
    asking = Client()
    asking.post("/account/password/reset/", {"email": verified_olive.email})
    link = next(word for word in mails()[0].text.split() if "/reset/key/" in word)
    olives, _, key = link.rstrip("/").rsplit("/", 1)[1].partition("-")
    assert int(olives, 36) == verified_olive.pk
    page = Client().get(f"/account/password/reset/key/{user_pk_to_url_str(stan)}-{key}/", follow=True)
    assert "no longer valid" in page.content.decode()


@pytest.mark.django_db
def test_a_closed_account_cannot_log_in(client, verified_olive):
    verified_olive.is_active = False
    verified_olive.save()
    answer = client.post("/account/login/", {"login": verified_olive.email, "password": PASSWORD}, follow=True)
    assert "This account is closed" in answer.content.decode()
    assert client.get("/account/").status_code == 302
