"""The addresses that a page gives by the hundred, without asking Django's resolver for each."""

from __future__ import annotations

from functools import cache

from django.urls import reverse

_PLACE = "0"


def filing_address(accession: str) -> str:
    return _address("signals:filing", accession)


def issuer_address(cik: str) -> str:
    return _address("signals:issuer", cik)


def insider_address(cik: str) -> str:
    return _address("signals:insider", cik)


def _address(name: str, key: str) -> str:
    """`reverse(name, args=[key])` for a key of digits and hyphens, which an address bears as they are."""
    before, after = _around(name)
    return f"{before}{key}{after}"


@cache
def _around(name: str) -> tuple[str, str]:
    before, _, after = reverse(name, args=[_PLACE]).partition(_PLACE)
    return before, after
