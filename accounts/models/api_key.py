"""Keys of programs: what the database keeps of one is useless to whoever reads it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils import timezone


class Scope(models.TextChoices):
    READ = "read", "read what was filed and what it may mean"
    WEBHOOKS = "webhooks", "manage webhooks"


class ApiKey(models.Model):
    """`digest` is HMAC-SHA256 of the key, with a secret that is not in the database; `prefix` its first characters,
    which tell its owner which one it is."""

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    digest = models.BinaryField()
    scopes = ArrayField(models.CharField(max_length=12, choices=Scope))
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["uid"], name="apikey_uid_once"),
            models.UniqueConstraint(fields=["digest"], name="apikey_digest_once"),
            models.CheckConstraint(condition=Exact(Length("digest"), 32), name="apikey_digest_has_32_bytes"),
            models.CheckConstraint(condition=Q(scopes__contained_by=Scope.values), name="apikey_scopes_known"),
            models.CheckConstraint(condition=~Q(scopes=[]), name="apikey_scopes_some"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.name})"


class KeyUsage(models.Model):
    """The calls of a key on a day (UTC), and in its latest minute: let through, and refused for their number."""

    key = models.ForeignKey(ApiKey, models.CASCADE, related_name="usage")
    on = models.DateField()
    calls = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    minute_at = models.DateTimeField()
    in_minute = models.PositiveIntegerField(default=0)
    let_through = models.BooleanField(default=True, help_text="whether the latest call was")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "on"], name="keyusage_once_a_day")]

    def __str__(self) -> str:
        return f"{self.on}: {self.calls}"
