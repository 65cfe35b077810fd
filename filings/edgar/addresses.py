"""Every address at the SEC that the site forms. Pure.

`base_url` is EDGAR_BASE_URL (www.sec.gov) and `data_url` EDGAR_DATA_URL (data.sec.gov), without a slash at the end.
A CIK may be given with or without its leading zeros.
"""

from __future__ import annotations

from datetime import date
from typing import Literal
from urllib.parse import quote, urlencode

PAGE_ROWS = 100  # the most that one page of the current feed holds

IndexKind = Literal["form", "master", "company"]


def quarter_of(day: date) -> tuple[int, int]:
    """(year, quarter from 1 to 4), as the index folders are named."""
    return day.year, (day.month + 2) // 3


def current_feed(base_url: str, form: str, start: int = 0) -> str:
    """A page of the newest filings of one form ("3", "4" or "5"), amendments included; `start` counts rows from 0.

    The SEC reads `type` as a prefix: "4" also brings 424B2 and 485BPOS where `owner=only` is left out.
    """
    asked = {"action": "getcurrent", "type": form, "owner": "only", "start": start, "count": PAGE_ROWS}
    return f"{base_url}/cgi-bin/browse-edgar?{urlencode(asked | {'output': 'atom'})}"


def daily_index_listing(base_url: str, year: int, quarter: int) -> str:
    """The names of all daily index files of a quarter, as JSON."""
    return f"{base_url}/Archives/edgar/daily-index/{year}/QTR{quarter}/index.json"


def daily_index(base_url: str, day: date, kind: IndexKind = "form") -> str:
    """The filings of one day. Built from about 22:00 Eastern; business days only."""
    return daily_index_file(base_url, *quarter_of(day), f"{kind}.{day:%Y%m%d}.idx")


def daily_index_file(base_url: str, year: int, quarter: int, name: str) -> str:
    """A file that the listing of this quarter names."""
    return f"{base_url}/Archives/edgar/daily-index/{year}/QTR{quarter}/{quote(name)}"


def quarterly_index(base_url: str, year: int, quarter: int, kind: IndexKind = "form", suffix: str = "gz") -> str:
    """The filings of one quarter; `suffix` is "gz" (about 4 MB) or "idx" (about 41 MB). Rebuilt on Saturdays."""
    return f"{base_url}/Archives/edgar/full-index/{year}/QTR{quarter}/{kind}.{suffix}"


def full_submission(base_url: str, cik: str, accession: str) -> str:
    """The SEC's header and all documents of one filing in one text. Any party's CIK will do."""
    return f"{base_url}/Archives/edgar/data/{int(cik)}/{accession.replace('-', '')}/{accession}.txt"


def company_record(data_url: str, cik: str) -> str:
    """What the SEC knows of one company or person, with their recent filings, as JSON."""
    return f"{data_url}/submissions/CIK{int(cik):010d}.json"


def tickers_with_exchange(base_url: str) -> str:
    """The SEC's file of tickers and exchanges by CIK. Not all issuers are in it."""
    return f"{base_url}/files/company_tickers_exchange.json"


def filing_index_page(base_url: str, cik: str, accession: str) -> str:
    """The SEC's own page of one filing, where all its documents are listed. Any party's CIK will do."""
    return f"{base_url}/Archives/edgar/data/{int(cik)}/{accession.replace('-', '')}/{accession}-index.htm"
