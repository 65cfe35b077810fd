"""Which trades signals cite, by the kind of the signal: what screens ask, in the order of their lists."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from filings.models import Filing
from filings.models.fields import NumericField
from signals.models.fields import SlugSetField
from signals.models.trade import Trade
from signals.readings.vocabulary import SLUGS

_LAST = (F("filing").desc(), F("number").desc())


class Citation(models.Model):
    """A trade that is part of a signal of this kind, or of several: a signal cites its first row.

    Made of the stored signals and trades of an issuer in each transaction that changes any of them
    (`signals.services.citations`). The columns after `kind` repeat those of the trade, under their names.
    """

    pk = models.CompositePrimaryKey("trade_id", "kind")
    trade = models.ForeignKey(Trade, models.CASCADE, related_name="citations", db_index=False)
    # It goes with its trade, which goes with its filing.
    filing = models.ForeignKey(Filing, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)
    filed_on = models.DateField()
    roles = SlugSetField(slugs=SLUGS)
    number = models.PositiveSmallIntegerField()
    standing = models.BooleanField()
    kind = models.CharField(max_length=24)
    value = NumericField(null=True)

    class Meta:
        # Rare among the trades of a kind is what its index is read through for, without the trades.
        indexes = [
            models.Index(
                "kind",
                F("filed_on").desc(),
                *_LAST,
                include=["trade", "roles", "standing", "value"],
                name="citation_latest",
            ),
            models.Index(
                "kind",
                F("value").desc(),
                *_LAST,
                condition=Q(standing=True, value__isnull=False),
                include=["trade", "filed_on", "roles"],
                name="citation_worth",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filing_id} trade {self.number}: {self.kind}"


# What screens ask of citations where they ask it of trades.
REPEATED = frozenset({"filed_on", "roles", "standing", "value"})
