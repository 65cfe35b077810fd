"""python -m tests.bench_size.traffic [KIND ...] > traffic.lua : requests for wrk, as readers and robots mix them.

For a database that is full already (`multiply`). Companies and people are those of the last month's filings, each as
often as another, and filings those of any time, so that hardly a page is asked for twice in a minute; `SHARES` says how
much of each kind there is. With words, of these kinds alone. Each page is asked for as a hard reload does, so that none
is answered from what is kept.
"""

from __future__ import annotations

import os
import random
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "form4site.settings")
django.setup()

from django.db import connection  # noqa: E402

from filings.models.fields import dashed  # noqa: E402

REQUESTS = 20_000
# Of a hundred requests; no log of readers stands behind it. A robot that reads the archive asks for the last four.
SHARES = {
    "home": 12, "signals": 10, "screen": 18, "code": 5, "learn": 5, "search": 6,
    "issuer": 16, "insider": 8, "filing": 18, "filed": 2,
}  # fmt: skip
FIXED = {
    "home": ["/"],
    "signals": ["/signals/", "/signals/?kind=cluster_buy", "/signals/?kind=first_purchase", "/signals/last-week/"],
    "screen": [
        "/screen/?" + query
        for query in (
            "", "code=P", "side=bought", "side=sold", "role=ceo&side=bought", "late=yes", "first=yes",
            "min_value=1000000&code=S", "plan=plan", "form=4&role=director",
        )
    ],
    "code": ["/codes/", *(f"/codes/{letter}/" for letter in "PSAMFGC")],
    "learn": ["/learn/", "/learn/form-4/", "/learn/signals/", "/learn/10b5-1/"],
    "search": ["/search/?q=amber", "/search/?q=bank", "/search/?q=smith", "/search/?q=energy+holdings"],
}  # fmt: skip
_LATELY = "listed_on > (SELECT max(listed_on) FROM filings_filing) - 30"
# Copies of the multiplied archive have no lines: a page of such a filing would be lighter than a real one.
DRAWN = {
    "issuer": f"SELECT DISTINCT issuer_id FROM filings_filing WHERE {_LATELY}",
    "insider": "SELECT DISTINCT insider_id FROM filings_filingowner JOIN filings_filing ON filing_id = accession"
    f" WHERE {_LATELY}",
    "filing": "SELECT DISTINCT filing_id FROM filings_line TABLESAMPLE BERNOULLI (10) REPEATABLE (3) LIMIT 20000",
}
_SCRIPT = """
local paths = {{
{paths}
}}
local at = {first}
request = function()
  at = at % #paths + 1
  return wrk.format("GET", paths[at], {{["Cache-Control"] = "no-cache"}})
end
"""


def main() -> None:
    kinds = sys.argv[1:] or list(SHARES)
    dice = random.Random(1)
    addresses = {kind: addresses_of(kind, dice) for kind in kinds}
    drawn = dice.choices(kinds, [SHARES[kind] for kind in kinds], k=REQUESTS)
    paths = ",\n".join(f'"{dice.choice(addresses[kind])}"' for kind in drawn)
    sys.stdout.write(_SCRIPT.format(paths=paths, first=dice.randrange(REQUESTS)))


def addresses_of(kind: str, dice: random.Random) -> list[str]:
    """Some thousand addresses of this kind of page, or the few that there are."""
    if kind in FIXED:
        return FIXED[kind]
    if kind == "issuer":
        return [f"/issuers/{key:010d}/" for key in drawn("issuer")]
    if kind == "insider":
        return [f"/insiders/{key:010d}/" for key in drawn("insider")]
    seen = "?view=filed" if kind == "filed" else ""
    return [f"/filings/{dashed(key)}/{seen}" for key in drawn("filing")]


def drawn(name: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(DRAWN[name])
        return [key for (key,) in cursor.fetchall()]


if __name__ == "__main__":
    main()
