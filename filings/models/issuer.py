"""Issuers: the companies whose securities are reported, by CIK, with their names and tickers over time."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from filings.models.fields import AccessionField, CikField


class Issuer(models.Model):
    """One issuer. `name` and `ticker` are those of its latest filing; `IssuerName` has every one, dated.

    `ticker` is a tradable symbol or None: "NONE" and "N/A" in a filing are statements, not symbols.
    """

    cik = CikField(primary_key=True)
    name = models.TextField(null=True)
    ticker = models.TextField(null=True)
    sic = models.TextField(null=True)
    state_of_incorporation = models.TextField(null=True)
    fiscal_year_end = models.TextField(null=True, help_text="MMDD")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(cik__gte=1, cik__lte=9_999_999_999), name="issuer_cik_ten_digits"),
        ]
        indexes = [models.Index(fields=["ticker"], name="issuer_ticker")]

    def __str__(self) -> str:
        return f"{self.name or 'Unnamed issuer'} ({self.cik})"


class IssuerName(models.Model):
    """A name and symbol that an issuer's filings gave, from the first to the last filing that gave them."""

    issuer = models.ForeignKey(Issuer, models.CASCADE, related_name="names")
    name = models.TextField(null=True)
    ticker = models.TextField(null=True, help_text="as filed")
    foreign_ticker = models.TextField(null=True, help_text="as filed")
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    last_accession = AccessionField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "name", "ticker", "foreign_ticker"],
                nulls_distinct=False,
                name="issuername_once",
            ),
            models.CheckConstraint(condition=Q(first_on__lte=F("last_on")), name="issuername_first_before_last"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.ticker}) {self.first_on} to {self.last_on}"
