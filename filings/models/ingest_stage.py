"""The ledger: one row for each accession number ever seen, and how far it has come."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from filings.models.fields import AccessionField


class Stage(models.TextChoices):
    SEEN = "seen", "listed by EDGAR, not fetched yet"
    FETCHED = "fetched", "its bytes are kept, its facts are not published yet"
    PUBLISHED = "published", "its facts are published"
    QUARANTINED = "quarantined", "its bytes cannot be read; the reason is said"
    WITHDRAWN = "withdrawn", "no longer listed by EDGAR; its facts stay"


class IngestStage(models.Model):
    """How far one accession number has come. `reason`, `failed_stage` and `failed_path` say why it is quarantined.

    `attempts` counts publications begun since the last success, before the work begins, so that a document which
    kills its worker is counted too. `due_at` is when the next attempt may begin; None when nothing is owed.
    """

    accession = AccessionField(primary_key=True)
    stage = models.CharField(max_length=12, choices=Stage)
    failed_stage = models.TextField(null=True)
    failed_path = models.TextField(null=True)
    reason = models.TextField(null=True)
    parser_version = models.PositiveSmallIntegerField(null=True, help_text="the reader that last tried")
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="ingeststage_known"),
            models.CheckConstraint(
                condition=Q(accession__gte=0, accession__lt=10**18), name="ingeststage_accession_eighteen_digits"
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.QUARANTINED, reason__isnull=False, failed_stage__isnull=False)
                | (~Q(stage=Stage.QUARANTINED) & Q(reason__isnull=True, failed_stage__isnull=True)),
                name="ingeststage_quarantined_says_why",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=[Stage.SEEN, Stage.FETCHED], due_at__isnull=False)
                | (~Q(stage__in=[Stage.SEEN, Stage.FETCHED]) & Q(due_at__isnull=True)),
                name="ingeststage_due_while_owed",
            ),
        ]
        indexes = [
            models.Index(fields=["stage", "due_at"], name="ingeststage_owed", condition=Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.accession} {self.stage}"
