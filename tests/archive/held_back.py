"""An issuer's newest filings taken out of its archive and brought back one by one, as news comes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from filings.models import Filing, Issuer

NOBODY = "0000000001"
_AFTERNOON = timedelta(hours=16)


def hold_back(issuer: str, count: int) -> list[str]:
    """Gives the newest filings, about so many and all of a day, to nobody; they are then accepted one after another."""
    filings = Filing.objects.filter(issuer=issuer).order_by("-filed_on", "-accession")
    last = filings.values_list("filed_on", flat=True)[count - 1]
    held = list(filings.filter(filed_on__gte=last).order_by("filed_on", "accession"))
    Issuer.objects.get_or_create(cik=NOBODY)
    for place, filing in enumerate(held):
        midnight = datetime.combine(filing.filed_on or last, datetime.min.time(), ZoneInfo("America/New_York"))
        filing.issuer_id = NOBODY
        filing.accepted_at = midnight + _AFTERNOON + timedelta(seconds=place)
    Filing.objects.bulk_update(held, ["issuer", "accepted_at"])
    return [filing.accession for filing in held]


def bring_back(issuer: str, accessions: Sequence[str]) -> Iterator[str]:
    """Publishes them anew, each before it is yielded."""
    for accession in accessions:
        Filing.objects.filter(accession=accession).update(issuer=issuer, published_at=timezone.now())
        yield accession
