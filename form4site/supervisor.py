"""`make run`: the whole site on one machine, until Ctrl-C. `python -m form4site.supervisor`.

Promises: one start per checkout; what an earlier run left behind is ended first; web, worker and clock run and are
started again when they die; INT, TERM and HUP (a closed terminal), once or twice, end everything, the embedded
database included, with status 0. Refuses to start, with a sentence that says what to do: a port in use, a full disk, a
second start. Reads HOST (127.0.0.1), PORT (8000), SOURCE (filings for the first start) and all variables of the
settings. With --with-parent it also stops when the process that started it is gone.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import selectors
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from form4site.children import Child
from form4site.embedded import EmbeddedDatabaseError, checkout_id, processes, server
from form4site.embedded.locks import open_lock, try_lock

MARK = "FORM4SITE_RUN"
FREE_BYTES = 300_000_000
ADDRESS_SECONDS = 15  # the address is printed at the latest this long after the first page
GENTLE_SECONDS = 8
DATABASE_SECONDS = 90


class Refused(Exception):
    """The site cannot run; the text is a sentence that says what to do."""


class StopRequested(Exception):
    """A signal came while the supervisor was waiting for something."""


def write(descriptor: int, text: str) -> None:
    """Print one line now. Not through sys.stdout: a terminal that is gone must not disturb the way out."""
    with contextlib.suppress(OSError):
        os.write(descriptor, text.encode(errors="replace") + b"\n")


def say(text: str) -> None:
    write(1, text)


def port_from_environment() -> int:
    """PORT as a number; a sentence when it is none."""
    given = os.environ.get("PORT") or "8000"
    if not given.isascii() or not given.isdigit() or not 0 < int(given) < 65536:
        raise Refused(f"PORT is {given!r}, and has to be a number from 1 to 65535, such as PORT=8001 make run")
    return int(given)


def listen(host: str, port: int) -> socket.socket:
    """The web server's socket, bound before anything else starts and handed on, so that no one else can take it."""
    in_use = Refused(f"Port {port} is in use by another program. Choose another: PORT={port + 1} make run")
    for loopback in ("127.0.0.1", "::1"):  # a browser may try either of them for `localhost`
        with contextlib.suppress(OSError), socket.create_connection((loopback, port), timeout=1):
            raise in_use
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as unknown:
        raise Refused(
            f"HOST is {host!r}, which is no address of this machine. Leave it out, or use 0.0.0.0"
        ) from unknown
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(128)
    except PermissionError as refused:
        raise Refused(f"Port {port} is not open to this user. Choose one above 1023: PORT=8000 make run") from refused
    except OSError as taken:
        if taken.errno == 98 or "in use" in str(taken):
            raise in_use from taken
        raise Refused(f"HOST is {host!r}, and this machine cannot listen there: {taken.strerror}") from taken
    return listener


class Supervisor:
    """One run of the site, from the checks before the start to the last process gone."""

    def __init__(self, *, with_parent: bool) -> None:
        self.parent = os.getppid() if with_parent else None
        self.signals = 0
        self.waiting = False
        self.children: list[Child] = []
        self.run_lock: int | None = None
        self.address = ""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)
        self.terminal: int | None = None
        self.in_front = False
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup means: a closed terminal is no reason to stop
            signal.signal(signal.SIGHUP, self._on_signal)
            with contextlib.suppress(OSError):
                self.terminal = os.open("/dev/tty", os.O_RDONLY | os.O_CLOEXEC)

    def _on_signal(self, number: int, frame: object) -> None:
        self.signals += 1
        if self.waiting:
            self.waiting = False
            raise StopRequested

    @contextlib.contextmanager
    def _interruptible(self) -> Iterator[None]:
        """A stretch of waiting that a signal may cut short with StopRequested."""
        if self.signals:
            raise StopRequested
        self.waiting = True
        try:
            yield
        finally:
            self.waiting = False

    def _asked_to_stop(self) -> bool:
        orphaned = self.parent is not None and os.getppid() != self.parent
        return self.signals > 0 or orphaned or self._terminal_is_gone()

    def _terminal_is_gone(self) -> bool:
        """Whether the terminal whose foreground we were in was closed.

        When `make` itself leads the terminal's session, the hang-up reaches make only, which does not pass it on.
        """
        if self.terminal is None:
            return False
        try:
            self.in_front = os.tcgetpgrp(self.terminal) == os.getpgrp()
        except OSError:
            return self.in_front
        return False

    # --- before the start ----------------------------------------------------------------------------------------

    def check(self) -> None:
        """Everything that can refuse the start, cheapest first; leaves the socket, the lock and the folders ready."""
        self.port = port_from_environment()
        self.host = os.environ.get("HOST") or "127.0.0.1"
        os.environ["PORT"] = str(self.port)
        self.source = os.environ.get("SOURCE", "")
        if self.source and not Path(self.source).exists():
            raise Refused(f"SOURCE names {self.source}, which does not exist here.")
        try:
            from form4site import settings  # reads the environment, and writes the secret key on the first start
        except ImproperlyConfigured as wrong:
            raise Refused(str(wrong)) from wrong
        except OSError as refused:
            raise Refused(f"The site cannot write below its folder var/: {refused}. Set FORM4SITE_VAR.") from refused
        self.settings, self.var, self.address = settings, settings.VAR_DIR, settings.BASE_URL
        self.logs = self.var / "log"
        try:
            self.logs.mkdir(parents=True, exist_ok=True)
            self._lock()
        except OSError as refused:
            raise Refused(f"The site cannot write to {self.var}: {refused.strerror}. Set FORM4SITE_VAR.") from refused
        self._end_leftovers()
        self.listener = listen(self.host, self.port)
        free = shutil.disk_usage(self.var).free
        if free < FREE_BYTES:
            raise Refused(
                f"Only {free // 1_000_000} MB are free on the disk of {self.var}, and the site needs "
                f"{FREE_BYTES // 1_000_000}. Free some space, or set FORM4SITE_VAR to a folder on another disk."
            )

    def _lock(self) -> None:
        path = self.var / "run.lock"
        descriptor = open_lock(path)
        self.earlier: dict[str, object] = {}
        with contextlib.suppress(ValueError):
            self.earlier = json.loads(path.read_text(encoding="utf-8") or "{}")
        if not try_lock(descriptor):
            os.close(descriptor)
            where = f"at {self.earlier.get('address')} (process {self.earlier.get('pid')})"
            raise Refused(f"The site already runs from this folder, {where}. Stop that one first, with Ctrl-C.")
        self.run_lock = descriptor

    def _record(self) -> None:
        """Keep who we are and whom we started in the lock's file, for a second start and for one after kill -9."""
        assert self.run_lock is not None
        started = [child.process.pid for child in self.children if child.process and child.running]
        record = {
            "pid": os.getpid(),
            "address": self.address,
            "children": [[pid, processes.start_time(pid)] for pid in started],
        }
        with contextlib.suppress(OSError):
            os.ftruncate(self.run_lock, 0)
            os.pwrite(self.run_lock, json.dumps(record).encode(), 0)

    def _end_leftovers(self) -> None:
        """End what a killed supervisor left: by mark where /proc shows it, by recorded pid and start time elsewhere."""
        recorded = self.earlier.get("children")
        left = set(processes.marked_processes(MARK, checkout_id(self.var)))
        for pid, began in recorded if isinstance(recorded, list) else []:
            if began and processes.start_time(pid) == began:
                left.add(pid)
        if left:
            say("Ending what an earlier run left behind ...")
        for number in (signal.SIGTERM, signal.SIGKILL):
            processes.send(left, number)
            left = set(processes.wait_gone(left, 5))

    # --- the run -------------------------------------------------------------------------------------------------

    def run(self) -> int:
        """The whole run; the exit status."""
        status = 0
        try:
            self.check()
            self._record()
            with contextlib.suppress(StopRequested):
                self._start()
                self._watch()
        except (Refused, EmbeddedDatabaseError) as refused:
            write(2, str(refused))
            status = 1
        if self.run_lock is not None:
            self._stop()
        return status

    def _child(self, name: str, *command: str, **variables: str) -> Child:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "form4site.settings",
            "PYTHONPATH": str(self.settings.BASE_DIR),
            "PYTHONUNBUFFERED": "1",
            "LOG_LEVEL": os.environ.get("LOG_LEVEL") or "INFO",  # the log files hold more than the terminal shows
            MARK: checkout_id(self.var),
            **variables,
        }
        full = [sys.executable, *command]
        child = Child(name, full, folder=self.logs, environment=environment, say=say)
        self.children.append(child)
        return child

    def _start(self) -> None:
        if not self.settings.DATABASE_URL:
            with self._interruptible():
                server.ensure_running(self.var)
        say("Preparing the database and the static files ...")
        prepare = self._child("prepare", "-m", "form4site.prepare")
        prepare.start()
        while prepare.running and not self._asked_to_stop():
            self._pause(0.05)
        prepare.read_output(show=False)
        if self._asked_to_stop():
            raise StopRequested
        self.children.remove(prepare)
        if prepare.status:
            raise Refused(f"The site could not be prepared. The end of {prepare.log.path}:\n{prepare.log.tail(12)}")
        self.web = self._child("web", *self._web_command())
        self.web.start(pass_fds=[self.listener.fileno()])
        self._record()

    def _web_command(self) -> list[str]:
        return [
            *("-m", "gunicorn", "form4site.wsgi", "--bind", f"fd://{self.listener.fileno()}"),
            *("--worker-class", "gthread", "--workers", "1", "--threads", "8", "--graceful-timeout", "5"),
            *("--no-control-socket", "--access-logfile", "-"),  # that socket would stand in the home folder
            *("--access-logformat", "%(t)s INFO    access  %(m)s %(U)s %(s)s %(B)s bytes %(L)s s"),
        ]

    def _start_the_rest(self) -> Child:
        celery = ("-m", "celery", "--app", "form4site.celery")
        quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
        self._child("worker", *celery, "worker", "--loglevel", "INFO", "--concurrency", "2", *quiet).start()
        # The clock rings by name; Django's system checks would have it load every page.
        clock = (*celery, "beat", "--loglevel", "INFO", "--pidfile", "")
        self._child("beat", *clock, CELERY_SKIP_CHECKS="1").start()
        manage = str(self.settings.BASE_DIR / "manage.py")
        source = ("--source", str(Path(self.source).absolute())) if self.source else ()
        first_start = self._child("first_start", manage, "first_start", *source)
        first_start.start(to_terminal=True)
        self._record()
        return first_start

    def _watch(self) -> None:
        """Until asked to stop: pass on output, start again what died, and say the address when the time has come."""
        first_start: Child | None = None
        answered_at = 0.0
        told = False
        while not self._asked_to_stop():
            self._pause(0.1)
            if first_start is None and self.web.running and self._web_answers():
                answered_at = time.monotonic()
                first_start = self._start_the_rest()
            if first_start is not None and not told:
                done = not first_start.running
                told = done or time.monotonic() - answered_at > ADDRESS_SECONDS
                if told:
                    say(f"form4site is at {self.address}   (Ctrl-C stops it; logs are in {self.logs})")
            if first_start in self.children and not first_start.running:
                self.children.remove(first_start)
                if first_start.status:
                    say("The first filings were not all loaded, see above; the site runs, the next start tries again.")
            self._revive()

    def _revive(self) -> None:
        for child in self.children:
            if child.name == "first_start" or child.running:
                continue
            if child.restart_at is None:
                child.read_output(show=True)
                if not child.plan_restart():
                    raise Refused(
                        f"{child.name} has died {child.tries} times, so the site stops. The end of "
                        f"{child.log.path}:\n{child.log.tail(12)}"
                    )
            elif time.monotonic() >= child.restart_at:
                child.signal(signal.SIGKILL, group=True)
                child.start(pass_fds=[self.listener.fileno()] if child is self.web else [])
                self._record()

    def _pause(self, seconds: float) -> None:
        """Wait a little, or less when a child has written something, and pass that on."""
        with selectors.DefaultSelector() as selector:
            for child in self.children:
                if child.process and child.process.stdout:
                    selector.register(child.process.stdout, selectors.EVENT_READ, child)
            if not selector.get_map():
                time.sleep(seconds)
            for key, _ in selector.select(seconds):
                key.data.read_output(show=not self.signals)

    def _web_answers(self) -> bool:
        """Whether /healthz answers; a redirect to https counts, an error of the server does not."""
        family, (host, *_) = self.listener.family, self.listener.getsockname()
        if host in ("0.0.0.0", "::"):
            host = "127.0.0.1" if family == socket.AF_INET else "::1"
        connection = http.client.HTTPConnection(host, self.port, timeout=5)
        try:
            with self._interruptible():
                connection.request("GET", "/healthz", headers={"Host": urlsplit(self.address).netloc})
                return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    # --- the end -------------------------------------------------------------------------------------------------

    def _stop(self) -> None:
        """End everything, gently at first; a second signal takes the patience away. Leaves no process."""
        asked = max(self.signals, 1)
        if self.children:
            say("Stopping ...")
        if hasattr(self, "listener"):
            self.listener.close()
        # Celery's QUIT gives up running tasks; whatever they were doing is found again by the next sweep.
        for number, patience in ((signal.SIGTERM, GENTLE_SECONDS), (signal.SIGQUIT, 3)):
            for child in self.children:
                child.signal(number)
            deadline = time.monotonic() + patience
            while any(child.running for child in self.children) and time.monotonic() < deadline:
                if self.signals > asked:
                    break
                self._pause(0.05)
        for child in self.children:
            child.signal(signal.SIGKILL, group=True)
            if child.process:
                child.process.wait()
            child.read_output(show=False)
        processes.send(processes.marked_processes(MARK, checkout_id(self.var)), signal.SIGKILL)
        if not self.settings.DATABASE_URL:
            self._stop_database()
        assert self.run_lock is not None
        with contextlib.suppress(OSError):
            os.ftruncate(self.run_lock, 0)
        os.close(self.run_lock)

    def _stop_database(self) -> None:
        server.release(self.var)
        if not server.folder_of(self.var).exists():
            return
        if server.used_by_others(self.var):
            say("The database stays up for another process that uses it, and stops with that.")
        elif not server.wait_stopped(self.var, DATABASE_SECONDS):
            write(
                2, f"The database is still writing to disk; it stops by itself. Its log: {server.folder_of(self.var)}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m form4site.supervisor", description=__doc__)
    parser.add_argument("--with-parent", action="store_true", help="stop when the process that started this one ends")
    sys.exit(Supervisor(with_parent=parser.parse_args().with_parent).run())


if __name__ == "__main__":
    main()
