"""How often each transaction code occurs, counted once a day where the archive is too large to count it for a page."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class CodeTally(models.Model):
    """The last count, one row; none in an archive that is small enough to be counted each time.

    `lines` has the number of transactions by the letter of their code, `total` that of all.
    """

    only = models.BooleanField(primary_key=True, default=True)
    counted_at = models.DateTimeField()
    total = models.PositiveBigIntegerField()
    lines = models.JSONField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(only=True), name="codetally_one_row")]

    def __str__(self) -> str:
        return f"codes counted at {self.counted_at}"
