"""When something goes wrong, the reader gets a sentence and a way on; health is told without the database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from tests.pages.reading import Page, read

ROOT = Path(__file__).resolve().parents[2]


def fails(request):
    raise RuntimeError("the inside of the house: secret-words")


def refuses(request):
    raise PermissionDenied


def suspects(request):
    raise SuspiciousOperation("secret-words")


def takes_posts(request):
    return HttpResponse("posted")


urlpatterns = [
    path("fails/", fails),
    path("refuses/", refuses),
    path("suspects/", suspects),
    path("posts/", takes_posts),
    path("", include("form4site.urls")),
]
from form4site.urls import handler400, handler403, handler404, handler500  # noqa: E402, F401

with_faults = pytest.mark.urls(__name__)


def checked(response, status, heading):
    page = read(response)
    assert response.status_code == status
    assert page.breaches() == []
    (h1,) = page.all("h1")
    assert heading in h1.text
    assert page.all("a", href="/"), "no way back"
    assert "secret-words" not in response.content.decode()
    assert "unsafe" not in response["Content-Security-Policy"]
    return page


@with_faults
def test_a_fault_of_ours_shows_a_page_and_nothing_of_the_inside():
    response = Client(raise_request_exception=False).get("/fails/")
    page = checked(response, 500, "Something went wrong on our side")
    assert "Traceback" not in page.text


@with_faults
def test_what_may_not_be_seen_says_what_is_open(client):
    checked(client.get("/refuses/"), 403, "not open to you")


@with_faults
def test_a_request_that_makes_no_sense_is_told_so(client):
    checked(client.get("/suspects/"), 400, "not understood")
    checked(client.get("/", headers={"Host": "elsewhere.example"}), 400, "not understood")


@with_faults
def test_a_form_without_its_token_is_sent_back_with_a_reason():
    page = checked(Client(enforce_csrf_checks=True).post("/posts/"), 403, "send the form again")
    assert "Nothing was changed" in page.text


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/screens/seen/", "/alerts/inbox/read/", "/account/sessions/end-others/"])
def test_what_only_a_button_does_says_so_to_whoever_opens_its_address(client, olive, address):
    """As after a log-in that the button itself led to, when the session was over."""
    client.force_login(olive)
    response = client.get(address)
    page = checked(response, 405, "Nothing was done")
    assert response["Allow"] == "POST"
    assert page.all("a", href="/screens/")
    assert client.head(address).status_code == 405


@pytest.mark.parametrize("address", ["/nowhere", "/nowhere/", "/filings", "/a/b/c/d/", "/index.php?x=1", "/%ff%fe/"])
def test_an_address_that_is_none_is_a_404_with_a_search(client, address):
    response = client.get(address, follow=True)
    page = checked(response, 404, "There is no such page here")
    (form,) = page.all("form", role="search")
    assert form.attributes["action"] == "/search/"


def test_a_404_offers_the_words_of_its_address_for_a_search(client):
    page = checked(client.get("/company/apple-inc/"), 404, "no such page")
    assert page.all("input", name="q")[0].attributes["value"] == "apple inc"


def test_health_asks_nothing_of_the_database(client, django_assert_num_queries):
    response = client.get("/healthz")  # without the db fixture, any query would raise
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-cache" in response["Cache-Control"]


@pytest.mark.db_and_celery
def test_ready_while_all_that_it_needs_answers(client, db):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["database"] == response.json()["migrations"] == "ok"
    assert response.json()["broker"] in ("ok", "a folder")


@pytest.mark.db_and_celery
def test_a_database_that_lacks_a_migration_is_not_ready(client, db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'filings' AND name LIKE '0001%'")
    response = client.get("/readyz")
    assert (response.status_code, response.json()["migrations"]) == (503, "1 missing")


@pytest.mark.db_and_celery
def test_a_database_of_a_later_version_is_ready(client, db):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('filings', '9999_later', now())")
    assert client.get("/readyz").status_code == 200


@pytest.mark.db_and_celery
def test_a_broker_that_does_not_answer_is_not_ready(client, db, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    response = client.get("/readyz")
    assert (response.status_code, response.json()["broker"]) == (503, "away")


@pytest.mark.db_and_celery
def test_readiness_never_asks_the_sec(client, db, settings):
    settings.EDGAR_USER_AGENT, settings.EDGAR_BASE_URL = "Olive olive@example.test", "http://192.0.2.1"
    assert client.get("/readyz").status_code == 200  # a connection to another machine would fail the test


@pytest.mark.db_and_celery
def test_a_connection_that_is_cut_gives_one_503_and_the_next_request_a_page(client, transactional_db):
    assert client.get("/").status_code == 200
    other = connections.create_connection("default")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (victim,) = cursor.fetchone()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [victim])
    finally:
        other.close()
    response = client.get("/")
    page = checked_away(response.status_code, response.headers, response.content.decode())
    assert page.breaches() == []
    assert client.get("/").status_code == 200


def checked_away(status, headers, body):
    page = Page(body)
    assert status == 503
    assert headers["Retry-After"] == "10"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "The archive does not answer just now" in page.text
    assert "Nothing is lost" in page.text
    assert "OperationalError" not in body
    return page


ASK = """
import json, sys
import django
django.setup()
from django.core.management import call_command
from django.test import Client
call_command("collectstatic", interactive=False, verbosity=0)
def ask(address):
    response = Client(raise_request_exception=False).get(address, headers={"Host": "localhost"})
    return {"status": response.status_code, "headers": dict(response.headers), "body": response.content.decode()}
print(json.dumps({address: ask(address) for address in sys.argv[1:]}))
"""


@pytest.fixture(scope="module")
def without_database(tmp_path_factory):
    """What the site answers when nothing listens where its database should be."""
    addresses = ["/", "/filings/0000320193-22-000061/", "/filings/0000320193-22-000061/document.txt",
                 "/issuers/AAPL/", "/insiders/1/", "/search/?q=apple", "/healthz", "/readyz", "/nowhere/"]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", ASK, *addresses],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": "", "DEBUG": "",
             "DJANGO_SETTINGS_MODULE": "form4site.settings", "BASE_URL": "http://localhost", "SECRET_KEY": "x" * 50,
             "FORM4SITE_VAR": str(tmp_path_factory.mktemp("var"))},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_every_page_says_that_the_database_is_away(without_database):
    pages = {address: answer for address, answer in without_database.items() if answer["status"] == 503}
    pages.pop("/readyz")
    assert len(pages) == 6
    for answer in pages.values():
        checked_away(answer["status"], answer["headers"], answer["body"])


@pytest.mark.slow
def test_health_and_what_needs_no_facts_answer_without_the_database(without_database):
    assert without_database["/healthz"]["status"] == 200
    assert without_database["/nowhere/"]["status"] == 404
    assert without_database["/readyz"]["status"] == 503
    assert json.loads(without_database["/readyz"]["body"])["database"] == "away"
