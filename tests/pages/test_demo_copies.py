"""The copies of the demo archive are, to the last value, what the services themselves load and read."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from filings.models import Filing
from signals.models import Trade
from tests.pages.archive import made_up, publish, received
from tests.pages.demo import load, tables

pytestmark = [pytest.mark.db_and_celery, pytest.mark.slow, pytest.mark.django_db]


def contents():
    found = {}
    with connection.cursor() as cursor:
        for name in tables():
            cursor.execute(f"SELECT t::text FROM {name} t")
            found[name] = sorted(row[0] for row in cursor.fetchall())
    return found


def test_what_is_copied_is_what_was_made_and_takes_more_beside_it(tmp_path):
    with transaction.atomic():
        load(tmp_path)
        made = contents()
        transaction.set_rollback(True)
    assert not Filing.objects.exists()
    load(tmp_path)
    assert contents() == made
    assert len(made["signals_trade"]) > 400
    publish(received(made_up()))  # numbers go on after those of the copies
    assert Trade.objects.count() >= len(made["signals_trade"])
