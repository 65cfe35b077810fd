"""What the peer's clients may ask about the site itself: search, numbers, quality, days, ingestion."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from statistics import median, quantiles
from typing import Any

from django.db.models import F, Max, Min
from django.utils import timezone

from filings.ledger import stale_after
from filings.models import FeedLook, Filing, FilingOwner, IndexDay, IngestStage, Insider, Issuer, Stage
from filings.ownership.submission import EASTERN
from filings.search import search as find
from form4site.kit.api import bad_request, midnight
from signals.api.people import coverage
from signals.models import LineReading
from signals.models.price import DailyClose
from signals.selectors.freshness import freshness

SHORTEST, LONGEST = 2, 64
LATENCY_OF = 500  # the newest filings whose acceptance is known
LATENCY_WITHIN = timedelta(days=1)  # one that came in later was history, not news
DAYS = 90


def search(words: str | None, limit: int | None) -> dict[str, Any]:
    """Companies by symbol or name, insiders by the words of their name in any order. Raises `ApiError`."""
    query = (words or "").strip()
    if len(query) < SHORTEST:
        raise bad_request(f"q has {SHORTEST} characters at least.", "QUERY_TOO_SHORT")
    if len(query) > LONGEST:
        raise bad_request(f"q has {LONGEST} characters at most.", "QUERY_TOO_LONG")
    most = max(1, min(limit or 8, 20))
    hits = find(query, 4 * most)
    ciks = {kind: [hit.key for hit in hits if hit.kind == kind][:most] for kind in ("issuer", "insider")}
    issuers = Issuer.objects.in_bulk(_padded(ciks["issuer"]))
    exact = list(Issuer.objects.filter(ticker=query.upper()).order_by("cik")) if query.isprintable() else []
    ranked = list(dict.fromkeys([*(one.cik for one in exact), *issuers]))[:most]
    known = {**issuers, **{one.cik: one for one in exact}}
    return {
        "companies": [{"ticker": known[cik].ticker or "", "name": known[cik].name or "", "cik": cik} for cik in ranked],
        "insiders": _people(_padded(ciks["insider"])),
    }


def _padded(keys: list[str]) -> list[str]:
    return [key.zfill(10) for key in keys if key.isdigit()]


def _people(ciks: list[str]) -> list[dict[str, Any]]:
    names = Insider.objects.in_bulk(ciks)
    latest = {
        owner.insider_id: owner
        for owner in FilingOwner.objects.filter(insider__in=ciks)
        .order_by("insider", F("filing__listed_on").desc(nulls_last=True), "-filing")
        .distinct("insider")
        .select_related("filing__issuer")
    }
    return [
        {
            "cik": cik,
            "name": names[cik].name or "",
            "title": latest[cik].officer_title if cik in latest else None,
            "ticker": latest[cik].filing.issuer.ticker if cik in latest else None,
        }
        for cik in ciks
        if cik in names
    ]


def latency() -> dict[str, Any]:
    """Seconds from the SEC's acceptance to here, of the newest filings that came as news."""
    rows = (
        Filing.objects.filter(accepted_at__isnull=False)
        .order_by(F("listed_on").desc(nulls_last=True), "-accession")
        .values_list("accepted_at", "published_at")[:LATENCY_OF]
    )
    waits = sorted(
        (here - there).total_seconds() for there, here in rows if there and timedelta() <= here - there < LATENCY_WITHIN
    )
    return {
        "p50Seconds": round(median(waits), 1) if waits else 0,
        "p95Seconds": round(quantiles(waits, n=20)[-1], 1) if len(waits) > 1 else 0,
        "sampleCount": len(waits),
        "window": f"the newest {LATENCY_OF} filings, without what came as history",
    }


def stats() -> dict[str, Any]:
    first = Filing.objects.aggregate(first=Min("filed_on"))["first"]
    return {
        **coverage(), "holdings": 0, "form144Filings": 0, "form13FFilings": 0, "historyStart": midnight(first),
        "latestQuarterAum": 0, "ingestionLatency": latency(),
    }  # fmt: skip


def data_quality() -> dict[str, Any]:
    waits = latency()
    counts = coverage()
    latest = Filing.objects.filter(form__in=("4", "4/A")).aggregate(at=Max("published_at"))["at"]
    bar = DailyClose.objects.aggregate(on=Max("on"))["on"]
    today = timezone.now().date()
    sampled = waits["sampleCount"]
    superseded = LineReading.objects.filter(superseded_by__isnull=False).count()
    return {
        "asOf": _moment(timezone.now()),
        "freshness": {
            "latestForm4ProcessedAt": _moment(latest),
            "medianIngestionLatencySeconds": waits["p50Seconds"] if sampled else None,
            "p95IngestionLatencySeconds": waits["p95Seconds"] if sampled else None,
            "ingestionLatencySampleSize": sampled,
            "latestPriceBarDate": midnight(bar),
            "priceDataDaysBehind": (today - bar).days if bar else None,
        },
        "coverage": {
            "companiesTracked": counts["companies"], "transactionsTotal": counts["transactions"],
            "form4Filings": counts["filings"], "form144Filings": 0, "form13FFilings": 0,
            "tickersWithPriceData": DailyClose.objects.values("issuer").distinct().count(), "cusipResolvedPct": None,
        },
        "returns": {"eligibleTransactions": 0, "fullyComputed": 0, "coveragePct": 0},
        "amendments": {"supersededTransactions": superseded},
        "quarantined": IngestStage.objects.filter(stage=Stage.QUARANTINED).count(),
    }  # fmt: skip


def status_history() -> dict[str, Any]:
    """Days whose index was read whole count as healthy; of days that nobody looked at nothing is said."""
    today = timezone.now().date()
    start = today - timedelta(days=DAYS - 1)
    days: list[dict[str, Any]] = []
    for look in IndexDay.objects.filter(day__range=(start, today)).order_by("day"):
        healthy = 288 if look.read_at is not None else 0
        days.append({"date": look.day.isoformat(), "expected": 288, "healthy": healthy, "uptimePct": healthy / 2.88})
    overall = sum(day["uptimePct"] for day in days) / len(days) if days else 100
    return {"windowDays": DAYS, "start": start.isoformat(), "overallPct": round(overall, 2), "days": days}


def ingestion() -> tuple[int, dict[str, Any]]:
    """The status for a probe, and what it found."""
    now = timezone.now()
    fresh = freshness(now=now)
    latest = FeedLook.objects.aggregate(at=Min("read_at"))["at"]
    age = (now - latest).total_seconds() / 60 if latest else None
    owed = IngestStage.objects.filter(due_at__isnull=False)
    pending = owed.count()
    oldest = owed.aggregate(at=Min("seen_at"))["at"]
    state = "stale" if fresh.trouble else "healthy" if fresh.live else "degraded"
    bar = DailyClose.objects.aggregate(on=Max("on"))["on"]
    body = {
        "status": state,
        "asOf": _moment(now),
        "form4": {
            "status": state, "latestProcessedAt": _moment(latest),
            "ageMinutes": round(age, 1) if age is not None else None,
            "withinActivityWindow": _active(now), "thresholdMinutes": stale_after().total_seconds() / 60,
        },
        "queue": {
            "status": "healthy" if pending < 1_000 else "degraded", "pendingCount": pending,
            "oldestPendingAgeMinutes": round((now - oldest).total_seconds() / 60, 1) if oldest else None,
        },
        "prices": {
            "status": "healthy" if bar else "degraded", "latestBarDate": midnight(bar),
            "daysBehind": (now.date() - bar).days if bar else None,
        },
    }  # fmt: skip
    return (503 if state == "stale" else 200), body


def _active(now: datetime) -> bool:
    """Whether EDGAR takes filings: weekdays, 06:00 to 22:00 in New York."""
    here = now.astimezone(EASTERN)
    return here.weekday() < 5 and time(6) <= here.time() <= time(22)


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
