"""How fresh the archive is, so that a quiet page can never be taken for a quiet market."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Exists

from filings.models import Filing
from filings.selectors import demo_filings


@dataclass(frozen=True, slots=True)
class Freshness:
    """`latest_on` is the newest filing date here; `live` whether the site follows the SEC by itself.

    `invented` tells that demo filings are in the archive, so that nobody takes them for the market.
    """

    latest_on: date | None
    published_at: datetime | None
    live: bool
    invented: bool


def freshness() -> Freshness:
    """One query: it stands on every list. Where no filing has a date, the first in order tells of the demo alone."""
    newest = (
        Filing.objects.latest_first()
        .annotate(invented=Exists(demo_filings()))
        .values_list("listed_on", "published_at", "invented")
        .first()
    )
    latest_on, published_at, invented = newest or (None, None, False)
    return Freshness(
        latest_on=latest_on,
        published_at=published_at if latest_on else None,
        live=bool(settings.EDGAR_USER_AGENT),
        invented=invented,
    )
