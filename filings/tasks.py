"""Doorways for the workers. A task carries no work: it rings, and the service finds in PostgreSQL what is owed."""

from __future__ import annotations

from celery import shared_task

from filings.services import owed


@shared_task(name="filings.publish_owed")
def publish_owed() -> None:
    owed.publish_owed()
