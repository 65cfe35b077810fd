"""Sessions: seen, ended one by one, ended by time, by a new password, by leaving; and no old id opens anything."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client

from accounts.selectors.sessions import browser_words
from accounts.services.people import password_link
from tests.accounts.conftest import PASSWORD
from tests.pages.reading import read

pytestmark = [pytest.mark.django_db]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1"


def logged_in(user, agent: str = FIREFOX, **meta: str) -> Client:
    client = Client(HTTP_USER_AGENT=agent, **meta)
    assert client.post("/account/login/", {"login": user.email, "password": PASSWORD}).status_code == 302
    return client


def key_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def with_key(key: str) -> Client:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_one_sees_where_one_is_logged_in_this_one_first(verified_olive, stan):
    logged_in(verified_olive, IPHONE, REMOTE_ADDR="192.0.2.7")
    here = logged_in(verified_olive, REMOTE_ADDR="192.0.2.8")
    page = read(here.get("/account/sessions/"))
    rows = [row.text for row in page.all("li", class_="thing")]
    assert rows[0].startswith("Firefox on Linux this one from 192.0.2.8")
    assert rows[1].startswith("Safari on iPhone from 192.0.2.7")
    stranger = Client()
    stranger.force_login(stan)
    assert "192.0.2.7" not in stranger.get("/account/sessions/").content.decode()


def test_one_session_can_be_ended_and_the_others_stay(verified_olive):
    lost, kept, here = (logged_in(verified_olive) for _ in range(3))
    row = UserSession.objects.get(session_key=key_of(lost))
    assert here.post(f"/account/sessions/{row.pk}/end/")["Location"] == "/account/sessions/"
    assert [is_in(client) for client in (lost, kept, here)] == [False, True, True]
    assert here.post(f"/account/sessions/{row.pk}/end/").status_code == 404


def test_all_others_can_be_ended_at_once(verified_olive):
    others, here = [logged_in(verified_olive) for _ in range(3)], logged_in(verified_olive)
    here.post("/account/sessions/end-others/")
    assert [is_in(client) for client in (*others, here)] == [False, False, False, True]
    assert len(read(here.get("/account/sessions/")).all("li", class_="thing")) == 1


def test_ending_this_one_is_logging_out(verified_olive):
    here = logged_in(verified_olive)
    row = UserSession.objects.get(session_key=key_of(here))
    assert here.post(f"/account/sessions/{row.pk}/end/")["Location"] == "/account/login/"
    assert not is_in(here)


def test_an_id_that_was_there_before_the_log_in_is_worth_nothing_after_it(verified_olive):
    planted = Client()
    planted.get("/account/security/webauthn/login/")  # an anonymous session
    key = key_of(planted)
    planted.post("/account/login/", {"login": verified_olive.email, "password": PASSWORD})
    assert is_in(planted)
    assert key_of(planted) != key
    assert not is_in(with_key(key))


def test_after_logging_out_the_old_id_is_dead(verified_olive):
    here = logged_in(verified_olive)
    key = key_of(here)
    here.post("/account/logout/")
    assert not is_in(with_key(key))
    assert not UserSession.objects.exists()


def test_a_new_password_ends_every_other_session(verified_olive, mail_folder):
    other, here = logged_in(verified_olive), logged_in(verified_olive)
    here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": "a wholly new long one"})
    assert [is_in(other), is_in(here)] == [False, True]
    assert UserSession.objects.count() == 1


def test_a_password_set_by_mail_ends_every_session(verified_olive, mail_folder):
    here = logged_in(verified_olive)
    verified_olive.refresh_from_db()
    owner = Client()
    form = owner.get("/" + password_link(verified_olive).split("/", 3)[3], follow=True)
    owner.post(form.request["PATH_INFO"], {"password1": "a wholly new long one"})
    assert not is_in(here)


@pytest.mark.parametrize(
    ("staff", "pauses", "still"),
    [
        (False, [timedelta(days=13, hours=23)], True),
        (False, [timedelta(days=14, hours=1)], False),
        (False, [timedelta(days=13)] * 2, True),
        (False, [timedelta(days=13)] * 3, False),  # longer than 30 days in all
        (True, [timedelta(minutes=29)], True),
        (True, [timedelta(minutes=31)], False),
        (True, [timedelta(minutes=29)] * 16, True),
        (True, [timedelta(minutes=29)] * 17, False),  # longer than 8 hours in all
    ],
)
def test_a_session_ends_after_a_pause_and_at_last_in_any_case(verified_olive, staff, pauses, still):
    verified_olive.is_staff = staff
    verified_olive.save()
    with time_machine.travel(time.time(), tick=False) as clock:
        client = logged_in(verified_olive)
        for pause in pauses:
            clock.shift(pause)
            found = is_in(client)
        assert found is still
        assert UserSession.objects.exists() is still


def test_a_visit_is_written_down_once_in_a_while(verified_olive, django_assert_num_queries):
    with time_machine.travel(time.time(), tick=False) as clock:
        client = logged_in(verified_olive)
        client.get("/account/")
        before = UserSession.objects.get().last_seen_at
        clock.shift(timedelta(hours=1))
        client.get("/account/")
        assert UserSession.objects.get().last_seen_at == before
        clock.shift(timedelta(hours=12))
        client.get("/account/")
        assert UserSession.objects.get().last_seen_at > before


def test_a_log_in_from_a_new_browser_is_told_by_mail_and_from_a_known_one_is_not(verified_olive, mails):
    client = logged_in(verified_olive)
    assert mails()[0].subject == "A new log-in to your form4site account"
    assert "Firefox on Linux" in mails()[0].text
    client.post("/account/logout/")
    client.post("/account/login/", {"login": verified_olive.email, "password": PASSWORD})
    assert is_in(client)
    assert len(mails()) == 1
    logged_in(verified_olive, IPHONE)
    assert "Safari on iPhone" in mails()[0].text


def test_a_forged_cookie_makes_no_browser_known(verified_olive, mails):
    client = Client(HTTP_COOKIE="known=WyJhIl0:1:forged")
    client.post("/account/login/", {"login": verified_olive.email, "password": PASSWORD})
    assert len(mails()) == 1


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (IPHONE, "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5", "An unknown browser"),
        ("", "An unknown browser"),
    ],
)
def test_a_browser_is_named_as_people_name_it(agent, words):
    assert browser_words(agent) == words
