"""The demo archive, read: once for all, again without writing, anew with equal results."""

from __future__ import annotations

import pytest

from filings.models import Filing
from filings.services.demo import purge_demo
from signals.models import Citation, LineReading, Reading, Trade, TradeDetail
from signals.selectors.owed import issuers_with_filings, owed_issuers
from signals.services.read import read_issuers, read_owed, reread
from tests.signals.services.stored import readings, whole_tables

pytestmark = [pytest.mark.db_and_celery, pytest.mark.slow]


def test_every_transaction_line_has_its_trade_and_every_filing_its_reading(demo):
    assert Reading.objects.count() == Filing.objects.count()
    assert TradeDetail.objects.count() == Trade.objects.count()
    lines = Filing.objects.filter(lines__kind="transaction").values("lines__table", "lines__row")
    assert LineReading.objects.count() == lines.count()


def test_nothing_is_owed_after_it(demo):
    assert owed_issuers(10, everything=True) == []
    assert read_owed().read == []


def test_a_second_time_writes_no_row(demo):
    before = whole_tables()
    assert read_issuers(issuers=issuers_with_filings()).changed == []
    assert whole_tables() == before


def test_reread_drops_all_and_gives_equal_results(demo):
    before = readings()
    assert len(reread(issuers=issuers_with_filings()).changed) == Filing.objects.count()
    assert readings() == before


def test_purging_the_demo_leaves_no_reading_of_it(demo):
    purge_demo()
    assert not Reading.objects.exists()
    assert not Trade.objects.exists()
    assert not LineReading.objects.exists()
    assert not Citation.objects.exists()
