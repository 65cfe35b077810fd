"""A hundred trades by key over the API, and a hundred lines as the peer's clients ask, beside the bare SQL of each.

The same statements with the same values, and nothing made of the rows; ours goes the whole way through the site, key
and rate limit included, in one process.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.services.keys import make
from filings.services.demo import load_demo
from signals.criteria import from_query
from signals.selectors import matching
from signals.services.read import read_all_owed
from tests.bench.ingest import scratch_database

ROWS = 100
ROUNDS = 40
UNTIL = date(2026, 11, 20)
QUERY = "filed_days=3650"


def figures() -> dict[str, Any]:
    with scratch_database():
        load_demo(until=UNTIL)
        read_all_owed()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        settings.API_CALLS_PER_MINUTE = 1_000_000
        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
        key = make(user=User.objects.create_user("bench@example.test"), name="bench").secret
        client = Client(headers={"X-Api-Key": key})
        # The second page: one by its key.
        after = matching.trades(from_query(QUERY), limit=ROWS).after
        trades = figures_of(client, "api", f"/v1/trades?{QUERY}&limit={ROWS}&after={after}")
        return trades | figures_of(client, "api_lines", f"/v1/transactions?per_page={ROWS}")


def figures_of(client: Client, name: str, address: str) -> dict[str, float]:
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address).json()
    fetched = len(answer if isinstance(answer, list) else answer["items"])
    if fetched != ROWS:
        raise SystemExit(f"{fetched} rows came instead of {ROWS}, so the time says nothing")
    statements = [one["sql"] for one in asked.captured_queries if "signals_" in one["sql"]]
    ours, bare = timed(lambda: client.get(address)), timed(lambda: fetch(statements))
    return {
        f"{name}_page_ms": ours * 1e3,
        f"{name}_sql_ms": bare * 1e3,
        f"{name}_of_sql": ours / bare,
        f"{name}_pages_per_second": 1 / ours,
    }


def fetch(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()


def timed(work: Callable[[], object]) -> float:
    """Seconds, the middle of many."""
    work()
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return statistics.median(took)
