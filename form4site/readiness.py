"""Whether this process can serve: its database answers and has every migration, and the broker answers if it is Redis.

Promises: quick, also when something is away (`PATIENCE`); one query. Nothing outside this house is asked: a site whose
readiness hangs on the SEC would be taken from its readers when they most need to be told that the SEC is away.
"""

from __future__ import annotations

import functools
import logging
from dataclasses import dataclass

import redis
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)
PATIENCE = 1.0  # seconds
ONCE = Retry(NoBackoff(), 0)


@dataclass(frozen=True, slots=True)
class Readiness:
    ready: bool
    said: dict[str, str]


def readiness() -> Readiness:
    said = _database() | _broker()
    return Readiness(all(word in ("ok", "a folder") for word in said.values()), said)


def _database() -> dict[str, str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            applied = set(cursor.fetchall())
    except (DatabaseError, InterfaceError):
        log.exception("not ready: the database does not answer")
        return {"database": "away"}
    missing = _needed() - applied
    if missing:
        log.error("not ready: migrations are missing, such as %s.%s", *min(missing))
    return {"database": "ok", "migrations": f"{len(missing)} missing" if missing else "ok"}


@functools.cache
def _needed() -> frozenset[tuple[str, str]]:
    """Every migration of this version of the code. A database that has more is of a later version, and will do."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    replaced = {name for migration in loader.disk_migrations.values() for name in migration.replaces}
    return frozenset(loader.disk_migrations.keys() - replaced)


def _broker() -> dict[str, str]:
    if not settings.REDIS_URL:
        return {"broker": "a folder"}
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE, retry=ONCE
        ) as client:
            client.ping()
    except (redis.RedisError, OSError):
        log.exception("not ready: the broker does not answer")
        return {"broker": "away"}
    return {"broker": "ok"}
