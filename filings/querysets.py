"""Small filters over filings, to be combined by selectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F

if TYPE_CHECKING:
    from filings.models import Filing  # noqa: F401


class FilingQuerySet(models.QuerySet["Filing"]):
    def latest_first(self) -> Self:
        """Newest filing date first; those without one last; ties by accession, so the order is total."""
        return self.order_by(F("listed_on").desc(nulls_last=True), "-accession")
