"""The demo archive in the database of the tests: loaded once for a module by the real services, and rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection, transaction

from filings.models import Filing
from filings.services.demo import load_demo
from signals.services.read import read_all_owed

UNTIL = date(2026, 11, 20)  # a Friday


def load() -> None:
    report = load_demo(until=UNTIL)
    assert not report.failed, report.failed[:3]
    assert not read_all_owed().failed
    # Rolled back again and again, the tables look empty to the planner, and it chooses plans for empty tables.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.fixture(scope="module")
def demo_rows(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Everything of one module stands in one transaction, which is never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(demo_rows, db) -> None:
    """The demo archive, for one test; what the test itself changes is rolled back to it."""


def accessions_of(story: str) -> list[str]:
    """The filings of one story of the generator, oldest first."""
    found = Filing.objects.filter(document__source=f"demo: {story}").order_by("listed_on", "accession")
    accessions = list(found.values_list("accession", flat=True))
    assert accessions, f"no filing of {story}"
    return accessions
