"""The first load of a new archive, remembered so that it is made once, and again if it was cut short."""

from __future__ import annotations

from django.utils import timezone

from filings.models import FirstLoad


def is_finished() -> bool:
    return FirstLoad.objects.filter(finished_at__isnull=False).exists()


def begin(*, source: str) -> None:
    FirstLoad.objects.get_or_create(source=source, defaults={"started_at": timezone.now()})


def finish(*, source: str) -> None:
    FirstLoad.objects.filter(source=source).update(finished_at=timezone.now())
