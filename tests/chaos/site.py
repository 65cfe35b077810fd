"""A whole site of a test's own: embedded database, real worker, real clock, in a folder that is gone afterwards."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg

from form4site.embedded import server
from tests.conftest import ROOT

PATIENCE = 60


class Site:
    def __init__(self, var: Path, **environment: str) -> None:
        self.var = var
        self.environment = {
            name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")
        }
        self.environment.pop("PYTEST_CURRENT_TEST", None)
        self.environment |= {"FORM4SITE_VAR": str(var), "DJANGO_SETTINGS_MODULE": "form4site.settings"} | environment
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        subprocess.run(
            [sys.executable, "-m", "form4site.prepare"],
            cwd=ROOT, env=self.environment, check=True, stdout=subprocess.DEVNULL, timeout=PATIENCE * 3,
        )  # fmt: skip

    def start(self, name: str, *command: str, **variables: str) -> None:
        with (self.var / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=self.environment | variables,
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def start_worker(self) -> None:
        quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--concurrency", "2")
        self.start("worker", "-m", "celery", "-A", "form4site", "worker", *quiet)

    def start_clock(self) -> None:
        self.start("beat", "-m", "celery", "-A", "form4site", "beat", "--pidfile", "", CELERY_SKIP_CHECKS="1")

    def kill(self, name: str) -> None:
        """The process and all its children, without a word."""
        process = self.running.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)

    def ended(self, name: str) -> int | None:
        return self.running[name].poll()

    def log(self, name: str) -> str:
        return (self.var / f"{name}.log").read_text(errors="replace")[-3000:]

    def crash_database(self) -> None:
        """PostgreSQL stops as in a power cut of its own; the next connection starts it again."""
        state = server.read_state(server.folder_of(self.var))
        os.kill(int(str(state["server"])), signal.SIGQUIT)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Asked anew each time, and again while the database is starting."""
        return self._asked(query, lambda cursor: cursor.fetchall())

    def execute(self, statement: str) -> None:
        self._asked(statement, lambda cursor: None)

    def _asked(self, query: str, take: Callable[[psycopg.Cursor[Any]], Any]) -> Any:
        ends_at = time.monotonic() + PATIENCE
        while True:
            try:
                host = server.ensure_running(self.var)
                with psycopg.connect(host=host, dbname="form4site", user="form4site") as connection:
                    return take(connection.execute(query))
            except psycopg.OperationalError:
                if time.monotonic() > ends_at:
                    raise
                time.sleep(0.2)

    def counts(self, query: str) -> dict[Any, Any]:
        return dict(self.rows(query))

    def wait(self, for_what: Callable[[], bool], seconds: float) -> bool:
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at:
            if for_what():
                return True
            time.sleep(0.2)
        return False


@contextlib.contextmanager
def site(**environment: str) -> Iterator[Site]:
    # Not in pytest's folder of temporary files, from which other runs on the machine remove the oldest.
    with tempfile.TemporaryDirectory(prefix="form4site-chaos-", ignore_cleanup_errors=True) as folder:
        var = Path(folder)
        own = Site(var, **environment)
        try:
            yield own
        finally:
            for name in list(own.running):
                own.kill(name)
            server.release(var)
            server.wait_stopped(var, PATIENCE)
