"""How fresh the archive is, so that a quiet page can never be taken for a quiet market."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from filings.models import Filing
from filings.selectors import holds_demo_filings


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
    newest = (
        Filing.objects.latest_first().filter(listed_on__isnull=False).values_list("listed_on", "published_at").first()
    )
    latest_on, published_at = newest or (None, None)
    return Freshness(
        latest_on=latest_on,
        published_at=published_at,
        live=bool(settings.EDGAR_USER_AGENT),
        invented=holds_demo_filings(),
    )
