"""The keeper: a small process of its own that runs the embedded server while anybody uses it.

    python -m form4site.embedded.keeper FOLDER

It holds `keeper.lock` for as long as it lives, says on stdout (one JSON object a line) how the start goes, and then
watches. It stops the server when the lease is free for a second, when its socket has been swept away, or on INT, TERM
and HUP. On Linux the kernel stops the server when the keeper is killed; elsewhere the next start does.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from form4site.embedded import EmbeddedDatabaseError, processes
from form4site.embedded.cluster import ROLE, Cluster
from form4site.embedded.locks import open_lock, try_lock, unlock, wait_lock
from form4site.embedded.server import SOCKET_NAME, read_state

IDLE_SECONDS = 1.0
LOG_BYTES = 5_000_000
SERVER_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "max_wal_size": "512MB",
    "wal_level": "minimal",  # nobody replicates from here
    "max_wal_senders": "0",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_min_messages": "log",  # failed statements go to their sender, and may carry what readers typed
}


class Keeper:
    """One server's life, from first start to last stop."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "postgres.log"
        self.asked_to_stop = False
        self.free_since: float | None = None
        self.server: subprocess.Popen[bytes] | None = None
        self.socket_folder: Path | None = None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: object) -> None:
        self.asked_to_stop = True

    def report(self, **message: str) -> None:
        """One line for the process that waits; it may have gone."""
        try:
            os.write(1, json.dumps(message).encode() + b"\n")
        except OSError:
            return

    def progress(self, sentence: str) -> None:
        self.report(progress=sentence)

    def run(self) -> None:
        lock = open_lock(self.folder / "keeper.lock")
        if not wait_lock(lock, seconds=10):
            raise EmbeddedDatabaseError("Another keeper already runs this database.")
        self.lease = open_lock(self.folder / "lease")
        self.cluster = Cluster(self.folder, self.progress)
        self._remove_socket_folder(read_state(self.folder).get("socket"))
        try:
            self.cluster.end_leftovers()
            self.cluster.make_data()
            self._start()
            self._write_state(ready=True)
            self.report(ready="")
            os.dup2(os.open(os.devnull, os.O_RDWR), 1)
            self._watch()
        finally:
            (self.folder / "state.json").unlink(missing_ok=True)
            self._stop()
            if self.socket_folder:
                self._remove_socket_folder(str(self.socket_folder))

    # --- start ---------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        """Start the server and wait until it takes connections, for as long as it lives and works on it."""
        # A name that nobody can know before, in a folder made by us with 0700: nothing to squat on, nothing to check.
        # /tmp and not $TMPDIR, because a socket's whole path may have 107 bytes at most (103 on macOS).
        root = "/tmp" if os.access("/tmp", os.W_OK | os.X_OK) else tempfile.gettempdir()
        self.socket_folder = Path(tempfile.mkdtemp(prefix="form4site-", dir=root))
        self.cluster.own(self.socket_folder)
        self._write_state(ready=False)
        began = time.monotonic()
        while True:
            said_from = self._bound_log()
            self.server = self._spawn()
            if self._wait_ready(began):
                return
            if self.asked_to_stop:
                raise EmbeddedDatabaseError("The start of the database was interrupted.")
            said = self._log_since(said_from)
            retry = "still in use" in said or "already exists" in said  # back ends of a killed server are dying
            if not retry or time.monotonic() - began > 120:
                self.cluster.refuse(f"The embedded database did not start (log: {self.log}).", said)
            self.progress("Waiting for the rest of a killed database server to end ...")
            time.sleep(1)
            self.cluster.end_leftovers()

    def _spawn(self) -> subprocess.Popen[bytes]:
        settings = [f"--{name}={value}" for name, value in SERVER_SETTINGS.items()]
        command = [self.cluster.bin / "postgres", "-D", self.cluster.data, "-k", str(self.socket_folder), *settings]
        with self.log.open("ab") as log:
            return subprocess.Popen(  # type: ignore[call-overload]
                command,
                stdout=log,
                stderr=log,
                preexec_fn=processes.die_with_parent(signal.SIGINT),
                **self.cluster.as_owner(),
            )

    def _wait_ready(self, began: float) -> bool:
        """True once the server takes connections; False when it ended or we were asked to stop."""
        assert self.server is not None
        told = began
        while self.server.poll() is None and not self.asked_to_stop:
            self.asked_to_stop = self._unused()  # whoever started us may have gone away
            probe = (self.cluster.bin / "pg_isready", "-q", "-h", str(self.socket_folder), "-p", "5432")
            if self.cluster.run(*probe, "-U", ROLE, "-d", "postgres").returncode == 0:
                return True
            now = time.monotonic()
            if now - told > 3:
                told = now
                last = (self._log_since(0).strip().splitlines() or ["nothing yet"])[-1]
                self.progress(f"The database is still starting, {now - began:.0f} s so far. Its log: {last}")
            time.sleep(0.02 if now - began < 2 else 0.5)
        return False

    # --- watch ---------------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        assert self.server is not None
        ticks = 0
        while not self.asked_to_stop and self.server.poll() is None and not self._unused():
            ticks += 1
            if ticks % 50 == 0:
                self._bound_log()
                if not (self.socket_folder / SOCKET_NAME).exists():  # type: ignore[operator]
                    return  # something swept /tmp; the next connection starts us again
            time.sleep(0.2)

    def _unused(self) -> bool:
        """True once the lease has been free for a second; it is then kept, and whoever comes waits for our end."""
        if not try_lock(self.lease):
            self.free_since = None
            return False
        self.free_since = self.free_since or time.monotonic()
        if time.monotonic() - self.free_since >= IDLE_SECONDS:
            return True
        unlock(self.lease)
        return False

    # --- stop ----------------------------------------------------------------------------------------------------

    def _stop(self) -> None:
        """Fast shutdown, which ends clients and writes everything down; harder only when that takes a minute."""
        for number, patience in ((signal.SIGINT, 60), (signal.SIGQUIT, 15), (signal.SIGKILL, 15)):
            if self.server is None or self.server.poll() is not None:
                return
            self.server.send_signal(number)
            try:
                self.server.wait(patience)
            except subprocess.TimeoutExpired:
                continue

    # --- files ---------------------------------------------------------------------------------------------------

    def _write_state(self, *, ready: bool) -> None:
        state = {
            "keeper": os.getpid(),
            "server": self.server.pid if self.server else None,
            "socket": str(self.socket_folder),
            "ready": ready,
        }
        draft = self.folder / "state.json.new"
        draft.write_text(json.dumps(state), encoding="utf-8")
        draft.replace(self.folder / "state.json")

    def _remove_socket_folder(self, named: object) -> None:
        """Remove a socket's folder, ours or that of an earlier server, if it is one of ours and no link elsewhere."""
        if not isinstance(named, str) or not Path(named).name.startswith("form4site-") or not Path(named).is_dir():
            return
        owner = self.cluster.owner.pw_uid if self.cluster.owner else os.geteuid()
        if not Path(named).is_symlink() and Path(named).stat().st_uid in (owner, os.geteuid()):
            shutil.rmtree(named, ignore_errors=True)

    def _bound_log(self) -> int:
        """The size of the log, after its start went to postgres.log.1 when it had grown too long."""
        size = self.log.stat().st_size if self.log.exists() else 0
        if size > LOG_BYTES:
            shutil.copyfile(self.log, self.log.with_suffix(".log.1"))
            os.truncate(self.log, 0)  # the server appends, so it goes on at the new end
            return 0
        return size

    def _log_since(self, offset: int) -> str:
        with self.log.open("rb") as log:
            log.seek(max(offset, log.seek(0, os.SEEK_END) - 20_000))
            return log.read().decode(errors="replace")


def main() -> None:
    keeper = Keeper(Path(sys.argv[1]))
    if os.fork():
        os._exit(0)  # the one who started us has no child to wait for, whenever we end
    try:
        keeper.run()
    except EmbeddedDatabaseError as refused:
        keeper.report(error=str(refused))
        sys.exit(1)
    except OSError as failed:
        keeper.report(error=f"The embedded database failed: {failed}. Its files are in {keeper.folder}.")
        raise


if __name__ == "__main__":
    main()
