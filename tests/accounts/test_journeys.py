"""A person's way through the account pages, without script, with the mail read from the folder."""

from __future__ import annotations

import re

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db

NEW = "ann@example.test"
ANNS = "ann and her three cats"
CODE = re.compile(r"^ +([A-Z]{4}-[A-Z]{4})$", re.M)
LINK = re.compile(r"^http://\S+$", re.M)


def code_in(mail) -> str:
    found = CODE.search(mail.text)
    assert found, mail.text
    return found[1]


def reset_link_in(mail) -> str:
    (link,) = [link for link in LINK.findall(mail.text) if "/password/reset/key/" in link]
    return link


def path_of(link: str) -> str:
    return "/" + link.split("/", 3)[3]


def sign_up(client, email=NEW, password=ANNS, **extra):
    return client.post("/account/signup/", {"email": email, "password1": password, **extra})


def log_in(client, email, password, **extra):
    return client.post("/account/login/", {"login": email, "password": password, **extra})


def ask_for_address(client, email):
    answer = client.post("/account/email/", {"email": email, "action_add": "1"})
    assert answer["Location"] == "/account/reauthenticate/?next=%2Faccount%2Femail%2F"
    return client.post(answer["Location"], {"password": PASSWORD})


def is_logged_in(client) -> bool:
    return client.get("/account/").status_code == 200


def test_sign_up_verify_change_password_log_out_and_in_again(client, mails):
    answer = sign_up(client)
    assert answer["Location"] == "/account/confirm-email/"
    assert not is_logged_in(client)
    (mail,) = mails()
    assert mail.to == NEW

    page = client.get("/account/confirm-email/")
    assert NEW in page.content.decode()
    answer = client.post("/account/confirm-email/", {"code": code_in(mail)})
    assert answer["Location"] == "/account/"
    page = client.get("/account/").content.decode()
    assert NEW in page
    assert ", confirmed" in page

    newer = "ann and her four cats"
    answer = client.post("/account/password/change/", {"oldpassword": ANNS, "password1": newer})
    assert answer["Location"] == "/account/"
    assert is_logged_in(client)
    assert mails()[0].subject == "Your password at form4site was changed"

    assert client.post("/account/logout/")["Location"] == "/"
    assert not is_logged_in(client)
    assert log_in(client, NEW, ANNS).status_code == 200
    assert log_in(client, NEW.upper(), newer)["Location"] == "/account/"
    assert is_logged_in(client)


def test_an_account_is_closed_to_the_right_password_until_the_address_is_confirmed(client, mails, settings):
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": "10/m/key"}  # people take longer than this test
    sign_up(client)
    later = Client()
    assert log_in(later, NEW, ANNS)["Location"] == "/account/confirm-email/"
    assert not is_logged_in(later)


def test_the_code_works_in_the_browser_that_asked_for_it_only(client, mails):
    """Or a stranger could have me confirm, in good faith, an account whose password is theirs."""
    sign_up(client)
    stranger = Client()
    assert stranger.post("/account/confirm-email/", {"code": code_in(mails()[0])})["Location"] == "/account/login/"
    assert not EmailAddress.objects.filter(email=NEW, verified=True).exists()


def test_a_mistyped_address_can_be_left_behind(client, mails):
    sign_up(client, "mistyped@example.test")
    assert client.get("/account/signup/")["Location"] == "/account/confirm-email/"
    page = client.get("/account/confirm-email/").content.decode()
    assert "Start again with another address" in page
    assert client.post("/account/logout/", {"next": "/account/signup/"})["Location"] == "/account/signup/"
    assert sign_up(client).status_code == 302
    assert mails()[0].to == NEW


def test_three_wrong_codes_end_the_confirmation(client, mails):
    sign_up(client)
    code = code_in(mails()[0])
    for _ in range(2):
        page = client.post("/account/confirm-email/", {"code": "BBBB-BBBB"})
        assert "This is not the code we sent last." in page.content.decode()
    assert client.post("/account/confirm-email/", {"code": "BBBB-BBBB"})["Location"] == "/account/login/"
    client.post("/account/confirm-email/", {"code": code})
    assert not EmailAddress.objects.filter(email=NEW, verified=True).exists()


def test_a_second_code_can_be_asked_for_and_replaces_the_first(client, mails, settings):
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": "10/m/key"}
    sign_up(client)
    first = code_in(mails()[0])
    client.post("/account/confirm-email/", {"action": "resend"})
    newest = {code_in(mail) for mail in mails()} - {first}
    assert len(newest) == 1
    assert client.post("/account/confirm-email/", {"code": first}).status_code == 200
    assert client.post("/account/confirm-email/", {"code": newest.pop()})["Location"] == "/account/"


def test_a_forgotten_password_is_replaced_by_mail_and_every_session_ends(logged_in_olive, verified_olive, mails):
    forgetful = Client()
    answer = forgetful.post("/account/password/reset/", {"email": verified_olive.email})
    assert answer["Location"] == "/account/password/reset/done/"
    link = path_of(reset_link_in(mails()[0]))
    form = forgetful.get(link, follow=True)
    assert "Choose a new password" in form.content.decode()
    answer = forgetful.post(form.request["PATH_INFO"], {"password1": "a wholly new long one"})
    assert answer["Location"] == "/account/password/reset/key/done/"
    assert not is_logged_in(logged_in_olive)
    assert "no longer valid" in Client().get(link, follow=True).content.decode()
    assert log_in(forgetful, verified_olive.email, "a wholly new long one")["Location"] == "/account/"


def test_a_changed_password_ends_the_other_sessions(logged_in_olive, verified_olive, mails):
    elsewhere = Client()
    log_in(elsewhere, verified_olive.email, PASSWORD)
    assert is_logged_in(elsewhere)
    logged_in_olive.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": "a wholly new long one"})
    assert not is_logged_in(elsewhere)
    assert is_logged_in(logged_in_olive)


def test_a_new_address_counts_when_its_code_is_entered_and_the_old_one_is_told(logged_in_olive, verified_olive, mails):
    answer = ask_for_address(logged_in_olive, "Olive@New.test")
    assert answer["Location"] == "/account/confirm-email/"
    assert "olive@new.test" in logged_in_olive.get(answer["Location"]).content.decode()
    verified_olive.refresh_from_db()
    assert verified_olive.email == "olive@example.test"
    logged_in_olive.post("/account/confirm-email/", {"code": code_in(mails()[0])})
    verified_olive.refresh_from_db()
    assert verified_olive.email == "olive@new.test"
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [("olive@new.test", True, True)]
    told = {mail.to: mail.subject for mail in mails()}
    assert told["olive@example.test"] == "Your address at form4site was changed"


def test_an_address_that_another_account_has_is_not_taken_over(logged_in_olive, verified_olive, stan, mails):
    """Stan has never confirmed his; Olive has the mailbox. Neither a broken page nor his account for her."""
    ask_for_address(logged_in_olive, stan.email)
    guess = logged_in_olive.post("/account/confirm-email/", {"code": "BBBB-BBBB"}).content.decode()
    assert "Another account" not in guess
    page = logged_in_olive.post("/account/confirm-email/", {"code": code_in(mails()[0])}, follow=True)
    assert "Another account has this address." in page.content.decode()
    verified_olive.refresh_from_db()
    assert verified_olive.email == "olive@example.test"
    assert not EmailAddress.objects.filter(email=stan.email, verified=True).exists()


def test_an_address_that_was_taken_while_its_code_was_typed_is_left_to_the_other(verified_olive, stan, rf):
    """The form has looked already; when two are that close the constraint holds, and must not break a page."""
    request = rf.post("/account/confirm-email/")
    request.user, request.session = verified_olive, {}
    request._messages = FallbackStorage(request)
    with request_context(request):
        assert not get_adapter(request).confirm_email(request, EmailAddress(user=verified_olive, email=stan.email))
    assert [str(message) for message in request._messages] == [
        "The address stan@example.test could not be confirmed: another account has it."
    ]
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["olive@example.test"]
    assert set(User.objects.values_list("email", flat=True)) == {"olive@example.test", "stan@example.test"}


def test_the_address_is_changed_only_after_the_password_was_typed_again(client, verified_olive, mails):
    client.force_login(verified_olive)  # a session whose password was typed long ago
    answer = client.post("/account/email/", {"email": "olive@new.test", "action_add": "1"})
    assert answer["Location"].startswith("/account/reauthenticate/?next=")
    assert mails() == []
    assert "This is not your password." in client.post(answer["Location"], {"password": "wrong"}).content.decode()
    assert mails() == []
    client.post(answer["Location"], {"password": PASSWORD})
    assert [mail.to for mail in mails()] == ["olive@new.test"]


def test_logging_out_by_a_link_asks_first(logged_in_olive):
    page = logged_in_olive.get("/account/logout/")
    assert page.status_code == 200
    assert is_logged_in(logged_in_olive)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        r"\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "https://form4site.example.evil.example/",
    ],
)
def test_logging_in_leads_to_no_other_site(client, verified_olive, elsewhere):
    assert log_in(client, verified_olive.email, PASSWORD, next=elsewhere)["Location"] == "/account/"
    assert client.post("/account/logout/", {"next": elsewhere})["Location"] == "/"


def test_logging_in_leads_back_to_the_page_one_came_from(client, verified_olive):
    page = client.get("/account/login/?next=/filings/0009999999-26-000001/%3Fview%3Dform")
    assert "/filings/0009999999-26-000001/?view=form" in page.content.decode()
    answer = log_in(client, verified_olive.email, PASSWORD, next="/filings/0009999999-26-000001/?view=form")
    assert answer["Location"] == "/filings/0009999999-26-000001/?view=form"


def test_the_session_gets_a_new_key_at_log_in_and_dies_at_log_out(client, verified_olive):
    client.get("/account/login/")
    session = client.session
    session["planted"] = True
    session.save()
    planted = client.cookies["sessionid"] = session.session_key
    log_in(client, verified_olive.email, PASSWORD)
    live = client.cookies["sessionid"].value
    assert live != planted
    client.post("/account/logout/")
    thief = Client()
    thief.cookies["sessionid"] = live
    assert not is_logged_in(thief)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "too short"),
        ("password1234", "too common"),
        ("ann@example.test", "too similar"),
        ("x" * 257, "at most 256"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(client, mails, password, said):
    page = sign_up(client, password=password)
    assert page.status_code == 200
    assert said in page.content.decode()
    assert not User.objects.filter(email=NEW).exists()


def test_a_long_password_of_any_letters_is_kept_whole(client, mails):
    long = "häuser 🏠 " * 12
    assert sign_up(client, password=long)["Location"] == "/account/confirm-email/"
    assert User.objects.get(email=NEW).check_password(long)


@pytest.mark.parametrize("email", ["ſue@example.test", "İvan@example.test", "no-at-sign", "a@b", "x" * 260 + "@e.test"])
def test_an_address_that_cannot_be_told_from_another_is_refused(client, mails, email):
    assert sign_up(client, email=email).status_code == 200
    assert not User.objects.exists()
    assert mails() == []
