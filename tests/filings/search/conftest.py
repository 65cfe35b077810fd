"""Databases that a module of tests fills once and leaves as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction


@pytest.fixture(scope="module")
def filled_once(django_db_setup, django_db_blocker) -> Iterator[Callable[[Callable[[], None]], None]]:
    """Calls what it is given in a transaction that lasts as long as the module's tests, and is undone."""

    @contextmanager
    def undone() -> Iterator[None]:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    with django_db_blocker.unblock(), undone():
        yield lambda fill: fill()
