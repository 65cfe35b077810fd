"""The measurement of inferred plans as the page shows it: nothing from fewer than thirty filings."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from signals.detectors.calibration import ENOUGH, Calibration, Share
from signals.models import PlanCalibration


@dataclass(frozen=True, slots=True)
class Measured:
    """`precision` and `recall` in words with n and interval, None where n is below `ENOUGH`."""

    at: datetime
    issuers: int
    filings: int
    inferred: int
    precision: str | None
    recall: str | None


def plan_calibration() -> Measured | None:
    """None where nothing was measured, or neither figure rests on enough filings."""
    row = PlanCalibration.objects.first()
    if row is None:
        return None
    found = Calibration(**{part.name: getattr(row, part.name) for part in fields(Calibration)})
    precision, recall = _words(found.precision), _words(found.recall)
    if precision is None and recall is None:
        return None
    return Measured(row.measured_at, row.issuers, found.filings, found.hits + found.false_alarms, precision, recall)


def _words(share: Share) -> str | None:
    return share.words() if share.n >= ENOUGH else None
