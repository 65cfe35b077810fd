"""The numbered explanations under a filing."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models

from filings.models.filing import Filing


class Footnote(models.Model):
    """One footnote by its id in the XML ("F1"); the lines say which of their cells cite it."""

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="footnotes", db_index=False)
    position = models.PositiveIntegerField(help_text="from 0, in document order")
    ref = models.TextField()
    text = models.TextField()

    class Meta:
        ordering = ["filing", "position"]
        constraints = [
            models.UniqueConstraint(fields=["filing", "ref"], name="footnote_ref_once"),
            models.UniqueConstraint(fields=["filing", "position"], name="footnote_position_once"),
        ]
        indexes = [GinIndex(SearchVector("text", config="english"), name="footnote_words")]

    def __str__(self) -> str:
        return f"{self.ref}: {self.text[:60]}"
