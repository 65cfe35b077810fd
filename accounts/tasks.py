"""Doorways for the workers. A task carries no work: it rings, and the service finds in PostgreSQL what is owed."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from accounts.services import alerts, evaluate, retention, sending
from filings.services.alone import alone
from filings.services.rounds import a_round
from form4site.kit import bell


@shared_task(name="accounts.send_owed")
def send_owed() -> None:
    """One at a time is enough, as it keeps many requests going; a worker's other places are for the news."""
    with alone("send deliveries") as mine:
        if mine:
            sending.send_owed()


@a_round("accounts.forget_old")
def forget_old() -> None:
    retention.forget_old()


@shared_task(name="accounts.evaluate_owed")
def evaluate_owed() -> None:
    """One runner at a time, whoever rings; what it has no time for it rings for."""
    if evaluate.evaluate_owed().left:
        bell.ring(evaluate_owed.name)


@a_round("accounts.evaluate_everything_owed")
def evaluate_everything_owed() -> None:
    """Finds, in the whole archive, what cheap looks would have missed."""
    if evaluate.evaluate_owed(everything=True).left:
        bell.ring(evaluate_owed.name)
    alerts.take_back_unread(now=timezone.now())


@shared_task(name="accounts.send_digests")
def send_digests() -> None:
    alerts.send_digests()
