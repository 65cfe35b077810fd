"""What every answer bears, whoever asks and whatever comes; and looking changes nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse

from form4site.api.middleware import PREFIXES
from tests.access.objects import OBJECTS
from tests.access.policies import KEY, OBJECT, POLICIES, PUBLIC, Route
from tests.access.test_matrix import browser, cast, contents  # noqa: F401

pytestmark = [pytest.mark.db_and_celery, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "browsing-topics=(), camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}
# Looking at recovery codes is written down: allauth keeps when they were seen first.
WRITES_BY_LOOKING = {"mfa_view_recovery_codes", "mfa_download_recovery_codes"}
GET_ROUTES = [name for name, route in POLICIES.items() if "GET" in route.methods.split() and route.policy != KEY]


def address_of(name: str, route: Route, cast) -> str:  # noqa: F811
    if route.needs:
        OBJECTS[route.needs](cast["olive"])
    return reverse(name, kwargs=OBJECTS[route.of](cast["olive"]).args if route.of else route.args)


@pytest.mark.parametrize("who", ["amy", "olive", "sue"])
def test_every_answer_bears_every_header_and_looking_changes_nothing(cast, who):  # noqa: F811
    for name in GET_ROUTES:
        address = address_of(name, POLICIES[name], cast)
        client = browser(cast[who])
        before = contents()
        answer = client.get(address)
        borne = {header: answer.get(header) for header in EVERYWHERE}
        policy = borne["Content-Security-Policy"] or ""
        assert {**borne, "Content-Security-Policy": sorted(policy.split("; "))} == {
            **EVERYWHERE,
            "Content-Security-Policy": sorted(EVERYWHERE["Content-Security-Policy"].split("; ")),
        }, name
        assert "Server" not in answer, name
        # Programs in any page may call the API, which knows nobody by a cookie; pages are for nobody else to read.
        called = address.startswith(PREFIXES)
        assert answer.get("Access-Control-Allow-Origin") == ("*" if called else None), name
        assert "Access-Control-Allow-Credentials" not in answer, name
        if POLICIES[name].policy not in (PUBLIC, OBJECT) and who != "amy" and answer.status_code == 200:
            assert "no-store" in answer.get("Cache-Control", "") or "private" in answer.get("Cache-Control", ""), name
        if name not in WRITES_BY_LOOKING:
            changed = [table for table, digest in contents().items() if digest != before[table]]
            assert changed == [], f"GET {name} wrote {changed}"


@pytest.mark.parametrize("address", ["/nowhere/", "/account/nowhere.css", "/filings/x/"])
def test_a_page_that_is_not_there_bears_them_too(client, db, address):
    answer = client.get(address)
    assert answer.status_code == 404
    for header in EVERYWHERE:
        assert answer.get(header), header


ASK = """
import json
import django
django.setup()
from django.conf import settings
from django.test import Client
client, host = Client(raise_request_exception=False), {"Host": "form4site.example"}
answer = client.get("/account/login/", secure=True, headers=host)
plain = client.get("/account/login/", headers=host)
print(json.dumps({
    "status": answer.status_code, "cookies": [morsel.OutputString() for morsel in answer.cookies.values()],
    "hsts": answer.get("Strict-Transport-Security"), "plain": [plain.status_code, plain.get("Location")],
    "session": settings.SESSION_COOKIE_NAME, "secure": settings.SESSION_COOKIE_SECURE,
    "httponly": settings.SESSION_COOKIE_HTTPONLY, "path": settings.SESSION_COOKIE_PATH,
    "domain": settings.SESSION_COOKIE_DOMAIN,
}))
"""


@pytest.fixture(scope="module")
def over_https(tmp_path_factory):
    """What the site says of itself where BASE_URL is an https:// address."""
    var = tmp_path_factory.mktemp("var")
    done = subprocess.run(
        [sys.executable, "-c", "from django.core.management import call_command\nimport django\ndjango.setup()\n"
         "call_command('collectstatic', interactive=False, verbosity=0)\n" + ASK],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0",
             "DEBUG": "", "DJANGO_SETTINGS_MODULE": "form4site.settings", "BASE_URL": "https://form4site.example",
             "SECRET_KEY": "x" * 50, "FORM4SITE_VAR": str(var)},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_over_https_every_cookie_is_bound_to_this_host(over_https):
    assert over_https["status"] == 200
    assert over_https["cookies"]
    for line in over_https["cookies"]:
        ((name, morsel),) = SimpleCookie(line).items()
        assert name.startswith("__Host-")
        assert (morsel["secure"], morsel["httponly"], morsel["path"], morsel["domain"]) == (True, True, "/", "")
        assert morsel["samesite"] == "Lax"
    assert over_https["session"].startswith("__Host-")
    assert [over_https[each] for each in ("secure", "httponly", "path", "domain")] == [True, True, "/", None]


def test_over_https_a_browser_stays_there(over_https):
    assert over_https["hsts"] == "max-age=31536000; includeSubDomains; preload"
    assert over_https["plain"] == [301, "https://form4site.example/account/login/"]


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=364), timedelta(days=3650)])
def test_security_txt_says_whom_to_tell_and_is_never_out_of_date(client, later):
    with time_machine.travel(datetime(2026, 11, 28, 13, tzinfo=UTC) + later, tick=False):
        answer = client.get("/.well-known/security.txt")
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        said = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
        assert said["Contact"].startswith(("mailto:", "https://"))
        expires = datetime.fromisoformat(said["Expires"].replace("Z", "+00:00"))
        assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=365)
        assert said["Canonical"].endswith("/.well-known/security.txt")
