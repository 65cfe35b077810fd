"""Numbers of PostgreSQL's transactions, in pieces of SQL (bigint): whoever asks what changed goes by them, not by a
clock, so that what commits late is not missed.

They count over all databases of a server, and from less in one that was restored from a copy.
"""

from __future__ import annotations

from django.db import connection

# Of the transaction itself, which thereby has one; the lowest that is still open; the next that will be given.
OWN = "pg_current_xact_id()::text::bigint"
OLDEST_OPEN = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
NEXT = "pg_snapshot_xmax(pg_current_snapshot())::text::bigint"


def own() -> int:
    """The number of this transaction."""
    return _number(OWN)


def oldest_open() -> int:
    """The number below which no transaction is open: what a later query does not see of these, nobody ever will."""
    return _number(OLDEST_OPEN)


def _number(piece: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {piece}")
        (found,) = cursor.fetchone() or (0,)
    return int(found)
