"""Files into committed rows by the load service, beside the same rows by bare COPY into the same emptied tables; then
their readings and signals, once as owed and once dropped and made anew."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from filings.models import Issuer
from filings.services.load import load
from signals.services.read import BATCH, read_issuers, read_owed

ROUNDS = 3


def figures(paths: list[Path]) -> dict[str, Any]:
    """Filings a second; one process, every batch committed."""
    loaded, again, copied = [], [], []
    with scratch_database():
        for _ in range(ROUNDS):
            empty()
            loaded.append(timed_load(paths, published=len(paths)))
            again.append(timed_load(paths, published=0))
            copied.append(timed_copy())
        read, reread = timed_reading(), timed_rereading()
    ours, theirs = len(paths) / min(loaded), len(paths) / min(copied)
    return {
        "ingest_per_second": ours,
        "again_per_second": len(paths) / min(again),
        "copy_per_second": theirs,
        "of_copy": ours / theirs,
        "read_per_second": len(paths) / read,
        "reread_per_second": len(paths) / reread,
        "read_of_ingest": len(paths) / read / ours,
        "reread_of_read": read / reread,
    }


@contextmanager
def scratch_database() -> Iterator[None]:
    before = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"bench_{os.getpid()}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


def tables() -> list[str]:
    """The tables of facts, each after those that it points to."""
    models = list(apps.get_app_config("filings").get_models())
    ordered: list[str] = []
    while models:
        for model in models:
            needs = {field.related_model for field in model._meta.concrete_fields if field.related_model}
            if not needs.intersection(models):
                ordered.append(model._meta.db_table)
                models.remove(model)
                break
    return ordered


def columns(table: str) -> str:
    model = next(model for model in apps.get_app_config("filings").get_models() if model._meta.db_table == table)
    return ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields if not field.generated)


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables())} CASCADE")  # with the readings of these facts


def timed_load(paths: list[Path], *, published: int) -> float:
    began = time.perf_counter()
    report = load(paths=paths)
    took = time.perf_counter() - began
    if report.failed or report.published != published:
        raise SystemExit(f"the load did not go as it should, so its time says nothing: {report}")
    return took


def timed_reading() -> float:
    """All readings and signals of the facts that are there, in one process."""
    began = time.perf_counter()
    outcome = read_owed(seconds=math.inf, everything=True)
    if outcome.failed or not outcome.read:
        raise SystemExit(f"the reading did not go as it should, so its time says nothing: {outcome}")
    return time.perf_counter() - began


def timed_rereading() -> float:
    """The same dropped and made anew."""
    issuers = sorted(Issuer.objects.values_list("pk", flat=True))
    began = time.perf_counter()
    for start in range(0, len(issuers), BATCH):
        read_issuers(issuers=issuers[start : start + BATCH], afresh=True)
    return time.perf_counter() - began


def timed_copy() -> float:
    rows = {table: copy_out(table) for table in tables()}
    empty()
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for table, content in rows.items():
            with cursor.copy(f"COPY {table} ({columns(table)}) FROM STDIN (FORMAT binary)") as copy:
                for block in content:
                    copy.write(block)
    return time.perf_counter() - began


def copy_out(table: str) -> list[bytes]:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY (SELECT {columns(table)} FROM {table}) TO STDOUT (FORMAT binary)") as copy,
    ):
        return [bytes(block) for block in copy]
