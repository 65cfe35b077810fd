"""Processes of our own for work that is too much for one core.

Promises: a worker uses the database of the process that began it, and ends when that process has ended, however it did.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

# Imported by every worker before Django is set up: nothing here may import models.


@contextmanager
def workers(count: int) -> Iterator[ProcessPoolExecutor]:
    from django.db import connection

    context = multiprocessing.get_context("spawn")  # a forked process would share this one's connection
    arguments = (os.getpid(), {name: connection.settings_dict[name] for name in ("NAME", "HOST", "PORT")})
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=_begin, initargs=arguments)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin(parent: int, database: dict[str, Any]) -> None:
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    import gc

    import django

    django.setup()
    gc.freeze()  # what every worker has alive is not looked through again after each piece of work
    from django.db import connection

    connection.settings_dict.update(database)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
