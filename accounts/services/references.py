"""What programs are told of a filing or a signal: a compact reference with PascalCase keys, and where to read it all.

The names `FilingId`, `AccessionNumber`, `SignalId`, `Ticker` and `CompanyName` are the peer's, the others ours.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse

from signals.models import Reading, Signal


def filing_reference(reading: Reading) -> dict[str, Any]:
    """`reading` with its filing and issuer."""
    filing, issuer = reading.filing, reading.issuer
    return {
        "FilingId": int(filing.accession.replace("-", "")),
        "AccessionNumber": filing.accession,
        "Form": filing.form,
        "IssuerCik": issuer.cik,
        "Ticker": issuer.ticker or filing.issuer_ticker,
        "CompanyName": issuer.name or filing.issuer_name,
        "FiledAt": instant(reading.known_at),
        "Headline": reading.headline,
        "Url": address(filing_page(filing.accession)),
    }


def reference(signal: Signal) -> dict[str, Any]:
    """`signal` with its issuer. Equal for two readings of a signal that tell a program the same."""
    return {
        "SignalId": signal.key,
        "Kind": signal.kind,
        "Tags": list(signal.tags),
        "IssuerCik": signal.issuer_id,
        "Ticker": signal.issuer.ticker,
        "CompanyName": signal.issuer.name,
        "KnownAt": instant(signal.known_at),
        "Provisional": signal.provisional,
        "SettlesOn": day(signal.settles_on),
        "WindowFrom": day(signal.window_from),
        "WindowTo": day(signal.window_to),
        "Strength": signal.strength,
        "InsiderCount": len(signal.insiders),
        "Value": number(signal.value),
        "Sentence": signal.sentence,
        "Caveat": signal.caveat,
        "DetectorVersion": signal.detector_version,
        "Url": address(signal_page(signal.key)),
    }


def filing_page(accession: str) -> str:
    return reverse("signals:filing", args=[accession])


def signal_page(key: str) -> str:
    return reverse("signals:signal", args=[key])


def address(page: str) -> str:
    return settings.BASE_URL + page


def instant(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def day(on: date | None) -> str | None:
    return on.isoformat() if on else None


def number(value: Decimal | None) -> float | int | None:
    """Computed numbers are numbers; whole ones without a point."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
