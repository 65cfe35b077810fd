"""The peer's signals: clusters by its own preset, five days and three CIKs, the ratio of ninety days, neutral rows.

Promises: one row for each issuer and day with a purchase or sale in the market that the preset counts; rows with
neither flag are neutral. Purchases are code P and sales code S of Table I; plan trades and lines that no longer stand
are left out. The signals of this site, with their evidence, are at /v1/signals/feed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import F

from filings.models import Insider, Issuer
from form4site.kit.api import ApiError, midnight, not_found, number
from signals.api.parties import FORM_4, issuer_of
from signals.api.questions import Paged
from signals.models import LineReading
from signals.readings.vocabulary import SLUGS

WINDOW, THRESHOLD, RATIO = timedelta(days=5), 3, timedelta(days=90)
PLANNED = ("plan", "plan_filing")
# With no sale there is no ratio; the peer gives a number all the same: the shares bought, at most this.
MOST_RATIO = 1_000_000_000

_DAYS = """
    SELECT issuer_id, transaction_date FROM signals_linereading
     WHERE code IN ('P', 'S') AND "table" = 'I' AND superseded_by IS NULL AND withdrawn_by IS NULL
       AND plan_status NOT IN ('plan', 'plan_filing') AND form IN ('4', '4/A') AND transaction_date <= filed_on
       {where}
     GROUP BY 1, 2 ORDER BY 2 DESC, 1 {window}
"""


@dataclass(frozen=True, slots=True)
class Dealt:
    """A line in the market. `owners` are CIKs."""

    on: date
    code: str
    shares: Decimal
    owners: tuple[str, ...]


def signals(
    ticker: str | None, cluster_buy: bool | None, cluster_sell: bool | None, asked: Paged
) -> list[dict[str, Any]]:
    """Newest first. Raises `ApiError`."""
    window = asked.window(100)
    if cluster_buy or cluster_sell:
        return _clusters_only(ticker, bool(cluster_buy), bool(cluster_sell), window)
    days = _days(_of(ticker), window)
    return _rows(days)


def clusters_of_filings(accessions: Iterable[str]) -> list[tuple[Issuer, dict[str, Any]]]:
    """The rows with a flag, of the days on which the lines of these filings count: their own, and up to the window's
    end. Each with its issuer; in order of issuer and day.
    """
    lines = _market(LineReading.objects.filter(filing__in=list(accessions), transaction_date__lte=F("filed_on")))
    days: dict[str, set[date]] = {}
    for cik, on in lines.values_list("issuer_id", "transaction_date"):
        days.setdefault(cik, set()).add(on)
    if not days:
        return []
    every = sorted(set().union(*days.values()))
    dealt = _dealt(days, every[0] - RATIO, every[-1] + WINDOW)
    known = Issuer.objects.in_bulk(days)
    found = []
    for cik in sorted(days):
        own = dealt.get(cik, [])
        touched = {one.on for one in own if any(on <= one.on < on + WINDOW for on in days[cik])}
        found += [(known[cik], _signal(known[cik], on, own)) for on in sorted(touched)]
    return [(issuer, row) for issuer, row in found if row["isClusterBuy"] or row["isClusterSell"]]


def _of(ticker: str | None) -> list[int] | None:
    if not ticker or not ticker.strip():
        return None
    return [int(cik) for cik in Issuer.objects.filter(ticker=ticker.strip().upper()).values_list("cik", flat=True)]


def _days(issuers: Sequence[int] | None, window: slice | None) -> list[tuple[str, date]]:
    where = "" if issuers is None else "AND issuer_id = ANY(%(issuers)s)"
    page = "" if window is None else "LIMIT %(limit)s OFFSET %(offset)s"
    values: dict[str, Any] = {"issuers": list(issuers or ())}
    if window is not None:
        values |= {"limit": window.stop - window.start, "offset": window.start}
    with connection.cursor() as cursor:
        cursor.execute(_DAYS.format(where=where, window=page), values)
        return [(f"{cik:010}", on) for cik, on in cursor.fetchall()]


def _clusters_only(ticker: str | None, buy: bool, sell: bool, window: slice) -> list[dict[str, Any]]:
    """Days on which a cluster stands: looked for among issuers with enough owners, which are few."""
    rows = [
        row
        for row in _rows(_days(_enough(_of(ticker)), None))
        if (buy and row["isClusterBuy"]) or (sell and row["isClusterSell"])
    ]
    return rows[window]


def _enough(issuers: Sequence[int] | None) -> list[int]:
    """Of these issuers (or of all), those whose lines have three owners in one direction at all."""
    lines = _market(LineReading.objects.all())
    if issuers is not None:
        lines = lines.filter(issuer__in=[f"{cik:010}" for cik in issuers])
    owners: dict[tuple[str, str], set[str]] = {}
    for cik, code, ciks in lines.values_list("issuer_id", "code", "owners").distinct():
        owners.setdefault((cik, code), set()).update(ciks)
    return sorted({int(cik) for (cik, _), found in owners.items() if len(found) >= THRESHOLD})


def _market(lines: Any) -> Any:
    return lines.filter(code__in=("P", "S"), table="I", superseded_by=None, withdrawn_by=None, form__in=FORM_4).exclude(
        plan_status__in=PLANNED
    )


def _rows(days: Sequence[tuple[str, date]]) -> list[dict[str, Any]]:
    if not days:
        return []
    issuers = {cik for cik, _ in days}
    dealt = _dealt(issuers, min(on for _, on in days) - RATIO, max(on for _, on in days))
    known = Issuer.objects.in_bulk(issuers)
    return [_signal(known[cik], on, dealt.get(cik, [])) for cik, on in days]


def _dealt(issuers: Iterable[str], since: date, until: date) -> dict[str, list[Dealt]]:
    lines = _market(LineReading.objects.filter(issuer__in=list(issuers), transaction_date__range=(since, until)))
    found: dict[str, list[Dealt]] = {}
    for cik, on, code, shares, owners in lines.order_by("transaction_date", "id").values_list(
        "issuer_id", "transaction_date", "code", "shares", "owners"
    ):
        found.setdefault(cik, []).append(Dealt(on, code, shares or Decimal(0), tuple(owners)))
    return found


def _signal(issuer: Issuer, on: date, dealt: Sequence[Dealt]) -> dict[str, Any]:
    buyers, sellers = (_insiders(dealt, code, on) for code in "PS")
    buy, sell = len(buyers) >= THRESHOLD, len(sellers) >= THRESHOLD
    people = buyers if buy else sellers if sell else buyers | sellers
    return {
        "ticker": issuer.ticker,
        "companyName": issuer.name or "",
        "signalDate": on.isoformat(),
        "buySellRatio": _ratio(dealt, on)["buySellRatio"],
        "isClusterBuy": buy,
        "isClusterSell": sell,
        "insiderCount": len(people),
    }


def _insiders(dealt: Iterable[Dealt], code: str, on: date) -> set[str]:
    return {cik for one in dealt if one.code == code and on - WINDOW < one.on <= on for cik in one.owners}


def _ratio(dealt: Iterable[Dealt], on: date) -> dict[str, Any]:
    within = [one for one in dealt if on - RATIO < one.on <= on]
    bought, sold = (sum((one.shares for one in within if one.code == code), Decimal(0)) for code in "PS")
    ratio = min(float(bought / sold) if sold else float(bought), float(MOST_RATIO))
    return {
        "windowDays": RATIO.days, "buyShares": number(bought), "sellShares": number(sold),
        "buySellRatio": round(ratio, 6),
    }  # fmt: skip


# --- why ------------------------------------------------------------------------------------------------------------


def explain(ticker: str, on: date | None) -> dict[str, Any]:
    """The signal of this day (the latest without one), with those it counted and the lines it left out.

    Raises `ApiError`.
    """
    try:
        issuer = issuer_of(ticker)
    except ApiError as error:
        raise not_found(error.message, "COMPANY_NOT_FOUND", **error.more) from error
    days = [day for _, day in _days([int(issuer.cik)], None)]
    day = days[0] if on is None and days else on
    if day is None or day not in days:
        raise not_found(f"{issuer.name} has no signal on that day.", "SIGNAL_NOT_FOUND")
    dealt = _dealt([issuer.cik], day - RATIO, day).get(issuer.cik, [])
    lines = list(
        LineReading.objects.filter(
            issuer=issuer, code__in=("P", "S"), form__in=FORM_4, transaction_date__gt=day - WINDOW,
            transaction_date__lte=day,
        )
        .order_by("transaction_date", "id")
    )  # fmt: skip
    counted = [line for line in lines if _why_not(line) is None]
    names = _names(lines)
    return {
        **_signal(issuer, day, dealt),
        "criteria": {
            "clusterWindowDays": WINDOW.days, "clusterThreshold": THRESHOLD, "ratioWindowDays": RATIO.days,
            "clusterCountsExclude10b5": True,
        },
        "clusterBuyers": _parties(counted, "P", names),
        "clusterSellers": _parties(counted, "S", names),
        "excluded": [
            {
                "insiderCik": line.owners[0], "insiderName": names.get(line.owners[0], ""),
                "transactionDate": midnight(line.transaction_date), "code": line.code,
                "shares": number(line.shares) or 0, "reason": _why_not(line),
            }
            for line in lines
            if _why_not(line) is not None
        ],
        "ratio": _ratio(dealt, day),
        "note": (
            "Clusters are counted by CIK within five days, as this endpoint's contract has it. This site's own signals "
            "count decision-makers, and are at /v1/signals/feed."
        ),
    }  # fmt: skip


def _why_not(line: LineReading) -> str | None:
    if line.superseded_by:
        return f"superseded by amendment {line.superseded_by}"
    if line.withdrawn_by:
        return f"withdrawn by {line.withdrawn_by}"
    if line.plan_status in PLANNED:
        return "10b5-1 plan"
    return "derivative security" if line.table == "II" else None


def _names(lines: Iterable[LineReading]) -> dict[str, str]:
    ciks = {cik for line in lines for cik in line.owners}
    return {cik: name or "" for cik, name in Insider.objects.filter(cik__in=ciks).values_list("cik", "name")}


def _parties(lines: Iterable[LineReading], code: str, names: Mapping[str, str]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for line in lines:
        if line.code != code:
            continue
        for cik in line.owners:
            role = next((slug for slug in SLUGS if slug in line.roles), None)
            party = found.setdefault(
                cik, {"insiderCik": cik, "insiderName": names.get(cik) or "", "role": role, "trades": []}
            )
            party["trades"].append(
                {
                    "transactionDate": midnight(line.transaction_date), "code": line.code,
                    "shares": number(line.shares) or 0, "pricePerShare": number(line.price),
                    "value": number(line.value),
                }
            )  # fmt: skip
    return [found[cik] for cik in sorted(found)]


def sentiment(ticker: str, months: int | None, today: date) -> dict[str, Any]:
    """By month, from -100 (sold only) to 100 (bought only); months without a trade are not listed.

    Raises `ApiError`.
    """
    issuer = issuer_of(ticker)
    back = max(1, min(months or 24, 60)) - 1
    first = date(today.year + (today.month - 1 - back) // 12, (today.month - 1 - back) % 12 + 1, 1)
    values: dict[str, dict[str, Decimal]] = {}
    counts: Counter[tuple[str, str]] = Counter()
    lines = _market(LineReading.objects.filter(issuer=issuer, transaction_date__range=(first, today)))
    for on, code, value in lines.values_list("transaction_date", "code", "value"):
        period = f"{on:%Y-%m}"
        sums = values.setdefault(period, {"P": Decimal(0), "S": Decimal(0)})
        sums[code] += value or 0
        counts[period, code] += 1
    return {
        "ticker": issuer.ticker or "",
        "companyName": issuer.name or "",
        "monthly": [
            {
                "period": period, "score": _score(sums["P"], sums["S"]), "buyValue": number(sums["P"]),
                "sellValue": number(sums["S"]), "buyCount": counts[period, "P"], "sellCount": counts[period, "S"],
            }
            for period, sums in sorted(values.items())
        ],
    }  # fmt: skip


def _score(bought: Decimal, sold: Decimal) -> float:
    total = bought + sold
    return round(float((bought - sold) / total * 100), 4) if total else 0.0
