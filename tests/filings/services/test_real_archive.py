"""The whole archive of real filings: all published, each as filed, in any order, and however often it is killed."""

from __future__ import annotations

import io
import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from filings.models import Filing, IngestStage, Stage
from filings.ownership.submission import read_submission
from filings.services.load import load
from tests.conftest import ROOT
from tests.filings.ownership.independent import expected_filing, expected_header
from tests.filings.services.papers import facts, site_environment, whole_tables

pytestmark = [pytest.mark.db_and_celery, pytest.mark.slow]

PATIENCE = 180


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.txt"))


@pytest.fixture(scope="module")
def expected_facts(real_filings: Path, django_db_setup, django_db_blocker) -> Iterator[dict[str, list[object]]]:
    """The facts of one whole load in order of the names."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(paths=files(real_filings))
        found = facts()
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
def test_all_are_published_and_none_fails_and_again_changes_no_row(real_filings: Path):
    report = load(paths=files(real_filings))

    assert (report.read, report.published, report.unchanged, report.failed) == (465, 465, 0, [])
    assert Filing.objects.count() == 465
    assert set(IngestStage.objects.values_list("stage", flat=True)) == {Stage.PUBLISHED}

    before = whole_tables()
    again = load(paths=files(real_filings))
    assert (again.published, again.unchanged, again.failed) == (0, 465, [])
    assert whole_tables() == before


@pytest.mark.django_db
def test_the_filing_command_tells_every_one_as_filed_by_a_second_reading(real_filings: Path):
    load(paths=files(real_filings))
    out = io.StringIO()
    call_command("filing", *(path.stem for path in files(real_filings)), json=True, stdout=out)
    printed = [json.loads(line) for line in out.getvalue().splitlines()]

    assert len(printed) == 465
    differing = []
    for path, found in zip(files(real_filings), printed, strict=True):
        content = path.read_bytes()
        header = expected_header(content)
        accepted = header["accepted_at"]
        expected = expected_filing(read_submission(content).xml) | {
            "accession": header["accession"],
            "filed_on": header["filed_on"],
            "accepted_at": accepted and accepted.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        found.pop("issues")
        if found != expected:
            differing.append((path.name, {name for name in expected if found.get(name) != expected[name]}))
    assert differing == []


@pytest.mark.django_db
@pytest.mark.parametrize("order", ["reversed", "shuffled, a file at a time in places"])
def test_another_order_gives_the_same_facts(real_filings: Path, expected_facts, order):
    paths = files(real_filings)
    if order == "reversed":
        load(paths=paths[::-1])
    else:
        shuffled = random.Random(11).sample(paths, len(paths))
        load(paths=shuffled[:200])
        for path in shuffled[200:215]:
            load(paths=[path])
        load(paths=shuffled[215:])

    assert facts() == expected_facts


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_a_load_killed_at_several_moments_ends_the_same_when_started_again(real_filings: Path, expected_facts):
    environment = site_environment()
    chance = random.Random(5)
    stages = []
    for kill_at in (1, 60, 180, 320):
        loading = ingest(real_filings, environment)
        wait_for(loading, lambda at=kill_at: IngestStage.objects.count() >= at)
        time.sleep(chance.random() / 10)
        loading.send_signal(signal.SIGKILL)
        loading.communicate(timeout=PATIENCE)
        stages.append(Filing.objects.count())

    assert stages[0] < 465, "the first load was over before it was killed"
    loading = ingest(real_filings, environment)
    said, _ = loading.communicate(timeout=PATIENCE)
    report = json.loads(said)
    assert (report["read"], report["failed"]) == (465, [])
    assert report["published"] + report["unchanged"] == 465
    assert facts() == expected_facts


def ingest(folder: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "ingest", "--json", str(folder)],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def wait_for(loading: subprocess.Popen[str], reached) -> None:
    deadline = time.monotonic() + PATIENCE
    while not reached() and loading.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
