"""The dead-man's switch: the clock and the workers leave signs of life, and the pages miss them."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from filings.models import Heartbeat


def beat(*, name: str, now: datetime | None = None) -> None:
    """`name` lives. One statement, so that any number may say so at once."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=now or timezone.now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )
