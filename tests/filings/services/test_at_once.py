"""Several processes publish, keep and sweep at the same moment: nothing is lost, doubled or dead-locked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.utils import timezone

from filings import events
from filings.models import Completeness, Filing, IngestStage, Insider, Issuer, IssuerName, Stage
from filings.services import rows
from filings.services.keep import LEASE, keep
from filings.services.load import load, load_received
from filings.services.owed import publish_owed
from tests.archive.tables import tables_of
from tests.filings.services import papers
from tests.filings.services.papers import accession, paper, received, submission, xml

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db(transaction=True), pytest.mark.slow]

PATIENCE = 60


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Runs the jobs in threads with connections of their own, all let go together; gives what they return."""
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> object:
        try:
            gate.wait(PATIENCE)
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result(PATIENCE) for future in [pool.submit(run, job) for job in jobs]]


def loading(*items: object) -> Callable[[], object]:
    return lambda: load_received(received=items)


def test_two_publications_of_one_issuer_lose_no_filing_and_no_name():
    rounds = 6
    for round_ in range(rounds):
        one, two = 2 * round_ + 1, 2 * round_ + 2
        at_once(
            loading(received(one, xml(issuer_name=f"Name {one} Inc", period=date(2024, 1, one)))),
            loading(received(two, xml(issuer_name=f"Name {two} Inc", period=date(2024, 1, two)))),
        )

    assert Filing.objects.count() == 2 * rounds
    assert IssuerName.objects.count() == 2 * rounds
    assert Issuer.objects.get().name == f"Name {2 * rounds} Inc"


def test_publications_that_name_the_same_parties_crosswise_do_not_dead_lock():
    parties = [(9000200 + number, f"OWNER {number}") for number in range(6)]

    def batch(start: int, owners: list[tuple[int, str]]) -> list[object]:
        return [
            received(start + step, xml(issuer=9000100 + issuer, issuer_name=f"Issuer {issuer}", owners=[owner]))
            for step, (issuer, owner) in enumerate(zip(range(len(owners)), owners, strict=True))
        ]

    for turn in range(4):
        first = 100 * turn
        reports = at_once(
            loading(*batch(first + 1, parties)),
            loading(*batch(first + 21, parties[::-1])),
            loading(*batch(first + 41, parties[3:] + parties[:3])),
        )
        assert [(report.published, report.failed) for report in reports] == [(6, [])] * 3

    assert Filing.objects.count() == 4 * 18


def test_a_party_that_another_publication_removes_meanwhile_is_made_anew():
    wrong = xml(issuer=9000199, owners=[(9000299, "PASSED BY")])
    load_received(received=[received(1, wrong)])
    removing = threading.Event()

    def take_the_parties_away() -> None:
        with transaction.atomic():
            rows.lock(Issuer, ["0009000199"])
            removing.set()
            wait_until_somebody_waits_for_a_lock()
            load_received(received=[received(1, submission(1, xml()), Completeness.ENVELOPE)])
            assert not Issuer.objects.filter(cik="0009000199").exists()

    def name_them_again() -> None:
        removing.wait(PATIENCE)
        load_received(received=[received(2, wrong)])

    at_once(take_the_parties_away, name_them_again)

    assert Filing.objects.get(accession=accession(2)).issuer_id == "0009000199"
    assert {insider.name for insider in Insider.objects.all()} == {"DOE JANE", "PASSED BY"}


def wait_until_somebody_waits_for_a_lock() -> None:
    deadline = timezone.now() + timedelta(seconds=PATIENCE)
    with connection.cursor() as cursor:
        while timezone.now() < deadline:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody came to wait")


def test_locking_parties_that_are_there_writes_no_row():
    load_received(received=[received(1, xml())])
    before = papers.whole_tables()

    with transaction.atomic():
        rows.lock(Issuer, ["0009000100"])
        rows.lock(Insider, ["0009000200"])

    assert papers.whole_tables() == before


def test_the_same_file_loaded_twice_at_once_is_published_once():
    announced: list[str] = []

    def listen(sender: object, accessions: list[str], **_: object) -> None:
        announced.extend(accessions)

    events.filing_published.connect(listen)
    try:
        archive = [received(number, xml()) for number in range(1, 21)]
        at_once(loading(*archive), loading(*archive))
    finally:
        events.filing_published.disconnect(listen)

    assert sorted(announced) == [accession(number) for number in range(1, 21)]
    assert Filing.objects.count() == 20
    assert set(IngestStage.objects.values_list("stage", flat=True)) == {Stage.PUBLISHED}


def test_two_kinds_of_document_loaded_at_once_leave_the_more_complete_one():
    for number in range(1, 9):
        at_once(
            loading(received(number, xml(remarks="bare"))),
            loading(
                received(
                    number,
                    submission(number, xml(remarks="accepted"), accepted="20240503161500"),
                    Completeness.ACCEPTED,
                )
            ),
        )

    assert set(Filing.objects.values_list("remarks", flat=True)) == {"accepted"}
    assert set(IngestStage.objects.values_list("stage", flat=True)) == {Stage.PUBLISHED}


def test_sweepers_at_once_publish_each_filing_once():
    keep(received=[received(number, xml()) for number in range(1, 251)], now=timezone.now() - 2 * LEASE)

    outcomes = at_once(publish_owed, publish_owed, publish_owed)

    published = [name for outcome in outcomes for name in outcome.published]
    assert sorted(published) == [accession(number) for number in range(1, 251)]
    assert [name for outcome in outcomes for name in outcome.unchanged] == []
    assert Filing.objects.count() == 250


def test_each_way_of_publishing_takes_its_moment_after_its_number(tmp_path: Path, monkeypatch):
    """Who looks for what is published leaves alone what was before a moment, by the numbers of open transactions."""
    numbered: list[bool] = []

    def now() -> datetime:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
            numbered.extend(row[0] for row in cursor.fetchall())
        return timezone.now()

    monkeypatch.setattr(rows, "timezone", SimpleNamespace(now=now))
    load_received(received=[received(1, xml())])
    load(paths=[tables_of([(accession(2), date(2024, 5, 3), paper())]).write(tmp_path / "2024q2")])
    assert Filing.objects.count() == 2
    assert numbered == [True, True]
