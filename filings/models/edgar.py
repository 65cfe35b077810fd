"""What all processes on all machines share about talking to the SEC: when the next request may start, and refusals."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class EdgarBudget(models.Model):
    """The one row that every request to the SEC passes. Written by `filings.edgar.budget` alone, by PostgreSQL's clock.

    `refused_until` is the end of a penalty; None while nothing is refused. After it one request, the probe, goes alone
    until `probe_until`. `paused_until` is a wait that the SEC asked for (Retry-After), or that `failures` unusable
    answers in a row led to. The counters only grow, and count requests that were let through.
    """

    only = models.BooleanField(primary_key=True, default=True)
    next_slot_at = models.DateTimeField()
    refused_until = models.DateTimeField(null=True)
    probe_until = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    live_requests = models.PositiveBigIntegerField(default=0)
    historic_requests = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(only=True), name="edgarbudget_one_row")]

    def __str__(self) -> str:
        return f"next request at {self.next_slot_at}"

    @property
    def is_refused(self) -> bool:
        """Whether a penalty runs, or has run out and no probe has come back yet."""
        return self.refused_until is not None


class EdgarRefusal(models.Model):
    """A page by which the SEC refused this site, kept for the people who run it."""

    refused_at = models.DateTimeField(db_index=True)
    until = models.DateTimeField()
    reason = models.TextField()
    address = models.TextField()

    def __str__(self) -> str:
        return f"{self.refused_at}: {self.reason}"
