"""Loaders and sweepers are killed at random, again and again: no filing is lost, and none is doubled."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import transaction

from filings.models import Filing, IngestStage, Stage
from filings.services.load import load
from tests.conftest import ROOT
from tests.filings.services.papers import facts, site_environment

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.db_and_celery,
    pytest.mark.processes,
    pytest.mark.slow,
]

KILLS = 20
START_SECONDS = 0.7
PATIENCE = 300

# A worker's work without its broker, in a hurry: it takes every lease for ended, so that it also meets the living.
SWEEPER = """
import django
django.setup()
import time
from django.utils import timezone
from filings.services.keep import LEASE
from filings.services.owed import publish_owed
while True:
    publish_owed(now=timezone.now() + 2 * LEASE)
    time.sleep(0.01)
"""


@pytest.fixture(scope="module")
def expected_facts(real_filings: Path, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        load(paths=sorted(real_filings.glob("*.txt")))
        found = facts()
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_twenty_kills_lose_and_double_nothing(real_filings: Path, expected_facts, seed):
    chance = random.Random(seed)
    environment = site_environment()
    running = {name: start(name, real_filings, environment) for name in ("loader", "sweeper")}
    try:
        for _ in range(KILLS):
            wait_for_work(running["loader"], chance.random())
            name = chance.choice(sorted(running))
            running[name].send_signal(signal.SIGKILL)
            running[name].communicate(timeout=PATIENCE)
            running[name] = start(name, real_filings, environment)
            if running["loader"].poll() is not None:
                running["loader"].communicate(timeout=PATIENCE)
                running["loader"] = start("loader", real_filings, environment)
        said, _ = running["loader"].communicate(timeout=PATIENCE)
    finally:
        for process in running.values():
            process.kill()
            process.communicate(timeout=PATIENCE)

    said = said or start("loader", real_filings, environment).communicate(timeout=PATIENCE)[0]
    report = json.loads(said)
    assert (report["read"], report["failed"]) == (465, [])
    assert set(IngestStage.objects.values_list("stage", flat=True)) == {Stage.PUBLISHED}
    assert Filing.objects.count() == 465
    assert facts() == expected_facts


def start(name: str, folder: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    command = {"loader": ["manage.py", "ingest", "--json", str(folder)], "sweeper": ["-c", SWEEPER]}[name]
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_for_work(loader: subprocess.Popen[str], chance: float) -> None:
    """Until Django has started, and then a moment of the work: kills before it would prove nothing."""
    deadline = time.monotonic() + START_SECONDS + 1.5 * chance
    while loader.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
