"""The pages of an issuer and of an insider with 5,000 trades: the time to the first byte, made anew.

Beside the bare SQL of the same page (the same statements with the same values, and nothing made of the rows), and
beside an empty view that goes the same way through the site. All in one process, in turns.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from tests.bench.api import fetch
from tests.bench.ingest import scratch_database
from tests.pages.archive import publish, received, traded
from tests.pages.many import ONE_INSIDER, make_many

ROUNDS = 20
EMPTY = "/healthz"
BARE_NAMES = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


def figures() -> dict[str, Any]:
    with scratch_database(), override_settings(STORAGES=BARE_NAMES, ALLOWED_HOSTS=["testserver"]):
        publish(received(traded()))
        issuer = make_many()
        client = Client(headers={"Cache-Control": "no-cache"})  # not the page that is kept
        gc.collect()
        gc.freeze()  # as `form4site/wsgi.py` does before it serves
        return figures_of(client, "issuer", f"/issuers/{issuer}/") | figures_of(
            client, "insider", f"/insiders/{ONE_INSIDER}/"
        )


def figures_of(client: Client, name: str, address: str) -> dict[str, float]:
    with CaptureQueriesContext(connection) as asked:
        if client.get(address).status_code != 200:
            raise SystemExit(f"{address} is not there, so the time says nothing")
    statements = [one["sql"] for one in asked.captured_queries]
    page, sql, empty = in_turns(lambda: client.get(address), lambda: fetch(statements), lambda: client.get(EMPTY))
    return {
        f"{name}_first_byte_ms": page * 1e3,
        f"{name}_sql_ms": sql * 1e3,
        f"{name}_empty_ms": empty * 1e3,
        f"{name}_of_sql": page / sql,
        f"{name}_of_empty": page / empty,
    }


def in_turns(*works: Callable[[], object]) -> list[float]:
    """Seconds of each, the middle of many rounds in which each has its turn."""
    took: list[list[float]] = [[] for _ in works]
    for number in range(ROUNDS + 2):
        for times, work in zip(took, works, strict=True):
            began = time.perf_counter()
            work()
            if number >= 2:  # after those that fill what is kept
                times.append(time.perf_counter() - began)
    return [statistics.median(times) for times in took]
