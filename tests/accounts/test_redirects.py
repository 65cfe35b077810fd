"""`next` leads to pages of ours only, however it is spelled; forms that other sites send are refused."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.accounts.conftest import PASSWORD
from tests.accounts.software_key import SoftwareKey
from tests.accounts.test_second_factors import add_passkey, log_in_by_passkey
from tests.pages.reading import read

pytestmark = [pytest.mark.django_db]

HOSTS = ["evil.test", "evil.test/", "evil.test%2f", "localhost@evil.test", "evil.test#localhost", "evil.test?localhost"]
PREFIXES = ["//", "///", "////", "http://", "https://", "HTTPS://", "https:", "https:/", "https:///", "http:\\\\"]
SPELLINGS = [
    *(f"{prefix}{HOSTS[number % len(HOSTS)]}" for number, prefix in enumerate(PREFIXES)),
    *(f"//{host}" for host in HOSTS),
    *(f"https://{host}" for host in HOSTS),
    "/\\evil.test", "\\/evil.test", "\\\\evil.test", "/\\/evil.test", "/\\\t/evil.test", "/\t/evil.test",
    "/\n/evil.test", "/\r/evil.test", "\t//evil.test", "\n//evil.test", " //evil.test", "//\tevil.test",
    "/ /evil.test", "/\x00/evil.test", "/\x0b/evil.test", "/\x1f/evil.test", "//evil\u3002test",
    "//\uff45\uff56\uff49\uff4c.test", "/\uff0fevil.test", "\uff0f\uff0fevil.test", "/\u2215evil.test",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "javascript://%0aalert(1)",
    "data:text/html,x", "vbscript:x", "ftp://evil.test", "file:///etc/passwd", "blob:https://evil.test",
    "//0x7f000001", "//2130706433", "//[::1]", "https://localhost.evil.test",
    "http://localhost:80@evil.test/", "///localhost", "evil.test", "@evil.test", "?x=//evil.test", "",
    "/\u2028/evil.test", "/\ufeff/evil.test", "/\u200b/evil.test", '/"//evil.test', "/\xe9",
]  # fmt: skip
OURS = [
    "/",
    "/screen/?code=P&role=officer&min_value=250000",
    "/?before=2025-03-07,9999999999-99-999999",
    "/filings/0000320193-22-000061/",
    "/search/?q=a+b",
    "/codes/P/#what",
]


def test_there_are_sixty_spellings_and_more():
    assert len(set(SPELLINGS)) >= 60


def after_log_in(user, target: str) -> str:
    answer = Client().post("/account/login/", {"login": user.email, "password": PASSWORD, "next": target})
    return answer["Location"]


@pytest.fixture
def unlimited(settings):
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.mark.slow
def test_no_spelling_leads_away_after_a_log_in(verified_olive, unlimited, mail_folder):
    away = {target: where for target in SPELLINGS if (where := after_log_in(verified_olive, target)) != "/account/"}
    assert away == {}


def test_no_spelling_leads_away_after_a_log_out_or_a_proof(verified_olive, unlimited, mail_folder):
    for target in SPELLINGS:
        client = Client()
        client.force_login(verified_olive)
        proven = client.post("/account/reauthenticate/", {"password": PASSWORD, "next": target})
        assert proven["Location"] == "/account/", target
        assert client.post("/account/logout/", {"next": target})["Location"] == "/", target


def test_no_spelling_leads_away_after_a_passkey(logged_in_olive, unlimited, mail_folder, settings):
    settings.MFA_RATE_LIMITS = {"webauthn_login": None}
    key = SoftwareKey()
    add_passkey(logged_in_olive, key)
    for target in SPELLINGS[::4]:  # it goes where a log in by password goes, which is asked for each
        assert log_in_by_passkey(Client(), key, next=target)["Location"] == "/account/", target


def test_no_spelling_becomes_a_link_or_the_address_of_a_form(client, unlimited):
    for target in SPELLINGS:
        page = read(client.get("/account/login/", {"next": target}))
        assert page.breaches() == [], target
        links = [element.attributes.get(name, "/") for element in page.elements for name in ("href", "action")]
        assert [link for link in links if not link.startswith(("/", "#")) or link.startswith("//")] == [], target


@pytest.mark.parametrize("target", OURS)
def test_a_page_of_ours_is_where_one_wanted_to_go(verified_olive, target, mail_folder):
    assert after_log_in(verified_olive, target) == target


# --- forms of other sites ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "anything"])
def test_a_form_that_another_site_sends_is_refused_even_with_a_token(logged_in_olive, verified_olive, site):
    answer = logged_in_olive.post(
        "/account/", {"time_zone": "UTC", "digest_hour": "3"}, headers={"Sec-Fetch-Site": site}
    )
    assert answer.status_code == 403
    verified_olive.refresh_from_db()
    assert verified_olive.digest_hour == 7


@pytest.mark.parametrize("site", ["same-origin", "none", None])
def test_a_form_of_ours_is_taken(logged_in_olive, verified_olive, site):
    headers = {"Sec-Fetch-Site": site} if site else {}
    answer = logged_in_olive.post("/account/", {"time_zone": "UTC", "digest_hour": "3"}, headers=headers)
    assert answer.status_code == 302
    verified_olive.refresh_from_db()
    assert verified_olive.digest_hour == 3


def test_a_link_from_another_site_is_followed(logged_in_olive):
    assert logged_in_olive.get("/account/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_staff_pages_take_no_form_of_another_site_either(client, sue):
    client.force_login(sue)
    address = "/ops/retry/0000320193-22-000061/"
    assert client.post(address, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post(address, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 302


def test_with_a_token_missing_nothing_is_taken(verified_olive):
    client = Client(enforce_csrf_checks=True)
    client.force_login(verified_olive)
    for address in (
        "/account/",
        "/account/sessions/end-others/",
        "/account/delete/",
        "/account/security/webauthn/add/",
    ):
        assert client.post(address, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 403
