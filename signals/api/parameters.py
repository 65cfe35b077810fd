"""What each parameter of the API asks, in words: the one place, for the OpenAPI document and the page made of it.

A criterion of screens is described by its row of the table in `signals.criteria` (`criteria_words.about`).
"""

from __future__ import annotations

from typing import Any

from signals.criteria import FIELDS
from signals.criteria_words import about

_RETURNS = {"1d": "a day", "1w": "a week", "1m": "30 days", "3m": "91 days", "6m": "182 days"}
ABOUT = {
    "page": "Which page, from 1. A page that is not full is the last.",
    "per_page": "Rows of a page, 500 at most.",
    "limit": "Another word for `per_page`, which wins; where there are no pages, how many at most.",
    "from": "The first day, as 2026-03-31.",
    "to": "The last day, as 2026-03-31.",
    "ticker": "The issuer's symbol, in any case. In lists of transactions several, up to 25, with commas.",
    "cik": "A CIK of the SEC, with leading zeros or without.",
    "insider_cik": "The CIK of a reporting owner; the rows are then under that owner's name.",
    "code": "A transaction code of the SEC, such as P.",
    "codes": "Transaction codes, with commas.",
    "exclude_codes": "Transaction codes to leave out, with commas.",
    "category": "open_market (codes P and S), grants (A), derivatives (M C X O E H K), gifts (G) or other (the rest).",
    "exclude_category": "A category to leave out.",
    "exclude_derivative": "true leaves out the rows of Table II.",
    "exclude_10b5": "true leaves out what was done under a Rule 10b5-1 plan.",
    "significant": "true is category=open_market, exclude_10b5 and exclude_derivative; what is given beside it wins.",
    "filed_from": "The first day on which it was filed.",
    "filed_to": "The last day on which it was filed.",
    "min_value": "Dollars (shares × price) at least; rows without a value drop out.",
    "max_value": "Dollars (shares × price) at most; rows without a value drop out.",
    "min_shares": "Shares at least.",
    "max_shares": "Shares at most.",
    **{
        f"{bound}_return_{name}": f"What the share gained in {words} after the trade, as a fraction (0.05 is 5%), at "
        f"{'least' if bound == 'min' else 'most'}. Needs imported closes; rows without that return drop out."
        for name, words in _RETURNS.items()
        for bound in ("min", "max")
    },
    "has_returns": "true keeps the rows with all five returns.",
    "inst_ownership_trend": "Taken, and met by no row: holdings of institutions (13F) are not here.",
    "role": "One of officer, director, ten_percent_owner.",
    "sort": "Of transactions date (the newest first) or value (the largest first), of companies name or totalfilings.",
    "forms": "Which forms, with commas: 4 unless said; 4,5 adds Form 5, 3 has no transactions.",
    "accession": "The accession number of a filing, with dashes or without.",
    "name": "Part of a name, of two characters at least, in any case.",
    "letter": "The first letter of the name, A to Z, or # for any other.",
    "horizon": "3m or 6m.",
    "order": "hit_rate or avg_return.",
    "min_trades": "Purchases that an insider needs to be ranked, 5 at least.",
    "cluster_buy": "true keeps the rows with that flag.",
    "cluster_sell": "true keeps the rows with that flag.",
    "months": "Months up to the present one, 60 at most; 24 unless said.",
    "date": "The day of the signal, as 2026-03-31; the latest unless said.",
    "q": "From 2 to 64 characters of a symbol or a name; words in any order.",
    "after": "The `next` of the page before.",
    "key": "The key of a signal, as the feed has it.",
    "issuer": "The symbol or the CIK of an issuer.",
    "insider": "The CIK of an insider.",
    "since": "The first day, as 2026-03-31; of webhooks a moment, as 2026-03-31T12:00:00Z.",
    "until": "The last day, as 2026-03-31.",
    "cursor": "The `next` of the answer before; without it, from the beginning.",
    "number": "The id of a webhook.",
    "days": "Days up to today, 90 at most; 30 unless said.",
    "uid": "The id of a kept screen.",
}

_ROWS_BY_KEY = "Rows of a page, 500 at most; 100 unless said."


def _asked(**words: str) -> dict[str, Any]:
    """Parameters that an endpoint reads by itself, for its `openapi_extra`."""
    return {
        "parameters": [
            {"in": "query", "name": name, "description": text, "required": False, "schema": {"type": "string"}}
            for name, text in words.items()
        ]
    }


CRITERIA = _asked(**{field.key: about(field) for field in FIELDS if field.key not in ("columns", "rows")})
OF_THE_FEED = _asked(
    kind="Kinds of signals, each as a parameter of its own; all but the background ones unless said.",
    role="Roles of those who traded, each as a parameter of its own.",
    least="Dollars that the trades of a signal come to, at least.",
    sector="The place of a sector in the list on /signals/.",
    since="1, 7, 30, 90 or 365: only signals so many days older than the newest, at most.",
    issuer=ABOUT["issuer"],
    insider=ABOUT["insider"],
)


def described(document: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI document with every parameter in words. KeyError for one that has none."""
    for methods in document["paths"].values():
        for operation in methods.values():
            by_key = {"after", "cursor"} & {parameter["name"] for parameter in operation.get("parameters", ())}
            words = ABOUT | {"limit": _ROWS_BY_KEY} if by_key else ABOUT
            for parameter in operation.get("parameters", ()):
                if "description" not in parameter:
                    parameter["description"] = words[parameter["name"]]
    return document
