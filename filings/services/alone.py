"""One at a time over all processes and machines: a named lock in PostgreSQL that ends with whoever holds it.

A lock of the session, not of a transaction, because requests to the SEC are made while it is held. (Behind a pooler it
needs session pooling.) Work that is rung while its lock is taken is not queued: the holder does it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Whether nobody else was doing the work of this name; if so, nobody else does until the end of the block."""
    key = f"form4site {name}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [key])
        (taken,) = cursor.fetchone() or (False,)
    try:
        yield taken
    finally:
        if taken:
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])
            except DatabaseError:  # the session is gone, and its lock with it
                connection.close()
