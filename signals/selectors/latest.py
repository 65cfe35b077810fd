"""The newest filings, a page at a time, each with who filed it and its headline.

Promises: one statement a page, one more with the lines; a filing that is published and not read yet has no headline and
says so, and stands in its place all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from django.db.models import Count, OuterRef, Subquery

from filings.models import Filing, Issuer, Line
from filings.models.fields import dashed
from form4site.kit.statements import Question, Statement, asked
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


class Glance(NamedTuple):
    """A filing as a list shows it, its columns called as in `Filing`.

    `headline` is None until it is read; `tones` are "bought", "sold" or "mechanics", in that order; `lines` are its
    transactions where the lines were asked for.
    """

    accession: str
    form: str
    filed_on: date | None
    listed_on: date | None
    issuer_id: str
    issuer_name: str | None
    partial: bool
    ticker: str | None
    owners: Sequence[OwnerGlance]
    tones: Sequence[str]
    headline: str | None
    lines: Sequence[Line] = ()


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


class Among(NamedTuple):
    """Which filings a list is of: a condition on them as a statement has it, and the CIK of the `party` it names."""

    condition: str
    party: int | None = None


ALL = Among("true")


def of_issuer(cik: int) -> Among:
    return Among("issuer_id = %(party)s", cik)


def of_insider(cik: int) -> Among:
    """Each once, even where a filing names them twice."""
    return Among("accession IN (SELECT filing_id FROM filings_filingowner WHERE insider_id = %(party)s)", cik)


@asked
def latest(before: Before | None = None, among: Among = ALL, *, lines: bool = False) -> Question[LatestPage]:
    """The page of filings after `before`, of all filings or of those of a party; with `lines`, what stands in them."""
    on, accession = (before.listed_on, int(before.accession.replace("-", ""))) if before else (None, None)
    given = {"party": among.party, "on": on, "accession": accession}
    (found,) = yield [Statement(_GLANCES.format(among=among.condition, later=_later(before)), given)]
    shown = [_glance(*row) for row in found[:PAGE_SIZE]]
    older = f"{shown[-1].listed_on or 'none'},{shown[-1].accession}" if len(found) > PAGE_SIZE else None
    if lines:
        shown = _with_lines(shown)
    return LatestPage(shown, older, any(glance.lines for glance in shown))


def _later(before: Before | None) -> str:
    """What stands after it in the order of the list, as a condition."""
    if before is None:
        return "true"
    if before.listed_on is None:
        return "listed_on IS NULL AND accession < %(accession)s"
    return "(listed_on < %(on)s OR listed_on = %(on)s AND accession < %(accession)s OR listed_on IS NULL)"


# What is looked up for each filing, once it is known which are shown: in a statement, where `filing` is its key.
OWNERS = f"""
    ARRAY(SELECT json_build_array({", ".join(OwnerGlance._fields)})::text
            FROM filings_filingowner WHERE filing_id = {{filing}} ORDER BY position)
"""
_GLANCES = f"""
    SELECT page.*,
           (SELECT ticker FROM filings_issuer WHERE cik = page.issuer_id),
           {OWNERS.format(filing="page.accession")},
           ARRAY(SELECT kind FROM signals_trade WHERE filing_id = page.accession),
           (SELECT headline FROM signals_reading WHERE filing_id = page.accession)
      FROM (SELECT accession, form, filed_on, listed_on, issuer_id, issuer_name, partial FROM filings_filing
             WHERE {{among}} AND {{later}}
             ORDER BY listed_on DESC NULLS LAST, accession DESC LIMIT {PAGE_SIZE + 1}) AS page
     ORDER BY page.listed_on DESC NULLS LAST, page.accession DESC
"""


def _glance(
    accession: int,
    form: str,
    filed_on: date | None,
    listed_on: date | None,
    issuer: int,
    issuer_name: str | None,
    partial: bool,
    ticker: str | None,
    owners: Sequence[str],
    kinds: Sequence[str],
    headline: str | None,
) -> Glance:
    return Glance(
        dashed(accession),
        form,
        filed_on,
        listed_on,
        f"{issuer:010}",
        issuer_name,
        partial,
        ticker,
        owners_told(owners),
        _tones(frozenset(kinds)),
        headline,
    )


def owners_told(told: Iterable[str]) -> list[OwnerGlance]:
    """The owners of a filing, of what `OWNERS` asks."""
    return [OwnerGlance(f"{cik:010}", *words) for cik, *words in map(orjson.loads, told)]


@lru_cache
def _tones(kinds: frozenset[str]) -> tuple[str, ...]:
    told = {
        "bought": kinds & {"buy", "planned_buy"},
        "sold": kinds & {"sell", "planned_sell"},
        "mechanics": kinds - set(MARKET),
    }
    return tuple(tone for tone, of in told.items() if of)


def _with_lines(shown: list[Glance]) -> list[Glance]:
    of: dict[str, list[Line]] = {}
    among = Line.objects.filter(filing__in=[glance.accession for glance in shown], kind="transaction")
    for line in among.annotate(in_doubt=priced_in_doubt()).order_by("filing", "position"):
        of.setdefault(line.filing_id, []).append(line)
    return [glance._replace(lines=of.get(glance.accession, ())) for glance in shown]


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
