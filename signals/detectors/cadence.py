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
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property, reduce
from itertools import pairwise
from operator import or_
from statistics import median
from typing import Any

from signals.detectors.docket import Deal, Docket
from signals.detectors.months import last_of, month_of

PLAN_LIKE, REGULAR, IRREGULAR, TOO_SHORT = "plan_like", "some_regularity", "irregular", "too_short"
_GAPS = ((7, 7), (14, 14), (28, 31), (60, 62), (89, 92))
_ROLL = 2  # days that a weekend or holiday may move a date
_QUARTER_BEFORE, _QUARTER_AFTER = timedelta(days=14), timedelta(days=25)
_BAND, _CENT = Decimal(1), Decimal("0.01")


@dataclass
class SaleDay:
    """One day of sales of one maker; `strikes` are (strike, expiry) of options exercised that day.

    `near_quarter_end` and `tax_day` (many colleagues vested and sold too) are marks of the day by itself.
    """

    on: date
    shares: Decimal
    deals: list[Deal]
    strikes: set[tuple[Decimal, date]] = field(default_factory=set)
    near_quarter_end: bool = False
    tax_day: bool = False

    @cached_property
    def rungs(self) -> int:
        """How many prices its rows have, where those are bands of about a dollar in unequal steps or notes speak of
        limit prices; 0 elsewhere."""
        prices = sorted({line.price for deal in self.deals for line in deal.lines if line.price is not None})
        steps = {round(other - one, 2) for one, other in pairwise(prices)}
        if max(steps, default=_BAND) > 2 * _BAND or (len(steps) == 1 and not self._names_limit()):
            return 0
        return len(prices)

    def _names_limit(self) -> bool:
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
    """The maker's days with sales, in order: planned ones and exercise-and-sell too, those to cover tax not."""
    market = docket.all_market.get((maker, "sell"))
    found: dict[date, SaleDay] = {}
    for deal in market.deals if market else ():
        if deal.on is None or deal.trade.shares is None or deal.trade.table != "I" or deal.trade.sold_to_cover:
            continue
        day = found.setdefault(deal.on, SaleDay(deal.on, Decimal(0), []))
        day.shares += deal.trade.shares
        day.deals.append(deal)
    strikes, least = docket.strikes.get(maker, {}), docket.thresholds["inferred_plan.company_insiders"]
    for on, day in found.items():
        day.strikes = strikes.get(on, set())
        day.near_quarter_end = _near_quarter_end(docket, on)
        own = {docket.decider(deal.trade) for deal in day.deals}
        day.tax_day = len(docket.tax_sellers.get(on, frozenset()) - own) >= least
    return [found[on] for on in sorted(found)]


def cadence(docket: Docket, days: Sequence[SaleDay]) -> Cadence:
    """The marks over these days of sales of one maker, in order."""
    limits = docket.thresholds
    ons = [day.on for day in days]
    span = (ons[-1] - ons[0]).days if ons else 0
    marks = (
        _strike(docket, days),
        _quantity(docket, days),
        _calendar(docket, ons),
        _blackout(docket, days),
        _ladder(docket, days),
        _company(docket, days),
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
    split = bool(docket.splits)
    last, known_at = _last(days) if split else (date.max, None)
    counts = Counter(
        (docket.splits.price(strike, day.on, last, known_at).quantize(_CENT) if split else strike, expiry)
        for day in days
        for strike, expiry in day.strikes
    )
    (strike, expiry), count = max(counts.items(), key=lambda row: (row[1], row[0]), default=((None, None), 0))
    holds = count >= docket.thresholds["inferred_plan.strike_days"]
    return _mark(docket, "constant_strike", "strike_points", holds, strike=strike, expires_on=expiry, days=count)


def _last(days: Sequence[SaleDay]) -> tuple[date, datetime | None]:
    """The last day, and when all of the days were known: splits that were inferred later do not count."""
    if not days:
        return date.max, None
    return days[-1].on, max(deal.known_at for day in days for deal in day.deals)


def _quantity(docket: Docket, days: Sequence[SaleDay]) -> Mark:
    limits = docket.thresholds
    split = bool(docket.splits)
    last, known_at = _last(days) if split else (date.max, None)
    totals = sorted(
        float(docket.splits.shares(day.shares, day.on, last, known_at) if split else day.shares) for day in days
    )
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
    share = float(docket.thresholds["inferred_plan.calendar_share"]) / 100
    day_of_month, in_months = _same_day_of_month(ons, share)
    weekday, in_weekday_months = _same_weekday(ons, share)
    holds = even or in_months >= months or in_weekday_months >= months
    facts: dict[str, Any] = {"median_gap_days": usual, "spread_days": spread, "even_gaps": even}
    if in_months >= months:
        facts |= {"day_of_month": day_of_month, "months": in_months}
    elif in_weekday_months >= months:
        facts |= {"weekday": weekday, "months": in_weekday_months}
    return _mark(docket, "calendar", "calendar_points", holds, **facts)


def _same_day_of_month(ons: Sequence[date], share: float) -> tuple[int | None, int]:
    """The day of the month near which most sales were made, in how many months; it must hold that share of them."""
    first = month_of(ons[0]) if ons else 0
    sales, months = [0] * (32 + 2 * _ROLL), [0] * (32 + 2 * _ROLL)  # by day; months as bits
    for on in ons:
        sales[on.day + _ROLL] += 1
        months[on.day + _ROLL] |= 1 << (month_of(on) - first)
    best: tuple[int, int | None] = (0, None)
    for day in range(1, 32):
        near = slice(day, day + 2 * _ROLL + 1)
        if sum(sales[near]) >= share * len(ons):
            found = reduce(or_, months[near]).bit_count()
            if found > best[0]:
                best = found, day
    return best[1], best[0]


def _same_weekday(ons: Sequence[date], share: float) -> tuple[str | None, int]:
    """The n-th weekday of the month ("3rd Wednesday") of most sales, in how many months; with that share of them."""
    months: dict[tuple[int, int], list[int]] = {}
    for on in ons:
        months.setdefault(((on.day - 1) // 7 + 1, on.weekday()), []).append(month_of(on))
    fitting = {key: len(set(found)) for key, found in months.items() if len(found) >= share * len(ons)}
    if not fitting:
        return None, 0
    (nth, weekday), count = max(fitting.items(), key=lambda row: (row[1], row[0]))
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return f"{('1st', '2nd', '3rd', '4th', '5th')[nth - 1]} {names[weekday]}", count


def _near_quarter_end(docket: Docket, on: date) -> bool:
    """From two weeks before a fiscal quarter's end to 25 days after: when insiders without a plan rarely trade."""
    month, here = (docket.fiscal_year_end or (12, 31))[0], month_of(on)
    ends = (last_of(one) for one in (here - 1, here, here + 1) if (one + 1 - month) % 3 == 0)
    return any(end - _QUARTER_BEFORE <= on <= end + _QUARTER_AFTER for end in ends)


def _blackout(docket: Docket, days: Sequence[SaleDay]) -> Mark:
    inside = sum(day.near_quarter_end for day in days)
    holds = inside >= docket.thresholds["inferred_plan.blackout_days"]
    assumed = docket.fiscal_year_end is None
    return _mark(docket, "blackout_trading", "blackout_points", holds, days=inside, calendar_year_assumed=assumed)


def _ladder(docket: Docket, days: Sequence[SaleDay]) -> Mark:
    """Days with many rows in bands of a dollar and unequal steps, or words about limit prices. Nothing by default."""
    rows = docket.thresholds["inferred_plan.ladder_rows"]
    found = sum(day.rungs >= rows for day in days)
    holds = found >= docket.thresholds["inferred_plan.ladder_days"]
    mark = _mark(docket, "price_ladder", "ladder_points", holds, days=found)
    return Mark(mark.name, holds, min(10, mark.points), mark.facts)


def _company(docket: Docket, days: Sequence[SaleDay]) -> Mark:
    """Days on which colleagues vested or paid tax and sold too: the company sells for everybody's tax."""
    shared = sum(day.tax_day for day in days)
    holds = bool(days) and 2 * shared >= len(days)
    points = -int(docket.thresholds["inferred_plan.company_points"]) if holds else 0
    return Mark("company_sells_for_tax", holds, points, {"days": shared, "of": len(days)})
