"""Every public page, by name, with its address in an archive that holds `made_up` filings. New pages are added here."""

from __future__ import annotations

from tests.pages.archive import ACCESSION, ISSUER_CIK, OWNER_CIKS

BEFORE = "before=2025-03-07,9999999999-99-999999"
PAGES = {
    "home": "/",
    "home, an older page": f"/?{BEFORE}",
    "filing": f"/filings/{ACCESSION}/",
    "filing, as filed": f"/filings/{ACCESSION}/?view=filed",
    "issuer": f"/issuers/{ISSUER_CIK}/",
    "issuer, lines": f"/issuers/{ISSUER_CIK}/?show=lines",
    "issuer, an older page": f"/issuers/{ISSUER_CIK}/?{BEFORE}",
    "insider": f"/insiders/{OWNER_CIKS[0]}/",
    "insider, lines": f"/insiders/{OWNER_CIKS[1]}/?show=lines",
    "codes": "/codes/",
    "code": "/codes/P/",
    "search, empty": "/search/",
    "search": "/search/?q=fictional",
    "search, nothing found": "/search/?q=zzzzqqqq",
}
# The part of a page that HTMX may ask for: page, id of the element.
PARTS = {
    "home": "filings",
    "home, an older page": "filings",
    "issuer": "filings",
    "issuer, lines": "filings",
    "insider": "filings",
    "insider, lines": "filings",
}
NO_PAGE = {"signals:filing-document"}  # an address that answers with something else than a page
