"""/metrics: figures from the database, in a format that Prometheus reads, for staff and this machine alone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import Channel
from filings.models import Difference, EdgarBudget, EdgarRefusal, FeedLook, Heartbeat, IndexDay, IngestStage, Stage
from filings.services.heartbeat import beat
from tests.accounts.sending.conftest import owe
from tests.pages.archive import accession, made_up, publish, received

pytestmark = pytest.mark.db_and_celery
NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
SAMPLE = re.compile(r'(form4site_[a-z_]+)(\{([a-z]+)="([a-z0-9_]+)"\})? (-?\d+(?:\.\d+)?(?:e\+\d+)?)')


@pytest.fixture(autouse=True)
def friday(db):
    with time_machine.travel(NOW, tick=False):
        yield


def samples(client):
    """{(name, label): value}, every line of the answer being understood."""
    response = client.get("/metrics", HTTP_HOST="localhost")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain; version=0.0.4")
    found, announced = {}, {}
    for line in response.content.decode().splitlines():
        if line.startswith("# "):
            _, word, name, rest = line.split(" ", 3)
            announced.setdefault(name, {})[word] = rest
            continue
        match = SAMPLE.fullmatch(line)
        assert match, line
        assert announced[match[1]].keys() == {"HELP", "TYPE"}
        assert announced[match[1]]["TYPE"] == ("counter" if match[1].endswith("_total") else "gauge")
        assert (match[1], match[4]) not in found
        found[match[1], match[4]] = float(match[5])
    return found


def test_every_figure_is_that_of_the_database(client, settings, olive):
    settings.EDGAR_USER_AGENT = "Olive olive@example.test"
    publish(received(made_up()))
    for number, due_at in ((1, NOW - timedelta(minutes=5)), (2, NOW)):
        IngestStage.objects.create(
            accession=accession(number + 100), stage=Stage.SEEN, due_at=due_at, seen_at=NOW - timedelta(hours=1),
            changed_at=NOW, form="4", cik="1", listed_on=date(2026, 11, 20), lane="live",
        )  # fmt: skip
    for form, minutes in (("3", 1), ("4", 2)):
        FeedLook.objects.create(form=form, read_at=NOW - timedelta(minutes=minutes), lag=timedelta(seconds=4.5))
    EdgarBudget.objects.create(
        next_slot_at=NOW, refused_until=NOW + timedelta(minutes=5), live_requests=12_345_678_901, historic_requests=9,
        failures=3,
    )  # fmt: skip
    EdgarRefusal.objects.create(refused_at=NOW, until=NOW, reason="x", address="y")
    Difference.objects.create(index="2026Q3", accession=accession(1), kind="vanished", explanation="x", found_at=NOW)
    IndexDay.objects.create(day=date(2026, 11, 16), looked_at=NOW, due_at=NOW, reason="x")
    beat(name=Heartbeat.CLOCK, now=NOW - timedelta(seconds=30))
    room = Channel.objects.create(user=olive, kind="chat", name="Room", address="https://room.example/")
    owe(room, now=NOW - timedelta(minutes=3))
    assert samples(client) == {
        ("form4site_filings", "seen"): 2,
        ("form4site_filings", "fetched"): 0,
        ("form4site_filings", "published"): 1,
        ("form4site_filings", "quarantined"): 0,
        ("form4site_filings", "withdrawn"): 0,
        ("form4site_backlog", "seen_live"): 2,
        ("form4site_backlog", "seen_historic"): 0,
        ("form4site_backlog", "fetched"): 0,
        ("form4site_backlog", "unevaluated_filings"): 1,
        ("form4site_backlog", "unevaluated_signals"): 2,
        ("form4site_backlog_late", "seen_live"): 1,
        ("form4site_backlog_late", "unevaluated_filings"): 0,
        ("form4site_backlog_late", "unevaluated_signals"): 0,
        ("form4site_backlog_late", "fetched"): 0,
        ("form4site_backlog_oldest_seconds", "seen_live"): 3600,
        ("form4site_backlog_oldest_seconds", "unevaluated_filings"): 0,
        ("form4site_backlog_oldest_seconds", "unevaluated_signals"): 0,
        ("form4site_deliveries", "waiting"): 1,
        ("form4site_deliveries", "under_way"): 0,
        ("form4site_deliveries", "unknown"): 0,
        ("form4site_deliveries_late", None): 1,
        ("form4site_deliveries_oldest_seconds", None): 180,
        ("form4site_channels_stopped", None): 0,
        ("form4site_differences_unconfirmed", None): 1,
        ("form4site_index_days_open", None): 1,
        ("form4site_feed_age_seconds", "3"): 60,
        ("form4site_feed_age_seconds", "4"): 120,
        ("form4site_feed_lag_seconds", "3"): 4.5,
        ("form4site_feed_lag_seconds", "4"): 4.5,
        ("form4site_edgar_requests_total", "live"): 12_345_678_901,
        ("form4site_edgar_requests_total", "historic"): 9,
        ("form4site_edgar_failures_in_a_row", None): 3,
        ("form4site_edgar_refused", None): 1,
        ("form4site_edgar_penalty_seconds", None): 300,
        ("form4site_edgar_refusals_total", None): 1,
        ("form4site_heartbeat_age_seconds", "clock"): 30,
        ("form4site_live", None): 1,
        ("form4site_stale", None): 1,
    }


def test_what_is_not_known_is_left_out_and_never_nought(client):
    found = {name for name, _ in samples(client)}
    assert "form4site_filings" in found
    assert found.isdisjoint(
        f"form4site_{name}"
        for name in ("feed_age_seconds", "feed_lag_seconds", "heartbeat_age_seconds", "backlog_oldest_seconds",
                     "edgar_requests_total", "edgar_refused")
    )  # fmt: skip


def test_the_filings_of_all_stages_are_those_of_the_ledger(client):
    publish(received(made_up()), received(made_up(), accession(2)))
    stages = [value for (name, _), value in samples(client).items() if name == "form4site_filings"]
    assert sum(stages) == IngestStage.objects.count() == 2


def test_a_clock_of_another_machine_that_is_ahead_makes_no_negative_age(client):
    beat(name=Heartbeat.WORKER, now=NOW + timedelta(seconds=9))
    assert samples(client)["form4site_heartbeat_age_seconds", "worker"] == 0


# --- who may read it ---------------------------------------------------------------------------------------------

ELSEWHERE = {"REMOTE_ADDR": "192.0.2.1"}
THROUGH_A_PROXY = {"HTTP_X_FORWARDED_FOR": "192.0.2.1"}
BY_NAME = {"HTTP_HOST": "form4site.example"}


def hidden(client, **meta):
    there, missing = client.get("/metrics", **meta), client.get("/metricz", **meta)
    assert there.status_code in (200, 404)
    if there.status_code == 404:
        assert there.content.replace(b"metrics", b"metricz") == missing.content
    return there.status_code == 404


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_a_program_on_this_machine_reads_it(client, address):
    assert not hidden(client, REMOTE_ADDR=address, HTTP_HOST="127.0.0.1:8000")
    assert not hidden(client, REMOTE_ADDR=address, HTTP_HOST="localhost")


@pytest.mark.parametrize("meta", [ELSEWHERE, THROUGH_A_PROXY, BY_NAME, {"REMOTE_ADDR": ""}, {"HTTP_VIA": "1.1 x"}])
def test_for_others_there_is_no_such_page(client, settings, olive, meta):
    settings.ALLOWED_HOSTS = ["*"]
    assert hidden(client, **{"HTTP_HOST": "localhost", **meta})
    client.force_login(olive)
    assert hidden(client, **{"HTTP_HOST": "localhost", **meta})


def test_staff_read_it_from_anywhere(client, sue):
    client.force_login(sue)
    assert not hidden(client, **ELSEWHERE, **THROUGH_A_PROXY)


def test_behind_a_proxy_that_was_declared_this_machine_reads_past_it(client, settings):
    settings.BASE_URL, settings.TRUST_PROXY, settings.ALLOWED_HOSTS = "https://form4site.example", True, ["*"]
    assert not hidden(client, HTTP_HOST="localhost")
    assert hidden(client, HTTP_HOST="localhost", **THROUGH_A_PROXY)


def test_behind_a_proxy_that_was_not_declared_nobody_is_taken_for_this_machine(client, settings):
    settings.BASE_URL, settings.TRUST_PROXY = "https://form4site.example", False
    assert hidden(client, HTTP_HOST="localhost")


@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_no_other_method_tells_that_it_is_there(method):
    client = Client(enforce_csrf_checks=True, **ELSEWHERE)
    assert getattr(client, method)("/metrics").status_code == getattr(client, method)("/metricz").status_code == 404
    assert getattr(Client(), method)("/metrics", HTTP_HOST="localhost").status_code == 405


def test_probes_are_answered_without_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.BASE_URL, settings.TRUST_PROXY = "https://form4site.example", True
    client = Client()
    for address in ("/healthz", "/readyz", "/metrics"):
        assert client.get(address, HTTP_HOST="localhost").status_code == 200, address
    assert client.get("/").status_code == 301
