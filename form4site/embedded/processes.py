"""What this machine says about processes: alive, what they run, and dying with a parent. Linux and macOS."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

PROC = Path("/proc")
HAS_PROC = (PROC / "self" / "cwd").exists()
_PR_SET_PDEATHSIG = 1


def is_alive(pid: int) -> bool:
    """Whether a process of this number exists and is not just waiting to be reaped."""
    if HAS_PROC:
        try:
            return (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()[0] not in "ZX"
        except (OSError, IndexError):
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def is_postgres_on(pid: int, data: Path) -> bool:
    """Whether the process is a PostgreSQL whose data folder is `data` (a server, or a back end it left)."""
    if HAS_PROC:
        try:
            program = (PROC / str(pid) / "exe").readlink().name
            return program.startswith("postgres") and (PROC / str(pid) / "cwd").readlink() == data.resolve()
        except OSError:  # gone, or a process of another user, so none that we started
            return False
    shown = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return "postgres" in shown.stdout and str(data) in shown.stdout


def postgres_processes_on(data: Path) -> list[int]:
    """Every PostgreSQL process that works in `data`; always empty where there is no /proc."""
    if not HAS_PROC:
        return []
    return [
        int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit() and is_postgres_on(int(entry.name), data)
    ]


def marked_processes(name: str, value: str) -> list[int]:
    """Every process that was started with the environment variable `name` set to `value`, except this one."""
    mark = f"{name}={value}".encode()
    found = []
    for entry in PROC.iterdir() if HAS_PROC else []:
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                environment = (entry / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if mark in environment and is_alive(int(entry.name)):
                found.append(int(entry.name))
    return found


def start_time(pid: int) -> str:
    """Something that tells this process from a later one of the same number; empty when it is not there."""
    if HAS_PROC:
        try:
            return (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()[19]
        except (OSError, IndexError):
            return ""
    shown = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.strip()


def send(pids: Iterable[int], signal_number: int) -> None:
    """Signal each process; those already gone are not an error."""
    for pid in pids:
        try:
            os.kill(pid, signal_number)
        except ProcessLookupError:
            continue


def wait_gone(pids: Iterable[int], seconds: float) -> list[int]:
    """Wait until all are gone, at most `seconds`; those that are still there."""
    deadline = time.monotonic() + seconds
    left = [pid for pid in pids if is_alive(pid)]
    while left and time.monotonic() < deadline:
        time.sleep(0.05)
        left = [pid for pid in left if is_alive(pid)]
    return left


def die_with_parent(signal_number: int) -> Callable[[], None] | None:
    """A `preexec_fn` that has the kernel signal the child when its parent dies; None where there is no such thing.

    Only for a parent with one thread: the kernel watches the thread that started the child.
    """
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def ask_the_kernel() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal_number)
        if os.getppid() != parent:  # it died before we asked
            os.kill(os.getpid(), signal.SIGKILL)

    return ask_the_kernel
