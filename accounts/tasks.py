"""Doorways for the workers. A task carries no work: it rings, and the service finds in PostgreSQL what is owed."""

from __future__ import annotations

from celery import shared_task
from django.dispatch import receiver

from accounts.events import deliveries_owed
from accounts.services import retention, sending
from filings.services.alone import alone


@shared_task(name="accounts.send_owed")
def send_owed() -> None:
    """One at a time is enough, as it keeps many requests going; a worker's other places are for the news."""
    with alone("send deliveries") as mine:
        if mine:
            sending.send_owed()


@shared_task(name="accounts.forget_old")
def forget_old() -> None:
    with alone("forget old deliveries") as mine:
        if mine:
            retention.forget_old()


@receiver(deliveries_owed)
def ring(**_: object) -> None:
    send_owed.apply_async(expires=60)
