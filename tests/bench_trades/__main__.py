"""python -m tests.bench_trades [TRADES] [SHAPE ...] : how a table of trades answers twenty-four screens, by its shape.

Makes a database of its own on the server that the site would use, fills it with invented trades (a million), and drops
it. For each shape (the site's own; `shapes.py` names more): what a first page, the thousandth page and a count up to
10,000 take, beside the floor of the same run, the newest page of all trades; how large it is; how fast rows are copied
in. Exits with 1 if a first page of the first shape takes more than 100 ms at the 95th percentile.
"""

from __future__ import annotations

import math
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Measured:
    """`copied` and `bare` are trades a second by COPY, into the finished tables and into ones without indexes."""

    results: list[measure.Result]
    bytes_a_trade: float
    copied: float
    bare: float


def main(count: int, names: list[str]) -> int:
    measured = list(measurements(count, names or ["site"], tell))
    return int(any(result.first.p95 is None or result.first.p95 > GOAL_MS for result in measured[0].results))


def figures(count: int) -> dict[str, float]:
    """The site's table: times that its screens' first and deep pages take of the newest page of all, and loading."""
    (found,) = measurements(count, ["site"], lambda line: None)
    first = [result.first.p50 / result.floor.p50 for result in found.results if result.first.p50 and result.floor.p50]
    deep = [result.deep.p50 / result.first.p50 for result in found.results if result.deep.p50 and result.first.p50]
    return {
        "screen_ms": statistics.median(result.first.p50 or math.inf for result in found.results),
        "newest_ms": statistics.median(result.floor.p50 or math.inf for result in found.results),
        "screen_of_newest": statistics.median(first),
        "worst_screen_of_newest": max(first),
        "deep_of_first": statistics.median(deep),
        "blocks_touched": max(result.first_touched for result in found.results if not result.grouped),
        "trades_copied_per_second": found.copied,
        "trades_copied_bare_per_second": found.bare,
        "copied_of_bare": found.copied / found.bare,
    }


def measurements(count: int, names: list[str], say: Callable[[str], None]) -> Iterator[Measured]:
    with database() as connection:
        cursor = connection.cursor()
        start = time.perf_counter()
        invented.fill(cursor, count)
        say(f"{one(cursor, 'SELECT count(*) FROM made'):,} trades made in {time.perf_counter() - start:.0f} s")
        asked = screens.screens(*parties(cursor))
        for name in names:
            yield measured(connection, shapes.ALL[name], asked, say)


def measured(connection: Any, shape: shapes.Shape, asked: list[screens.Screen], say: Callable[[str], None]) -> Measured:
    cursor = connection.cursor()
    start = time.perf_counter()
    shape.create(cursor)
    cursor.execute("SET work_mem = '256MB'")
    shape.fill(cursor, f"m.i % {HELD_BACK} > 0")
    filled = time.perf_counter()
    shape.index(cursor)
    cursor.execute("RESET work_mem")
    say(f"\n{shape.name}: filled in {filled - start:.0f} s, indexed in {time.perf_counter() - filled:.0f} s")
    say("p50 / p95 in ms: first page (newest of all), deep page, the same by hand, count to 10,000; blocks; way in")
    cursor.execute(f"SET statement_timeout = {1000 * measure.PATIENCE_SECONDS}")
    results = []
    for screen in asked:
        results.append(measure.one_screen(cursor, shape, screen, RUNS))
        say(told(results[-1]))
    cursor.execute("SET statement_timeout = 0")
    scans, sizes, trades = measure.used(cursor), measure.sizes(cursor), one(cursor, "SELECT count(*) FROM trade")
    for name, size in sorted(sizes.items()):
        say(f"  {name:32} {size / 1e6:9.1f} MB  {size / trades:6.1f} bytes a trade  {scans.get(name[6:], '')}")
    total = sum(sizes.values())
    copied, bare = measure.copy_rates(connection, shape, f"m.i % {HELD_BACK} = 0 AND m.i < {100_000 * HELD_BACK}")
    say(
        f"  all {total / 1e6:,.0f} MB, {total / trades:.0f} bytes a trade; {copied:,.0f} trades/s by COPY, indexes and "
        f"all, {copied / bare:.2f} of what tables without them take"
    )
    shape.drop(cursor)
    return Measured(results, total / trades, copied, bare)


def told(result: measure.Result) -> str:
    return (
        f"{result.screen:36} {result.rows:>8} rows  {result.first!s:>14} ({result.floor.p50 or 0:.1f})  "
        f"page {result.deep_page:>4} {result.deep!s:>14}  hand {result.hand!s:>14}  count {result.count!s:>16}  "
        f"{result.first_touched:>6} {result.deep_touched:>6}  {result.way}"
    )


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
