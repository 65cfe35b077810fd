"""The present reading of a filing and of each of its transaction lines. All of it can be dropped and made anew."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from filings.models import Filing, Issuer
from filings.models.fields import AccessionField, CikField, NumericField
from signals.models.fields import SlugSetField
from signals.models.trade import Trade
from signals.readings.vocabulary import PLAN_STATUSES, SLUGS


class Reading(models.Model):
    """What one filing means today.

    `facts_at` is the publication that was read and `reader_version` the reader: where either differs from the present
    one, the filing is owed a reading. `known_at` is when everybody could know of the filing, and `known_exactly`
    whether that is the SEC's own time. `amends` is the report that an amendment corrects, None where it is not found.
    `superseded` lists the rows that later filings restate, holdings too, as `[table, kind, row, accession]`.

    `revision` counts the different readings this filing has had, and `changed_in` is the transaction that made the
    present one: whoever asks for changes goes by it. `digest` is of all that the reading says, its trades and lines
    included. Of two archives with equal facts all but `revision`, `changed_in` and `changed_at` are equal.
    """

    filing = models.OneToOneField(Filing, models.CASCADE, primary_key=True, related_name="reading")
    issuer = models.ForeignKey(Issuer, models.CASCADE, related_name="+", db_index=False)
    reader_version = models.PositiveSmallIntegerField()
    facts_at = models.DateTimeField()
    known_at = models.DateTimeField()
    known_exactly = models.BooleanField()
    headline = models.TextField()
    amends = AccessionField(null=True)
    superseded = models.JSONField(default=list)
    trades = models.PositiveSmallIntegerField()
    digest = models.BinaryField()
    revision = models.PositiveIntegerField(default=1)
    changed_in = models.BigIntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(reader_version__gte=1), name="reading_reader_version_known"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="reading_revisions_count_from_one"),
        ]
        indexes = [
            models.Index("issuer", F("known_at").desc(), name="reading_by_issuer"),
            models.Index(fields=["changed_in", "filing"], name="reading_changes"),
        ]

    def __str__(self) -> str:
        return f"{self.filing_id}: {self.headline}"


class LineReading(models.Model):
    """What one transaction line means: its trade, its plan status, whether a later filing restates it.

    Keyed as the line is: filing, table, row. `value` is dollars, None where the line has none to use; `quality` says
    why a value that could be computed is none to use. `superseded_by` is the amendment that restates the line,
    `withdrawn_by` the one that takes it back, `repeats` the accession that reported its event first. Issuer, dates,
    code and owners stand here again, so that a list of lines needs no join to be found.
    """

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="line_readings", db_index=False)
    table = models.CharField(max_length=2)
    row = models.PositiveIntegerField()
    trade = models.ForeignKey(Trade, models.CASCADE, related_name="line_readings")
    issuer = models.ForeignKey(Issuer, models.CASCADE, related_name="+", db_index=False)
    form = models.CharField(max_length=3)
    filed_on = models.DateField()
    transaction_date = models.DateField(null=True)
    code = models.TextField(null=True)
    owners = ArrayField(CikField())
    roles = SlugSetField(slugs=SLUGS)
    shares = NumericField(null=True)
    price = NumericField(null=True)
    value = NumericField(null=True)
    plan_status = models.CharField(max_length=11)
    quality = models.TextField(null=True)
    superseded_by = AccessionField(null=True)
    withdrawn_by = AccessionField(null=True)
    repeats = AccessionField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["filing", "table", "row"], name="linereading_once"),
            models.CheckConstraint(condition=Q(plan_status__in=PLAN_STATUSES), name="linereading_plan_status_known"),
            models.CheckConstraint(condition=Q(table__in=("I", "II")), name="linereading_table_i_or_ii"),
        ]
        indexes = [
            models.Index(
                F("transaction_date").desc(nulls_last=True),
                F("filed_on").desc(),
                F("id").desc(),
                name="linereading_latest",
            ),
            models.Index("issuer", F("transaction_date").desc(nulls_last=True), name="linereading_by_issuer"),
            GinIndex(fields=["owners"], name="linereading_by_owner", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"{self.filing_id} {self.table}-t-{self.row}"
