"""The trading symbol field of a form -> the symbols it names. Pure.

Filers write free text: "NONE" and "N/A" are statements, ".OB" and ".PK" are venues, ".A" and ".B" are share classes,
and "GOOG, GOOGL" is two symbols.
"""

from __future__ import annotations

import re

_STATEMENTS = {
    "NONE",
    "NA",
    "N/A",
    "NOT APPLICABLE",
    "NOT LISTED",
    "NO TICKER",
    "PRIVATE",
    "UNLISTED",
    "NULL",
    "TBD",
    "-",
}
_VENUES = re.compile(r"\.(?:OB|PK|OTC|BB)$")
_EXCHANGE = re.compile(r"^(?:NYSE|NASDAQ|NASD|AMEX|OTC|OTCBB|OTCQB|OTCQX|TSX)\s*:\s*")
_SYMBOL = re.compile(r"[A-Z0-9][A-Z0-9.\-]{0,9}")


def tickers(words: str | None) -> tuple[str, ...]:
    """The symbols in these words, in upper case and in order; none where they are a statement or no symbol."""
    text = (words or "").strip().strip("[]()\"'").strip().upper()
    if text in _STATEMENTS:
        return ()
    found = []
    for piece in re.split(r"[,;/]\s*|\s+(?:AND|&)\s+|\s+", _EXCHANGE.sub("", text)):
        symbol = _VENUES.sub("", piece.strip())
        if _SYMBOL.fullmatch(symbol) and symbol not in _STATEMENTS and symbol not in found:
            found.append(symbol)
    return tuple(found)


def first_ticker(words: str | None) -> str | None:
    """The first symbol in these words, or None."""
    return next(iter(tickers(words)), None)
