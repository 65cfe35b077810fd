"""The heartbeat: rung by the clock, answered by a worker, and each leaves its own sign of life in the database.

Promises: the clock's sign says that it still rings, whether or not anybody answers; the worker's that rings are
answered. The web reads both (`signals.selectors.freshness`, `/ops/`, `/metrics`). A database that is away stops
neither: the sign is missing then, as it should be.
"""

from __future__ import annotations

import logging

from celery import shared_task
from celery.signals import beat_init, before_task_publish
from django.db import DatabaseError, InterfaceError, connection

from filings.models import Heartbeat
from filings.services.heartbeat import beat

log = logging.getLogger(__name__)
HEARTBEAT = "form4site.heartbeat"


@shared_task(name=HEARTBEAT)
def heartbeat() -> None:
    beat(name=Heartbeat.WORKER)


@beat_init.connect
@before_task_publish.connect(sender=HEARTBEAT)
def clock_rings(**_: object) -> None:
    """Nobody but the clock rings for a heartbeat, so whoever is about to is the clock; as it starts it lives too."""
    try:
        beat(name=Heartbeat.CLOCK)
    except (DatabaseError, InterfaceError) as away:
        log.warning("No heartbeat of the clock: %s", str(away).strip())
        connection.close()
