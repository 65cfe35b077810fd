"""Nobody learns from us whose address has an account: known and unknown are answered with the same bytes and work."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import hashers
from django.db import connection
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import PASSWORD

KNOWN, UNKNOWN = "olive@example.test", "nobody@example.test"
TOKENS = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"|"x-csrftoken": "\w+"')


def seen(client: Client, answer, *, typed: str) -> list[object]:
    """All that a person sees of an answer and of what follows it, without tokens and what they typed themselves."""

    def without_own(content: bytes) -> bytes:
        return TOKENS.sub(b"", content).replace(typed.encode(), b"TYPED")

    shown: list[object] = [answer.status_code, answer.get("Location"), without_own(answer.content)]
    if answer.status_code == 302:
        page = client.get(answer["Location"], follow=True)
        shown += [page.status_code, page.redirect_chain, without_own(page.content)]
    for path in ("/account/signup/", "/account/login/", "/account/confirm-email/", "/account/"):
        later = client.get(path)
        shown += [path, later.status_code, later.get("Location"), without_own(later.content)]
    shown.append(sorted((name, bool(morsel.value), morsel["max-age"]) for name, morsel in client.cookies.items()))
    return shown


def sign_up(client, email):
    return client.post("/account/signup/", {"email": email, "password1": "a long enough password"})


def log_in(client, email):
    return client.post("/account/login/", {"login": email, "password": "not the password"})


def reset(client, email):
    return client.post("/account/password/reset/", {"email": email})


@pytest.mark.django_db
@pytest.mark.parametrize("ask", [sign_up, log_in, reset])
@pytest.mark.parametrize("kind", ["verified", "unverified"])
def test_known_and_unknown_addresses_get_the_same_answer(ask, kind, mail_folder, request):
    request.getfixturevalue("verified_olive" if kind == "verified" else "olive")
    one, other = Client(), Client()
    assert seen(one, ask(one, KNOWN), typed=KNOWN) == seen(other, ask(other, UNKNOWN), typed=UNKNOWN)


@pytest.mark.django_db
@pytest.mark.parametrize("ask", [sign_up, reset])
def test_known_and_unknown_addresses_get_one_mail_each(ask, verified_olive, mails):
    ask(Client(), KNOWN)
    ask(Client(), UNKNOWN)
    assert sorted(mail.to for mail in mails()) == [UNKNOWN, KNOWN]


@pytest.mark.django_db
@pytest.mark.parametrize("ask", [sign_up, log_in])
def test_known_and_unknown_addresses_cost_one_hash_each(ask, verified_olive, mail_folder, monkeypatch):
    """A hash is the only work long enough to be seen from outside."""
    work: list[str] = []

    def counted(real):
        def run(*arguments, **named):
            work.append(real.__name__)
            return real(*arguments, **named)

        return run

    for hasher in {type(hashers.get_hasher()), type(hashers.identify_hasher(verified_olive.password))}:
        for method in ("encode", "verify"):
            monkeypatch.setattr(hasher, method, counted(getattr(hasher, method)))
    costs = []
    for email in (KNOWN, UNKNOWN):
        work.clear()
        ask(Client(), email)
        costs.append(bool(work))
    assert costs == [True, True]


@pytest.mark.django_db
@pytest.mark.slow
def test_no_sign_up_answers_before_its_time(verified_olive, mail_folder, settings):
    """Only a lower bound is looked at: what is done within it cannot be seen from outside."""
    settings.SIGNUP_SECONDS = 0.4
    for email in (KNOWN, UNKNOWN):
        client = Client()
        began = time.monotonic()
        assert sign_up(client, email).status_code == 302
        assert time.monotonic() - began >= 0.4


@pytest.mark.django_db
def test_the_wrong_codes_of_a_taken_address_are_answered_like_any_other(verified_olive, mail_folder):
    answers = []
    for email in (KNOWN, UNKNOWN):
        client = Client()
        sign_up(client, email)
        tries = [client.post("/account/confirm-email/", {"code": "BBBB-BBBB"}) for _ in range(3)]
        answers.append([seen(client, answer, typed=email) for answer in tries])
    assert answers[0] == answers[1]


@pytest.mark.django_db
def test_asking_for_a_taken_address_as_a_new_one_says_nothing(verified_olive, stan, mail_folder):
    shown = []
    for wanted in (stan.email, UNKNOWN):
        client = Client()
        client.post("/account/login/", {"login": KNOWN, "password": PASSWORD})
        answer = client.post("/account/email/", {"email": wanted, "action_add": "1"})
        answer = client.post(answer["Location"], {"password": PASSWORD})
        shown.append(seen(client, answer, typed=wanted))
    assert shown[0] == shown[1]


@pytest.mark.django_db(transaction=True)
def test_of_sign_ups_at_the_same_moment_one_makes_the_account_and_all_get_the_same_answer(mail_folder, settings):
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": "100/m/key"}

    def once(_: int) -> tuple[int, str | None]:
        try:
            answer = sign_up(Client(), UNKNOWN)
            return answer.status_code, answer.get("Location")
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(once, range(6)))
    assert set(answers) == {(302, "/account/confirm-email/")}
    assert User.objects.filter(email=UNKNOWN).count() == 1
