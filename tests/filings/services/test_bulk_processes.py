"""Two processes load one data set, and write what one writes."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection

from filings.models import DataSetPart
from filings.ownership import quarter
from filings.services import bulk
from filings.services.load import files_below, load
from tests.archive.tables import tables_of
from tests.filings.services.papers import accession, facts, paper

pytestmark = [
    pytest.mark.db_and_celery,
    pytest.mark.django_db(transaction=True),
    pytest.mark.processes,
    pytest.mark.slow,
]

COUNT = 900


def some_tables(folder: Path, count: int) -> Path:
    filings = (
        (
            accession(number),
            date(2024, 1, 1) + timedelta(days=number % 80),
            paper(
                issuer=9000100 + number % 97,
                issuer_name=f"Anvils {number % 5}",
                owners=[(9000200 + number % 801, "DOE")],
            ),
        )
        for number in range(1, count + 1)
    )
    return tables_of(filings).write(folder)


def test_two_processes_write_what_one_writes(tmp_path: Path, monkeypatch):
    folder = some_tables(tmp_path / "2024q1", COUNT)
    monkeypatch.setattr(bulk, "WORTH_PROCESSES", 100)
    monkeypatch.setattr(bulk, "PROCESSES", 2)
    monkeypatch.setattr(quarter, "FILINGS_EACH", 100)
    report = load(paths=files_below([str(folder)]))
    assert (report.read, report.published, report.failed) == (COUNT, COUNT, [])
    assert DataSetPart.objects.count() == 9
    by_two = facts()
    empty()
    monkeypatch.setattr(bulk, "PROCESSES", 1)

    load(paths=files_below([str(folder)]))

    assert facts() == by_two


def empty() -> None:
    tables = [name for name in connection.introspection.table_names() if name.startswith("filings_")]
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
