"""What costs much and changes with the archive alone, kept by each process until the version of the archive is another.

Promises: a kept value is a second older than the archive at most, as kept pages are (`form4site/page_cache.py`), or
half a minute where whoever keeps it says that it bears that; where the version cannot be told, or nothing is to be
kept, it is worked out as ever. A function keeps one value, or as many as it says, those that were asked for last.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import DatabaseError, InterfaceError

from signals.selectors.data_version import data_version

VERSION_SECONDS = 1.0
LONGER_SECONDS = 30.0

_asked: tuple[float, str | None] = (float("-inf"), None)


P = ParamSpec("P")
R = TypeVar("R")


def for_a_second(work_out: Callable[[], R]) -> Callable[[], R]:
    """Keeps the answer for as long as a version holds: of what each page says, and what changes without the archive."""
    kept: tuple[float, R] | None = None

    @wraps(work_out)
    def answer() -> R:
        nonlocal kept
        if not settings.PAGE_CACHE_BYTES:
            return work_out()
        now, found = time.monotonic(), kept
        if found is not None and now - found[0] < VERSION_SECONDS:
            return found[1]
        value = work_out()
        kept = now, value
        return value

    return answer


def until_the_archive_changes(work_out: Callable[P, R]) -> Callable[P, R]:
    """Keeps the latest answer, for the arguments that it was given for."""
    return each_until_the_archive_changes(1, longer=lambda _: False)(work_out)


def each_until_the_archive_changes(
    most: int, longer: Callable[[R], bool]
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keeps the answers for the `most` latest arguments; those that are `longer` true for half a minute in any case.

    None, which is no answer, is never kept for more than that: what was too much at one time may not be at another.
    """

    def keeping(work_out: Callable[P, R]) -> Callable[P, R]:
        kept: OrderedDict[Any, tuple[str, float, R]] = OrderedDict()
        lock = threading.Lock()

        @wraps(work_out)
        def answer(*args: P.args, **kwargs: P.kwargs) -> R:
            version = _version() if settings.PAGE_CACHE_BYTES else None
            if version is None:
                return work_out(*args, **kwargs)
            key, now = (args, tuple(sorted(kwargs.items()))), time.monotonic()
            with lock:
                if key in kept:
                    kept.move_to_end(key)
                    of, since, value = kept[key]
                    lately = now - since < LONGER_SECONDS
                    if (of == version and (value is not None or lately)) or (longer(value) and lately):
                        return value
            value = work_out(*args, **kwargs)
            with lock:
                kept[key] = (version, now, value)
                kept.move_to_end(key)
                if len(kept) > most:
                    kept.popitem(last=False)
            return value

        return answer

    return keeping


def _version() -> str | None:
    """Asked for before the value is worked out, so that a value is never taken for newer than it is."""
    global _asked
    now = time.monotonic()
    asked_at, version = _asked
    if now - asked_at >= VERSION_SECONDS:
        try:
            version = data_version()
        except (DatabaseError, InterfaceError):
            version = None
        _asked = (now, version)
    return version
