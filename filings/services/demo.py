"""The demo archive in the database: loaded through the same door as every filing, and removed without trace.

Promises: demo filings are told from real ones by their CIKs and accession numbers alone (`filings.demo.identity`), so
removing them needs no list of what was loaded. They are loaded only into an archive that has no filing yet.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from filings import demo
from filings.demo.identity import ACCESSIONS, CIKS
from filings.models import (
    Completeness,
    Document,
    Filing,
    FilingOwner,
    FirstLoad,
    Footnote,
    IngestStage,
    Insider,
    Issuer,
    Line,
    SearchName,
    Signature,
)
from filings.ownership.submission import EASTERN
from filings.services import first_load
from filings.services.keep import Received
from filings.services.load import LoadReport, load_received

_SOURCE = "demo archive until "


def first_day_to_load(now: datetime | None = None) -> date | None:
    """The last day of the demo archive that a first start owes, or None if it owes none.

    A load that was cut short is owed again with the day it began with: another day would be another archive.
    """
    if first_load.is_finished():
        return None
    begun = FirstLoad.objects.filter(source__startswith=_SOURCE).first()
    if begun is not None:
        return date.fromisoformat(begun.source.removeprefix(_SOURCE))
    if Filing.objects.exists():
        return None
    yesterday = (now or timezone.now()).astimezone(EASTERN).date() - timedelta(days=1)
    return max(yesterday, demo.EARLIEST)


def load_demo(*, until: date, step: Callable[[int], None] = lambda filings: None) -> LoadReport:
    """Loads the demo archive that ends on this day."""
    source = f"{_SOURCE}{until}"
    first_load.begin(source=source)
    received = (
        Received(filing.accession, filing.content, f"demo: {filing.story}", Completeness.ACCEPTED)
        for filing in demo.filings(until)
    )
    report = load_received(received=received, step=step)
    if not report.failed:
        first_load.finish(source=source)
    return report


@transaction.atomic
def purge_demo() -> int:
    """Removes every demo filing and party; returns how many filings there were. Real filings are not touched.

    That the first load has been stays known: the next start must not bring them back.
    """
    filings = Filing.objects.filter(accession__range=ACCESSIONS)
    count = filings.count()
    for model in (FilingOwner, Line, Footnote, Signature):
        model._default_manager.filter(filing__in=filings)._raw_delete(using="default")
    filings.delete()
    Document.objects.filter(accession__range=ACCESSIONS).delete()
    IngestStage.objects.filter(accession__range=ACCESSIONS).delete()
    Issuer.objects.filter(cik__range=CIKS).delete()
    Insider.objects.filter(cik__range=CIKS).delete()
    SearchName.objects.filter(cik__range=CIKS).delete()
    return count
