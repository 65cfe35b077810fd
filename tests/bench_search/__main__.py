"""python -m tests.bench_search [NAMES] : how quick a search is among a million names (or NAMES).

Makes a database of its own on the server that the site would use, fills it, and drops it. Prints what 200 searches
take beside a floor of the same run, the look-up of one row by its primary key, and the plans of every statement; exits
with 1 if any of these reads the names from end to end, or if more than three statements answered one search.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "form4site.settings")
django.setup()

from django.db import connection  # noqa: E402

from filings.models import SearchName  # noqa: E402
from filings.search import search  # noqa: E402
from tests.bench_search import invented  # noqa: E402

SEARCHES = 200
TABLE = SearchName._meta.db_table


def main(count: int) -> int:
    start = time.perf_counter()
    with names(count):
        tell(f"{count:,} names written and indexed in {time.perf_counter() - start:.0f} s")
        return report(list(invented.searches(SEARCHES)))


def figures(count: int) -> dict[str, float]:
    """Milliseconds of the middle search and of the 95th in a hundred, and of the floor beside them."""
    with names(count):
        asked = list(invented.searches(SEARCHES))
        floor = statistics.median(floor_times())
        for _ in range(2):  # the first time warms up
            times = sorted(milliseconds(lambda text=text: search(text, 10)) for _, text in asked)
    middle = statistics.median(times)
    return {
        "search_ms": middle,
        "search_p95_ms": percentile(times, 95),
        "key_ms": floor,
        "search_of_key": middle / floor,
    }


@contextmanager
def names(count: int) -> Iterator[None]:
    connection.settings_dict["TEST"]["NAME"] = f"bench_search_{os.getpid()}"
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        invented.fill(count)
        yield
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


def floor_times() -> list[float]:
    keys = list(SearchName.objects.values_list("pk", flat=True)[:SEARCHES])
    return [milliseconds(lambda key=key: SearchName.objects.get(pk=key)) for key in keys for _ in range(2)][1::2]


def report(asked: list[tuple[str, str]]) -> int:
    floor = floor_times()
    statements: list[list[tuple[str, Any]]] = []
    for _, text in asked:  # also the warm-up: the site's database is warm too
        statements.append(recorded(text))
    taken = [(milliseconds(lambda text=text: search(text, 10)), kind, text) for kind, text in asked]
    times = sorted(duration for duration, _, _ in taken)
    floor_p50 = statistics.median(floor)
    say("floor: one row by primary key", sorted(floor), floor_p50)
    say(f"search: {len(times)} queries", times, floor_p50)
    for kind in dict.fromkeys(kind for kind, _ in asked):
        of_kind = sorted((duration, text) for duration, its, text in taken if its == kind)
        say(f"  {kind}", [duration for duration, _ in of_kind], floor_p50, of_kind[-1][1])
    scans = [text for (_, text), made in zip(asked, statements, strict=True) if any(map(scans_the_names, made))]
    most = max(map(len, statements))
    every = [statement for made in statements for statement in made]
    tell(f"{len(every)} statements explained, at most {most} a search")
    tell(f"sequential scans of {TABLE}: {len(scans)} {scans[:5]}")
    tell(f"ways in: {ways_in(every)}")
    if not scans_the_names((f"SELECT FROM {TABLE} WHERE detail = 'Nobody'", None)):
        tell("A statement that must read every name was not seen to: this proves nothing.")
        return 1
    return int(bool(scans) or most > 3)


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")


def say(what: str, ordered: list[float], floor: float, slowest: str = "") -> None:
    middle, high = statistics.median(ordered), percentile(ordered, 95)
    tell(
        f"{what:32} p50 {middle:6.2f} ms   p95 {high:6.2f} ms   max {ordered[-1]:6.2f} ms   "
        f"{middle / floor:5.1f} and {high / floor:5.1f} times the floor   {slowest}"
    )


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def percentile(ordered: list[float], percent: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def recorded(text: str) -> list[tuple[str, Any]]:
    made: list[tuple[str, Any]] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        made.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        search(text, 10)
    return made


def plan(statement: tuple[str, Any]) -> list[str]:
    sql, params = statement
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", params)
        return [line for (line,) in cursor.fetchall()]


def scans_the_names(statement: tuple[str, Any]) -> bool:
    return any(f"Seq Scan on {TABLE}" in line for line in plan(statement))


def ways_in(statements: list[tuple[str, Any]]) -> dict[str, int]:
    """How often the plans reach the names by which index."""
    lines = [line.split("  (cost")[0].strip(" ->") for statement in statements for line in plan(statement)]
    return dict(Counter(line.split(" on ")[-1] for line in lines if "Index Scan" in line))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
