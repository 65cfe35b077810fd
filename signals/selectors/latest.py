"""The newest filings, a page at a time, each with who filed it and what it says at a glance."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Prefetch, Q

from filings.models import Filing, Line
from filings.querysets import FilingQuerySet
from filings.selectors import latest_filings
from signals.readings.glance import Phrase, phrases
from signals.selectors.currency import priced_in_doubt

PAGE_SIZE = 40
_KEY = re.compile(r"(\d{4}-\d{2}-\d{2}|none),(\d{10}-\d{2}-\d{6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Glance:
    filing: Filing
    phrases: tuple[Phrase, ...]
    holdings: int


@dataclass(frozen=True, slots=True)
class LatestPage:
    """A page of filings; `older` is the key of the next page, None on the last."""

    filings: Sequence[Glance]
    older: str | None

    @property
    def has_transactions(self) -> bool:
        return any(glance.phrases for glance in self.filings)


@dataclass(frozen=True, slots=True)
class Before:
    """Where a page starts: after this filing in the order of the list."""

    listed_on: date | None
    accession: str


def page_key(words: str) -> Before | None:
    """The key in an address, or None if it is none: such a page starts at the top."""
    found = _KEY.fullmatch(words)
    if not found:
        return None
    try:
        return Before(None if found[1] == "none" else date.fromisoformat(found[1]), found[2])
    except ValueError:
        return None


def latest(before: Before | None = None, among: FilingQuerySet | None = None) -> LatestPage:
    """The page of filings after `before`, of all filings or of those in `among`."""
    filings = latest_filings(among).prefetch_related(
        Prefetch("lines", Line.objects.annotate(in_doubt=priced_in_doubt()))
    )
    if before is not None:
        later = Q(listed_on__isnull=True, accession__lt=before.accession)
        if before.listed_on is not None:
            later = (
                Q(listed_on__lt=before.listed_on)
                | Q(listed_on=before.listed_on, accession__lt=before.accession)
                | Q(listed_on__isnull=True)
            )
        filings = filings.filter(later)
    found = list(filings[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    older = None
    if len(found) > PAGE_SIZE:
        last = shown[-1]
        older = f"{last.listed_on or 'none'},{last.accession}"
    return LatestPage(
        filings=[
            Glance(
                filing=filing,
                phrases=phrases(filing.lines.all()),
                holdings=sum(line.kind == "holding" for line in filing.lines.all()),
            )
            for filing in shown
        ],
        older=older,
    )


def most_active(until: date | None, days: int = 30, count: int = 8) -> list[Any]:
    """The issuers with most filings in the days up to `until`, with how many; none where nothing is filed."""
    if until is None:
        return []
    return list(
        Filing.objects.filter(listed_on__gt=until - timedelta(days=days), listed_on__lte=until)
        .values("issuer_id", "issuer__name")
        .annotate(count=Count("pk"))
        .order_by("-count", "issuer_id")[:count]
    )
