"""How well the inference of plans agrees with the 10b5-1 box, where filings have one: precision, recall, intervals.

The unit is a filing with the box and a sale of shares in Table I that is not for tax. Truth is the box; the inference
is that of the sale day, from the maker's sale days of the year up to it: no filing of a later day is looked at.
Promises: no figure without its number of filings and a 95% interval (Wilson's). Refuses: to count a box that words of
the same form contradict, or a filing that another owns or takes back.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from signals.detectors.cadence import PLAN_LIKE, TOO_SHORT, cadence, sale_days
from signals.detectors.docket import Deal, Docket
from signals.detectors.thresholds import DEFAULTS, Thresholds
from signals.readings.prices import Prices
from signals.readings.trades import IssuerReading

# From so many filings on a page may show a figure.
ENOUGH = 30
_YEAR = timedelta(days=365)
_Z = 1.959964  # of a 95% interval


class Share(NamedTuple):
    """`part` and its interval are None where there is nothing to divide by."""

    part: float | None
    low: float | None
    high: float | None
    n: int

    def words(self) -> str:
        if self.part is None or self.low is None or self.high is None:
            return "none (n = 0)"
        return f"{self.part:.0%} (n = {self.n}, {self.low:.0%} to {self.high:.0%})"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Filings by what the box says and what is inferred. `short` are those with too few sale days to infer anything."""

    hits: int = 0  # plan-like, and the box is ticked
    false_alarms: int = 0  # plan-like, and it is not
    misses: int = 0  # not plan-like, and it is ticked
    rest: int = 0
    short_ticked: int = 0
    short_unticked: int = 0

    @property
    def filings(self) -> int:
        return self.hits + self.false_alarms + self.misses + self.rest + self.short_ticked + self.short_unticked

    @property
    def precision(self) -> Share:
        """Of the filings that are plan-like, how many have the box ticked."""
        return wilson(self.hits, self.hits + self.false_alarms)

    @property
    def recall(self) -> Share:
        """Of the filings with a ticked box and enough sale days, how many are plan-like."""
        return wilson(self.hits, self.hits + self.misses)

    @property
    def recall_of_all(self) -> Share:
        """The same of all filings with a ticked box, those with too few days too."""
        return wilson(self.hits, self.hits + self.misses + self.short_ticked)

    def __add__(self, other: Calibration) -> Calibration:
        return Calibration(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


def wilson(hits: int, n: int) -> Share:
    """The share of hits with Wilson's 95% interval."""
    if n == 0:
        return Share(None, None, None, 0)
    part = hits / n
    spread = _Z * math.sqrt(part * (1 - part) / n + _Z * _Z / (4 * n * n))
    middle, scale = part + _Z * _Z / (2 * n), 1 + _Z * _Z / n
    return Share(part, max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale), n)


def calibrate(readings: Iterable[IssuerReading], thresholds: Thresholds = DEFAULTS) -> Calibration:
    """Over all issuers' filings."""
    total = Calibration()
    for reading in readings:
        total += _of_issuer(reading, thresholds)
    return total


def _of_issuer(reading: IssuerReading, thresholds: Thresholds) -> Calibration:
    if not any(form.aff10b5_one is not None for form in reading.history):
        return Calibration()
    now = reading.history.forms[-1].known_at
    docket = Docket(reading, now=now, thresholds=thresholds, prices=Prices.of(reading))
    total = Calibration()
    for maker in docket.makers:
        days = sale_days(docket, maker)
        ons = [day.on for day in days]
        told: set[str] = set()
        for index, day in enumerate(days):
            for deal in day.deals:
                accession = deal.trade.accession
                if accession in told or deal.form.aff10b5_one is None or _contradicted(deal):
                    continue
                told.add(accession)
                start = bisect_right(ons, day.on - _YEAR)
                total += _one(cadence(docket, days[start : index + 1]).status, deal.form.aff10b5_one)
    return total


def _contradicted(deal: Deal) -> bool:
    """The words of the form say another thing than its box."""
    plan = deal.trade.plan
    return plan is not None and (plan.disagreement or (plan.planned != bool(deal.form.aff10b5_one)))


def _one(status: str, ticked: bool) -> Calibration:
    if status == TOO_SHORT:
        return Calibration(short_ticked=1) if ticked else Calibration(short_unticked=1)
    if status == PLAN_LIKE:
        return Calibration(hits=1) if ticked else Calibration(false_alarms=1)
    return Calibration(misses=1) if ticked else Calibration(rest=1)
