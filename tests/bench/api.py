"""A hundred trades by key over the API, and a hundred lines as the peer's clients ask, beside the bare SQL of each; and
how many such pages a second two processes serve.

The floor is the same statements with the same values in the same process, each row fetched and nothing made of it. Ours
is all that the web server calls, key and limit included. They take turns, and both are measured by the clock and by
what they took of a processor, here and in the database: where the machine is busy, only that says something.
"""

from __future__ import annotations

import io
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.services.keys import make
from filings.services.demo import load_demo
from form4site.wsgi import application
from signals.criteria import from_query
from signals.selectors import matching
from signals.services.read import read_all_owed
from tests.bench.ingest import scratch_database

ROWS = 100
ROUNDS = 60
UNTIL = date(2026, 11, 20)
QUERY = "filed_days=3650"
WORKERS = 2
CALLERS = 4
SERVED_SECONDS = 5
LIMITS = {"API_CALLS_PER_MINUTE": 1_000_000, "API_CALLS_PER_DAY": 100_000_000}


def figures() -> dict[str, Any]:
    with scratch_database():
        load_demo(until=UNTIL)
        read_all_owed()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        for name, value in LIMITS.items():
            setattr(settings, name, value)
        key = make(user=User.objects.create_user("bench@example.test"), name="bench").secret
        # The second page: one by its key.
        after = quote(matching.trades(from_query(QUERY), limit=ROWS).after or "")
        trades, lines = f"/v1/trades?{QUERY}&limit={ROWS}&after={after}", f"/v1/transactions?per_page={ROWS}"
        return figures_of(key, "api", trades) | figures_of(key, "api_lines", lines) | served(key, trades)


def figures_of(key: str, name: str, address: str) -> dict[str, float]:
    with CaptureQueriesContext(connection) as asked:
        answer = json.loads(call(key, address))
    fetched = len(answer if isinstance(answer, list) else answer["items"])
    if fetched != ROWS:
        raise SystemExit(f"{fetched} rows came instead of {ROWS}, so the time says nothing")
    statements = [one["sql"] for one in asked.captured_queries if "signals_" in one["sql"]]
    ours, bare = in_turns(lambda: call(key, address), lambda: fetch(statements))
    return {
        f"{name}_page_ms": ours[0] * 1e3,
        f"{name}_sql_ms": bare[0] * 1e3,
        f"{name}_of_sql": ours[0] / bare[0],
        f"{name}_page_cpu_ms": ours[1] * 1e3,
        f"{name}_sql_cpu_ms": bare[1] * 1e3,
        f"{name}_cpu_of_sql": ours[1] / bare[1],
    }


def call(key: str, address: str) -> bytes:
    """As the web server does."""
    path, _, query = address.partition("?")
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost", "HTTP_X_API_KEY": key,
        "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr,
        "wsgi.multithread": False, "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
    response = application(environ, lambda status, headers, *_: None)
    body = b"".join(response)
    response.close()
    return body


def fetch(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            while cursor.description is None:  # the time that it may take is set in the same message
                cursor.nextset()
            cursor.fetchall()


def in_turns(*work: Callable[[], object]) -> list[tuple[float, float]]:
    """Of each, the seconds by the clock and of a processor: the middle of many."""
    took: list[list[tuple[float, float]]] = [[] for _ in work]
    for number in range(ROUNDS + 3):
        for one, times in zip(work, took, strict=True):
            clock, processor = time.perf_counter(), processor_seconds()
            one()
            if number >= 3:
                times.append((time.perf_counter() - clock, processor_seconds() - processor))
    return [(statistics.median(a for a, _ in times), statistics.median(b for _, b in times)) for times in took]


def processor_seconds() -> float:
    """Of this process, and of the database's for its connection where that is on this machine."""
    here = time.process_time()
    if not settings.DATABASE_URL:
        schedule = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
        if schedule.exists():
            here += int(schedule.read_text().split()[0]) / 1e9
    return here


# --- the rate that is held --------------------------------------------------------------------------------------------


def served(key: str, address: str) -> dict[str, float]:
    """Pages a second from processes as they are deployed, to callers that wait for each answer, on this machine too."""
    with web_server() as port:
        request = f"GET {address} HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {key}\r\nConnection: close\r\n\r\n".encode()
        for _ in range(20 * WORKERS):
            whole_answer(port, request)
        took: list[float] = []
        ends_at = time.monotonic() + SERVED_SECONDS

        def ask() -> None:
            while time.monotonic() < ends_at:
                began = time.monotonic()
                whole_answer(port, request)
                took.append(time.monotonic() - began)

        began = time.monotonic()
        callers = [threading.Thread(target=ask) for _ in range(CALLERS)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        rate = len(took) / (time.monotonic() - began)
    return {"api_served_per_second": rate, "api_served_p95_ms": statistics.quantiles(took, n=20)[-1] * 1e3}


@contextmanager
def web_server() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        command = [
            *(sys.executable, "-m", "gunicorn", "tests.bench.served", "--workers", str(WORKERS)),
            *("--bind", f"fd://{listener.fileno()}", "--no-control-socket", "--log-level", "error"),
        ]
        environment = {**os.environ, "BENCH_DATABASE": str(connection.settings_dict["NAME"])}
        environment |= {name: str(value) for name, value in LIMITS.items()}
        server = subprocess.Popen(command, env=environment, pass_fds=[listener.fileno()], cwd=settings.BASE_DIR)
        try:
            yield listener.getsockname()[1]
        finally:
            server.terminate()
            server.wait(30)


def whole_answer(port: int, request: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as asked:
        asked.sendall(request)
        first = asked.recv(1 << 20)
        while asked.recv(1 << 20):
            pass
    if not first.startswith(b"HTTP/1.1 200 "):
        raise SystemExit(f"The server answered {first[:200]!r}, so its rate says nothing")
