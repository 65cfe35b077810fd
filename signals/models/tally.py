"""What occurs how often, counted once a day where the archive is too large to count it for a page."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Tally(models.Model):
    """The last count, one row; none in an archive that is small enough to be counted each time.

    `lines` has the number of transactions by the letter of their code, `total` that of all; `plans` is what
    `signals.selectors.plans.counted` gives, and `kinds` what `signals.selectors.kinds.counted` does.
    """

    only = models.BooleanField(primary_key=True, default=True)
    counted_at = models.DateTimeField()
    total = models.PositiveBigIntegerField()
    lines = models.JSONField()
    plans = models.JSONField(null=True)
    kinds = models.JSONField(null=True)

    class Meta:
        # As it was called when it counted codes alone: web processes of that version still ask for it.
        db_table = "signals_codetally"
        constraints = [models.CheckConstraint(condition=Q(only=True), name="tally_one_row")]

    def __str__(self) -> str:
        return f"counted at {self.counted_at}"
