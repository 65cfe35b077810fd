"""How regular somebody's days of selling are: the marks of a schedule, and what they come to (domain facts 7.13).

Promises: every mark says whether it holds, its points and the numbers behind it; too few days, or too short a time,
give marks but no score. Figures are on the scale of the last day where splits are known. Row order and one-dollar bands
mean nothing by themselves.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import Any

from signals.detectors.docket import Deal, Docket
from signals.detectors.months import last_of, month_of

PLAN_LIKE, REGULAR, IRREGULAR, TOO_SHORT = "plan_like", "some_regularity", "irregular", "too_short"
_GAPS = ((7, 7), (14, 14), (28, 31), (60, 62), (89, 92))
_ROLL = 2  # days that a weekend or holiday may move a date
_QUARTER_BEFORE, _QUARTER_AFTER = timedelta(days=14), timedelta(days=25)
_BAND = Decimal(1)


@dataclass
class SaleDay:
    """One day of sales of one maker; `strikes` are (strike, expiry) of options exercised that day."""

    on: date
    shares: Decimal
    deals: list[Deal]
    strikes: set[tuple[Decimal, date]] = field(default_factory=set)

    @cached_property
    def prices(self) -> list[Decimal]:
        """The prices of its rows, each once, from low to high."""
        return sorted({line.price for deal in self.deals for line in deal.lines if line.price is not None})

    @cached_property
    def names_limit(self) -> bool:
        """Whether a note on its rows speaks of limit prices."""
        texts = {note for deal in self.deals for line in deal.lines for note in deal.form.notes_on(line)}
        return any("limit" in text.lower() for text in texts)


@dataclass(frozen=True, slots=True)
class Mark:
    name: str
    holds: bool
    points: int
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cadence:
    """`score` is None where there is too little to score; the marks are there all the same."""

    status: str
    days: tuple[date, ...]
    span_days: int
    score: int | None
    marks: tuple[Mark, ...]

    @property
    def regular(self) -> bool:
        """Whether any of the three strong marks holds, however short the time."""
        return any(mark.holds for mark in self.marks if mark.name in ("constant_strike", "fixed_quantity", "calendar"))


def sale_days(docket: Docket, maker: str) -> list[SaleDay]:
    """The maker's days with sales, in order: any S that can be believed, planned ones and exercise-and-sell too."""
    market = docket.all_market.get((maker, "sell"))
    found: dict[date, SaleDay] = {}
    for deal in market.deals if market else ():
        if deal.on is None or deal.trade.shares is None or deal.trade.table != "I":
            continue
        day = found.setdefault(deal.on, SaleDay(deal.on, Decimal(0), []))
        day.shares += deal.trade.shares
        day.deals.append(deal)
    if found:
        for on, strikes in docket.strikes.get(maker, {}).items():
            if on in found:
                found[on].strikes = strikes
    return [found[on] for on in sorted(found)]


def cadence(docket: Docket, maker: str, days: Sequence[SaleDay]) -> Cadence:
    """The marks over these days of sales of one maker, in order."""
    limits = docket.thresholds
    ons = [day.on for day in days]
    span = (ons[-1] - ons[0]).days if ons else 0
    marks = (
        _strike(docket, days),
        _quantity(docket, days),
        _calendar(docket, ons),
        _blackout(docket, ons),
        _ladder(docket, days),
        _company(docket, maker, ons),
    )
    if len(days) < limits["inferred_plan.days"] or span < limits["inferred_plan.span"]:
        return Cadence(TOO_SHORT, tuple(ons), span, None, marks)
    score = max(0, min(100, sum(mark.points for mark in marks)))
    plan_like, regular = limits["inferred_plan.plan_like"], limits["inferred_plan.regular"]
    status = PLAN_LIKE if score >= plan_like else REGULAR if score >= regular else IRREGULAR
    return Cadence(status, tuple(ons), span, score, marks)


def _mark(docket: Docket, name: str, points: str, holds: bool, **facts: Any) -> Mark:
    return Mark(name, holds, int(docket.thresholds[f"inferred_plan.{points}"]) if holds else 0, facts)


def _strike(docket: Docket, days: Sequence[SaleDay]) -> Mark:
    last = days[-1].on if days else date.max
    counts: Counter[tuple[Decimal, date]] = Counter()
    for day in days:
        counts.update({(round(docket.splits.price(strike, day.on, last), 2), expiry) for strike, expiry in day.strikes})
    (strike, expiry), count = max(counts.items(), key=lambda row: (row[1], row[0]), default=((None, None), 0))
    holds = count >= docket.thresholds["inferred_plan.strike_days"]
    # as filed, where no split changed it: an adjusted strike is rounded
    filed = next((one for day in days for one, other in day.strikes if other == expiry), strike)
    shown = filed if filed is not None and strike is not None and round(filed, 2) == strike else strike
    return _mark(docket, "constant_strike", "strike_points", holds, strike=shown, expires_on=expiry, days=count)


def _quantity(docket: Docket, days: Sequence[SaleDay]) -> Mark:
    limits = docket.thresholds
    last = days[-1].on if days else date.max
    totals = sorted(float(docket.splits.shares(day.shares, day.on, last)) for day in days)
    tolerance = float(limits["inferred_plan.quantity_tolerance"]) / 100
    best, modal = 0, 0.0
    for value, count in Counter(totals).items():
        near = bisect_right(totals, value * (1 + tolerance)) - bisect_left(totals, value * (1 - tolerance))
        if (near, count, value) > (best, 0, modal):
            best, modal = near, value
    share = 100 * best / len(totals) if totals else 0
    holds = len(totals) >= 2 and share >= limits["inferred_plan.quantity_share"]
    quantity = int(modal) if modal == int(modal) else round(modal, 4)
    return _mark(docket, "fixed_quantity", "quantity_points", holds, shares=quantity, days=best, of=len(totals))


def _calendar(docket: Docket, ons: Sequence[date]) -> Mark:
    months = int(docket.thresholds["inferred_plan.calendar_months"])
    gaps = [(other - one).days for one, other in pairwise(ons)]
    usual = median(gaps) if gaps else None
    spread = median(abs(gap - usual) for gap in gaps) if usual is not None else None
    even = len(gaps) >= 2 and usual is not None and spread is not None and spread <= _ROLL and any(
        low <= usual <= high for low, high in _GAPS
    )  # fmt: skip
    day_of_month, in_months = _same_day_of_month(ons)
    weekday, in_weekday_months = _same_weekday(ons)
    holds = even or in_months >= months or in_weekday_months >= months
    facts: dict[str, Any] = {"median_gap_days": usual, "spread_days": spread, "even_gaps": even}
    if in_months >= months:
        facts |= {"day_of_month": day_of_month, "months": in_months}
    elif in_weekday_months >= months:
        facts |= {"weekday": weekday, "months": in_weekday_months}
    return _mark(docket, "calendar", "calendar_points", holds, **facts)


def _same_day_of_month(ons: Sequence[date]) -> tuple[int | None, int]:
    """The day of the month near which sales were made in most months, and in how many."""
    by_day: dict[int, set[int]] = {}
    for on in ons:
        by_day.setdefault(on.day, set()).add(month_of(on))
    best: tuple[int, int | None] = (0, None)
    for day in range(1, 32):
        months: set[int] = set()
        for near in range(day - _ROLL, day + _ROLL + 1):
            months |= by_day.get(near, set())
        if len(months) > best[0]:
            best = len(months), day
    return best[1], best[0]


def _same_weekday(ons: Sequence[date]) -> tuple[str | None, int]:
    """The n-th weekday of the month ("3rd Wednesday") on which sales were made in most months, and in how many."""
    months: dict[tuple[int, int], set[int]] = {}
    for on in ons:
        months.setdefault(((on.day - 1) // 7 + 1, on.weekday()), set()).add(month_of(on))
    if not months:
        return None, 0
    (nth, weekday), found = max(months.items(), key=lambda row: (len(row[1]), row[0]))
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return f"{('1st', '2nd', '3rd', '4th', '5th')[nth - 1]} {names[weekday]}", len(found)


def _blackout(docket: Docket, ons: Sequence[date]) -> Mark:
    """Days from two weeks before a fiscal quarter's end to 25 days after: when insiders without a plan rarely trade."""
    month = (docket.fiscal_year_end or (12, 31))[0]
    inside = 0
    for on in ons:
        here = month_of(on)
        ends = (last_of(one) for one in (here - 1, here, here + 1) if (one + 1 - month) % 3 == 0)
        inside += any(end - _QUARTER_BEFORE <= on <= end + _QUARTER_AFTER for end in ends)
    holds = inside >= docket.thresholds["inferred_plan.blackout_days"]
    assumed = docket.fiscal_year_end is None
    return _mark(docket, "blackout_trading", "blackout_points", holds, days=inside, calendar_year_assumed=assumed)


def _ladder(docket: Docket, days: Sequence[SaleDay]) -> Mark:
    """Days with many rows in bands of a dollar and unequal steps, or words about limit prices. Nothing by default."""
    rows = docket.thresholds["inferred_plan.ladder_rows"]
    found = 0
    for day in days:
        steps = {round(other - one, 2) for one, other in pairwise(day.prices)}
        banded = len(day.prices) >= rows and max(steps, default=_BAND) <= 2 * _BAND
        found += banded and (len(steps) > 1 or day.names_limit)
    holds = found >= docket.thresholds["inferred_plan.ladder_days"]
    mark = _mark(docket, "price_ladder", "ladder_points", holds, days=found)
    return Mark(mark.name, holds, min(10, mark.points), mark.facts)


def _company(docket: Docket, maker: str, ons: Sequence[date]) -> Mark:
    """Days on which colleagues vested or paid tax and sold too: the company sells for everybody's tax."""
    least = docket.thresholds["inferred_plan.company_insiders"]
    shared = sum(1 for on in ons if len(docket.tax_sellers.get(on, frozenset()) - {maker}) >= least)
    holds = bool(ons) and 2 * shared >= len(ons)
    points = -int(docket.thresholds["inferred_plan.company_points"]) if holds else 0
    return Mark("company_sells_for_tax", holds, points, {"days": shared, "of": len(ons)})
