"""Bring the database and the static files up to this version of the code: `python -m form4site.prepare`.

Safe to run again at any time; one process, because starting Django three times would take longer than the work.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import django
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

OUR_APPS = ("form4site", "filings", "signals", "accounts")
# One process migrates at a time; the others wait, and then find nothing left to do.
LOCK = "form4site: migrate"


class Behind(Exception):
    """The database is not of this version of the code; the text is a sentence that says what to do."""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "form4site.settings")
    django.setup()
    with _alone():
        _migrate(verbosity=1)
    call_command("collectstatic", interactive=False, verbosity=1)


def before_command(arguments: Sequence[str]) -> None:
    """What `./manage.py ARGUMENTS...` needs first: a command of ours finds its tables, also right after `make setup`.

    The embedded database, and a given one in which nothing is yet, are brought up to date. Raises `Behind` for a given
    one with older tables: others may work on it, so only `migrate` itself changes those.
    """
    if not arguments or {"-h", "--help"} & set(arguments):
        return
    if get_commands().get(arguments[0]) not in OUR_APPS or not _missing():
        return
    with _alone():
        missing = _missing()
        if not missing:
            return
        if settings.DATABASE_URL and MigrationRecorder(connection).applied_migrations():
            raise Behind(
                f"The database is older than this code: the first migration that it lacks is {missing[0]}. Run "
                "`manage.py migrate`, then this again."
            )
        print("Preparing the database ...", file=sys.stderr)  # noqa: T201
        _migrate(verbosity=0)


def _missing() -> list[str]:
    """The migrations that this code has and the database has not, in their order."""
    executor = MigrationExecutor(connection)
    return [str(migration) for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def _migrate(*, verbosity: int) -> None:
    call_command("migrate", interactive=False, verbosity=verbosity)
    call_command("createcachetable", verbosity=verbosity)  # does nothing for a cache that is not a table


@contextmanager
def _alone() -> Iterator[None]:
    """Asks again and again: whoever waits within a statement is waited for by an index that is built concurrently."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [LOCK])
            if cursor.fetchone()[0]:
                break
            time.sleep(0.1)
        yield
        cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [LOCK])  # else it ends with the session


if __name__ == "__main__":
    main()
