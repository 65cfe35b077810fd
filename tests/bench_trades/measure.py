"""How long a statement takes when its pages are warm, how large tables and indexes are, how fast rows are copied in."""

from __future__ import annotations

import io
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg

from tests.bench_trades.screens import PAGE, Screen, by_hand
from tests.bench_trades.shapes import Shape

MOST_COUNTED = 10_000
DEEP = 1000
PATIENCE_SECONDS = 20
NEWEST = Screen("newest", "true")
LARGE_MS = 400  # what takes longer is not repeated as often


@dataclass(frozen=True)
class Taken:
    """Milliseconds over several runs, after two that are not counted; None where patience ended."""

    p50: float | None
    p95: float | None

    def __str__(self) -> str:
        return "given up" if self.p50 is None else f"{self.p50:.1f} / {self.p95:.1f}"


@dataclass(frozen=True)
class Result:
    """`rows` as the count says that stops at 10,000; `deep_page` is the thousandth page, or the last whole one.
    `floor` is the newest page of all trades, asked for in turns with the first page of the screen, so that what else
    the machine does slows both. `first_touched` and `deep_touched` are how many blocks of 8 kB a page reads, which no
    other load can change."""

    screen: str
    rows: str
    first: Taken
    floor: Taken
    deep: Taken
    deep_page: int
    count: Taken
    hand: Taken
    way: str
    first_touched: int
    deep_touched: int
    grouped: bool


def one_screen(cursor: Any, shape: Shape, screen: Screen, runs: int) -> Result:
    counting = screen.count(shape.name, MOST_COUNTED)
    rows = value(cursor, counting)
    pages = MOST_COUNTED if rows is None else rows // PAGE
    after, deep_page = None, 1
    if pages > 1:
        deep_page = DEEP if rows is None or rows > MOST_COUNTED else pages
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(screen.mark(shape.name, (deep_page - 1) * PAGE))
        after = cursor.fetchone()
        if after is None:  # more than may be counted, fewer than a thousand pages
            deep_page = MOST_COUNTED // PAGE
            cursor.execute(screen.mark(shape.name, (deep_page - 1) * PAGE))
            after = cursor.fetchone()
    first_page, deep_page_sql = screen.page(shape.name), screen.page(shape.name, after)
    first, floor = in_turns(
        page_of(cursor, shape, first_page, screen), page_of(cursor, shape, NEWEST.page(shape.name), NEWEST), runs
    )
    deep = taken(page_of(cursor, shape, deep_page_sql, screen), runs) if after else first
    hand = taken(page_of(cursor, shape, by_hand(screen, shape.name, after), screen), runs)
    told = "?" if rows is None else f"> {MOST_COUNTED:,}" if rows > MOST_COUNTED else f"{rows:,}"
    return Result(
        screen.name,
        told,
        first,
        floor,
        deep,
        deep_page,
        taken(lambda: value(cursor, counting), runs),
        hand,
        way_in(cursor, first_page),
        touched(cursor, first_page),
        touched(cursor, deep_page_sql),
        bool(screen.groups),
    )


def page_of(cursor: Any, shape: Shape, statement: str, screen: Screen) -> Callable[[], object]:
    """One page as a list shows it: its rows, and in a second statement the sentences where they stand apart."""

    def page() -> bool:
        try:
            cursor.execute(statement)
        except psycopg.errors.QueryCanceled:
            return False
        rows = cursor.fetchall()
        if screen.groups or not rows:
            return True
        at = [column.name for column in cursor.description]
        filing, number = at.index("filing_id"), at.index("number")
        cursor.execute(shape.details([(row[filing], row[number]) for row in rows]))
        cursor.fetchall()
        return True

    return page


def in_turns(work: Callable[[], object], other: Callable[[], object], runs: int) -> tuple[Taken, Taken]:
    """Both, each after its turn of the other, a few runs at a time."""
    turns = [(taken(work, runs // 2), taken(other, runs // 2)) for _ in range(2)]
    return better(*(mine for mine, _ in turns)), better(*(others for _, others in turns))


def better(one: Taken, two: Taken) -> Taken:
    return min(one, two, key=lambda taken: float("inf") if taken.p50 is None else taken.p50)


def taken(work: Callable[[], object], runs: int) -> Taken:
    times: list[float] = []
    for number in range(runs + 2):
        start = time.perf_counter()
        if work() is False:
            return Taken(None, None)
        duration = 1000 * (time.perf_counter() - start)
        if number > 1 or duration > LARGE_MS:
            times.append(duration)
        if duration > LARGE_MS and len(times) >= 3:
            break
    ordered = sorted(times)
    return Taken(statistics.median(ordered), ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)])


def value(cursor: Any, statement: str) -> Any:
    try:
        cursor.execute(statement)
    except psycopg.errors.QueryCanceled:
        return None
    return cursor.fetchone()[0]


def way_in(cursor: Any, statement: str) -> str:
    """By which index the plan reaches the trades, or that it reads them all."""
    cursor.execute(f"EXPLAIN {statement}")
    lines = [line for (line,) in cursor.fetchall()]
    ways = re.findall(r"(?:using|Index Scan on) trade_(\w+)|(Seq Scan)", "\n".join(lines))
    return " ".join(dict.fromkeys(re.sub(r"20\d\d_|_idx\d*$", "", name) or scan for name, scan in ways))


def touched(cursor: Any, statement: str) -> int:
    """Blocks that the statement reads, wherever they lie."""
    cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING off, FORMAT JSON) {statement}")
    plan = cursor.fetchone()[0][0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] + plan["Temp Read Blocks"]


def sizes(cursor: Any) -> dict[str, int]:
    """Bytes of every table, of its TOAST, and of every index, partitions added up."""
    cursor.execute("""
        SELECT regexp_replace(c.relname, '_20[0-9][0-9]', ''), c.relkind, sum(pg_relation_size(c.oid)),
               sum(coalesce(pg_relation_size(nullif(c.reltoastrelid, 0)), 0))
          FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
         WHERE n.nspname = 'public' AND c.relkind IN ('r', 'i') AND c.relname LIKE 'trade%' GROUP BY 1, 2""")
    found: dict[str, int] = {}
    for name, kind, size, toast in cursor.fetchall():
        found[f"{'table' if kind == 'r' else 'index'} {name}"] = int(size)
        if toast:
            found[f"toast {name}"] = int(toast)
    return found


def used(cursor: Any) -> dict[str, int]:
    """How often each index was scanned since it was made."""
    cursor.execute("SELECT pg_stat_force_next_flush()")
    cursor.execute("""SELECT regexp_replace(indexrelname, '_20[0-9][0-9]', ''), sum(idx_scan) FROM pg_stat_user_indexes
                      WHERE relname LIKE 'trade%' GROUP BY 1 ORDER BY 1""")
    return {name: int(scans) for name, scans in cursor.fetchall()}


def copy_rates(connection: Any, shape: Shape, where: str) -> tuple[float, float]:
    """Trades a second by COPY into the shape's tables with all their indexes and constraints, committed once; and the
    floor: the same rows into tables that have none."""
    with connection.cursor() as cursor:
        parcels = [(table, _packed(cursor, f"{select} WHERE {where}")) for table, select in shape.loads]
        cursor.execute(f"SELECT count(*) FROM made m WHERE {where}")
        count = cursor.fetchone()[0]
        bare = []
        for table, packed in parcels:
            name, _, columns = table.partition(" ")
            cursor.execute(f"CREATE TABLE bare_{name} (LIKE {name})")
            bare.append((f"bare_{name} {columns}", packed))
        floor = count / _copied(connection, cursor, bare)
        for table, _ in bare:
            cursor.execute(f"DROP TABLE {table.split()[0]}")
        return count / _copied(connection, cursor, parcels), floor


def _copied(connection: Any, cursor: Any, parcels: list[tuple[str, io.BytesIO]]) -> float:
    start = time.perf_counter()
    with connection.transaction():
        for table, packed in parcels:
            packed.seek(0)
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                while part := packed.read(1 << 20):
                    copy.write(part)
    return time.perf_counter() - start


def _packed(cursor: Any, select: str) -> io.BytesIO:
    packed = io.BytesIO()
    with cursor.copy(f"COPY ({select}) TO STDOUT") as copy:
        for part in copy:
            packed.write(part)
    return packed
