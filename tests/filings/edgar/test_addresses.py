"""The addresses are those that the SEC documents, letter by letter."""

from __future__ import annotations

from datetime import date

import pytest

from filings.edgar import addresses

SEC, DATA = "https://www.sec.gov", "https://data.sec.gov"
ARCHIVES = f"{SEC}/Archives/edgar"


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (
            addresses.current_feed(SEC, "4"),
            f"{SEC}/cgi-bin/browse-edgar?action=getcurrent&type=4&owner=only&start=0&count=100&output=atom",
        ),
        (
            addresses.current_feed(SEC, "3", 200),
            f"{SEC}/cgi-bin/browse-edgar?action=getcurrent&type=3&owner=only&start=200&count=100&output=atom",
        ),
        (addresses.daily_index_listing(SEC, 2026, 3), f"{ARCHIVES}/daily-index/2026/QTR3/index.json"),
        (addresses.daily_index(SEC, date(2026, 7, 16)), f"{ARCHIVES}/daily-index/2026/QTR3/form.20260716.idx"),
        (
            addresses.daily_index(SEC, date(2026, 12, 31), "master"),
            f"{ARCHIVES}/daily-index/2026/QTR4/master.20261231.idx",
        ),
        (
            addresses.daily_index_file(SEC, 2011, 1, "form.20110103.idx.gz"),
            f"{ARCHIVES}/daily-index/2011/QTR1/form.20110103.idx.gz",
        ),
        (addresses.quarterly_index(SEC, 2004, 2), f"{ARCHIVES}/full-index/2004/QTR2/form.gz"),
        (addresses.quarterly_index(SEC, 2004, 2, "master", "idx"), f"{ARCHIVES}/full-index/2004/QTR2/master.idx"),
        (
            addresses.full_submission(SEC, "0000320193", "0000320193-22-000061"),
            f"{ARCHIVES}/data/320193/000032019322000061/0000320193-22-000061.txt",
        ),
        (addresses.company_record(DATA, "320193"), f"{DATA}/submissions/CIK0000320193.json"),
        (addresses.tickers_with_exchange(SEC), f"{SEC}/files/company_tickers_exchange.json"),
        (
            addresses.filing_index_page(SEC, "0000320193", "0000320193-22-000061"),
            f"{ARCHIVES}/data/320193/000032019322000061/0000320193-22-000061-index.htm",
        ),
    ],
)
def test_each_address_is_formed_as_the_sec_writes_it(made, expected):
    assert made == expected


@pytest.mark.parametrize(
    ("day", "quarter"),
    [(date(2025, 1, 1), (2025, 1)), (date(2025, 3, 31), (2025, 1)), (date(2025, 4, 1), (2025, 2)),
     (date(2025, 9, 30), (2025, 3)), (date(2025, 10, 1), (2025, 4)), (date(2025, 12, 31), (2025, 4))],
)  # fmt: skip
def test_a_day_lies_in_its_quarter(day, quarter):
    assert addresses.quarter_of(day) == quarter
