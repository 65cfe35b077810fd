"""Pages about people, over the demo archive, and the pages of one's own account, on any screen."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from filings.models import InsiderName
from tests.browser.conftest import logged_in
from tests.browser.looks import PHONE, faults, overhang, troubles, unseen_focus

OPEN = ("/account/login/", "/account/signup/", "/account/password/reset/", "/account/password/reset/done/")
OWN = ("/account/", "/account/email/", "/account/password/change/", "/account/logout/", "/account/reauthenticate/",
       "/account/security/", "/account/sessions/")  # fmt: skip


@pytest.fixture(autouse=True)
def no_tries_yet(transactional_db):
    cache.clear()


def test_pages_of_insiders_are_sound_on_any_screen_and_in_any_colours(visit, demo_site):
    page = visit("/healthz")
    for name in ("Varga Ilona", "Royce Bianca", "Orchardvale Master Fund LP", "Castellane 2011 Family Trust"):
        cik = InsiderName.objects.get(name=f"{name} (Demo)").insider_id
        assert troubles(page, f"/insiders/{cik}/") == [], name


def test_account_pages_are_sound_on_any_screen_and_in_any_colours(visit, client, olive):
    page = visit("/healthz")
    for address in OPEN:
        assert troubles(page, address) == [], address
    own = visit("/healthz", storage_state=logged_in(client, olive))
    for address in OWN:
        assert troubles(own, address) == [], address
        assert own.url.endswith(address), address


def test_a_form_sent_back_is_accessible_and_says_what_is_wrong(visit):
    page = visit("/account/signup/", viewport=PHONE, color_scheme="dark")
    page.locator("#id_email").fill("new@example.test")
    page.locator("#id_password1").fill("short")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".field__error").first).to_be_visible()
    assert faults(page) == []
    assert overhang(page) == 0
    expect(page.locator("#id_email")).to_have_value("new@example.test")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_one_can_log_in_and_out_by_keyboard_alone(visit, olive, script):
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=olive, email=olive.email, verified=True, primary=True)
    page = visit("/account/login/", java_script_enabled=script)
    page.locator("#id_login").focus()
    page.keyboard.type(olive.email)
    page.keyboard.press("Tab")
    page.keyboard.type("olive's long password")
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/")
    expect(page.locator("h1")).to_have_text("Your account")
    page.get_by_role("button", name="Log out").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: not address.endswith("/account/"))
    page.goto("/account/")
    assert "/account/login/" in page.url


def test_every_stop_of_the_keyboard_is_seen_on_a_form(visit):
    page = visit("/account/signup/")
    assert unseen_focus(page, 15) == []
