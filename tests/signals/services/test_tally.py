"""A large archive is counted once a day, a small one whenever somebody asks."""

from __future__ import annotations

import pytest
from django.db import connection

from filings.models import Line
from filings.services.load import load_received
from signals.models import CodeTally
from signals.selectors.codes import code_counts
from signals.services import tally
from tests.filings.services.papers import received, xml

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]


def test_a_small_archive_is_counted_now_and_a_large_one_as_last_tallied(monkeypatch):
    load_received(received=[received(1, xml())])
    assert tally.tally_codes() is None
    now = code_counts()
    assert (now.on, sum(one.lines for one in now.codes)) == (None, 1)

    monkeypatch.setattr(tally, "CHEAP", -2)
    assert tally.tally_codes() is not None
    assert tally.tally_codes() is None, "once a day"
    assert tally.tally_codes(anew=True) is not None, "after a load"
    Line.objects.all().delete()
    large = code_counts()
    assert large.codes == now.codes
    assert large.on is not None

    monkeypatch.setattr(tally, "CHEAP", 1_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE filings_line")
    tally.tally_codes()
    assert not CodeTally.objects.exists(), "it is small again"
