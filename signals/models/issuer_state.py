"""How far the readings of each issuer have come, and what stops one that cannot be read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from filings.models import Issuer


class IssuerState(models.Model):
    """One issuer's standing.

    `read_on` is the day, in Eastern time, as of which its signals stand, by detectors of `detector_version`. On each
    day until `clock_until` the clock alone may raise, settle or undo one of them; later only a new filing can.

    `inferred_splits` are those that its filings show, where none was imported: each {on, ratio, known_at}; until
    `splits_open_until` filings and trades may still show another. `read_as` is what was said of the issuer itself when
    it was read whole (`signals.selectors.outlines.read_as`). Both are asked before a new filing is read by itself.

    `seated` is of how many filings `IssuerSeat` tells who sits there; where the issuer has another number, or it is
    None, that has to be asked of the filings.

    `attempts` counts readings begun since the last success, `reason` says what the last failure was and `due_at` when
    the next attempt may begin. An issuer that cannot be read delays nobody else.
    """

    issuer = models.OneToOneField(Issuer, models.CASCADE, primary_key=True, related_name="state")
    read_at = models.DateTimeField(null=True)
    read_on = models.DateField(null=True)
    clock_until = models.DateField(null=True)
    detector_version = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.TextField(null=True)
    due_at = models.DateTimeField(null=True)
    inferred_splits = models.JSONField(default=list)
    splits_open_until = models.DateField(null=True)
    read_as = models.JSONField(default=list)
    seated = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__isnull=True, due_at__isnull=True) | Q(reason__isnull=False, due_at__isnull=False),
                name="issuerstate_put_off_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["read_on", "clock_until"], name="issuerstate_by_day"),
            models.Index(fields=["due_at"], name="issuerstate_put_off", condition=Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.issuer_id} read at {self.read_at}"
