"""Measures the inference of plans against the 10b5-1 box, so that its page shows how good it is, and with what n.

Promises: bounded in time and memory, whatever the size of the archive: the issuers with the newest filings are looked
at, a few at a time, and `issuers` says how many those were. Measured again after a day at the earliest.
"""

from __future__ import annotations

import time
from dataclasses import asdict, replace
from datetime import timedelta

from django.db.models import Max
from django.utils import timezone

from filings.models import Filing
from signals.detectors.calibration import Calibration, calibrate
from signals.models import PlanCalibration
from signals.readings.trades import issuer_reading
from signals.selectors.histories import facts_of

MOST_ISSUERS = 600
BATCH = 10
SECONDS = 40.0
EVERY = timedelta(days=1)


def calibrate_plans(*, seconds: float = SECONDS) -> PlanCalibration | None:
    """The new measurement; None where the last one is fresh."""
    now = timezone.now()
    if PlanCalibration.objects.filter(measured_at__gt=now - EVERY).exists():
        return None
    newest = (
        Filing.objects.filter(aff10b5_one__isnull=False, form__in=("4", "4/A"))
        .order_by()
        .values_list("issuer_id")
        .annotate(last=Max("listed_on"))
        .order_by("-last", "issuer_id")[:MOST_ISSUERS]
    )
    issuers = [cik for cik, _ in newest]
    ends_at = time.monotonic() + seconds
    total, looked_at = Calibration(), 0
    for start in range(0, len(issuers), BATCH):
        if time.monotonic() > ends_at:
            break
        batch = issuers[start : start + BATCH]
        total = _sum(total, calibrate(issuer_reading(one) for one in facts_of(batch).histories.values()))
        looked_at += len(batch)
    row, _ = PlanCalibration.objects.update_or_create(
        only=True, defaults={"measured_at": now, "issuers": looked_at, **asdict(total)}
    )
    return row


def _sum(one: Calibration, other: Calibration) -> Calibration:
    return replace(one, **{name: value + getattr(other, name) for name, value in asdict(one).items()})
