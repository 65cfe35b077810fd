"""The newest filings, a page at a time, each with who filed it and its headline.

Promises: one query a page, one more with the lines; a filing that is published and not read yet has no headline and
says so, and stands in its place all the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

import orjson
from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.db.models.expressions import RawSQL

from filings.models import Filing, Issuer, Line
from filings.querysets import FilingQuerySet
from signals.readings.vocabulary import MARKET
from signals.selectors.currency import priced_in_doubt
from signals.selectors.kept import until_the_archive_changes

PAGE_SIZE = 40
_KEY = re.compile(r"(\d{4}-\d{2}-\d{2}|none),(\d{10}-\d{2}-\d{6})", re.ASCII)


class OwnerGlance(NamedTuple):
    """A reporting owner as a list names them."""

    insider_id: str
    name: str | None
    is_director: bool | None
    is_officer: bool | None
    is_ten_percent_owner: bool | None
    is_other: bool | None
    officer_title: str | None
    other_text: str | None


@dataclass(frozen=True, slots=True)
class Glance:
    """`headline` is None until the filing is read; `tones` are "bought", "sold" or "mechanics", in that order."""

    filing: Filing
    owners: Sequence[OwnerGlance]
    headline: str | None
    tones: Sequence[str]


@dataclass(frozen=True, slots=True)
class LatestPage:
    """A page of filings; `older` is the key of the next page, None on the last.

    `has_transactions` is known where the lines were asked for: whether any of them is one.
    """

    filings: Sequence[Glance]
    older: str | None
    has_transactions: bool = False


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


def latest(before: Before | None = None, among: FilingQuerySet | None = None, *, lines: bool = False) -> LatestPage:
    """The page of filings after `before`, of all filings or of those in `among`; with `lines`, what stands in them."""
    filings = _glanced(Filing.objects.all() if among is None else among)
    if lines:
        filings = filings.prefetch_related(Prefetch("lines", Line.objects.annotate(in_doubt=priced_in_doubt())))
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
    has_transactions = lines and any(line.kind == "transaction" for filing in shown for line in filing.lines.all())
    return LatestPage([_glance(filing) for filing in shown], older, has_transactions)


# Written out, as the statement stays the same and putting these together takes longer than answering it.
_OWNERS = f"""
ARRAY(SELECT json_build_object({", ".join(f"'{name}', {name}" for name in OwnerGlance._fields)})::text
        FROM filings_filingowner WHERE filing_id = filings_filing.accession ORDER BY position)
"""
_KINDS = "ARRAY(SELECT kind FROM signals_trade WHERE filing_id = filings_filing.accession)"
_HEADLINE = "(SELECT headline FROM signals_reading WHERE filing_id = filings_filing.accession)"


def _glanced(filings: FilingQuerySet) -> FilingQuerySet:
    """Each with its issuer and, as arrays of their own, its owners and the kinds of its trades."""
    return (
        filings.latest_first()
        .select_related("issuer")
        .only("form", "filed_on", "listed_on", "issuer_name", "partial", "issuer__ticker")
        .annotate(owners_told=RawSQL(_OWNERS, ()), kinds_told=RawSQL(_KINDS, ()), headline=RawSQL(_HEADLINE, ()))
    )


def _glance(filing: Any) -> Glance:
    kinds = set(filing.kinds_told)
    owners = map(orjson.loads, filing.owners_told)
    return Glance(
        filing=filing,
        owners=[OwnerGlance(**owner | {"insider_id": f"{owner['insider_id']:010}"}) for owner in owners],
        headline=filing.headline,
        tones=[
            tone
            for tone, told in (
                ("bought", kinds & {"buy", "planned_buy"}),
                ("sold", kinds & {"sell", "planned_sell"}),
                ("mechanics", kinds - set(MARKET)),
            )
            if told
        ],
    )


@until_the_archive_changes
def most_active(until: date | None, days: int = 30, count: int = 8) -> list[Any]:
    """The issuers with most filings in the days up to `until`, with how many; none where nothing is filed."""
    if until is None:
        return []
    # By an index alone: the names are looked up for those that are shown.
    found = list(
        Filing.objects.filter(listed_on__gt=until - timedelta(days=days), listed_on__lte=until)
        .order_by()
        .values("issuer_id")
        .annotate(count=Count("pk"))
        .order_by("-count", "issuer_id")
        .annotate(issuer__name=Subquery(Issuer.objects.filter(cik=OuterRef("issuer_id")).values("name")))[:count]
    )
    return found
