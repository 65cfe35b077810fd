"""Closes and splits that somebody imported. The site needs neither: without them there are the prices that were filed.

They are no readings: a rebuild keeps them, and whoever imported them may import them again.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from filings.models import Issuer
from filings.models.fields import NumericField


class DailyClose(models.Model):
    """What one share cost at the end of a trading day.

    `security_class` is as trades name it, "" for the class that insiders of the issuer trade most. `price` is as the
    file gave it: as traded on the day where `scaled_to` is None, else with the splits up to that day taken out, as
    vendors' histories are. Which it is decides what an adjusted figure is, so it is kept and not computed away.
    """

    issuer = models.ForeignKey(Issuer, models.CASCADE, related_name="closes", db_index=False)
    security_class = models.TextField(default="", blank=True)
    on = models.DateField()
    price = NumericField()
    scaled_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "security_class", "on"], name="dailyclose_once_a_day"),
            models.CheckConstraint(condition=Q(price__gt=0), name="dailyclose_price_more_than_nothing"),
            models.CheckConstraint(
                condition=Q(scaled_to__isnull=True) | Q(scaled_to__gte=F("on")), name="dailyclose_scaled_to_a_later_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issuer_id} {self.security_class or 'main class'} {self.on}: {self.price}"


class StockSplit(models.Model):
    """`ratio` is new shares for one old: 4 for a 4-for-1. `on` is the first day at the new scale."""

    issuer = models.ForeignKey(Issuer, models.CASCADE, related_name="splits", db_index=False)
    on = models.DateField()
    ratio = NumericField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "on"], name="stocksplit_once_a_day"),
            models.CheckConstraint(condition=Q(ratio__gt=0) & ~Q(ratio=1), name="stocksplit_ratio_changes_something"),
        ]

    def __str__(self) -> str:
        return f"{self.issuer_id} {self.on}: {self.ratio} for 1"
