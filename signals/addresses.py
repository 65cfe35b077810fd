"""The addresses that a page gives by the hundred, without asking Django's resolver for each."""

from __future__ import annotations

from functools import cache, lru_cache
from urllib.parse import quote

from django.urls import reverse

_PLACE = "0"


def filing_address(accession: str) -> str:
    return _address("signals:filing", accession)


def document_address(accession: str) -> str:
    return _address("signals:filing-document", accession)


def issuer_address(cik: str) -> str:
    return _address("signals:issuer", cik)


def insider_address(cik: str) -> str:
    return _address("signals:insider", cik)


def symbol_address(ticker: str) -> str:
    """An issuer by its symbol, which is a filer's own word."""
    return _address("signals:issuer", _quoted(ticker))


def code_address(letter: str) -> str:
    return _address("signals:code", letter)


def signal_address(key: str) -> str:
    return _address("signals:signal", _quoted(key))


@lru_cache(4096)
def _quoted(words: str) -> str:
    """As Django's resolver writes them."""
    return quote(words, safe="!$&'()*+,;=/~:@")


def _address(name: str, key: str) -> str:
    """`reverse(name, args=[key])` for a key that an address bears as it is, such as digits and hyphens."""
    before, after = _around(name)
    return f"{before}{key}{after}"


@cache
def _around(name: str) -> tuple[str, str]:
    before, _, after = reverse(name, args=[_PLACE]).partition(_PLACE)
    return before, after
