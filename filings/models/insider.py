"""Insiders: the reporting owners, people and entities, by CIK, with their names over time."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from filings.models.fields import AccessionField, CikField


class Insider(models.Model):
    """One reporting owner. `name` is that of the latest filing, as EDGAR conforms it: usually LAST FIRST MIDDLE."""

    cik = CikField(primary_key=True)
    name = models.TextField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(cik__gte=1, cik__lte=9_999_999_999), name="insider_cik_ten_digits"),
        ]

    def __str__(self) -> str:
        return f"{self.name or 'Unnamed insider'} ({self.cik})"


class InsiderName(models.Model):
    """A name that an insider's filings gave, from the first to the last filing that gave it."""

    insider = models.ForeignKey(Insider, models.CASCADE, related_name="names")
    name = models.TextField(null=True)
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    last_accession = AccessionField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["insider", "name"], nulls_distinct=False, name="insidername_once"),
            models.CheckConstraint(condition=Q(first_on__lte=F("last_on")), name="insidername_first_before_last"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.first_on} to {self.last_on}"
