"""Who sits at an issuer: kept with its readings, as counting it anew takes a look at each of its filings."""

from __future__ import annotations

from django.db import models

from filings.models import Insider, Issuer
from filings.models.fields import AccessionField


class IssuerSeat(models.Model):
    """An insider at an issuer, as of its last reading.

    `filings` of the issuer name them, from `first_on` to `last_on`; what the `position`-th owner of `latest` says of
    itself is their role today. `last_trade` is the key of their latest standing trade, None without one. Whether all
    this still holds is said by `IssuerState.seated`. The keys hold nobody up: an owner is written anew with its filing,
    and a trade with its reading.
    """

    issuer = models.ForeignKey(Issuer, models.CASCADE, db_index=False)
    insider = models.ForeignKey(Insider, models.CASCADE, db_index=False)
    filings = models.PositiveIntegerField()
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    latest = AccessionField()
    position = models.PositiveSmallIntegerField()
    last_trade = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "insider"], name="issuerseat_once")]

    def __str__(self) -> str:
        return f"{self.insider_id} at {self.issuer_id}"
