"""What the peer tells of an insider beyond their filings: a career, a scorecard by imported closes, a directory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from statistics import mean, median
from typing import Any

from django.db.models import Count, Max, Q

from filings.models import Filing, FilingOwner, Insider, Issuer
from form4site.kit.api import bad_request, midnight, number
from signals.api.parties import FORM_4, insider_of, insiders_of
from signals.api.questions import Paged
from signals.api.returns import HORIZONS, returns_of, series_of
from signals.models import LineReading, Trade
from signals.models.price import DailyClose

MOST_LISTED = 5_000
FEWEST_TRANSACTIONS = 3
SAMPLE = 5
_LETTERS = "PSFMAG"
_ROLES = ("isDirector", "isOfficer", "isTenPercentOwner", "officerTitle")
METHOD = (
    "Purchases in the open market (code P), not under a Rule 10b5-1 plan and no derivatives, in filings that stand. "
    "A return runs from the first imported close on or after the filing date to that of the horizon; it counts as a "
    "hit where it is above zero. Issuers without imported closes have no returns and are left out."
)


def standing(insider: str) -> Any:
    return LineReading.objects.filter(
        owners__contains=[insider], superseded_by=None, withdrawn_by=None, form__in=FORM_4
    )


def summary(cik: str) -> dict[str, Any]:
    """A career. Raises `ApiError`."""
    who = insider_of(cik)
    rows = list(
        standing(who["cik"]).values_list(
            "issuer_id", "code", "transaction_date", "value", "plan_status", "table", "quality"
        )
    )
    dates = sorted(row[2] for row in rows if row[2])
    counted = Trade.objects.filter(owners__contains=[who["cik"]], counted=True).values_list("direction", "value")
    totals: dict[str, Decimal] = {"acquired": Decimal(0), "disposed": Decimal(0)}
    for direction, value in counted:
        totals[str(direction)] += value or 0
    planned = sum(row[4] in ("plan", "plan_filing") for row in rows if row[1] in ("P", "S"))
    market = sum(row[1] in ("P", "S") for row in rows)
    free = [(int(row[0]), row[2]) for row in rows if row[1] in ("P", "S") and row[5] == "I"
            and row[4] not in ("plan", "plan_filing")]  # fmt: skip
    returns = returns_of(free)
    kept = [returns[place] for place in free if place in returns and returns[place]["1d"] is not None]
    letters = Counter(row[1] if row[1] in tuple(_LETTERS) else "other" for row in rows)
    return {
        **{name: who[name] for name in ("cik", "name", "officerTitle", "isDirector", "isOfficer", "isTenPercentOwner")},
        "career": {
            "firstTransaction": midnight(dates[0]) if dates else None,
            "lastTransaction": midnight(dates[-1]) if dates else None,
            "totalTransactions": len(rows),
            "totalBoughtUsd": number(totals["acquired"]),
            "totalSoldUsd": number(totals["disposed"]),
            "netUsd": number(totals["acquired"] - totals["disposed"]),
            "companies": _companies(rows),
            "transactionTypeBreakdown": {name.lower(): letters.get(name, 0) for name in (*_LETTERS, "other")},
            "tenB5Plan": {
                "totalUnderPlan": planned,
                "totalDiscretionary": market - planned,
                "pctUnder10b5Plan": round(planned / market, 4) if market else 0,
            },
            "returns": {
                "openMarketTransactionsWithReturns": len(kept),
                **{f"avgReturn{name}": _mean(row[name] for row in kept) for name in HORIZONS},
            },
        },
    }


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(mean(known), 6) if known else None


def _companies(rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    counts = Counter(row[0] for row in rows)
    first: dict[str, date] = {}
    for row in rows:
        if row[2]:
            first[row[0]] = min(first.get(row[0], row[2]), row[2])
    top = sorted(counts, key=lambda cik: (-counts[cik], cik))[:10]
    known = Issuer.objects.in_bulk(top)
    return [
        {
            "ticker": known[cik].ticker or "",
            "companyName": known[cik].name or "",
            "transactionCount": counts[cik],
            "firstSeen": midnight(first.get(cik)),
        }
        for cik in top
        if cik in known
    ]


# --- scores by closes -------------------------------------------------------------------------------------------------


def scored(lines: Any) -> dict[str, list[dict[str, Any]]]:
    """The scored purchases among these lines, by owner, with their returns from the filing date."""
    rows = list(
        lines.filter(
            code="P", table="I", issuer__in=DailyClose.objects.values("issuer"), superseded_by=None, withdrawn_by=None
        )
        .exclude(plan_status__in=("plan", "plan_filing"))
        .order_by("filed_on", "id")
        .values("issuer_id", "issuer__ticker", "filed_on", "owners", "transaction_date")
    )
    series = series_of({row["issuer_id"] for row in rows})
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        own = series.get(row["issuer_id"])
        if own is None:
            continue
        one = {
            "ticker": row["issuer__ticker"] or "", "filedAt": row["filed_on"], "on": row["transaction_date"],
            "3m": own.after(row["filed_on"], HORIZONS["3m"]), "6m": own.after(row["filed_on"], HORIZONS["6m"]),
        }  # fmt: skip
        for owner in row["owners"]:
            found.setdefault(owner, []).append(one)
    return found


def scorecard(cik: str) -> dict[str, Any]:
    """Raises `ApiError`."""
    who = insider_of(cik)
    lines = standing(who["cik"])
    bought = scored(lines).get(who["cik"], [])
    three, six = ([one[name] for one in bought if one[name] is not None] for name in ("3m", "6m"))
    matured = sorted((one for one in bought if one["3m"] is not None), key=lambda one: (one["3m"], one["filedAt"]))
    last = lines.aggregate(last=Max("transaction_date"))["last"]
    return {
        "insiderCik": who["cik"],
        "insiderName": who["name"],
        "scoredBuyCount": len(three),
        "sampleSufficient": len(three) >= SAMPLE,
        **_figures("3m", three),
        "scoredBuyCount6m": len(six),
        "sampleSufficient6m": len(six) >= SAMPLE,
        **_figures("6m", six),
        "bestBuy": _named(matured[-1]) if matured else None,
        "worstBuy": _named(matured[0]) if matured else None,
        "lastTradeAt": midnight(last),
        "methodology": METHOD,
    }


def _figures(name: str, values: list[float]) -> dict[str, float | None]:
    """None below a sample that says something."""
    enough = len(values) >= SAMPLE
    return {
        f"hitRate{name}": round(sum(value > 0 for value in values) / len(values), 4) if enough else None,
        f"avgReturn{name}": round(mean(values), 6) if enough else None,
        f"medianReturn{name}": round(median(values), 6) if enough else None,
    }


def _named(one: dict[str, Any]) -> dict[str, Any]:
    return {"ticker": one["ticker"], "filedAt": midnight(one["filedAt"]), "return3m": one["3m"]}


def leaderboard(horizon: str | None, order: str | None, min_trades: int | None, limit: int | None) -> dict[str, Any]:
    """Insiders by what followed their purchases. Raises `ApiError`."""
    horizon, order = horizon or "3m", order or "hit_rate"
    if horizon not in ("3m", "6m") or order not in ("hit_rate", "avg_return"):
        raise bad_request("horizon is 3m or 6m, and order hit_rate or avg_return.")
    fewest = max(min_trades or SAMPLE, SAMPLE)
    rows = []
    for cik, bought in scored(LineReading.objects.filter(form__in=FORM_4)).items():
        values = [one[horizon] for one in bought if one[horizon] is not None]
        if len(values) >= fewest:
            last = max((one["on"] for one in bought if one["on"]), default=None)
            rows.append((sum(value > 0 for value in values) / len(values), mean(values), len(values), cik, last))
    rank = (lambda row: (-row[0], -row[1], row[3])) if order == "hit_rate" else (lambda row: (-row[1], -row[0], row[3]))
    rows = sorted(rows, key=rank)[: max(1, min(limit or 25, 100))]
    names = dict(Insider.objects.filter(cik__in=[row[3] for row in rows]).values_list("cik", "name"))
    return {
        "insiders": [
            {
                "insiderCik": cik, "insiderName": names.get(cik) or "", "scoredBuyCount": count,
                "hitRate": round(hits, 4), "avgReturn": round(average, 6), "lastTradeAt": midnight(last),
            }
            for hits, average, count, cik, last in rows
        ],
        "methodology": METHOD,
    }  # fmt: skip


# --- the directory ----------------------------------------------------------------------------------------------------


def directory(letter: str | None, asked: Paged) -> dict[str, Any]:
    """The most active insiders by their letter, one of each group that decides together. Raises `ApiError`."""
    if letter is not None:
        letter = letter.strip().upper()
        if not (letter == "#" or (len(letter) == 1 and "A" <= letter <= "Z")):
            raise bad_request("letter is one of A to Z, or # for the rest.")
    ranked = list(
        Trade.objects.filter(standing=True, form__in=FORM_4)
        .order_by()
        .values_list("decision_maker")
        .annotate(count=Count("pk"), last=Max("filed_on"), group=Max("owners__len"))
        .filter(count__gte=FEWEST_TRANSACTIONS)
        .order_by("-count", "decision_maker")[:MOST_LISTED]
    )
    names = dict(Insider.objects.filter(cik__in=[row[0] for row in ranked]).values_list("cik", "name"))
    rows = sorted(ranked, key=lambda row: ((names.get(row[0]) or "").upper(), row[0]))
    letters = Counter(_letter(names.get(row[0])) for row in rows)
    shown = [row for row in rows if _letter(names.get(row[0])) == letter] if letter else []
    window = asked.window(200)
    ciks = [row[0] for row in shown[window]]
    people = insiders_of(ciks)
    where = _primary(ciks)
    return {
        "total": len(rows),
        "letters": [
            {"letter": key, "count": letters[key]} for key in sorted(letters, key=lambda key: (key == "#", key))
        ],
        "letter": letter,
        "letterTotal": len(shown),
        "page": asked.page or 1,
        "perPage": asked.rows(200),
        "refreshedAt": None,
        "entries": [
            {
                "cik": cik,
                "name": names.get(cik) or "",
                "primaryTicker": where.get(cik, (None, None))[0],
                "primaryCompanyName": where.get(cik, (None, None))[1],
                **{name: people[cik][name] for name in _ROLES},
                "transactionCount": count,
                "lastFiledAt": midnight(last),
                "filerGroupSize": group or 1,
            }
            for cik, count, last, group in shown[window]
            if cik in people
        ],
    }


def _hash_last(row: tuple[str, int]) -> tuple[bool, str]:
    return row[0] == "#", row[0]


def _letter(name: str | None) -> str:
    first = (name or "#")[:1].upper()
    return first if "A" <= first <= "Z" else "#"


def _primary(ciks: list[str]) -> dict[str, tuple[str | None, str | None]]:
    """The issuer that each of these filed of most, by symbol and name."""
    found: dict[str, tuple[str | None, str | None]] = {}
    rows = (
        FilingOwner.objects.filter(insider__in=ciks)
        .order_by()
        .values_list("insider_id", "filing__issuer__ticker", "filing__issuer__name")
        .annotate(count=Count("filing"))
        .order_by("insider_id", "-count", "filing__issuer__name")
    )
    for cik, ticker, name, _ in rows:
        found.setdefault(cik, (ticker, name))
    return found


def coverage() -> dict[str, int]:
    """How many there are of each, for the pages about the site itself."""
    return {
        "filings": Filing.objects.filter(form__in=FORM_4).count(),
        "transactions": LineReading.objects.filter(Q(superseded_by=None, withdrawn_by=None), form__in=FORM_4).count(),
        "companies": Issuer.objects.count(),
    }
