"""The SEC's tickers are dated, never deleted, and a broken file changes nothing."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from filings.errors import BadDocument
from filings.models import Issuer, IssuerTicker, TickerFile
from filings.services.load import load_received
from filings.services.tickers import parse_ticker_file, read_tickers_owed
from tests.filings.edgar import pages
from tests.filings.edgar.server import Handler, whole
from tests.filings.services.papers import received, whole_tables, xml

pytestmark = [pytest.mark.db_and_celery]

MONDAY = datetime(2026, 5, 4, 16, tzinfo=UTC)
ROWS = [[9000100, "Invented Anvils", "ANVL", "NYSE"], [9000101, "Two Classes", "TC-A", "Nasdaq"]]
ROWS += [[9000101, "Two Classes", "TC-B", "Nasdaq"], [9000102, "No Exchange", "NOEX", None]]


def ticker_file(*rows: list[object]) -> bytes:
    return json.dumps({"fields": ["cik", "name", "ticker", "exchange"], "data": rows}).encode()


def spans() -> list[tuple[object, ...]]:
    return sorted(IssuerTicker.objects.values_list("ticker", "exchange", "since", "until"), key=repr)


def read(small_sec, days: int, *rows: list[object]) -> int | None:
    small_sec.tickers = ticker_file(*rows)
    return read_tickers_owed(now=MONDAY + timedelta(days=days))


@pytest.mark.django_db(transaction=True)
def test_tickers_are_dated_from_the_day_they_were_seen_to_the_day_they_were_gone(small_sec):
    assert read(small_sec, 0, *ROWS) == 4
    moved = [9000102, "No Exchange", "NOEX", "OTC"]
    assert read(small_sec, 1, *ROWS[:2], moved) == 3

    monday, tuesday = date(2026, 5, 4), date(2026, 5, 5)
    assert spans() == sorted(
        [
            ("ANVL", "NYSE", monday, None),
            ("TC-A", "Nasdaq", monday, None),
            ("TC-B", "Nasdaq", monday, tuesday),
            ("NOEX", None, monday, tuesday),
            ("NOEX", "OTC", tuesday, None),
        ],
        key=repr,
    )


@pytest.mark.django_db(transaction=True)
def test_the_same_file_again_changes_no_ticker_and_within_a_day_it_is_not_asked_for(small_sec):
    read(small_sec, 0, *ROWS)
    before = whole_tables()
    assert read_tickers_owed(now=MONDAY + timedelta(hours=5)) is None
    assert whole_tables() == before

    read(small_sec, 1, *reversed(ROWS))
    assert whole_tables()["filings_issuerticker"] == before["filings_issuerticker"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "bad",
    [
        whole(pages.OUTAGE),
        whole(pages.DENIED, "403 Forbidden"),
        whole(b'{"fields": ["cik"], "data": []}'),
        whole(ticker_file()),
        whole(ticker_file(ROWS[0])),
        whole(ticker_file(["nine", "x", "X", None])),
    ],
    ids=["html", "denied", "other-fields", "empty", "most-are-gone", "no-cik"],
)
def test_a_file_that_cannot_be_believed_changes_no_ticker_and_is_asked_for_again(small_sec, bad: Handler):
    read(small_sec, 0, *ROWS)
    before = spans()
    handler = small_sec._handler
    small_sec._handler = lambda path: bad

    assert read_tickers_owed(now=MONDAY + timedelta(days=1)) is None
    assert spans() == before
    look = TickerFile.objects.get()
    assert look.reason
    assert look.read_at == MONDAY
    small_sec._handler = handler
    assert read_tickers_owed(now=MONDAY + timedelta(days=1, hours=2)) == 4


@pytest.mark.django_db(transaction=True)
def test_a_filing_s_own_symbol_comes_first(small_sec):
    load_received(received=[received(1, xml(ticker="OLD"))])
    read(small_sec, 0, *ROWS)

    assert Issuer.objects.get().ticker == "OLD"
    assert IssuerTicker.objects.filter(cik="0009000100").get().ticker == "ANVL"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_asked_without_a_user_agent(small_sec, settings):
    settings.EDGAR_USER_AGENT = ""
    assert read(small_sec, 0, *ROWS) is None
    assert small_sec.server.connections == 0


@pytest.mark.parametrize("row", [[1, "x", "A" * 30, None], [1, "x", "A\u0000", None], [10**10, "x", "A", None], [1]])
def test_a_row_that_is_none_is_refused_by_its_place(row):
    with pytest.raises(BadDocument) as refused:
        parse_ticker_file(ticker_file(ROWS[0], row))
    assert refused.value.stage == "tickers"
