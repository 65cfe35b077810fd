"""What was looked at already: for each filing and each signal, the reading that people and programs were last told of.

Readings may be dropped and rebuilt, so nothing here refers to their rows: keys are the SEC's or the signal's own, and
whether a reading is another one is told by its digest. `accounts.services.evaluate` writes these.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from filings.models.fields import AccessionField, CikField


class Evaluated(models.Model):
    """`digest` is of the reading that was evaluated last; None before the first, and of a signal that is gone.

    `revision` counts the different readings that were evaluated. It is not the reading's own, which a rebuild begins
    anew. `attempts` counts evaluations that failed since the last one that did not, `reason` says what the last failure
    was and `due_at` when the next try may begin.
    """

    digest = models.BinaryField(null=True)
    revision = models.PositiveIntegerField(default=0)
    evaluated_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.TextField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


_COUNTED = Q(revision=0, digest__isnull=True, evaluated_at__isnull=True) | Q(
    revision__gte=1, evaluated_at__isnull=False
)
_PUT_OFF = Q(due_at__isnull=True, reason__isnull=True) | Q(due_at__isnull=False, reason__isnull=False)


class Evaluation(Evaluated):
    """One filing. `amenders` are the filings that restated or took back rows of it when it was evaluated last."""

    accession = AccessionField(primary_key=True)
    amenders = ArrayField(AccessionField(), default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_COUNTED, name="evaluation_revisions_are_dated"),
            models.CheckConstraint(
                condition=Q(revision=0) | Q(digest__isnull=False), name="evaluation_of_a_known_reading"
            ),
            models.CheckConstraint(condition=_PUT_OFF, name="evaluation_put_off_says_why"),
        ]
        indexes = [models.Index(fields=["due_at"], name="evaluation_put_off", condition=Q(due_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.accession}: revision {self.revision}"


class SignalEvaluation(Evaluated):
    """One signal, by its key. `told` is what was last announced of it, None if nothing ever was.

    Only what was told can be told to be gone. A signal that comes back is raised again.
    """

    key = models.TextField()
    issuer = CikField()
    told = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="signalevaluation_once"),
            models.CheckConstraint(condition=_COUNTED, name="signalevaluation_revisions_are_dated"),
            models.CheckConstraint(
                condition=Q(told__isnull=True) | Q(revision__gte=1), name="signalevaluation_told_when_evaluated"
            ),
            models.CheckConstraint(condition=_PUT_OFF, name="signalevaluation_put_off_says_why"),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="signalevaluation_put_off", condition=Q(due_at__isnull=False)),
            # Those that may be gone.
            models.Index(
                fields=["issuer"],
                name="signalevaluation_standing",
                condition=Q(told__isnull=False, digest__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: revision {self.revision}"


class EvaluationHorizon(models.Model):
    """All readings (or signals) that transactions below `transaction` wrote are evaluated, or put off with a reason.

    It saves looking at them again and again, and is safe where a cursor is not: it never passes a transaction that was
    still open when the look began, so that nothing can be committed behind it.
    """

    class Of(models.TextChoices):
        FILINGS = "filings"
        SIGNALS = "signals"

    name = models.CharField(max_length=8, choices=Of, primary_key=True)
    transaction = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(name__in=("filings", "signals")), name="evaluationhorizon_name_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} before transaction {self.transaction}"
