"""Every public page, by name, with its address in an archive that holds `made_up` filings. New pages are added here."""

from __future__ import annotations

from tests.pages.archive import ACCESSION, ISSUER_CIK, OWNER_CIKS

SIGNAL = f"hedging:{ISSUER_CIK}:{ACCESSION}:I1"
BEFORE = "before=2025-03-07,9999999999-99-999999"
PAGES = {
    "home": "/",
    "home, an older page": f"/?{BEFORE}",
    "filing": f"/filings/{ACCESSION}/",
    "filing, as filed": f"/filings/{ACCESSION}/?view=filed",
    "issuer": f"/issuers/{ISSUER_CIK}/",
    "issuer, lines": f"/issuers/{ISSUER_CIK}/?show=lines",
    "issuer, trades": f"/issuers/{ISSUER_CIK}/?show=trades&side=bought&since=2025-01-01&until=2025-12-31",
    "issuer, five years adjusted": f"/issuers/{ISSUER_CIK}/?years=5&kinds=all&prices=adjusted&people=all",
    "issuer, an older page": f"/issuers/{ISSUER_CIK}/?{BEFORE}",
    "insider": f"/insiders/{OWNER_CIKS[0]}/",
    "insider, lines": f"/insiders/{OWNER_CIKS[1]}/?show=lines",
    "signals": "/signals/",
    "signals, filtered": "/signals/?kind=hedging&role=officer&since=365",
    "signal": f"/signals/{SIGNAL}/",
    "signals of the last week": "/signals/last-week/",
    "market": "/signals/market/",
    "learn": "/learn/",
    "how to read a form": "/learn/form-4/",
    "plans": "/learn/10b5-1/",
    "exercises": "/learn/exercises/",
    "amendments": "/learn/amendments/",
    "myths": "/learn/myths/",
    "kinds of signals": "/learn/signals/",
    "kind of signal": "/learn/signals/cluster_buy/",
    "thresholds": "/learn/thresholds/",
    "score": "/learn/score/",
    "insider, trades of five years": f"/insiders/{OWNER_CIKS[0]}/?show=trades&years=5&kinds=sold",
    "codes": "/codes/",
    "code": "/codes/P/",
    "search, empty": "/search/",
    "search": "/search/?q=fictional",
    "search, nothing found": "/search/?q=zzzzqqqq",
    "screen": "/screen/?side=acquired",
    "screen, of an issuer": f"/screen/?issuer={ISSUER_CIK}&filed_days=3000",
    "screen, grouped": "/screen/?group=issuer&filed_days=3000",
    "search, footnotes": "/search/?in=footnotes&q=plain",
}
# The part of a page that HTMX may ask for: page, id of the element.
PARTS = {
    "home": "filings",
    "home, an older page": "filings",
    "signals": "signals",
    "signals, filtered": "signals",
    "issuer": "filings",
    "issuer, lines": "filings",
    "issuer, trades": "filings",
    "issuer, five years adjusted": "timeline",
    "insider": "filings",
    "insider, lines": "filings",
    "screen": "results",
    "screen, of an issuer": "results",
    "screen, grouped": "results",
    "insider, trades of five years": "timeline",
}
NO_PAGE = {
    "signals:filing-document",
    "signals:screen-csv",
    "signals:screen-feed",
}  # an address that answers with something else than a page
