"""A small archive in which every address of `addresses.PAGES` answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from tests.pages.archive import accession, made_up, publish, received, traded
from tests.pages.demo import demo, demo_rows  # noqa: F401


@pytest.fixture(scope="module")
def small_rows(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Everything of one module stands in one transaction, which is never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        publish(received(made_up()), received(traded(), accession(500)))
        # What waits to be checked would be checked again at the end of each test that is rolled back to here.
        connection.check_constraints()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def small_archive(small_rows, db) -> None:
    """Two filings, for one test; what the test itself changes is rolled back to them."""
