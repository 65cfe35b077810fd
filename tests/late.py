"""What commits late: a transaction of another connection, which others begin and end beside."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def committed_late(write: Callable[[], object]) -> Iterator[None]:
    """What `write` writes has been written when the block begins, and is committed only at its end."""
    wrote, go_on = threading.Event(), threading.Event()

    def late() -> None:
        try:
            with transaction.atomic():
                write()
                wrote.set()
                go_on.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=late)
    thread.start()
    try:
        assert wrote.wait(30)
        yield
    finally:
        go_on.set()
        thread.join()
