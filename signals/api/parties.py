"""Companies, insiders and filings as the peer's clients take them.

The shapes of a company and of an insider are closed (older clients refuse further keys); what is ours stands elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery

from filings.edgar.addresses import filing_index_page
from filings.models import Filing, FilingOwner, Insider, Issuer, IssuerTicker
from form4site.kit.api import ApiError, bad_request, midnight, not_found
from signals.api.questions import FilingQuestion, Paged
from signals.api.transactions import cik_of, issuers_of
from signals.models import LineReading
from signals.readings.sectors import DIVISIONS

FORM_4 = ("4", "4/A")


def issuer_of(ticker: str) -> Issuer:
    """The issuer under a symbol or CIK; of several that used a symbol, the one that filed last. Raises `ApiError`."""
    symbol = ticker.strip().upper()
    if not symbol.isprintable():
        raise not_found("No company has such a symbol here.", reason="unrecognized")
    if symbol.isascii() and symbol.isdigit() and len(symbol) <= 10:
        found = Issuer.objects.filter(cik=symbol).first()
    else:
        alike = Issuer.objects.filter(ticker=symbol).annotate(last=Max("filings__listed_on"))
        found = alike.order_by(F("last").desc(nulls_last=True), "-cik").first()
    if found is None:
        raise _no_company(symbol)
    return found


def _no_company(symbol: str) -> ApiError:
    """With another spelling of the symbol, where one is here ("BRK-B" for "BRK.B")."""
    spellings = {symbol.replace(a, b) for a in ".-/ " for b in (".", "-", "/", "")} - {symbol}
    other = Issuer.objects.filter(ticker__in=spellings).order_by("ticker").first()
    if other is not None:
        return not_found(f"No company {symbol[:20]} is here.", reason="punctuation_variant", didYouMean=other.ticker)
    return not_found(f"No company {symbol[:20]} is here.", reason="unrecognized")


def companies_of(issuers: QuerySet[Issuer]) -> list[dict[str, Any]]:
    """Two queries."""
    rows = list(
        issuers.annotate(
            here=Count("filings", filter=Q(filings__form__in=FORM_4), distinct=True),
            people=Count("filings__owners__insider", filter=Q(filings__form__in=FORM_4), distinct=True),
            exchange=Subquery(_listed().values("exchange")[:1]),
        )
    )
    return [
        {
            "cik": row.cik,
            "name": row.name or "",
            "ticker": row.ticker,
            "exchange": row.exchange,
            "totalFilings": row.here,
            "activeInsiders": row.people,
            "sicDescription": sic_words(row.sic),
            "stateOfIncorporation": row.state_of_incorporation,
            "website": None,
        }
        for row in rows
    ]


def _listed() -> QuerySet[IssuerTicker]:
    return IssuerTicker.objects.filter(cik=OuterRef("cik"), until=None).order_by("ticker")


def sic_words(sic: str | None) -> str | None:
    """The division of the SIC code; the SEC's own words for four digits are not among the facts here."""
    digits = (sic or "").strip()
    if not (digits.isascii() and digits.isdigit()):
        return None
    return next((name for name, first, last in DIVISIONS if first <= int(digits) <= last), None)


MOST_COMPANIES = 50


def companies(sort: str | None, limit: int | None) -> list[dict[str, Any]]:
    issuers = Issuer.objects.filter(ticker__isnull=False)
    most = min(limit or MOST_COMPANIES, MOST_COMPANIES)
    if (sort or "").lower() == "totalfilings":
        counts = (
            Filing.objects.filter(form__in=FORM_4, issuer__ticker__isnull=False)
            .order_by()
            .values_list("issuer_id")
            .annotate(count=Count("pk"))
            .order_by("-count", "issuer_id")[:most]
        )
        ranked = [cik for cik, _ in counts]
        found = {row["cik"]: row for row in companies_of(issuers.filter(cik__in=ranked))}
        return [found[cik] for cik in ranked if cik in found]
    first = list(issuers.order_by("name", "cik").values_list("cik", flat=True)[:most])
    return companies_of(issuers.filter(cik__in=first).order_by("name", "cik"))


def peers(issuer: Issuer, limit: int | None) -> dict[str, Any]:
    """Companies of the same industry, those with a Form 4 in the last twelve months first."""
    most = max(1, min(limit or 10, 25))
    sic = (issuer.sic or "").strip() or None
    body: dict[str, Any] = {
        "ticker": issuer.ticker or "", "sicCode": sic, "sicDescription": sic_words(sic), "basis": "none", "peers": [],
    }  # fmt: skip
    if sic is None:
        return body
    newest = Filing.objects.aggregate(newest=Max("filed_on"))["newest"]
    since = newest - timedelta(days=365) if newest else None
    recent = Q(filings__form__in=FORM_4, filings__filed_on__gt=since) if since else Q(pk=None)
    alike = (
        Issuer.objects.filter(ticker__isnull=False, sic__startswith=sic[:2])
        .exclude(cik=issuer.cik)
        .annotate(filings12m=Count("filings", filter=recent, distinct=True))
    )
    levels = {True: "sic4", False: "sic2"}
    ranked = sorted(
        alike, key=lambda one: (one.filings12m == 0, one.sic != sic, -one.filings12m, one.ticker or "", one.cik)
    )
    enough = sum(1 for one in ranked if one.sic == sic and one.filings12m) >= most
    chosen = [one for one in ranked if one.sic == sic or not enough][:most]
    body["peers"] = [
        {
            "ticker": one.ticker, "name": one.name or "", "cik": one.cik, "sicCode": one.sic,
            "filings12m": one.filings12m, "matchLevel": levels[one.sic == sic],
        }
        for one in chosen
    ]  # fmt: skip
    found = {peer["matchLevel"] for peer in body["peers"]}
    body["basis"] = "mixed" if len(found) == 2 else next(iter(found), "none")
    return body


# --- insiders ---------------------------------------------------------------------------------------------------------


def insiders_of(ciks: Iterable[str], *, issuer: Issuer | None = None) -> dict[str, dict[str, Any]]:
    """By CIK: the roles and title of the latest Form 4, of one issuer or of all. Two queries."""
    wanted = list(ciks)
    owners = FilingOwner.objects.filter(insider__in=wanted)
    if issuer is not None:
        owners = owners.filter(filing__issuer=issuer)
    latest = (
        owners.order_by("insider", F("filing__listed_on").desc(nulls_last=True), "-filing", "position")
        .distinct("insider")
        .select_related("insider")
    )
    counts = dict(
        owners.filter(filing__form__in=FORM_4)
        .order_by()
        .values_list("insider_id")
        .annotate(count=Count("filing", distinct=True))
    )
    return {owner.insider_id: _insider(owner, counts.get(owner.insider_id, 0)) for owner in latest}


def _insider(owner: FilingOwner, filings: int) -> dict[str, Any]:
    return {
        "cik": owner.insider_id,
        "name": owner.insider.name or owner.name or "",
        "isDirector": bool(owner.is_director),
        "isOfficer": bool(owner.is_officer),
        "isTenPercentOwner": bool(owner.is_ten_percent_owner),
        "officerTitle": owner.officer_title,
        "totalFilings": filings,
    }


def insiders_at(issuer: Issuer) -> list[dict[str, Any]]:
    """Everyone who filed, by name."""
    ciks = FilingOwner.objects.filter(filing__issuer=issuer).values_list("insider_id", flat=True).distinct()
    return sorted(insiders_of(ciks, issuer=issuer).values(), key=lambda one: (one["name"], one["cik"]))


def search_insiders(name: str | None, asked: Paged) -> list[dict[str, Any]]:
    """Those whose name contains these letters, in any case; everybody by name without them."""
    found = Insider.objects.filter(name__isnull=False)
    if name is not None:
        words = name.strip()
        if len(words) < 2:
            raise bad_request("A name to look for has two characters at least.", "QUERY_TOO_SHORT")
        if not words.isprintable():
            return []
        found = found.filter(name__icontains=words)
    ciks = list(found.order_by("name", "cik").values_list("cik", flat=True)[asked.window(20)])
    rows = insiders_of(ciks)
    return [rows[cik] for cik in ciks if cik in rows]


def insider_of(cik: str) -> dict[str, Any]:
    """One insider. Raises `ApiError`."""
    key = f"{cik_of(cik):010}"
    found = insiders_of([key])
    if key not in found:
        raise not_found(f"No insider {key} is here.")
    return found[key]


# --- filings ----------------------------------------------------------------------------------------------------------


def filings(asked: FilingQuestion, rows: slice | None = None) -> list[dict[str, Any]]:
    """Forms 4 and 4/A, newest filed first."""
    found = Filing.objects.filter(form__in=FORM_4)
    issuers = issuers_of(asked.ticker, asked.cik)
    if issuers is not None:
        found = found.filter(issuer__in=issuers)
    if asked.from_:
        found = found.filter(listed_on__gte=asked.from_)
    if asked.to:
        found = found.filter(listed_on__lte=asked.to)
    return filings_of(found.latest_first()[rows or asked.window(20)])


def filings_of(found: Iterable[Filing]) -> list[dict[str, Any]]:
    """Three queries at most."""
    shown = list(found)
    standing = dict(
        LineReading.objects.filter(
            filing__in=[filing.accession for filing in shown], superseded_by=None, withdrawn_by=None
        )
        .order_by()
        .values_list("filing_id")
        .annotate(count=Count("pk"))
    )
    tickers = dict(Issuer.objects.filter(cik__in={filing.issuer_id for filing in shown}).values_list("cik", "ticker"))
    return [
        {
            "accessionNumber": filing.accession,
            "companyTicker": tickers.get(filing.issuer_id),
            "companyName": filing.issuer_name or "",
            "periodOfReport": midnight(filing.period_of_report or filing.listed_on),
            "filedAt": midnight(filing.filed_on or filing.listed_on),
            "amendmentType": "Amendment" if filing.is_amendment else "Original",
            "transactionCount": standing.get(filing.accession, 0),
            "acceptedAt": filing.accepted_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            if filing.accepted_at
            else None,
            "documentUrl": filing_index_page(settings.EDGAR_BASE_URL, filing.issuer_id, filing.accession),
            "form": filing.form,
            "issuerCik": filing.issuer_id,
        }
        for filing in shown
    ]
