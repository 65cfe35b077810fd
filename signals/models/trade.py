"""Economic trades: the wide row that lists and screens read, and the words and evidence behind it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractQuarter, ExtractYear

from filings.models import Filing, Issuer
from filings.models.fields import CikField, NumericField
from signals.models.fields import SlugSetField
from signals.readings.vocabulary import KINDS, LATE, MARKET, PLAN_STATUSES, REASONS, SLUGS, TIMELINESS

ON_MARKET = Q(kind__in=MARKET, standing=True)
FILED_LATE = Q(timeliness__in=LATE)
LAST = (F("filing").desc(), F("number").desc())
NEWEST = (F("filed_on").desc(), *LAST)
# Quarters of years, counted through: of 2026 they are 8105 to 8108.
FILED_QUARTER = ExtractYear("filed_on") * 4 + ExtractQuarter("filed_on")


class Trade(models.Model):
    """One economic decision, keyed by its filing and its number there (from 1, in the order of the document).

    The meaning of the figures is that of `signals.readings.trade.Trade`. `decision_maker` is the lowest CIK of those
    who decide together. `counted` says whether the trade enters totals, `reasons` why not; `standing` whether the
    archive still holds it true (not superseded, withdrawn or told twice). `delay_days` runs from the trade to its
    filing, None without a date that can be. `first_purchase` marks the first counted purchase of its decision-maker at
    the issuer on record here. `score` is the conviction score, None where the trade has none. `sic` is the issuer's,
    as the newest filing says. The key `id` is of this database and changes when the filing is read anew.
    """

    # Keys and dates first, then flags, then what varies in length: in this order PostgreSQL pads a row least.
    filing = models.ForeignKey(Filing, models.CASCADE, related_name="trades", db_index=False)
    issuer = models.ForeignKey(Issuer, models.CASCADE, related_name="trades", db_index=False)
    decision_maker = CikField()
    known_at = models.DateTimeField()
    filed_on = models.DateField()
    traded_on = models.DateField(null=True)
    plan_adopted_on = models.DateField(null=True)
    plan_modified_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    delay_days = models.IntegerField(null=True)
    late_business_days = models.IntegerField(null=True)
    roles = SlugSetField(slugs=SLUGS)
    reasons = SlugSetField(slugs=REASONS)
    number = models.PositiveSmallIntegerField()
    unpriced_lines = models.PositiveSmallIntegerField(default=0)
    score = models.SmallIntegerField(null=True)
    sic = models.PositiveSmallIntegerField(null=True)
    counted = models.BooleanField()
    standing = models.BooleanField()
    first_purchase = models.BooleanField(default=False)
    plan_disagreement = models.BooleanField(default=False)
    form = models.CharField(max_length=3)
    table = models.CharField(max_length=2)
    code = models.TextField(null=True)
    kind = models.CharField(max_length=18)
    direction = models.CharField(max_length=8, null=True)
    ownership = models.TextField(null=True)
    plan_status = models.CharField(max_length=11)
    timeliness = models.CharField(max_length=18)
    security_class = models.TextField()
    family = models.TextField()
    nature = models.TextField(null=True)
    shares = NumericField(null=True)
    price = NumericField(null=True)
    price_min = NumericField(null=True)
    price_max = NumericField(null=True)
    value = NumericField(null=True)
    stake_before = NumericField(null=True)
    stake_after = NumericField(null=True)
    stake_change_pct = NumericField(null=True)
    owners = ArrayField(CikField())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["filing", "number"], name="trade_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="trade_numbers_count_from_one"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="trade_kind_known"),
            models.CheckConstraint(condition=Q(table__in=("I", "II")), name="trade_table_i_or_ii"),
            models.CheckConstraint(condition=Q(plan_status__in=PLAN_STATUSES), name="trade_plan_status_known"),
            models.CheckConstraint(condition=Q(timeliness__in=TIMELINESS), name="trade_timeliness_known"),
            models.CheckConstraint(
                condition=Q(direction__isnull=True) | Q(direction__in=("acquired", "disposed")),
                name="trade_direction_known",
            ),
            models.CheckConstraint(
                condition=Q(counted=True, reasons=0, standing=True) | (Q(counted=False) & ~Q(reasons=0)),
                name="trade_not_counted_says_why",
            ),
            models.CheckConstraint(
                condition=Q(counted=False) | Q(value__isnull=False, direction__isnull=False),
                name="trade_counted_has_value_and_direction",
            ),
        ]
        # Chosen by measurement (docs/decisions/0014-shape-of-trade.md), and as `signals.criteria` asks: a partial index
        # serves only what implies its condition. Every list ends in the same falling order, so that a page after a key
        # is one row comparison and one range of an index.
        indexes = [
            models.Index(*NEWEST, name="trade_latest"),
            models.Index("issuer", *NEWEST, name="trade_by_issuer"),
            GinIndex(fields=["owners"], name="trade_by_owner", fastupdate=False),
            models.Index("kind", *NEWEST, include=["id", "standing"], name="trade_of_kind"),  # what stands is counted
            models.Index("sic", *NEWEST, name="trade_sector"),
            models.Index(F("value").desc(), *LAST, condition=Q(standing=True, value__isnull=False), name="trade_worth"),
            models.Index(
                "direction",
                F("stake_change_pct").desc(),
                *LAST,
                condition=ON_MARKET,
                include=["id", "filed_on", "roles", "kind"],
                name="trade_market_stake",
            ),
            # Large trades of one side are few, so that what else is asked of them is looked up in the index alone.
            models.Index(
                "direction",
                F("value").desc(),
                *LAST,
                condition=ON_MARKET,
                include=["id", "filed_on", "roles", "kind", "ownership", "timeliness", "family"],
                name="trade_market_worth",
            ),
            # The largest of a period: by value alone, those of all years are passed by, and by day, all of the period.
            models.Index(
                "direction",
                FILED_QUARTER,
                F("value").desc(),
                *LAST,
                condition=ON_MARKET,
                include=["id", "filed_on", "roles", "kind", "ownership", "timeliness", "family"],
                name="trade_quarter_worth",
            ),
            models.Index(F("score").desc(), *LAST, condition=Q(score__isnull=False), name="trade_score"),
            models.Index(*NEWEST, condition=Q(first_purchase=True), name="trade_first"),
            models.Index(*NEWEST, condition=FILED_LATE, name="trade_late"),
            # A twelfth of the trades on the market: what is rare among them is looked for in a small index.
            models.Index(
                "direction",
                F("value").desc(),
                *LAST,
                condition=ON_MARKET & FILED_LATE,
                include=["id", "filed_on", "roles", "kind", "ownership", "family"],
                name="trade_late_worth",
            ),
            # With what screens filter by and groups add up: neither reads rows of the table that it does not show.
            models.Index(
                "direction",
                *NEWEST,
                condition=ON_MARKET,
                include=[
                    "id",
                    "issuer",
                    "decision_maker",
                    "traded_on",
                    "delay_days",
                    "roles",
                    "sic",
                    "score",
                    "counted",
                    "first_purchase",
                    "form",
                    "table",
                    "code",
                    "kind",
                    "ownership",
                    "plan_status",
                    "timeliness",
                    "family",
                    "value",
                    "stake_before",
                    "stake_after",
                    "stake_change_pct",
                ],
                name="trade_market",
            ),
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
