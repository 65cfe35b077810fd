"""python -m tests.bench_size.growth SMALL LARGE : how much longer each screen and page takes in a larger archive.

SMALL and LARGE are addresses of databases that are full already. One process each asks them in turns, so that what else
the machine does slows both alike; what counts is processor time, of the process and of its PostgreSQL, at the middle of
the runs: of the rows of a screen alone, as `matching` makes them, and of whole pages. Parties are chosen by their size:
of each database the issuers with about so many trades, and the insiders.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

RUNS = int(os.environ.get("RUNS", "15"))
WORTH_SAYING = 1.3
ISSUER, ISSUERS, INSIDER, INSIDERS = 1_000, 300, 100, 30  # trades


def main(small: str, large: str) -> None:
    sides = [Side(small), Side(large)]
    names = sides[0].ask("names")
    worst = 0.0
    for name in names:
        found: list[list[float]] = [[], []]
        for number in range(RUNS + 2):
            for side, took in zip(sides, found, strict=True):
                answer = side.ask(name)
                if number >= 2:
                    took.append(answer)
        before, now = (statistics.median(took) for took in found)
        worst = max(worst, now / before)
        mark = "  <--" if now / before > WORTH_SAYING else ""
        sys.stdout.write(f"{name:45} {before:7.2f} ms {now:7.2f} ms  {now / before:5.2f}{mark}\n")
        sys.stdout.flush()
    sys.stdout.write(f"the most: {worst:.2f}\n")


class Side:
    """A process beside this one, for one of the databases."""

    def __init__(self, address: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench_size.growth", "--side"],
            env={**os.environ, "DATABASE_URL": address},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, what: str) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def side() -> None:
    """Answers names with milliseconds, and `names` with what there is."""
    from tests.bench_size import pages  # noqa: I001 (it sets Django up)

    from signals.criteria import from_query
    from tests.bench_trades import pages as screening

    pages.stand_on_the_last_day()
    alike = of_size("issuer_id", ISSUER)[0], of_size("issuer_id", ISSUERS), *people()
    pages.parties = lambda: alike
    asked = screening.addresses(*alike)
    works: dict[str, Callable[[], object]] = {
        f"rows: {name}": partial(pages.page, from_query(query)) for name, query in asked.items()
    }
    works |= {f"site: {name}": work for name, work in pages.of_site().items()}
    works |= {
        f"site: {name}": partial(pages.whole, pages.unkept(), f"/screen/?{query}") for name, query in asked.items()
    }
    meter = pages.Meter()
    for line in sys.stdin:
        name = line.strip()
        answer: Any = list(works)
        if name != "names":
            before = sum(meter.now())
            works[name]()
            answer = sum(meter.now()) - before
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def people() -> tuple[int, list[int]]:
    return of_size("decision_maker", INSIDER)[0], of_size("decision_maker", INSIDERS)


def of_size(column: str, trades: int) -> list[int]:
    """Fifty with about so many trades."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column} FROM signals_trade GROUP BY 1 ORDER BY abs(count(*) - %s), 1 LIMIT 50", [trades]
        )
        return [cik for (cik,) in cursor.fetchall()]


if __name__ == "__main__":
    if sys.argv[1:] == ["--side"]:
        side()
    else:
        main(sys.argv[1], sys.argv[2])
