"""Using the embedded server from any process: take a lease, find or start the server, let go.

`ensure_running` is cheap when the server runs (two lock probes and a small file), so every new connection calls it.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

from form4site.embedded import EmbeddedDatabaseError
from form4site.embedded.locks import is_locked, open_lock, try_lock, wait_lock
from form4site.embedded.processes import is_alive

PACKAGE_ROOT = Path(__file__).resolve().parent.parent.parent
SOCKET_NAME = ".s.PGSQL.5432"

_leases: dict[Path, int] = {}
_guard = threading.Lock()


def _new_guard() -> None:
    global _guard
    _guard = threading.Lock()


os.register_at_fork(after_in_child=_new_guard)  # a fork must not inherit a guard that another thread held


def say(sentence: str) -> None:
    """Tell the person who waits; a terminal that is gone is no reason to stop."""
    try:
        print(sentence, file=sys.stderr, flush=True)  # noqa: T201
    except (OSError, ValueError, AttributeError):
        return


def folder_of(var_dir: Path) -> Path:
    """The folder of the embedded server's files, resolved, so that one database has one name."""
    return var_dir.resolve() / "postgres"


def hold_lease(var_dir: Path) -> None:
    """From here until this process ends (or `release`), the server is in use. Does not start it."""
    folder = folder_of(var_dir)
    if folder in _leases:
        return
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        descriptor = open_lock(folder / "lease")
    except OSError as refused:
        raise EmbeddedDatabaseError(
            f"The embedded database cannot use {folder}: {refused.strerror}. Run form4site as the user who owns that "
            "folder, free some space if the disk is full, or set FORM4SITE_VAR to a folder of your own."
        ) from refused
    wait_lock(descriptor, shared=True, notice=lambda: say("The database is just shutting down; waiting for it ..."))
    _leases[folder] = descriptor


def release(var_dir: Path) -> None:
    """Give the lease back. Closing, not unlocking: a forked child may still hold it."""
    descriptor = _leases.pop(folder_of(var_dir), None)
    if descriptor is not None:
        os.close(descriptor)


def wait_stopped(var_dir: Path, seconds: float) -> bool:
    """Wait until the keeper and the server are gone, which needs all leases to be gone; False after `seconds`."""
    keeper = folder_of(var_dir) / "keeper.lock"
    if not keeper.exists():
        return True
    descriptor = open_lock(keeper)
    try:
        return wait_lock(descriptor, shared=True, seconds=seconds)
    finally:
        os.close(descriptor)


def used_by_others(var_dir: Path) -> bool:
    """Whether another process holds a lease; asked by a process that has released its own."""
    descriptor = open_lock(folder_of(var_dir) / "lease")
    try:
        # A shared lock is refused by a keeper on its way out only, an exclusive one then by users only.
        return try_lock(descriptor, shared=True) and not try_lock(descriptor)
    finally:
        os.close(descriptor)


def read_state(folder: Path) -> dict[str, object]:
    """What the keeper last wrote: its pid, the server's, the socket's folder, and whether it is ready."""
    try:
        state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def running_at(var_dir: Path) -> str | None:
    """The folder of the socket when the server is ready; None when it is not. Starts nothing."""
    folder = folder_of(var_dir)
    state = read_state(folder)
    pid = state.get("server")
    ready = state.get("ready") and is_locked(folder / "keeper.lock")
    # A keeper needs a moment to see that its server was killed; nobody should connect in that moment.
    return str(state["socket"]) if ready and isinstance(pid, int) and is_alive(pid) else None


def accepts(socket_folder: str) -> bool:
    """Whether anything listens on the server's socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(5)
        return probe.connect_ex(f"{socket_folder}/{SOCKET_NAME}") == 0


def ensure_running(var_dir: Path) -> str:
    """Take the lease, start the server if it does not run, and give the folder of its socket.

    Waits as long as the server is starting, however long crash recovery takes, with a sentence every few seconds.
    """
    with _guard:
        hold_lease(var_dir)
        found = running_at(var_dir)
        if found:
            return found
        starting = open_lock(folder_of(var_dir) / "start.lock")
        try:
            wait_lock(starting, notice=lambda: say("Another process is starting the database; waiting for it ..."))
            found = running_at(var_dir)
            if found:
                return found
            if not wait_stopped(var_dir, 150):  # whoever starts holds start.lock, so this keeper is stopping
                raise EmbeddedDatabaseError(
                    f"The embedded database is shutting down and does not come to an end; see "
                    f"{folder_of(var_dir) / 'postgres.log'}."
                )
            _launch_keeper(var_dir)
            found = running_at(var_dir)
            if not found:
                raise EmbeddedDatabaseError("The embedded database stopped again at once. Start again.")
            return found
        finally:
            os.close(starting)


def _launch_keeper(var_dir: Path) -> None:
    """Start a keeper in a session of its own and pass on what it says until the server is ready."""
    folder = folder_of(var_dir)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "FORM4SITE_RUN"))}
    environment["PYTHONPATH"] = os.pathsep.join([str(PACKAGE_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    with (
        (folder / "keeper.log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-m", "form4site.embedded.keeper", str(folder)],
            cwd="/",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        ) as keeper,
    ):
        assert keeper.stdout is not None
        for line in keeper.stdout:
            message = json.loads(line)
            if "progress" in message:
                say(message["progress"])
            elif "error" in message:
                raise EmbeddedDatabaseError(message["error"])
            elif "ready" in message:
                return
    last = (folder / "keeper.log").read_text(errors="replace").strip()[-2000:]
    raise EmbeddedDatabaseError(
        f"The embedded database ended while it was starting. Start again; if that does not help, see {folder}. {last}"
    )
