"""Economic trades: the wide row that lists and screens read, and the words and evidence behind it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from filings.models import Filing, Issuer
from filings.models.fields import CikField, NumericField
from signals.models.fields import SlugSetField
from signals.readings.plan import STATUSES
from signals.readings.roles import SLUGS
from signals.readings.timeliness import STATUSES as TIMELINESS
from signals.readings.trade import KINDS, REASONS


class Trade(models.Model):
    """One economic decision, keyed by its filing and its number there (from 1, in the order of the document).

    The meaning of the figures is that of `signals.readings.trade.Trade`. `decision_maker` is the lowest CIK of those
    who decide together. `counted` says whether the trade enters totals, `reasons` why not; `standing` whether the
    archive still holds it true (not superseded, withdrawn or told twice). `delay_days` runs from the trade to its
    filing, None without a date that can be. `first_purchase` marks the first counted purchase of its decision-maker at
    the issuer on record here. `score` is the conviction score, None where the trade has none. `sic` is the issuer's,
    as the newest filing says. The key `id` is of this database and changes when the filing is read anew.
    """

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="trades", db_index=False)
    number = models.PositiveSmallIntegerField()
    issuer = models.ForeignKey(Issuer, models.CASCADE, related_name="trades", db_index=False)
    form = models.CharField(max_length=3)
    filed_on = models.DateField()
    known_at = models.DateTimeField()
    traded_on = models.DateField(null=True)
    kind = models.CharField(max_length=18)
    code = models.TextField(null=True)
    direction = models.CharField(max_length=8, null=True)
    table = models.CharField(max_length=2)
    security_class = models.TextField()
    family = models.TextField()
    owners = ArrayField(CikField())
    decision_maker = CikField()
    roles = SlugSetField(slugs=SLUGS)
    ownership = models.TextField(null=True)
    nature = models.TextField(null=True)
    shares = NumericField(null=True)
    price = NumericField(null=True)
    price_min = NumericField(null=True)
    price_max = NumericField(null=True)
    value = NumericField(null=True)
    unpriced_lines = models.PositiveSmallIntegerField(default=0)
    stake_before = NumericField(null=True)
    stake_after = NumericField(null=True)
    stake_change_pct = NumericField(null=True)
    plan_status = models.CharField(max_length=11)
    plan_adopted_on = models.DateField(null=True)
    plan_modified_on = models.DateField(null=True)
    plan_disagreement = models.BooleanField(default=False)
    timeliness = models.CharField(max_length=18)
    due_on = models.DateField(null=True)
    late_business_days = models.IntegerField(null=True)
    delay_days = models.IntegerField(null=True)
    counted = models.BooleanField()
    standing = models.BooleanField()
    reasons = SlugSetField(slugs=REASONS)
    first_purchase = models.BooleanField(default=False)
    score = models.SmallIntegerField(null=True)
    sic = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["filing", "number"], name="trade_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="trade_numbers_count_from_one"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="trade_kind_known"),
            models.CheckConstraint(condition=Q(table__in=("I", "II")), name="trade_table_i_or_ii"),
            models.CheckConstraint(condition=Q(plan_status__in=STATUSES), name="trade_plan_status_known"),
            models.CheckConstraint(condition=Q(timeliness__in=TIMELINESS), name="trade_timeliness_known"),
            models.CheckConstraint(
                condition=Q(direction__isnull=True) | Q(direction__in=("acquired", "disposed")),
                name="trade_direction_known",
            ),
            models.CheckConstraint(
                condition=Q(counted=True, reasons=0, standing=True) | (Q(counted=False) & ~Q(reasons=0)),
                name="trade_not_counted_says_why",
            ),
        ]
        indexes = [
            models.Index(F("filed_on").desc(), F("filing").desc(), "number", name="trade_latest"),
            models.Index("issuer", F("filed_on").desc(), F("filing").desc(), "number", name="trade_by_issuer"),
            GinIndex(fields=["owners"], name="trade_by_owner", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"{self.filing_id} trade {self.number}: {self.kind}"


class TradeDetail(models.Model):
    """What a trade's page and JSON show beyond the row that screens read.

    `lines` are its transaction rows as [table, row]. `plan`, `timeliness`, `exclusions` and `score` are as in the JSON
    of a reading (docs/json.md).
    """

    trade = models.OneToOneField(Trade, models.CASCADE, primary_key=True, related_name="detail")
    sentence = models.TextField()
    lines = models.JSONField()
    plan = models.JSONField(null=True)
    timeliness = models.JSONField()
    exclusions = models.JSONField()
    score = models.JSONField(null=True)

    def __str__(self) -> str:
        return self.sentence
