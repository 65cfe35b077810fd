"""How well the inference of plans agrees with the 10b5-1 box, in the filings that are here."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class PlanCalibration(models.Model):
    """The last measurement, one row. The counts are those of `signals.detectors.calibration.Calibration`.

    `issuers` is how many were looked at: those with the newest filings.
    """

    only = models.BooleanField(primary_key=True, default=True)
    measured_at = models.DateTimeField()
    issuers = models.PositiveIntegerField()
    hits = models.PositiveIntegerField()
    false_alarms = models.PositiveIntegerField()
    misses = models.PositiveIntegerField()
    rest = models.PositiveIntegerField()
    short_ticked = models.PositiveIntegerField()
    short_unticked = models.PositiveIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(only=True), name="plancalibration_one_row")]

    def __str__(self) -> str:
        return f"plans inferred, measured at {self.measured_at}"
