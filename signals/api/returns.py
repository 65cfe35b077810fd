"""What a share did after a trade or a filing: forward returns by imported closes, and None where there are none.

Promises: a return is a fraction, from the first close on or after a day to the first one on or after the day a horizon
later, across splits that are known; None until that day has a close. Without imported closes there is none at all:
prices that insiders filed are no series.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from filings.models import Issuer
from filings.models.fields import CikField
from form4site.kit.api import bad_request
from signals.api.questions import TransactionQuestion
from signals.models import LineReading
from signals.models.price import DailyClose
from signals.readings.splits import Close, Splits
from signals.selectors.prices import closes_and_splits

HORIZONS = {"1d": 1, "1w": 7, "1m": 30, "3m": 91, "6m": 182}
# A close further away than this from its day is another day's.
NEAR = timedelta(days=7)
# Lines of issuers with closes that one question looks through.
MOST_LOOKED_AT = 50_000

_cik = CikField().to_python


class Series:
    """The closes of one issuer's main class, by day."""

    def __init__(self, closes: Iterable[Close], splits: Splits) -> None:
        ordered = sorted(closes)
        self.days = [close.on for close in ordered]
        self.prices = [close.price for close in ordered]
        self.splits = splits

    def at(self, day: date) -> tuple[date, Decimal] | None:
        place = bisect_left(self.days, day)
        if place == len(self.days) or self.days[place] - day > NEAR:
            return None
        return self.days[place], self.prices[place]

    def after(self, day: date | None, days: int) -> float | None:
        """The return over so many days from this one."""
        if day is None:
            return None
        start, end = self.at(day), self.at(day + timedelta(days=days))
        if start is None or end is None or end[0] <= start[0]:
            return None
        then = self.splits.price(start[1], start[0], end[0])
        return round(float(end[1] / then) - 1, 6)


def series_of(issuers: Iterable[str]) -> dict[str, Series]:
    """By CIK, for the issuers of which closes were imported. Two queries."""
    found = {}
    for cik, (closes, splits) in closes_and_splits(issuers).items():
        main = closes.get("") or max(closes.values(), key=len, default=[])
        if main:
            found[cik] = Series(main, Splits(splits))
    return found


def returns_of(places: Sequence[tuple[int, date | None]]) -> dict[tuple[int, date | None], dict[str, float | None]]:
    """All horizons from each (issuer's CIK as a number, day); nothing for issuers without closes."""
    if not places:
        return {}
    asked = Issuer.objects.filter(cik__in={_cik(cik) for cik, _ in places})
    known = asked.filter(Exists(DailyClose.objects.filter(issuer=OuterRef("cik")))).values_list("cik", flat=True)
    series = {int(cik): one for cik, one in series_of(known).items()} if known else {}
    return {
        (cik, day): {name: series[cik].after(day, days) for name, days in HORIZONS.items()}
        for cik, day in set(places)
        if cik in series
    }


def with_returns(asked: TransactionQuestion) -> bool:
    """Whether the question is about returns, which drops the lines that have none."""
    return bool(asked.has_returns or bounds_of(asked))


def bounds_of(asked: TransactionQuestion) -> dict[str, tuple[Decimal | None, Decimal | None]]:
    """The bounds asked for, by horizon."""
    found = {name: (getattr(asked, f"min_return_{name}"), getattr(asked, f"max_return_{name}")) for name in HORIZONS}
    return {name: bounds for name, bounds in found.items() if bounds != (None, None)}


def meeting(lines: QuerySet[LineReading], asked: TransactionQuestion, window: slice) -> list[int]:
    """The keys of the lines in the window that have the returns asked for. Raises `ApiError`."""
    bounds = bounds_of(asked)
    candidates = lines.filter(Q(issuer__in=DailyClose.objects.values("issuer")))
    rows = list(candidates.values_list("id", "issuer_id", "transaction_date")[: MOST_LOOKED_AT + 1])
    if len(rows) > MOST_LOOKED_AT:
        raise bad_request("Too many lines to compute returns for; ask for fewer symbols or days.")
    returns = returns_of([(int(cik), day) for _, cik, day in rows])
    return [key for key, cik, day in rows if _meets(returns.get((int(cik), day)), bounds)][window]


def _meets(returns: Mapping[str, Any] | None, bounds: Mapping[str, tuple[Decimal | None, Decimal | None]]) -> bool:
    if returns is None:
        return False
    if not bounds:
        return all(value is not None for value in returns.values())
    return all(
        returns[name] is not None and (low is None or returns[name] >= low) and (high is None or returns[name] <= high)
        for name, (low, high) in bounds.items()
    )
