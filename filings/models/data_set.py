"""How far the load of each quarterly data set has come, so that one that was cut short goes on where it stopped."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class DataSetLoad(models.Model):
    """One data set, known by the sizes and checksums of its tables, from the beginning of its load.

    `finished_at` is None while it is loaded, after it was cut short, and while some of its filings cannot be read.
    """

    fingerprint = models.TextField(unique=True)
    source = models.TextField()
    filings = models.PositiveIntegerField()
    parts = models.PositiveIntegerField()
    began_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(parts__gte=1), name="datasetload_has_parts"),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(finished_at__gte=F("began_at")),
                name="datasetload_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return self.source


class DataSetPart(models.Model):
    """A part whose filings are all published: written in the transaction that publishes them."""

    load = models.ForeignKey(DataSetLoad, models.CASCADE, related_name="loaded", db_index=False)
    part = models.PositiveIntegerField()
    filings = models.PositiveIntegerField()
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["load", "part"], name="datasetpart_once")]

    def __str__(self) -> str:
        return f"part {self.part} of {self.load_id}"
