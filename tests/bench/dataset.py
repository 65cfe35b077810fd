"""Data sets into committed rows by the load service, beside the same rows by bare COPY into the same indexed tables.

Both with every constraint and index in force, from empty tables. The load reads tables, keeps the rows of each filing,
and writes facts, ledger, names and what searches find; the COPY is given those very rows, in two connections at once,
as the load has two processes.
"""

from __future__ import annotations

import os
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.db import connection

from filings.services.load import files_below, load
from tests.archive import make
from tests.bench import rebuilding
from tests.bench.ingest import columns, copy_out, empty, scratch_database, tables

FILINGS = int(os.environ.get("BENCH_FILINGS", "20000"))


def figures() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        make.make(filings=FILINGS, out=Path(folder))
        with scratch_database():
            empty()
            began = time.perf_counter()
            report = load(paths=files_below([folder]))
            loaded = time.perf_counter() - began
            if report.failed or report.published != FILINGS:
                raise SystemExit(f"the load did not go as it should, so its time says nothing: {report}")
            began = time.perf_counter()
            load(paths=files_below([folder]))
            again = time.perf_counter() - began
            rebuilt = rebuilding.figures()
            copied = timed_copy()
    return rebuilt | {
        "dataset_filings": FILINGS,
        "dataset_per_second": FILINGS / loaded,
        "dataset_again_per_second": FILINGS / again,
        "dataset_copy_per_second": FILINGS / copied,
        "dataset_of_copy": copied / loaded,
        "rebuild_of_dataset": rebuilt["rebuild_per_second"] * loaded / FILINGS,
        "rebuild_seconds_per_thousand": 1_000 / rebuilt["rebuild_per_second"],
    }


def timed_copy() -> float:
    rows = {table: copy_out(table) for table in tables()}
    empty()
    began = time.perf_counter()
    # Referred to before referring: parties and documents, then filings, then what is below them, two at a time.
    for group in _groups(list(rows)):
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda table: _copy_in(table, rows[table]), group))
    return time.perf_counter() - began


def _groups(ordered: list[str]) -> list[list[str]]:
    below = ("filings_filingowner", "filings_line", "filings_footnote", "filings_signature")
    first = [table for table in ordered if table not in (*below, "filings_filing", "filings_datasetpart")]
    alone = [table for table in first if table.endswith(("_issuer", "_insider", "_document", "_datasetload"))]
    rest = [table for table in first if table not in alone]
    return [alone, ["filings_filing", *rest, "filings_datasetpart"], list(below)]


def _copy_in(table: str, content: list[bytes]) -> None:
    """In the connection of this thread."""
    try:
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({columns(table)}) FROM STDIN (FORMAT binary)") as copy,
        ):
            for block in content:
                copy.write(block)
    finally:
        connection.close()
