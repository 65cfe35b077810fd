"""Work that several processes do at once, each with a connection of its own to the same database.

Promises: the results come as they are ready; an error in a process is raised here, with what was done before it done;
no process inherits a connection, a transaction or a lease of the embedded database. The callee commits what it does.
Refuses to be used inside a transaction: the others would not see it.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from importlib import import_module
from typing import Any

import django
from django.db import connection


def side_by_side(function: str, portions: Iterable[Any], jobs: int, **options: Any) -> Iterator[tuple[Any, Any]]:
    """Yields each portion with what `function`, named "module:name", made of it: `name(portion, **options)`."""
    if connection.in_atomic_block:
        raise RuntimeError("processes side by side would not see what this transaction has written")
    # Started anew, not forked: see the promises.
    context = multiprocessing.get_context("spawn")
    name = str(connection.settings_dict["NAME"])
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(name,)) as pool:
        waiting = {pool.submit(_call, function, portion, options): portion for portion in portions}
        for done in as_completed(waiting):
            yield waiting.pop(done), done.result()


def _begin(database: str) -> None:
    django.setup()
    connection.settings_dict["NAME"] = database


def _call(function: str, portion: Any, options: dict[str, Any]) -> Any:
    module, _, name = function.partition(":")
    return getattr(import_module(module), name)(portion, **options)
