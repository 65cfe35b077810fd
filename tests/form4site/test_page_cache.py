"""What is kept of public pages: made once, for nobody in particular, and never from before the last change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count

import pytest
from django.apps import apps
from django.db import OperationalError, connection, transaction
from django.test import Client

from filings.models import Filing
from form4site import page_cache
from form4site.page_cache import Kept, Store
from signals.models import DailyClose, IssuerSheet, IssuerState, Signal
from signals.models.data_version import WATCHED
from signals.selectors.data_version import data_version
from signals.services.read import draw_undrawn, read_issuers
from tests.pages.archive import ACCESSION, ISSUER_CIK, accession, made_up, publish, received, traded

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db(transaction=True)]
# Tables of facts and readings that public pages show and that change only together with a watched one, or that no
# public page shows, each with why.
NOT_WATCHED = {
    "filings_line": "with its filing",
    "filings_filingowner": "with its filing",
    "filings_footnote": "with its filing",
    "filings_signature": "with its filing",
    "signals_trade": "with its reading",
    "signals_tradedetail": "with its reading",
    "signals_linereading": "with its reading",
    "signals_issuerseat": "with the readings of its issuer",
    "signals_citation": "with the readings and signals of its issuer",
    "signals_dataversion": "is the version",
    "signals_codetally": "a count of once a day, which says when",
    "signals_readinghorizon": "spares looking at what is read; on no page",
    "filings_partytoindex": "owed to the search, whose names are watched",
    "filings_ingeststage": "the ledger: the operations page",
    "filings_difference": "the operations page",
    "filings_edgarrefusal": "the operations page",
    "filings_firstload": "the operations page",
    "filings_datasetload": "the operations page",
    "filings_datasetpart": "the operations page",
    "filings_tickerfile": "the operations page",
    "filings_edgarbudget": "the freshness line, which holds for half a minute",
    "filings_heartbeat": "the freshness line, which holds for half a minute",
    "filings_feedlook": "the freshness line, which holds for half a minute",
    "filings_indexday": "the operations page",
    "filings_indexquarter": "the operations page",
}  # fmt: skip
HTMX = {"HX-Request": "true", "HX-Target": "filings"}


@pytest.fixture
def kept(settings, monkeypatch):
    """Answers are kept, and the version is asked for every time."""
    settings.PAGE_CACHE_BYTES = 5_000_000
    monkeypatch.setattr(page_cache, "VERSION_SECONDS", 0.0)


@pytest.fixture
def archive(kept, transactional_db):
    publish(received(made_up()))


def hit(response) -> bool:
    return response.get("Cache-Status") == "form4site; hit"


def test_a_page_is_made_once_and_is_the_same_to_the_byte(client, archive):
    for address in ("/", "/screen/", f"/issuers/{ISSUER_CIK}/", f"/filings/{ACCESSION}/", "/codes/"):
        first, again = client.get(address), client.get(address)
        assert (hit(first), hit(again)) == (False, True), address
        assert first.content == again.content
        given = {name: value for name, value in again.items() if name != "Cache-Status"}
        assert given == dict(first.items()), "a kept page bears every header of the one that was made"
        assert first["Cache-Control"] == "public, max-age=0, s-maxage=5"


def test_head_is_answered_from_what_get_has_kept_and_keeps_nothing(client, archive):
    assert not hit(client.head("/"))
    assert not hit(client.get("/"))
    assert hit(client.head("/"))


def test_a_new_filing_stands_on_the_next_page(client, archive):
    new = accession(700)
    assert new not in client.get("/").content.decode()
    publish(received(replace(made_up(), period_of_report=date(2025, 3, 7)), new, date(2025, 3, 8)))
    after = client.get("/")
    assert not hit(after)
    assert new in after.content.decode()


def test_every_kind_of_change_is_another_version_and_looking_is_none(archive, client):
    seen = [data_version()]
    changes = (
        lambda: publish(received(traded(), accession(500))),
        lambda: DailyClose.objects.create(
            issuer_id=ISSUER_CIK, security_class="", on=date(2025, 3, 3), price=Decimal(10)
        ),
        lambda: Signal.objects.filter(issuer=ISSUER_CIK).delete(),
        lambda: IssuerState.objects.filter(issuer=ISSUER_CIK).update(inferred_splits=[{"on": "2025-01-02"}]),
        lambda: IssuerSheet.objects.filter(issuer=ISSUER_CIK).update(drawn="another"),
        lambda: Filing.objects.filter(accession=ACCESSION).update(remarks="Another word."),
        lambda: Filing.objects.filter(accession=accession(500)).delete(),
    )
    for change in changes:
        client.get("/")
        assert data_version() == seen[-1]
        change()
        assert data_version() not in seen
        seen.append(data_version())


def test_what_is_rolled_back_changes_nothing(archive):
    before = data_version()
    with transaction.atomic():
        Filing.objects.update(remarks="never")
        transaction.set_rollback(True)
    assert data_version() == before


def test_that_an_issuer_was_read_or_drawn_again_is_no_change(archive):
    before = data_version()
    read_issuers(issuers=[ISSUER_CIK])
    IssuerSheet.objects.update(drawn_by="another")
    assert ISSUER_CIK in draw_undrawn()
    assert data_version() == before


def test_writers_do_not_wait_for_each_other_and_each_makes_a_version(archive):
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute("UPDATE filings_filing SET remarks = 'first'")
        before = data_version()
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
            cursor.execute("UPDATE filings_issuer SET name = name")  # commits while the other is open
            cursor.execute("RESET lock_timeout")
        between = data_version()
        other.commit()
        assert len({before, between, data_version()}) == 3
    finally:
        other.close()


def test_every_table_is_watched_or_it_is_said_why_not():
    tables = {model._meta.db_table for app in ("filings", "signals") for model in apps.get_app_config(app).get_models()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'data_changed'")
        assert {table for (table,) in cursor.fetchall()} == set(WATCHED)
    assert not set(WATCHED) & set(NOT_WATCHED)
    assert tables == set(WATCHED) | set(NOT_WATCHED)


def test_a_part_is_never_given_for_the_page(client, archive):
    part, page = client.get("/", headers=HTMX), client.get("/")
    assert b"<html" in page.content
    assert b"<html" not in part.content
    assert part["Cache-Control"] == "private, max-age=0", "a shared cache that does not heed Vary must not have it"
    again = client.get("/", headers=HTMX)
    assert hit(again)
    assert again.content == part.content
    assert not hit(client.get("/", headers={**HTMX, "HX-Boosted": "true"}))
    assert not hit(client.get("/", headers={**HTMX, "HX-Target": "another"}))


def test_another_query_host_or_scheme_is_another_page(client, archive, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.test"]
    client.get("/screen/?code=P")
    assert not hit(client.get("/screen/?code=S"))
    assert not hit(client.get("/screen/?code=P", headers={"host": "other.test"}))
    assert not hit(client.get("/screen/?code=P", secure=True))
    assert client.get("/", headers={"host": "stranger.test"}).status_code == 400


def test_whoever_is_logged_in_gets_the_public_page_and_no_shared_cache_may_keep_it(client, archive, olive):
    for_nobody = client.get("/")
    client.force_login(olive)
    kept = client.get("/")
    publish(received(made_up(), accession(702)))
    made = client.get("/")
    client.cookies.clear()
    again = client.get("/")
    assert (hit(kept), hit(made), hit(again)) == (True, False, True)
    assert (kept.content, again.content) == (for_nobody.content, made.content)
    assert again["Cache-Control"] == for_nobody["Cache-Control"] == "public, max-age=0, s-maxage=5"
    for for_olive in (kept, made):
        assert for_olive["Cache-Control"] == "private, max-age=0"
        assert "CDN-Cache-Control" not in for_olive


def test_a_hard_reload_has_the_page_made_anew(client, archive):
    client.get("/")
    assert not hit(client.get("/", headers={"cache-control": "no-cache"}))
    assert hit(client.get("/", headers={"cache-control": "max-age=0"}))


def test_what_is_somebodys_is_neither_kept_nor_left(client, archive, olive, stan):
    for address in ("/account/", "/alerts/", "/screens/"):
        for person in (olive, stan, olive, None):
            client.cookies.clear()
            if person:
                client.force_login(person)
            answer = client.get(address, follow=True)
            assert "Cache-Status" not in answer
            assert "public" not in answer.get("Cache-Control", "")
            shown = {one for one in (olive, stan) if one.email in answer.content.decode()}
            assert shown <= {person}
    assert not hit(client.get("/filings/", headers={"authorization": "Bearer something"}))


@pytest.mark.parametrize("address", ["/account/x.css", "/account/;/a.css", "/account/%2e%2e/codes/", "/screens/a.js"])
def test_an_address_that_looks_like_a_file_is_kept_no_more_than_what_it_is(archive, olive, address):
    mine, amy = Client(), Client()
    mine.force_login(olive)
    for browser in (mine, amy, amy):
        answer = browser.get(address)
        assert not hit(answer)
        assert "public" not in answer.get("Cache-Control", "")


@pytest.mark.parametrize(
    "address", ["/account/login/", "/healthz", "/v1/openapi.json", "/nothing-here/", "/search/?q="]
)
def test_what_is_no_page_of_the_archive_is_not_kept(client, archive, address):
    kept = address.startswith("/search/")
    client.get(address)
    assert hit(client.get(address)) == kept


def test_who_has_the_page_already_gets_304(client, archive):
    first = client.get("/")
    for etag in (first["ETag"], f"W/{first['ETag']}", f'"other", {first["ETag"]}'):
        again = client.get("/", headers={"if-none-match": etag})
        assert (again.status_code, again.content) == (304, b"")
    assert client.get("/", headers={"if-none-match": '"other"'}).status_code == 200
    publish(received(made_up(), accession(701)))
    assert client.get("/", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_pages_are_made_as_ever_where_the_version_cannot_be_told(client, archive, monkeypatch):
    def away() -> str:
        raise OperationalError("gone")

    monkeypatch.setattr(page_cache, "data_version", away)
    for _ in range(2):
        answer = client.get("/")
        assert answer.status_code == 200
        assert not hit(answer)


def test_the_version_is_asked_for_once_a_second(archive, client, monkeypatch):
    monkeypatch.setattr(page_cache, "VERSION_SECONDS", 1.0)
    store, asked = Store(1_000_000), count()
    monkeypatch.setattr(page_cache, "data_version", lambda: str(next(asked)))
    assert [store.version(now) for now in (0.0, 0.5, 0.99, 1.0, 1.5, 2.5)] == ["0", "0", "0", "1", "1", "2"]


def test_what_is_kept_is_no_older_than_half_a_minute_and_of_no_other_version(monkeypatch):
    versions = iter(["1", "2"])
    monkeypatch.setattr(page_cache, "data_version", lambda: next(versions))
    store = Store(1_000_000)
    assert store.version(0.0) == "1"
    store.put(("a",), "1", Kept(b"page", (), 0.0))
    assert store.get(("a",), "1", 30.0)
    assert store.get(("a",), "1", 30.1) is None
    assert store.version(31.0) == "2"
    store.put(("b",), "1", Kept(b"made before", (), 30.0))
    assert store.get(("b",), "2", 31.0) is None
    assert store.get(("a",), "2", 31.0) is None


def test_no_more_than_its_bytes_are_kept_and_what_is_asked_for_stays(monkeypatch):
    monkeypatch.setattr(page_cache, "data_version", lambda: "1")
    page = Kept(b"x" * 1_000, (("A", "b"),), 0.0)
    store = Store(10 * page.size)
    store.version(0.0)
    for number in range(1_000):
        store.put((str(number),), "1", page)
        store.put((str(number),), "1", page)
        assert store.get(("0",), "1", 0.0), "it was asked for every time"
        assert len(store._kept) <= 10
        assert store._bytes == sum(kept.size for kept in store._kept.values())
    store.put(("huge",), "1", Kept(b"x" * 100_000, (), 0.0))
    assert store.get(("huge",), "1", 0.0) is None
