"""The outbox: one row for each thing that is owed to a channel, and one for each try to deliver it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models.channel import Channel


class DeliveryStatus(models.TextChoices):
    OWED = "owed", "waiting"
    CLAIMED = "claimed", "about to be sent"
    SENDING = "sending", "being sent"
    SENT = "sent", "delivered"
    FAILED = "failed", "not delivered"
    UNKNOWN = "unknown", "not known"  # whoever sent it is gone, and nobody can say whether it arrived


HELD = ("claimed", "sending")
WAITING = ("owed", "unknown")


class Delivery(models.Model):
    """`payload` is what a program receives, byte for byte, at every try; `title`, `text` and `html` what people read.

    `uid` is the id that receivers see at every try, and the mail's Message-ID. `event` with `subject_key` names what is
    told: it is owed to a channel once. `claim` is the right to settle this try, until `lease_until`; `carried_by` the
    delivery in whose mail this one went. `attempts` counts tries whose sending began. `due_at` of an unknown delivery
    is None once it has had its second chance.
    """

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=40)
    subject_key = models.CharField(max_length=200)
    payload = models.BinaryField()
    title = models.TextField()
    text = models.TextField()
    html = models.TextField(null=True)
    link = models.TextField(null=True, help_text="the page of this site that shows it")
    status = models.CharField(max_length=8, choices=DeliveryStatus, default=DeliveryStatus.OWED)
    attempts = models.PositiveSmallIntegerField(default=0)
    unknowns = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    carried_by = models.ForeignKey("self", models.SET_NULL, null=True, related_name="carried")
    made_at = models.DateTimeField(default=timezone.now)
    first_tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True, help_text="in the inbox: when its owner opened it")
    last_status = models.PositiveSmallIntegerField(null=True)
    last_error_class = models.CharField(max_length=20, null=True)
    last_words = models.TextField(null=True, help_text="what was answered, its first 4 KB, or what went wrong")

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["uid"], name="delivery_uid_once"),
            models.UniqueConstraint(fields=["channel", "event", "subject_key"], name="delivery_owed_once"),
            models.CheckConstraint(condition=Q(status__in=DeliveryStatus.values), name="delivery_status_known"),
            models.CheckConstraint(
                condition=Q(status__in=HELD, claim__isnull=False, lease_until__isnull=False)
                | (~Q(status__in=HELD) & Q(claim__isnull=True, lease_until__isnull=True)),
                name="delivery_claimed_while_held",
            ),
            models.CheckConstraint(
                condition=Q(status="owed", due_at__isnull=False)
                | Q(status="unknown")
                | (~Q(status__in=WAITING) & Q(due_at__isnull=True)),
                name="delivery_due_while_owed",
            ),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False) | (~Q(status="sent") & Q(sent_at__isnull=True)),
                name="delivery_sent_says_when",
            ),
            models.CheckConstraint(
                condition=Q(carried_by__isnull=True) | ~Q(carried_by=F("id")), name="delivery_not_carried_by_itself"
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "due_at", "id"],
                name="delivery_waiting",
                condition=Q(status__in=WAITING, due_at__isnull=False, carried_by__isnull=True),
            ),
            models.Index(fields=["lease_until"], name="delivery_held", condition=Q(status__in=HELD)),
            models.Index(fields=["channel", "-id"], name="delivery_log"),
            models.Index(fields=["channel", "sent_at"], name="delivery_sent", condition=Q(status="sent")),
            models.Index(fields=["made_at"], name="delivery_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.subject_key}: {self.status}"


class DeliveryAttempt(models.Model):
    """A try that was answered, or failed. One that ended with its worker leaves none: the delivery is `unknown`."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="tries")
    number = models.PositiveSmallIntegerField()
    ended_at = models.DateTimeField()
    took_ms = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True, help_text="of the answer; None where none came")
    error_class = models.CharField(max_length=20, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="deliveryattempt_once")]

    def __str__(self) -> str:
        return f"try {self.number}: {self.error_class or self.status}"
