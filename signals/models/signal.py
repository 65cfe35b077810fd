"""Signals: patterns over the trades of one issuer, each with its evidence. Dropped and made anew with the readings."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from filings.models import Issuer
from filings.models.fields import CikField, NumericField
from signals.detectors.signal import KINDS
from signals.models.fields import SlugSetField
from signals.readings.vocabulary import SLUGS


class Signal(models.Model):
    """One signal in the JSON of the design, with what lists filter by beside it.

    `key` names it over rebuilds: a signal that is computed again from more facts keeps it. `known_at` is the moment
    at which it became knowable; `settles_on` the day on which the clock settles a provisional one. `value` is dollars
    of the trades counted, None where none has any. `evidence`, `trades`, `insiders` and `excluded` are as in the JSON.
    `revision`, `changed_in`, `changed_at` and `digest` are as in `Reading`.
    """

    key = models.TextField(unique=True)
    kind = models.CharField(max_length=24)
    tags = ArrayField(models.TextField(), default=list)
    issuer = models.ForeignKey(Issuer, models.CASCADE, related_name="signals", db_index=False)
    known_at = models.DateTimeField()
    provisional = models.BooleanField()
    settles_on = models.DateField(null=True)
    window_from = models.DateField(null=True)
    window_to = models.DateField(null=True)
    strength = models.PositiveSmallIntegerField()
    insider_ciks = ArrayField(CikField(), default=list)
    roles = SlugSetField(slugs=SLUGS)
    value = NumericField(null=True)
    sic = models.PositiveSmallIntegerField(null=True)
    insiders = models.JSONField()
    trades = models.JSONField()
    evidence = models.JSONField()
    excluded = models.JSONField()
    sentence = models.TextField()
    caveat = models.TextField()
    detector_version = models.PositiveSmallIntegerField()
    digest = models.BinaryField()
    revision = models.PositiveIntegerField(default=1)
    changed_in = models.BigIntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="signal_kind_known"),
            models.CheckConstraint(condition=Q(strength__lte=100), name="signal_strength_at_most_100"),
            models.CheckConstraint(
                condition=Q(provisional=False) | Q(settles_on__isnull=False), name="signal_provisional_until_a_day"
            ),
            models.CheckConstraint(condition=Q(revision__gte=1), name="signal_revisions_count_from_one"),
            models.CheckConstraint(condition=Q(window_from__lte=F("window_to")), name="signal_window_in_order"),
        ]
        indexes = [
            models.Index(F("known_at").desc(), F("key"), name="signal_latest"),
            models.Index("kind", F("known_at").desc(), F("key"), name="signal_by_kind"),
            models.Index("issuer", F("known_at").desc(), name="signal_by_issuer"),
            models.Index(fields=["changed_in", "key"], name="signal_changes"),
            GinIndex(fields=["insider_ciks"], name="signal_by_insider", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.issuer_id} {self.known_at}"
