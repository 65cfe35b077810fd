"""python -m tests.bench_trades [TRADES] [SHAPE ...] : how a table of trades answers twenty-four screens, by its shape.

Makes a database of its own on the server that the site would use, fills it with invented trades (a million), and drops
it. For each shape: what a first page, the thousandth page and a count up to 10,000 take, with the floor of the same
run, the newest page by a bare index; how large it is; how fast rows are copied in. Exits with 1 if a page of the first
shape takes more than 100 ms.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "form4site.settings")
django.setup()

import psycopg  # noqa: E402
from django.db import connection as site  # noqa: E402

from tests.bench_trades import invented, measure, screens, shapes  # noqa: E402

RUNS = 20
HELD_BACK = 40  # one filing of so many is kept for COPY into the finished tables
GOAL_MS = 100


def main(count: int, names: list[str]) -> int:
    slow = 0
    with database() as connection:
        cursor = connection.cursor()
        start = time.perf_counter()
        invented.fill(cursor, count)
        tell(f"{one(cursor, 'SELECT count(*) FROM made'):,} trades made in {time.perf_counter() - start:.0f} s")
        asked = screens.screens(*parties(cursor))
        for position, name in enumerate(names or ["site"]):
            results = measured(connection, shapes.ALL[name], asked)
            slow += not position and any(result.first.p95 is None or result.first.p95 > GOAL_MS for result in results)
    return int(bool(slow))


def measured(connection: Any, shape: shapes.Shape, asked: list[screens.Screen]) -> list[measure.Result]:
    cursor = connection.cursor()
    start = time.perf_counter()
    shape.create(cursor)
    cursor.execute("SET work_mem = '256MB'")
    shape.fill(cursor, f"m.i % {HELD_BACK} > 0")
    filled = time.perf_counter()
    shape.index(cursor)
    cursor.execute("RESET work_mem")
    tell(f"\n## {shape.name}: filled in {filled - start:.0f} s, indexed in {time.perf_counter() - filled:.0f} s")
    cursor.execute(f"SET statement_timeout = {1000 * measure.PATIENCE_SECONDS}")
    floor = measure.page_time(cursor, shape, screens.Screen("floor", "true").page(shape.name), asked[0], RUNS)
    tell(f"floor: {floor} ms")
    results = []
    for screen in asked:
        result = measure.one_screen(cursor, shape, screen, RUNS)
        tell(
            f"{result.screen:36} rows {result.rows:>9}  first {result.first!s:>16}  page {result.deep_page:>4} "
            f"{result.deep!s:>16}  hand {result.hand!s:>16}  count {result.count!s:>16}  "
            f"blocks {result.first_touched:>6} {result.deep_touched:>6}  {result.way}"
        )
        results.append(result)
    cursor.execute("SET statement_timeout = 0")
    scans = measure.used(cursor)
    trades = one(cursor, "SELECT count(*) FROM trade")
    total = 0
    for name, size in sorted(measure.sizes(cursor).items()):
        total += size
        tell(f"  {name:32} {size / 1e6:9.1f} MB  {size / trades:6.1f} bytes a trade  {scans.get(name[6:], '')}")
    rate, bare = measure.copy_rates(connection, shape, f"m.i % {HELD_BACK} = 0 AND m.i < {100_000 * HELD_BACK}")
    tell(
        f"  all {total / 1e6:,.0f} MB, {total / trades:.0f} bytes a trade; {rate:,.0f} trades/s by COPY with indexes, "
        f"{rate / bare:.2f} of what tables without them take"
    )
    shape.drop(cursor)
    return results


def parties(cursor: Any) -> tuple[int, list[int], int, list[int], int]:
    def column(statement: str) -> list[int]:
        cursor.execute(statement)
        return [value for (value,) in cursor.fetchall()]

    issuers = column("SELECT issuer_id FROM made GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 500")
    insiders = column("SELECT decision_maker FROM made GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 5000")
    filing = column("SELECT filing_id FROM made ORDER BY number DESC, filing_id LIMIT 1")[0]
    return issuers[2], issuers[::10], insiders[2], insiders[::100], filing


@contextmanager
def database() -> Iterator[Any]:
    """A connection to a database of its own, without what would make times uneven."""
    name = f"bench_trades_{os.getpid()}"
    given = site.get_connection_params() | {"cursor_factory": psycopg.ClientCursor}
    given = {key: value for key, value in given.items() if key not in ("context", "prepare_threshold")}
    with psycopg.connect(**given | {"dbname": "postgres"}, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            with psycopg.connect(**given | {"dbname": name}, autocommit=True) as connection:
                for setting in ("jit = off", "max_parallel_workers_per_gather = 0", "random_page_cost = 1.1"):
                    connection.execute(f"SET {setting}")
                connection.execute("SET maintenance_work_mem = '512MB'")
                connection.execute("SET synchronous_commit = off")
                yield connection
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def one(cursor: Any, statement: str) -> Any:
    cursor.execute(statement)
    return cursor.fetchone()[0]


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    arguments = sys.argv[1:]
    size = int(arguments.pop(0).replace("_", "")) if arguments and arguments[0][0].isdigit() else 1_000_000
    sys.exit(main(size, arguments))
