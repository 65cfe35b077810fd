"""What a lost message left behind is found; a document that kills its reader is set aside and delays nobody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from filings.models import Filing, IngestStage, Stage
from filings.services.keep import LEASE, keep
from filings.services.load import load_received
from filings.services.owed import BATCH, publish_owed
from filings.services.publish import MAX_ATTEMPTS
from tests.conftest import ROOT
from tests.filings.services.papers import accession, received, site_environment, whole_tables, xml

pytestmark = [pytest.mark.db_and_celery]

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
# Tests beside it that clear the cache empty its database of Redis, the rings in it too.
RINGS_EVERY = 20
PATIENCE = 180  # a database beside it that is dropped holds up every other for as long as the disk is slow

# A worker that dies over any document with these words in it, as if the system had ended it.
DEADLY = "these words end their reader"
MORTAL_WORKER = f"""
import os, sys, datetime
import django
django.setup()
from filings.services import owed, publish
parse = publish.parse
def mortal(xml):
    if {DEADLY!r}.encode() in xml:
        os._exit(9)
    return parse(xml)
publish.parse = mortal
owed.publish_owed(now=datetime.datetime.fromisoformat(sys.argv[1]))
"""


@pytest.mark.django_db
def test_a_lost_publication_is_found_when_its_lease_is_over_and_not_before():
    keep(received=[received(1, xml())], now=NOON)

    assert publish_owed(now=NOON + LEASE - timedelta(microseconds=1)).published == []
    assert Filing.objects.count() == 0

    assert publish_owed(now=NOON + LEASE).published == [accession(1)]
    assert IngestStage.objects.get().stage == Stage.PUBLISHED


@pytest.mark.django_db
def test_sweeping_again_changes_nothing():
    keep(received=[received(1, xml())], now=NOON)
    publish_owed(now=NOON + LEASE)
    before = whole_tables()

    assert publish_owed(now=NOON + 2 * LEASE).published == []
    assert whole_tables() == before


@pytest.mark.django_db
def test_more_than_a_batch_is_published_by_one_ring():
    keep(received=[received(number, xml()) for number in range(1, BATCH + 51)], now=NOON)

    assert len(publish_owed(now=NOON + LEASE).published) == BATCH + 50


@pytest.mark.django_db
def test_a_ring_takes_no_new_batch_when_its_time_is_over():
    keep(received=[received(1, xml())], now=NOON)

    assert publish_owed(now=NOON + LEASE, seconds=0).published == []
    assert IngestStage.objects.get().attempts == 1


@pytest.mark.django_db
def test_bad_bytes_found_by_the_sweep_are_set_aside():
    keep(received=[received(1, b"<html>no</html>"), received(2, xml())], now=NOON)

    outcome = publish_owed(now=NOON + LEASE)

    assert (outcome.published, list(outcome.failed)) == ([accession(2)], [accession(1)])


@pytest.mark.django_db
def test_deadly_new_bytes_of_a_published_filing_leave_its_facts_and_end_the_debt():
    load_received(received=[received(1, xml())])
    keep(received=[received(1, xml(remarks=DEADLY))], now=NOON)
    IngestStage.objects.update(attempts=MAX_ATTEMPTS)

    outcome = publish_owed(now=NOON + LEASE)

    assert outcome.published == []
    row = IngestStage.objects.get()
    assert (row.stage, row.due_at) == (Stage.PUBLISHED, None)
    assert Filing.objects.get().remarks is None


@pytest.mark.processes
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_document_that_kills_its_worker_is_set_aside_at_the_third_attempt_and_the_others_are_published():
    numbers = range(1, 7)
    keep(received=[received(n, xml(remarks=DEADLY if n == 3 else None)) for n in numbers], now=NOON)
    attempts, deaths, now = [], 0, NOON
    for _ in range(4 * len(numbers)):
        row = IngestStage.objects.get(accession=accession(3))
        attempts.append(row.attempts)
        if row.stage == Stage.QUARANTINED:
            break
        now += LEASE
        status = subprocess.run(
            [sys.executable, "-c", MORTAL_WORKER, now.isoformat()], cwd=ROOT, env=site_environment(), timeout=PATIENCE
        ).returncode
        assert status in (0, 9)
        deaths += status == 9

    assert row.stage == Stage.QUARANTINED
    assert max(attempts) == MAX_ATTEMPTS
    assert deaths == MAX_ATTEMPTS - 1  # the attempt of whoever kept it is the first
    assert "3 times" in row.reason
    assert set(Filing.objects.values_list("accession", flat=True)) == {accession(n) for n in numbers if n != 3}


@pytest.mark.processes
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_ring_makes_a_real_worker_publish_what_is_owed(tmp_path: Path):
    keep(received=[received(number, xml()) for number in (1, 2, 3)], now=NOON)
    environment = site_environment(tmp_path) | {"CELERY_SKIP_CHECKS": "1"}  # the pages, of which it serves none
    queue = f"test-{tmp_path.name}-{os.getpid()}"
    job = "import django; django.setup(); import form4site.celery; from filings.tasks import publish_owed as job;"

    def ring() -> None:
        subprocess.run(
            [sys.executable, "-c", f"{job} job.apply_async(queue={queue!r})"],
            cwd=ROOT, env=environment, timeout=PATIENCE, check=True,
        )  # fmt: skip

    ring()
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "form4site", "worker", "-Q", queue, "-c", "1"],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        deadline, again = time.monotonic() + PATIENCE, time.monotonic() + RINGS_EVERY
        while Filing.objects.count() < 3 and time.monotonic() < deadline and worker.poll() is None:
            if time.monotonic() > again:
                ring()
                again = time.monotonic() + RINGS_EVERY
            time.sleep(0.05)
        published = Filing.objects.count()
    finally:
        worker.send_signal(signal.SIGTERM)
        try:
            said, _ = worker.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(worker.pid, signal.SIGKILL)
            said, _ = worker.communicate(timeout=PATIENCE)
    assert published == 3, said
