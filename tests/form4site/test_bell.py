"""A ring reaches the broker of the settings, from any process, and never costs its caller more than a moment."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from form4site.kit import bell
from form4site.kit.bell import ring
from tests.conftest import ROOT


class Task:
    name = "a test"

    def __init__(self, broken: bool = False) -> None:
        self.rings: list[dict[str, object]] = []
        self.broken = broken

    def apply_async(self, **options: object) -> None:
        self.rings.append(options)
        if self.broken:
            raise ConnectionError("no broker")


@pytest.fixture(autouse=True)
def silence(monkeypatch):
    monkeypatch.setattr(bell, "_rung_at", {})


def test_a_burst_is_one_ring():
    task = Task()
    for _ in range(1_000):
        ring(task)
    assert len(task.rings) == 1


def test_later_it_rings_again():
    task = Task()
    ring(task)
    time.sleep(bell.APART)
    ring(task)
    assert len(task.rings) == 2


def test_a_broker_that_is_away_stops_nobody(caplog):
    ring(Task(broken=True))
    assert "no broker" in caplog.text


def test_the_caller_does_not_wait_for_a_broker_and_a_ring_does_not_outlive_the_sweeps():
    task = Task()
    ring(task)
    assert task.rings == [{"expires": bell.EXPIRES, "retry": False}]


def test_a_command_finds_the_broker_of_the_settings(tmp_path: Path):
    """Without its own application Celery would ring at a host that nobody named."""
    told = "from signals.tasks import read_owed; print(read_owed.app.main, read_owed.app.conf.broker_url)"
    found = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {told}"],
        capture_output=True, text=True, cwd=ROOT, check=True, timeout=60,
        env={"DJANGO_SETTINGS_MODULE": "form4site.settings", "FORM4SITE_VAR": str(tmp_path), "PATH": ""},
    )  # fmt: skip
    assert found.stdout.split() == ["form4site", "filesystem://localhost"], json.dumps(found.stderr)
