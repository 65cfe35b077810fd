"""A passkey in a real browser, with a device that Chromium plays: made, used alone, used after the password."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.core.cache import cache
from playwright.sync_api import Page, expect

from tests.browser.looks import PHONE, faults, overhang

PASSWORD = "olive's long password"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def looked_at(page: Page, address: str) -> None:
    page.wait_for_url(f"**{address}")
    assert faults(page) == [], address
    assert overhang(page) == 0, address


def test_a_passkey_is_made_and_opens_the_account_alone_and_after_the_password(visit, transactional_db, olive):
    cache.clear()
    EmailAddress.objects.create(user=olive, email=olive.email, verified=True, primary=True)
    page = visit("/account/login/?next=/account/security/webauthn/add/", viewport=PHONE, color_scheme="dark")
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})

    page.locator("#id_login").fill(olive.email)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("**/account/reauthenticate/**")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()

    looked_at(page, "/account/security/webauthn/add/")
    page.locator("#id_name").fill("Kitchen laptop")
    page.get_by_role("button", name="Add the passkey").click()
    looked_at(page, "/account/security/recovery-codes/")
    page.goto("/account/security/totp/activate/")
    looked_at(page, "/account/security/totp/activate/")
    page.goto("/account/delete/")
    looked_at(page, "/account/delete/")
    page.goto("/account/security/")
    expect(page.locator(".thing strong")).to_have_text("Kitchen laptop")
    looked_at(page, "/account/security/")

    log_out(page)
    page.goto("/account/login/?next=/codes/")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url(lambda address: address.endswith("/codes/") and "next" not in address)
    page.goto("/account/sessions/")
    looked_at(page, "/account/sessions/")

    log_out(page)
    page.goto("/account/login/")
    page.locator("#id_login").fill(olive.email)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    looked_at(page, "/account/security/authenticate/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/account/")


def log_out(page: Page) -> None:
    page.goto("/account/")
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url(lambda address: not address.endswith("/account/"))
