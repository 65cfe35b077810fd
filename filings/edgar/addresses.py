"""Every address at the SEC that the site forms. Pure."""

from __future__ import annotations


def filing_index_page(base_url: str, cik: str, accession: str) -> str:
    """The SEC's own page of one filing, where all its documents are listed. Any party's CIK will do."""
    return f"{base_url}/Archives/edgar/data/{int(cik)}/{accession.replace('-', '')}/{accession}-index.htm"
