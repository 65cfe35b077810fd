"""A ring reaches the broker of the settings, from any process, and never costs its caller more than a moment."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from filings.events import filing_published
from form4site.celery import app
from form4site.kit import bell
from form4site.kit.bell import ring
from signals.events import readings_published
from tests.conftest import ROOT

NAME = "signals.read_owed"


class Broker:
    """Stands in for Celery's application, and remembers who was rung for."""

    def __init__(self, broken: bool = False) -> None:
        self.rings: list[tuple[str, dict[str, object]]] = []
        self.broken = broken

    def send_task(self, name: str, **options: object) -> None:
        self.rings.append((name, options))
        if self.broken:
            raise ConnectionError("no broker")


@pytest.fixture
def broker(monkeypatch):
    monkeypatch.setattr(bell, "_rung_at", {})
    monkeypatch.setattr(bell, "current_app", broker := Broker())
    return broker


def test_a_burst_is_one_ring(broker):
    for _ in range(1_000):
        ring(NAME)
    assert len(broker.rings) == 1


def test_later_it_rings_again(broker):
    ring(NAME)
    time.sleep(bell.APART)
    ring(NAME)
    assert len(broker.rings) == 2


def test_a_broker_that_is_away_stops_nobody(broker, caplog):
    broker.broken = True
    ring(NAME)
    assert "no broker" in caplog.text


def test_the_caller_does_not_wait_for_a_broker_and_a_ring_does_not_outlive_the_sweeps(broker):
    ring(NAME)
    assert broker.rings == [(NAME, {"countdown": 0, "expires": bell.EXPIRES, "retry": False})]


def test_a_ring_for_later_outlives_the_wait(broker):
    bell.ring_later(NAME, 15)
    assert broker.rings == [(NAME, {"countdown": 15, "expires": 15 + bell.EXPIRES, "retry": False})]


def test_rings_for_later_do_not_heap_up_while_what_they_wait_for_takes_long(broker, monkeypatch):
    """Each that comes back too soon rings again, and the clock adds one of its own a minute."""
    now = 1_000.0
    monkeypatch.setattr(bell.time, "monotonic", lambda: now)
    for _ in range(3):
        bell.ring_later(NAME, 15)
        bell.ring_later("filings.index_owed", 15)
    assert [name for name, _ in broker.rings] == [NAME, "filings.index_owed"]
    now += 14.9  # no clock is that exact
    bell.ring_later(NAME, 15)
    assert len(broker.rings) == 3


@pytest.mark.parametrize(
    ("announced", "rung"),
    [(filing_published, "signals.read_owed"), (readings_published, "accounts.evaluate_owed")],
)
def test_what_is_announced_rings_for_a_task_that_workers_have(broker, announced, rung):
    announced.send(sender=None)
    assert [name for name, _ in broker.rings] == [rung]
    app.loader.import_default_modules()
    assert rung in app.tasks


def test_a_command_finds_the_broker_of_the_settings(tmp_path: Path):
    """Without its own application Celery would ring at a host that nobody named."""
    told = "from signals.tasks import read_owed; print(read_owed.app.main, read_owed.app.conf.broker_url)"
    found = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {told}"],
        capture_output=True, text=True, cwd=ROOT, check=True, timeout=60,
        env={"DJANGO_SETTINGS_MODULE": "form4site.settings", "FORM4SITE_VAR": str(tmp_path), "PATH": ""},
    )  # fmt: skip
    assert found.stdout.split() == ["form4site", "filesystem://localhost"], json.dumps(found.stderr)
