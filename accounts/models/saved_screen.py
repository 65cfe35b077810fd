"""Screens that people keep, and what was told of them."""

from __future__ import annotations

import secrets
import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Cadence(models.TextChoices):
    AT_ONCE = "at_once", "at once"
    DAILY = "daily", "once a day"
    WEEKLY = "weekly", "once a week"


class Pause(models.TextChoices):
    OWNER = "owner", "by you"
    UNREADABLE = "unreadable", "its criteria can be read no more"


class ScreensOfPeople(models.QuerySet["SavedScreen"]):
    def owned_by(self, user: models.Model) -> ScreensOfPeople:
        return self.filter(user_id=user.pk)

    def live(self) -> ScreensOfPeople:
        return self.filter(paused=None, user__is_active=True)


def share_token() -> str:
    return secrets.token_urlsafe(18)


class SavedScreen(models.Model):
    """`query` is the canonical querystring of its criteria under `schema`. Only what became known after `alerts_from`
    is told. `paused` says why it rests, None while it is live. `digest_at` is when its next digest is due, None for one
    that tells at once and has nothing kept back. `seen_at` is up to when its owner has looked through its matches.
    `tells` are the ids of the channels that its owner chose beside the inbox, None where they left that to us.
    """

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="screens")
    name = models.CharField(max_length=120)
    query = models.TextField()
    schema = models.PositiveSmallIntegerField()
    cadence = models.CharField(max_length=8, choices=Cadence, default=Cadence.AT_ONCE)
    paused = models.CharField(max_length=10, choices=Pause, null=True)
    shared_as = models.CharField(max_length=32, default=share_token, editable=False)
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    alerts_from = models.DateTimeField(default=timezone.now)
    digest_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(default=timezone.now)
    tells = ArrayField(models.UUIDField(), null=True)

    objects = ScreensOfPeople.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["uid"], name="savedscreen_uid_once"),
            models.UniqueConstraint(fields=["shared_as"], name="savedscreen_shared_once"),
            models.CheckConstraint(condition=~Q(name=""), name="savedscreen_named"),
            models.CheckConstraint(condition=Q(cadence__in=Cadence.values), name="savedscreen_cadence_known"),
            models.CheckConstraint(
                condition=Q(paused__isnull=True) | Q(paused__in=Pause.values), name="savedscreen_pause_known"
            ),
            models.CheckConstraint(
                condition=Q(cadence="at_once") | Q(digest_at__isnull=False), name="savedscreen_digest_is_due"
            ),
        ]
        indexes = [
            models.Index(fields=["changed_at"], name="savedscreen_changes"),
            models.Index(fields=["digest_at"], name="savedscreen_digests", condition=Q(digest_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name


class Match(models.Model):
    """What a screen found, as it was told.

    `subject` is a trade ("ACCESSION NUMBER"), a group or a signal by its natural key, as readings may be rebuilt.
    `revision` counts what was told of it: `standing` is False where a later one takes it back. `told` is the snapshot.
    `kept_back` is True until a digest has told it.
    """

    screen = models.ForeignKey(SavedScreen, models.CASCADE, related_name="matches")
    subject = models.CharField(max_length=200)
    revision = models.PositiveIntegerField(default=1)
    accession = models.CharField(max_length=20, help_text="the filing that caused it")
    standing = models.BooleanField(default=True)
    told = models.JSONField()
    kept_back = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["screen", "subject", "revision"], name="match_told_once"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="match_revisions_count_from_one"),
        ]
        indexes = [
            models.Index(fields=["accession"], name="match_by_filing"),
            models.Index(fields=["subject"], name="match_by_subject"),
            models.Index(fields=["screen", "-id"], name="match_latest"),
            models.Index(fields=["screen"], name="match_kept_back", condition=Q(kept_back=True)),
        ]

    def __str__(self) -> str:
        return f"{self.subject}, {self.revision}"
