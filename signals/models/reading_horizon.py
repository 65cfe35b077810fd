"""From which publication on filings have to be looked at for readings that are owed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class ReadingHorizon(models.Model):
    """What was published before `published_before` has its reading, by the reader of `reader_version`, or its issuer is
    put off with a reason: of what a look takes in at most. One row; both are None before the first look that found
    nothing.

    It saves looking at them again and again, and is safe where a cursor is not: it never passes a moment of which a
    transaction that was open then may still publish. `asked_at` is the moment that is asked about, and `asked_in` the
    number of a transaction that began after it: once none with a lower number is open, the moment may be passed.
    """

    only = models.BooleanField(primary_key=True, default=True)
    published_before = models.DateTimeField(null=True)
    reader_version = models.PositiveSmallIntegerField(null=True)
    asked_at = models.DateTimeField()
    asked_in = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(only=True), name="readinghorizon_one_row"),
            models.CheckConstraint(
                condition=Q(published_before=None, reader_version=None)
                | Q(published_before__isnull=False, reader_version__isnull=False),
                name="readinghorizon_is_of_a_reader",
            ),
        ]

    def __str__(self) -> str:
        return f"read what was published before {self.published_before}"
