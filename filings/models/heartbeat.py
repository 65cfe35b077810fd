"""Signs of life, so that a clock or a worker that died is missed by whoever still lives."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """When the part of this name last showed that it lives: "clock" as it rings, "worker" as it answers a ring.

    On several machines the last of each kind counts: what is missed is that nobody rings, or nobody answers.
    """

    CLOCK = "clock"
    WORKER = "worker"

    name = models.TextField(primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at}"
