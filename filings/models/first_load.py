"""What `make run` loaded on the first start, so that later starts do not load it again."""

from __future__ import annotations

from django.db import models


class FirstLoad(models.Model):
    """One initial load, from its beginning; `finished_at` is None while it runs or after it was cut short."""

    source = models.TextField(unique=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.source
