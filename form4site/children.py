"""The processes that the supervisor runs: started, logged, restarted with a growing delay, stopped.

A child's output goes whole to `var/log/NAME.log` (two files of at most 5 MB); the terminal gets warnings, errors and
tracebacks only. Each child leads a process group of its own, so that Ctrl-C reaches the supervisor alone and a stop
reaches everything a child has started.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from form4site.embedded import processes

LOG_BYTES = 5_000_000
STEADY_SECONDS = 60  # a child that lived this long starts with a clean record
TRIES = 6
_LEVEL = re.compile(rb"\b(DEBUG|INFO|WARNING|ERROR|CRITICAL)\b")


class LogFile:
    """An append-only file that moves to `NAME.log.1` when it has grown to LOG_BYTES. A full disk stops nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, text: bytes) -> None:
        try:
            if self.path.exists() and self.path.stat().st_size > LOG_BYTES:
                self.path.replace(self.path.with_suffix(".log.1"))
            with self.path.open("ab") as file:
                file.write(text)
        except OSError:
            return

    def tail(self, lines: int) -> str:
        try:
            return "\n".join(self.path.read_text(errors="replace").splitlines()[-lines:])
        except OSError:
            return ""


class Child:
    """One program that should be running. `say` prints a line for the person at the terminal."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        folder: Path,
        environment: dict[str, str],
        say: Callable[[str], None],
    ) -> None:
        self.name = name
        self.command = list(command)
        self.folder = folder
        self.environment = environment
        self.say = say
        self.log = LogFile(folder / f"{name}.log")
        self.process: subprocess.Popen[bytes] | None = None
        self.tries = 0
        self.started_at = 0.0
        self.restart_at: float | None = None
        self._partial = b""
        self._in_traceback = False

    def start(self, *, pass_fds: Sequence[int] = (), to_terminal: bool = False) -> None:
        """Start it; with `to_terminal` its output is for the reader and goes nowhere else.

        Called from the main thread only: the kernel's watch on the parent is a watch on the thread.
        """
        self.restart_at = None
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=None if to_terminal else subprocess.PIPE,
            stderr=None if to_terminal else subprocess.STDOUT,
            env=self.environment,
            pass_fds=pass_fds,
            process_group=0,
            preexec_fn=processes.die_with_parent(signal.SIGTERM),
        )
        if self.process.stdout:
            os.set_blocking(self.process.stdout.fileno(), False)

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def status(self) -> int | None:
        return self.process.returncode if self.process else None

    def read_output(self, *, show: bool) -> None:
        """Take what the child has written so far: all of it to the log, what matters to the terminal."""
        while self.process and self.process.stdout:
            try:
                text = os.read(self.process.stdout.fileno(), 65536)
            except BlockingIOError:
                return
            if not text:
                self.process.stdout.close()
                self.process.stdout = None
                return
            self.log.write(text)
            *lines, self._partial = (self._partial + text).split(b"\n")
            for line in lines:
                self._show(line, show)
            self._partial = self._partial[-65536:]

    def _show(self, line: bytes, show: bool) -> None:
        level = _LEVEL.search(line[:80])
        if level:
            matters, self._in_traceback = level[1] in (b"WARNING", b"ERROR", b"CRITICAL"), False
        elif line.startswith(b"Traceback"):
            matters = self._in_traceback = True
        else:
            matters = self._in_traceback
            self._in_traceback = matters and line[:1] in (b"", b" ")  # a line at the margin is its last: the exception
        if show and matters and line.strip():
            self.say(f"{self.name:6} | {line.decode(errors='replace')}")

    def plan_restart(self) -> bool:
        """Note when to start a child that has died; False when it has died too often to go on."""
        if time.monotonic() - self.started_at > STEADY_SECONDS:
            self.tries = 0
        self.tries += 1
        delay = min(2 ** (self.tries - 1), 30)
        self.restart_at = time.monotonic() + delay
        if self.tries < TRIES:
            status = self.status or 0
            how = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
            self.say(f"{self.name} {how}; it starts again in {delay} s. Its log: {self.log.path}")
        return self.tries < TRIES

    def signal(self, number: int, *, group: bool = False) -> None:
        """Signal the child, or everything in its group, whatever is left of it."""
        if self.process is None:
            return
        try:
            if group:
                os.killpg(self.process.pid, number)
            elif self.running:
                self.process.send_signal(number)
        except (ProcessLookupError, PermissionError):
            return
