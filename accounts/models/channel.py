"""A way of telling a person or a program: an address, whether it may be used now, and what is known of its health."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone


class ChannelKind(models.TextChoices):
    EMAIL = "email", "E-mail"
    WEBHOOK = "webhook", "Webhook"
    CHAT = "chat", "Chat"
    INBOX = "inbox", "Inbox on this site"


class ChannelState(models.TextChoices):
    ACTIVE = "active", "active"
    PAUSED = "paused", "paused"  # by its owner, until they say so
    STOPPED = "stopped", "stopped"  # by the site, by the receiver, or by an unsubscription; the reason is kept


class ChannelsOfPeople(models.QuerySet["Channel"]):
    def owned_by(self, user: models.Model) -> ChannelsOfPeople:
        return self.filter(user_id=user.pk)

    def told_of(self, event: str) -> ChannelsOfPeople:
        """The webhooks of programs that asked for this kind of event."""
        return self.filter(kind=ChannelKind.WEBHOOK, event_types__contains=[event])


class Channel(models.Model):
    """`address` is the e-mail address or the URL; None for the inbox. `secret` signs a webhook and is sealed, as are
    the one before it (valid until `previous_until`) and the value of a header of the receiver's own.

    `free_at` is when the next delivery may begin: it is ahead while one is under way, and by the pace after it.
    `failing_since` is the first failure after the last success; `failures` counts those since, `warned_at` is when the
    owner was told of them.
    """

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="channels")
    kind = models.CharField(max_length=8, choices=ChannelKind)
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=500, null=True)
    host = models.CharField(max_length=255, null=True, help_text="whose pace it shares; None where nobody is asked")
    event_types = ArrayField(models.CharField(max_length=40), default=list)
    state = models.CharField(max_length=8, choices=ChannelState, default=ChannelState.ACTIVE)
    verified_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_reason = models.CharField(max_length=40, null=True)
    secret = models.TextField(null=True)
    previous_secret = models.TextField(null=True)
    previous_until = models.DateTimeField(null=True)
    auth_header_name = models.CharField(max_length=64, null=True)
    auth_header_value = models.TextField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    free_at = models.DateTimeField(default=timezone.now)
    digesting = models.BooleanField(default=False, help_text="the next mail carries all that is owed")
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    last_attempt_at = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)
    last_status = models.PositiveSmallIntegerField(null=True)
    last_error_class = models.CharField(max_length=20, null=True)

    objects = ChannelsOfPeople.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["uid"], name="channel_uid_once"),
            models.UniqueConstraint(fields=["user"], condition=Q(kind="inbox"), name="channel_one_inbox"),
            models.UniqueConstraint(
                fields=["user", "address"], condition=Q(kind="email"), name="channel_email_address_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=ChannelKind.values), name="channel_kind_known"),
            models.CheckConstraint(condition=Q(state__in=ChannelState.values), name="channel_state_known"),
            models.CheckConstraint(
                condition=Q(kind="inbox", address__isnull=True) | (~Q(kind="inbox") & Q(address__isnull=False)),
                name="channel_address_but_for_the_inbox",
            ),
            models.CheckConstraint(
                condition=~Q(kind="email") | Q(verified_at__isnull=False), name="channel_email_is_verified"
            ),
            models.CheckConstraint(
                condition=Q(state="stopped", stopped_at__isnull=False, stopped_reason__isnull=False)
                | (~Q(state="stopped") & Q(stopped_at__isnull=True, stopped_reason__isnull=True)),
                name="channel_stopped_says_why",
            ),
            models.CheckConstraint(
                condition=Q(kind="webhook", secret__isnull=False) | (~Q(kind="webhook") & Q(secret__isnull=True)),
                name="channel_webhooks_are_signed",
            ),
            models.CheckConstraint(
                condition=Q(previous_secret__isnull=True, previous_until__isnull=True)
                | Q(previous_secret__isnull=False, previous_until__isnull=False),
                name="channel_previous_secret_ends",
            ),
            models.CheckConstraint(
                condition=Q(auth_header_name__isnull=True, auth_header_value__isnull=True)
                | Q(auth_header_name__isnull=False, auth_header_value__isnull=False),
                name="channel_auth_header_whole",
            ),
        ]
        indexes = [models.Index(fields=["kind", "state"], name="channel_by_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"

    @property
    def is_active(self) -> bool:
        return self.state == ChannelState.ACTIVE


class SendingHost(models.Model):
    """A host that channels of anybody send to, and when the next request to it may begin."""

    name = models.CharField(max_length=255, primary_key=True)
    free_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
