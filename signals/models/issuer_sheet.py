"""What the page of an issuer shows along time, drawn when the issuer is read: drawing it takes longer than the rest."""

from __future__ import annotations

from django.db import models

from filings.models import Issuer


class IssuerSheet(models.Model):
    """Timeline, signals and insiders as markup, for the years, kinds and scale that a page shows unless asked.

    "" where it could not be drawn.
    `drawn_by` is the digest of the source that drew it (`form4site.kit.sources`): other source draws anew. `read_at` is
    that of the reading of which it tells (`IssuerState`): one that drew nothing, of a version without sheets, is told
    by that. Whether that reading is of all filings is said by `IssuerState.seated`.
    """

    issuer = models.OneToOneField(Issuer, models.CASCADE, primary_key=True)
    drawn = models.TextField()
    drawn_by = models.CharField(max_length=16)
    read_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.issuer_id} drawn by {self.drawn_by}"
