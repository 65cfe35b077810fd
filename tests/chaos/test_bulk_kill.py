"""A bulk load is killed in the middle: no process of it lives on, and the next one ends with the same facts."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from filings.models import DataSetLoad, DataSetPart, Document, Filing, IngestStage, PartyToIndex
from filings.services.load import files_below, load
from tests.conftest import ROOT
from tests.filings.services.papers import facts, site_environment
from tests.filings.services.test_bulk_processes import empty, some_tables

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.db_and_celery,
    pytest.mark.django_db(transaction=True),
    pytest.mark.processes,
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="the children of a process are looked up in /proc"),
]

COUNT = 8_200
PATIENCE = 240


def test_a_load_that_is_killed_leaves_no_process_and_is_finished_by_the_next(tmp_path: Path):
    folder = some_tables(tmp_path / "2024q1", COUNT)
    command = [sys.executable, "manage.py", "ingest", "--no-read", "--json", str(folder)]
    environment = site_environment()
    loader = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    children = wait_until(lambda: DataSetPart.objects.exists() and _children(loader.pid))
    loader.send_signal(signal.SIGKILL)
    loader.communicate(timeout=PATIENCE)
    assert wait_until(lambda: not any(_is_alive(child) for child in children))
    before = DataSetPart.objects.count()
    assert 0 < before < DataSetLoad.objects.get().parts
    assert Filing.objects.count() >= sum(DataSetPart.objects.values_list("filings", flat=True))

    again = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=PATIENCE, check=True)

    report = json.loads(again.stdout)
    assert report["failed"] == []
    assert report["published"] + report["unchanged"] == COUNT
    assert report["unchanged"] >= before
    assert Filing.objects.count() == Document.objects.count() == IngestStage.objects.count() == COUNT
    assert not PartyToIndex.objects.exists()
    after = facts()
    empty()
    load(paths=files_below([str(folder)]))
    assert facts() == after


def _children(process: int) -> list[int]:
    return [int(words) for words in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(true):
    ends_at = time.monotonic() + PATIENCE
    while time.monotonic() < ends_at:
        if found := true():
            return found
        time.sleep(0.02)
    raise AssertionError("never")
