"""Routine, opportunistic or unclassified: Cohen, Malloy and Pomorski's rule, to the letter (domain facts 7.10).

Each 1 January, of one decision-maker at one issuer: who has an open-market trade (P or S) in each of the three years
before is classified; routine if some calendar month has a trade in all three, else opportunistic. All others are
unclassified, a bucket of their own. The class holds for every trade of the year. Planned and exercise-and-sell trades
count, as they did in the study.
Promises: `known_at` is 1 January, or the late filing that first made the class true.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from signals.detectors.docket import BUY, SELL, Deal, Docket, midnight_after

ROUTINE, OPPORTUNISTIC, UNCLASSIFIED = "routine", "opportunistic", "unclassified"


@dataclass(frozen=True, slots=True)
class Class:
    """`months` (1 to 12) are those with a trade in all the years; `deals` the trades of those years."""

    year: int
    status: str
    months: tuple[int, ...]
    known_at: datetime
    deals: tuple[Deal, ...]


def status_of(months: Collection[tuple[int, int]], years: range) -> tuple[str, tuple[int, ...]]:
    """What these years say of the one after them, and the calendar months common to all; `months` are (year, month)."""
    traded_in = {year for year, _ in months}
    if not all(year in traded_in for year in years):
        return UNCLASSIFIED, ()
    common = tuple(month for month in range(1, 13) if all((year, month) in months for year in years))
    return (ROUTINE if common else OPPORTUNISTIC), common


def new_year(year: int) -> datetime:
    return midnight_after(date(year, 1, 1) - timedelta(days=1))


def classes_of(docket: Docket, maker: str) -> Mapping[int, Class]:
    """The class of every year from the first trade's on that has begun by now."""
    known = docket.remembered.get(("classes", maker))
    if known is None:
        known = docket.remembered["classes", maker] = _classes(docket, maker)
    return known


def _classes(docket: Docket, maker: str) -> Mapping[int, Class]:
    first_told: dict[tuple[int, int], datetime] = {}
    by_year: dict[int, list[Deal]] = {}
    for side in (BUY, SELL):
        days = docket.all_market.get((maker, side))
        for deal in days.deals if days else ():
            if deal.on is None:
                continue
            by_year.setdefault(deal.on.year, []).append(deal)
            month = deal.on.year, deal.on.month
            first_told[month] = min(first_told.get(month, deal.known_at), deal.known_at)
    if not by_year:
        return {}
    span = int(docket.thresholds["routine_trader.years"])
    found = {}
    for year in range(min(by_year) + 1, max(by_year) + span + 1):
        if docket.now >= new_year(year):
            found[year] = _class(year, range(year - span, year), by_year, first_told)
    return found


def _class(
    year: int, years: range, by_year: Mapping[int, list[Deal]], first_told: Mapping[tuple[int, int], datetime]
) -> Class:
    deals = tuple(deal for one in years for deal in by_year.get(one, ()))
    status, common = status_of(first_told, years)
    if status == UNCLASSIFIED:
        return Class(year, UNCLASSIFIED, (), new_year(year), deals)
    if common:
        told = min(max(first_told[one, month] for one in years) for month in common)
        return Class(year, ROUTINE, common, max(new_year(year), told), deals)
    told = max(min(deal.known_at for deal in by_year[one]) for one in years)
    return Class(year, OPPORTUNISTIC, (), max(new_year(year), told), deals)
