"""The door and the readers against a stand-in for sec.gov that serves real filings as strictly as EDGAR does."""

from __future__ import annotations

import csv
import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from filings.edgar import addresses, budget, client, feeds, judge
from filings.edgar.client import Kind, Lane, fetch
from filings.edgar.feeds import FORMS, parse_current_feed, parse_index, parse_listing
from filings.errors import EdgarRefused, EdgarUnavailable, NotThere
from filings.models import EdgarBudget
from tests.conftest import REAL_FILINGS
from tests.filings.edgar.conftest import AGENT

FOLDER = REAL_FILINGS.parent
pytestmark = [
    pytest.mark.processes, pytest.mark.slow, pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not (FOLDER / "replay.py").is_file(), reason="the stand-in (shared/edgar) is not here"),
]  # fmt: skip


class StandIn:
    def __init__(self, url: str) -> None:
        self.url = url
        with (FOLDER / "filings.csv").open(newline="") as file:
            self.filings = {row["accession"]: row for row in csv.DictReader(file)}

    def control(self, path: str, method: str = "POST") -> dict:
        with urllib.request.urlopen(urllib.request.Request(self.url + path, method=method), timeout=10) as answer:
            return json.load(answer)

    def file(self, accession: str) -> bytes:
        return (FOLDER / "filings" / f"{accession}.txt").read_bytes()


@pytest.fixture(scope="module")
def running() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, str(FOLDER / "replay.py"), "--port", str(port), "--rate", "8", "--penalty", "2"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert "published" in process.stdout.readline()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait(30)
        process.stdout.close()


@pytest.fixture
def sec(running, settings) -> StandIn:
    settings.EDGAR_USER_AGENT = AGENT
    settings.EDGAR_BASE_URL = settings.EDGAR_DATA_URL = running
    time.sleep(0.2)  # the row of the budget is new in each test, and does not know of the last one's requests
    return StandIn(running)


def ask(url: str, kind: Kind) -> bytes:
    return fetch(url, lane=Lane.LIVE, kind=kind).content


def walk(sec: StandIn, form: str) -> Iterator[feeds.FeedPage]:
    """Every page of the feed of one form, until a page that is not full or the end."""
    start = 0
    while True:
        try:
            page = parse_current_feed(ask(addresses.current_feed(sec.url, form, start), Kind.FEED))
        except EdgarUnavailable as problem:
            if problem.past_the_end:
                return
            raise
        yield page
        if not page.full:
            return
        start += addresses.PAGE_ROWS


def test_the_feed_read_to_its_end_names_every_filing_once_per_page_and_nobody_is_refused(sec):
    found = {entry.accession: entry for form in "345" for page in walk(sec, form) for entry in page.entries}

    assert set(found) == set(sec.filings)
    for accession, entry in found.items():
        assert entry.form == sec.filings[accession]["form"]
        assert entry.filed_on.isoformat() == sec.filings[accession]["filed_on"]
    assert not any("refused" in outcome for outcome in sec.control("/__stats", "GET")["seen"])


def test_daily_and_quarterly_indexes_agree_with_what_is_published(sec):
    days: dict[date, set[str]] = {}
    for accession, row in sec.filings.items():
        days.setdefault(date.fromisoformat(row["filed_on"]), set()).add(accession)
    day = max(days, key=lambda day: len(days[day]))
    year, quarter = addresses.quarter_of(day)
    in_quarter = set().union(*(found for its, found in days.items() if addresses.quarter_of(its) == (year, quarter)))

    listed = parse_listing(ask(addresses.daily_index_listing(sec.url, year, quarter), Kind.LISTING))
    assert {file.day for file in listed} == {its for its in days if addresses.quarter_of(its) == (year, quarter)}
    for kind in ("form", "master"):
        name = f"{kind}.{day:%Y%m%d}.idx"
        daily = parse_index(ask(addresses.daily_index(sec.url, day, kind), Kind.DAILY_INDEX), name)
        assert {reference.accession for reference in daily.references} == days[day]
        for suffix in ("gz", "idx"):
            url = addresses.quarterly_index(sec.url, year, quarter, kind, suffix)
            whole = parse_index(ask(url, Kind.QUARTERLY_INDEX), f"{kind}.{suffix}")
            assert {reference.accession for reference in whole.references} == in_quarter


def test_a_submission_comes_byte_by_byte_and_a_missing_one_is_not_there(sec):
    for accession, row in list(sec.filings.items())[:5]:
        url = addresses.full_submission(sec.url, row["issuer_cik"], accession)
        assert ask(url, Kind.SUBMISSION) == sec.file(accession)
    with pytest.raises(NotThere):
        ask(addresses.full_submission(sec.url, "1", "0000000001-26-000001"), Kind.SUBMISSION)


def test_a_day_without_an_index_is_not_there_and_not_empty(sec):
    with pytest.raises(NotThere):
        ask(addresses.daily_index(sec.url, date(2026, 1, 4)), Kind.DAILY_INDEX)


def test_the_records_of_companies_and_tickers_are_whole(sec):
    row = next(iter(sec.filings.values()))
    record = json.loads(ask(addresses.company_record(sec.url, row["issuer_cik"]), Kind.COMPANY))
    assert int(record["cik"]) == int(row["issuer_cik"])
    assert json.loads(ask(addresses.tickers_with_exchange(sec.url), Kind.TICKERS))["data"]


@pytest.mark.parametrize("fault", ["503", "429", "timeout", "truncate", "html", "garbage", "drop"])
def test_no_fault_of_the_stand_in_is_ever_an_answer(sec, limit, monkeypatch, fault):
    monkeypatch.setattr(budget, "FAILING_AFTER", 1000)
    monkeypatch.setattr(client, "RETRY_AFTER", (timedelta(milliseconds=10), timedelta(hours=1)))
    for kind in Kind:
        limit(kind, seconds=0.5 if fault == "timeout" else 10.0)
    accession, row = next(iter(sec.filings.items()))
    year, quarter = addresses.quarter_of(date.fromisoformat(row["filed_on"]))
    asked = {
        Kind.FEED: addresses.current_feed(sec.url, "4"),
        Kind.QUARTERLY_INDEX: addresses.quarterly_index(sec.url, year, quarter),
        Kind.SUBMISSION: addresses.full_submission(sec.url, row["issuer_cik"], accession),
    }
    sec.control(f"/__fault?name={fault}&p=1")
    try:
        for kind, url in asked.items():
            with pytest.raises(EdgarUnavailable) as problem:
                ask(url, kind)
            assert not problem.value.past_the_end
    finally:
        sec.control(f"/__fault?name={fault}&p=0")
    for kind, url in asked.items():
        assert ask(url, kind)


def test_an_agent_without_an_address_is_refused_and_everything_stops(sec, settings):
    settings.EDGAR_USER_AGENT = "somebody"

    with pytest.raises(EdgarRefused, match="Undeclared Automated Tool"):
        ask(addresses.tickers_with_exchange(sec.url), Kind.TICKERS)

    assert EdgarBudget.objects.get().is_refused


def test_every_real_error_page_means_what_it_means():
    meanings = {"200or403": "refused", "403_undeclared": "refused", "403_": "absent", "404_": "absent", "503_": "html"}
    for path in sorted((FOLDER / "samples" / "errors").iterdir()):
        body = path.read_bytes()
        for status in (200, 403, 404, 503):
            found = "refused" if judge.refusal(status, body) else "absent" if judge.is_not_there(body) else "html"
            expected = next(meaning for start, meaning in meanings.items() if path.name.startswith(start))
            assert found == expected, path.name
        for kind in Kind:
            assert judge.strangeness(kind, body) is not None, path.name


def test_every_real_filing_passes_as_a_submission():
    sec = StandIn("")
    strange = {name: judge.strangeness(Kind.SUBMISSION, sec.file(name)) for name in sec.filings}
    assert not {name: why for name, why in strange.items() if why}
    assert {row["form"] for row in sec.filings.values()} <= set(FORMS)
