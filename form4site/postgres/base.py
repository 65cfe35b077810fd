"""What is different from Django's own backend: how a connection is looked at before it is used again.

Promises: a connection that the server or anything between has closed is not used again, as with Django's `SELECT 1`
for each page, which is the fortieth part of what a page costs. Who closes a connection says so at its socket, and
nothing comes from a server that was not asked: a socket with nothing to read is that of a connection in order.
"""

from __future__ import annotations

import select

from django.db.backends.postgresql.base import DatabaseWrapper as PostgresWrapper
from psycopg import pq


class DatabaseWrapper(PostgresWrapper):
    def is_usable(self) -> bool:
        if self.connection is None or self.connection.closed:
            return False
        idle = self.connection.info.transaction_status == pq.TransactionStatus.IDLE
        return True if idle and _is_silent(self.connection.fileno()) else super().is_usable()


def _is_silent(socket: int) -> bool:
    waiting = select.poll()  # `select.select` takes no number above 1023
    waiting.register(socket, select.POLLIN)
    return not waiting.poll(0)
