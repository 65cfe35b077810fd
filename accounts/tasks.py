"""Doorways for the workers. A task carries no work: it rings, and the service finds in PostgreSQL what is owed."""

from __future__ import annotations

from celery import shared_task
from django.dispatch import receiver

from accounts.events import deliveries_owed
from accounts.services import alerts, retention, sending
from filings.services.alone import alone
from signals.events import readings_published


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


@shared_task(name="accounts.evaluate_owed")
def evaluate_owed() -> None:
    """One at a time, so that nobody is told twice; what is rung meanwhile, the holder or the next ring asks."""
    with alone("ask screens") as mine:
        if mine:
            alerts.evaluate_owed()


@shared_task(name="accounts.send_digests")
def send_digests() -> None:
    alerts.send_digests()


@receiver(readings_published)
def ring_evaluation(**_: object) -> None:
    evaluate_owed.apply_async(expires=60)


@receiver(deliveries_owed)
def ring(**_: object) -> None:
    send_owed.apply_async(expires=60)
