"""What the page of an issuer shows along time, drawn when the issuer is read: drawing it takes longer than the rest."""

from __future__ import annotations

from django.db import models

from filings.models import Issuer


class IssuerSheet(models.Model):
    """Timeline, signals and insiders as markup, for the years, kinds and scale that a page shows unless asked.

    "" where it could not be drawn.
    `drawn_by` is the digest of the source that drew it (`form4site.kit.sources`): other source draws anew. It tells of
    the readings and signals of the last reading; whether those are of all filings is said by `IssuerState.seated`.
    """

    issuer = models.OneToOneField(Issuer, models.CASCADE, primary_key=True)
    drawn = models.TextField()
    drawn_by = models.CharField(max_length=16)

    def __str__(self) -> str:
        return f"{self.issuer_id} drawn by {self.drawn_by}"
