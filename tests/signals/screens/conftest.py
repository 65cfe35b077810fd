from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from tests.signals.screens.invented import Invented, invented, store


@pytest.fixture(scope="module")
def rows(django_db_setup, django_db_blocker) -> Iterator[list[Invented]]:
    """Some hundred invented trades, stored for the tests of one module."""
    with django_db_blocker.unblock(), transaction.atomic():
        trades = invented(300)
        store(trades)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        yield trades
        transaction.set_rollback(True)
