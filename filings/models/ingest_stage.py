"""The ledger: one row for each accession number ever seen, and how far it has come."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from filings.models.fields import AccessionField, CikField


class Stage(models.TextChoices):
    SEEN = "seen", "listed by EDGAR, not fetched yet"
    FETCHED = "fetched", "its bytes are kept, its facts are not published yet"
    PUBLISHED = "published", "its facts are published"
    QUARANTINED = "quarantined", "its bytes cannot be read; the reason is said"
    WITHDRAWN = "withdrawn", "no longer listed by EDGAR; its facts stay"


class IngestStage(models.Model):
    """How far one accession number has come. `reason`, `failed_stage` and `failed_path` say why it is quarantined.

    `attempts` counts fetches (while seen) or publications (while fetched) begun since the last success, before the work
    begins, so that a document which kills its worker is counted too. `due_at` is when the next attempt may begin; None
    when nothing is owed. `note` says what the last attempt or look brought, where that was not the next stage.

    The rest is what EDGAR's lists say, None for a filing that came as a file and was never seen in one: `form`; `cik`,
    that of any party (never to be taken for the issuer's); `lane`, in which its requests wait; `accepted_at`, from the
    feed; `listed_on`, its filing date there; the daily and the quarterly index that named it. `absent_from` is the kind
    of index that has ceased to name it, since `absent_since`.
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
    note = models.TextField(null=True)
    form = models.CharField(max_length=3, null=True)
    cik = CikField(null=True)
    lane = models.CharField(max_length=8, null=True, choices=[("live", "live"), ("historic", "historic")])
    accepted_at = models.DateTimeField(null=True)
    listed_on = models.DateField(null=True)
    in_daily = models.DateField(null=True)
    in_quarter = models.DateField(null=True, help_text="the first day of the quarter")
    absent_from = models.CharField(max_length=9, null=True, choices=[("daily", "daily"), ("quarterly", "quarterly")])
    absent_since = models.DateTimeField(null=True)

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
            models.CheckConstraint(
                condition=~Q(stage=Stage.SEEN)
                | Q(form__isnull=False, cik__isnull=False, listed_on__isnull=False, lane__in=["live", "historic"]),
                name="ingeststage_seen_can_be_fetched",
            ),
            models.CheckConstraint(
                condition=Q(absent_from__isnull=True, absent_since__isnull=True)
                | Q(absent_from__in=["daily", "quarterly"], absent_since__isnull=False),
                name="ingeststage_absent_from_and_since",
            ),
        ]
        indexes = [
            models.Index(fields=["stage", "due_at"], name="ingeststage_owed", condition=Q(due_at__isnull=False)),
            models.Index(
                "lane",
                models.F("listed_on").desc(),
                models.F("accession").desc(),
                name="ingeststage_to_fetch",
                condition=Q(stage=Stage.SEEN),
            ),
            models.Index(
                fields=["listed_on", "stage"], name="ingeststage_listed", condition=Q(listed_on__isnull=False)
            ),
            models.Index(fields=["in_daily"], name="ingeststage_in_daily", condition=Q(in_daily__isnull=False)),
            models.Index(
                models.F("changed_at").desc(), name="ingeststage_set_aside", condition=Q(stage=Stage.QUARANTINED)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.accession} {self.stage}"
