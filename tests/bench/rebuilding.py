"""Readings and signals of an archive made anew: side by side as `reread --jobs` does it, and what each part takes.

The parts are measured in one process over some of the issuers, by what that process itself computes: what else runs on
the machine does not count, nor does what PostgreSQL does meanwhile, which is told apart.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.db import connection

from filings.models import Filing, Issuer
from signals.selectors.owed import issuers_by_portion
from signals.services import read, reading_rows, signal_rows

JOBS = 2
PORTION = 1_000
SAMPLE = 3  # portions that the parts are measured over
# What is called once for each issuer, or each transaction, and what that part is.
_PARTS: tuple[tuple[Any, str, str], ...] = (
    (read, "facts_of", "load"),
    (read, "issuer_reading", "trades"),
    (read, "readings_of", "words"),
    (read, "detect", "signals"),
    (reading_rows, "write", "store"),
    (signal_rows, "write", "store"),
    (read, "read_portion", "rest"),
)


def figures() -> dict[str, Any]:
    """Of the facts that are there, in an order of issuers that is the same every time."""
    issuers = sorted(Issuer.objects.values_list("pk", flat=True))
    count = Filing.objects.count()
    began = time.perf_counter()
    outcome = read.read_many(issuers=issuers, jobs=JOBS)
    took = time.perf_counter() - began
    if outcome.failed or not outcome.changed:
        raise SystemExit("the reading did not go as it should, so its time says nothing")
    return {"rebuild_per_second": count / took, "rebuild_jobs": JOBS, **_parts(issuers)}


def _parts(issuers: list[str]) -> dict[str, Any]:
    portions = [list(portion) for portion in issuers_by_portion(issuers, PORTION)][:SAMPLE]
    count = Filing.objects.filter(issuer__in=[issuer for portion in portions for issuer in portion]).count()
    spent: dict[str, float] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = int(cursor.fetchone()[0])
    before = seconds_of(backend)
    with _measured(spent):
        for portion in portions:
            read.read_portion(portion, afresh=True)
    after = seconds_of(backend)
    ours = sum(spent.values())
    theirs = None if before is None or after is None else after - before
    return {
        "reading_cpu_ms": ours / count * 1_000,
        "reading_database_ms": None if theirs is None else theirs / count * 1_000,
        "reading_shares": {part: round(seconds / ours, 3) for part, seconds in spent.items()},
    }


@contextmanager
def _measured(spent: dict[str, float]) -> Iterator[None]:
    """Counts what each part takes itself, without the parts that it calls."""
    within = [0.0]

    def timed(function: Callable[..., Any], part: str) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            began = time.process_time()
            within.append(0.0)
            try:
                return function(*args, **named)
            finally:
                took = time.process_time() - began
                spent[part] = spent.get(part, 0.0) + took - within.pop()
                within[-1] += took

        return call

    with ExitStack() as stack:
        for module, name, part in _PARTS:
            stack.enter_context(patch.object(module, name, timed(getattr(module, name), part)))
        yield


def seconds_of(process: int) -> float | None:
    """What a process on this machine has computed so far; None where that cannot be told."""
    try:
        after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def said(figures: dict[str, Any]) -> str:
    shares = ", ".join(f"{part} {share:.0%}" for part, share in figures["reading_shares"].items())
    database = figures["reading_database_ms"]
    beside = "" if database is None else f" and PostgreSQL {database:.2f} ms beside it"
    return f"A filing's reading and signals take {figures['reading_cpu_ms']:.2f} ms of one core ({shares}){beside}."
