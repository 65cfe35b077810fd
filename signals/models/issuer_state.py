"""How far the readings of each issuer have come, and what stops one that cannot be read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from filings.models import Issuer


class IssuerState(models.Model):
    """One issuer's standing. `settles_at` is when the clock alone next changes one of its signals; None if it does not.

    `attempts` counts readings begun since the last success, `reason` says what the last failure was and `due_at` when
    the next attempt may begin. An issuer that cannot be read delays nobody else.
    """

    issuer = models.OneToOneField(Issuer, models.CASCADE, primary_key=True, related_name="state")
    read_at = models.DateTimeField(null=True)
    settles_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.TextField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__isnull=True, due_at__isnull=True) | Q(reason__isnull=False, due_at__isnull=False),
                name="issuerstate_put_off_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["settles_at"], name="issuerstate_settles", condition=Q(settles_at__isnull=False)),
            models.Index(fields=["due_at"], name="issuerstate_put_off", condition=Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.issuer_id} read at {self.read_at}"
