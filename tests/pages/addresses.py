"""Every public page, by name, with its address in an archive that holds `made_up` filings. New pages are added here."""

from __future__ import annotations

from tests.pages.archive import ACCESSION

PAGES = {
    "home": "/",
    "home, an older page": "/?before=2025-03-07,9999999999-99-999999",
    "filing": f"/filings/{ACCESSION}/",
}
