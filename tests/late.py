"""What another connection is at, which others begin and end beside: what it holds, and what it commits late."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from django.db import connection, transaction


@contextmanager
def beside(context: Callable[[], AbstractContextManager[object]]) -> Iterator[None]:
    """Another connection has entered this context when the block begins, and leaves it only at its end."""
    entered, go_on = threading.Event(), threading.Event()

    def stay() -> None:
        try:
            with context():
                entered.set()
                go_on.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=stay)
    thread.start()
    try:
        assert entered.wait(30)
        yield
    finally:
        go_on.set()
        thread.join()


@contextmanager
def committed_late(write: Callable[[], object]) -> Iterator[None]:
    """What `write` writes has been written when the block begins, and is committed only at its end."""

    @contextmanager
    def written() -> Iterator[None]:
        with transaction.atomic():
            write()
            yield

    with beside(written):
        yield
