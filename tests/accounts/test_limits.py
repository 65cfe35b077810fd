"""Guessing is slowed: by account and by visitor, however many try at once and whatever they write into headers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from tests.accounts.conftest import PASSWORD

TOO_MANY = "Too many tries"
MISMATCH = "do not belong together"


def guess(email: str, password: str = "not the password", *, visitor: str = "192.0.2.1", **headers: str) -> str:
    answer = Client(REMOTE_ADDR=visitor, **headers).post("/account/login/", {"login": email, "password": password})
    if answer.status_code == 302:
        return "in"
    text = answer.content.decode()
    (verdict,) = [word for word in (TOO_MANY, MISMATCH) if word in text]
    return verdict


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_forty_guesses_at_once_from_forty_visitors_get_five_answers(verified_olive):
    def once(number: int) -> str:
        try:
            return guess(verified_olive.email, visitor=f"192.0.2.{number + 1}")
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(once, range(40)))
    answered = answers.count(MISMATCH)
    assert answered <= 5
    # A guess that waited too long for its turn is refused, too, and leaves its place to a later one.
    while guess(verified_olive.email, visitor=f"198.51.100.{answered + 1}") == MISMATCH:
        answered += 1
        assert answered <= 5
    assert answered == 5
    assert guess(verified_olive.email, PASSWORD, visitor="203.0.113.1") == TOO_MANY


@pytest.mark.django_db
def test_ten_wrong_passwords_a_minute_from_one_visitor_for_any_accounts(verified_olive):
    answers = [guess(f"somebody{number}@example.test") for number in range(12)]
    assert answers == [MISMATCH] * 10 + [TOO_MANY] * 2
    assert guess(verified_olive.email, PASSWORD, visitor="192.0.2.2") == "in"


@pytest.mark.django_db
def test_no_header_makes_one_visitor_many(verified_olive):
    answers = []
    for number in range(12):
        forged = f"203.0.113.{number}"
        headers = {"HTTP_X_FORWARDED_FOR": forged, "HTTP_X_REAL_IP": forged, "HTTP_FORWARDED": f"for={forged}"}
        answers.append(guess(f"somebody{number}@example.test", **headers))
    assert answers[-2:] == [TOO_MANY] * 2


@pytest.mark.django_db
def test_another_of_our_names_or_ports_gives_no_further_guesses(verified_olive, settings):
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    names = ["localhost", "127.0.0.1", *(f"localhost:{port}" for port in range(8000, 8006))]
    answers = [
        guess(verified_olive.email, visitor=f"192.0.2.{number + 1}", HTTP_HOST=name)
        for number, name in enumerate(names)
    ]
    assert answers == [MISMATCH] * 5 + [TOO_MANY] * 3


@pytest.mark.django_db
def test_behind_our_proxy_the_address_that_it_wrote_counts(verified_olive, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    answers = []
    for number in range(12):
        header = f"203.0.113.{number}, 198.51.100.7"  # the first is the client's own invention, the last the proxy's
        answers.append(guess(f"somebody{number}@example.test", visitor="127.0.0.1", HTTP_X_FORWARDED_FOR=header))
    assert answers[-2:] == [TOO_MANY] * 2


@pytest.mark.django_db
def test_unknown_accounts_are_limited_like_known_ones(verified_olive):
    for email in (verified_olive.email, "nobody@example.test"):
        cache.clear()
        answers = [guess(email, visitor=f"192.0.2.{number + 1}") for number in range(6)]
        assert answers == [MISMATCH] * 5 + [TOO_MANY]


@pytest.mark.django_db
def test_a_reset_by_mail_opens_a_locked_account_to_its_owner(verified_olive, mails):
    for number in range(6):
        guess(verified_olive.email, visitor=f"192.0.2.{number + 1}")
    owner = Client()
    owner.post("/account/password/reset/", {"email": verified_olive.email})
    link = next(word for word in mails()[0].text.split() if "/reset/key/" in word)
    form = owner.get("/" + link.split("/", 3)[3], follow=True)
    owner.post(form.request["PATH_INFO"], {"password1": "a wholly new long one"})
    assert guess(verified_olive.email, "a wholly new long one", visitor="203.0.113.9") == "in"


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["olive@example.test", "nobody@example.test"])
def test_three_reset_mails_in_ten_minutes_to_one_address(email, verified_olive, mails):
    answers = [
        Client(REMOTE_ADDR=f"192.0.2.{number}").post("/account/password/reset/", {"email": email}).status_code
        for number in range(1, 6)
    ]
    assert answers == [302, 302, 302, 429, 429]
    assert len(mails()) == 3


@pytest.mark.django_db
def test_the_refusal_is_a_page_of_ours(verified_olive, mail_folder):
    for _ in range(4):
        answer = Client().post("/account/password/reset/", {"email": verified_olive.email})
    assert answer.status_code == 429
    assert "Wait a few minutes" in answer.content.decode()


@pytest.mark.django_db
def test_the_cache_keeps_more_tries_than_a_visitor_can_make(settings):
    """Django's table forgets entries, limits among them, above 300 of them."""
    if not settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache"):
        pytest.skip("the cache is a Redis server here, which has no such bound")
    cache.set("an-early-try", 1, 600)
    for number in range(400):
        cache.set(f"another-{number}", 1, 600)
    assert cache.get("an-early-try") == 1
