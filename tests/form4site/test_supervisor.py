"""`make run` keeps its promises with the real site: it answers, says one address, and leaves no process behind."""

from __future__ import annotations

import contextlib
import http.client
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from form4site.children import LOG_BYTES, Child, LogFile
from form4site.embedded import checkout_id, processes, server
from form4site.supervisor import MARK

pytestmark = [pytest.mark.processes, pytest.mark.slow]
ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """One supervisor at a time, on a folder and a port of its own."""

    def __init__(self, var: Path, port: int) -> None:
        self.var = var
        self.port = port
        self.output = var.parent / "output"
        self.source = var.parent / "no filings"
        self.source.mkdir(parents=True)
        self.started: list[subprocess.Popen[bytes]] = []

    def command(self, **variables: str) -> dict[str, object]:
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL", "HOME")}
        # No filings: the demo's would take most of the time here, and are no part of what is promised here.
        environment = {**kept, "FORM4SITE_VAR": str(self.var), "PORT": str(self.port), "SOURCE": str(self.source)}
        environment.update(variables)
        return {"args": [sys.executable, "-m", "form4site.supervisor"], "cwd": ROOT, "env": environment}

    def start(self, **how: object) -> subprocess.Popen[bytes]:
        with self.output.open("wb") as output:
            streams = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": output}
            everything = {**self.command(), **streams, **how}
            self.started.append(subprocess.Popen(**everything))  # type: ignore[call-overload]
        return self.started[-1]

    def try_start(self, **variables: str) -> subprocess.CompletedProcess[str]:
        """A start that is expected to be refused."""
        return subprocess.run(  # type: ignore[call-overload,no-any-return]
            **self.command(**variables), capture_output=True, text=True, timeout=PATIENCE, check=False
        )

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def wait_for(self, sentence: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while sentence not in self.said:
            assert time.monotonic() < deadline, self.said
            time.sleep(0.1)

    @property
    def said(self) -> str:
        return self.output.read_text(errors="replace") if self.output.exists() else ""

    @property
    def processes(self) -> list[int]:
        return processes.marked_processes(MARK, checkout_id(self.var))

    def has_left_nothing(self) -> bool:
        with socket.socket() as probe:
            gone = probe.connect_ex(("127.0.0.1", self.port)) != 0
        return gone and not self.processes and server.wait_stopped(self.var, 0) and not server.running_at(self.var)

    def close(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait()
        processes.send(self.processes, signal.SIGKILL)
        keeper = server.read_state(server.folder_of(self.var)).get("keeper")
        if isinstance(keeper, int):
            processes.send([keeper], signal.SIGTERM)
        assert server.wait_stopped(self.var, PATIENCE)


@contextlib.contextmanager
def folder_of_its_own() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="form4site test "))  # with a space, always
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """Runs again and again in one folder: what is told here of a whole site needs no new database each time."""
    with folder_of_its_own() as folder:
        site = Site(folder / "var", free_port())
        yield site
        site.close()


@pytest.fixture
def run(site: Site) -> subprocess.Popen[bytes]:
    """The supervisor of a site that is up: that of the test before, or a new one."""
    if not site.started or site.started[-1].poll() is not None:
        site.start()
        site.wait_for(ADDRESS)
    return site.started[-1]


@pytest.fixture
def new_site() -> Iterator[Site]:
    with folder_of_its_own() as folder:
        site = Site(folder / "var", free_port())
        yield site
        site.close()


ADDRESS = "form4site is at http://localhost:"


# --- the run ---------------------------------------------------------------------------------------------------------


def test_it_answers_at_the_one_address_that_it_says(site: Site, run: subprocess.Popen[bytes]) -> None:
    assert f"{ADDRESS}{site.port} " in site.said
    assert site.said.count(ADDRESS) == 1
    assert site.answers()


def test_a_second_start_in_the_same_folder_is_refused(site: Site, run: subprocess.Popen[bytes]) -> None:
    second = site.try_start(PORT=str(free_port()))
    assert second.returncode == 1
    assert f"already runs from this folder, at http://localhost:{site.port}" in second.stderr


def test_a_start_on_a_port_in_use_is_refused(site: Site, run: subprocess.Popen[bytes], new_site: Site) -> None:
    other = new_site.try_start(PORT=str(site.port))
    assert other.returncode == 1
    assert other.stderr == (
        f"Port {site.port} is in use by another program. Choose another: PORT={site.port + 1} make run\n"
    )


def test_a_child_that_was_killed_is_started_again(site: Site, run: subprocess.Popen[bytes]) -> None:
    web = [pid for pid in site.processes if b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    processes.send(web, signal.SIGKILL)
    site.wait_for("web was killed by signal 9; it starts again in 1 s")
    deadline = time.monotonic() + PATIENCE
    while not site.answers():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_killed_and_started_again_it_runs_on_the_same_port(site: Site, run: subprocess.Popen[bytes]) -> None:
    run.kill()
    run.wait()
    log = site.var / "log" / "beat.log"
    log.unlink()
    site.start()
    site.wait_for(ADDRESS)
    assert site.answers()
    assert len([pid for pid in site.processes if b"\0beat\0" in Path(f"/proc/{pid}/cmdline").read_bytes()]) == 1
    deadline = time.monotonic() + PATIENCE
    while "Sending due task" not in log.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert list(site.var.glob("beat-schedule*")) == [], "a file that a kill can tear stops the clock for good"


def test_two_signals_one_after_the_other_end_it_whole(site: Site, run: subprocess.Popen[bytes]) -> None:
    run.send_signal(signal.SIGTERM)
    run.send_signal(signal.SIGINT)
    assert run.wait(PATIENCE) == 0
    assert site.has_left_nothing()


@pytest.fixture
def ended(site: Site) -> Site:
    """The same, where nothing runs."""
    for run in site.started:
        run.terminate()
        run.wait(PATIENCE)
    return site


# As `make` does when it leads the terminal's session: it hears the hang-up, and waits for its child.
WAITS = """
import signal, subprocess, sys
signal.signal(signal.SIGHUP, lambda *_: None)
sys.exit(subprocess.call([sys.executable, "-m", "form4site.supervisor"]))
"""


@pytest.mark.parametrize(
    ("alone", "until"),
    [(True, "Preparing the database"), (False, ADDRESS)],
    ids=["leads the session, in the middle of its start", "below one that only waits"],
)
def test_a_closed_terminal_ends_everything(ended: Site, alone: bool, until: str) -> None:
    terminal, inside = pty.openpty()

    def take_the_terminal() -> None:
        import fcntl
        import termios

        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    args = [sys.executable, "-c", WAITS] if not alone else [sys.executable, "-m", "form4site.supervisor"]
    streams = {"stdin": inside, "stdout": inside, "stderr": inside}
    run = ended.start(args=args, **streams, start_new_session=True, preexec_fn=take_the_terminal)
    os.close(inside)
    said = b""
    deadline = time.monotonic() + PATIENCE
    while until.encode() not in said:
        assert time.monotonic() < deadline, said
        said += os.read(terminal, 65536)
    os.close(terminal)
    assert run.wait(PATIENCE) == 0
    assert ended.has_left_nothing()


def hears(process: subprocess.Popen[bytes]) -> bool:
    """Whether it has begun to handle signals itself: Python alone leaves SIGTERM to the system."""
    caught = re.search(r"SigCgt:\s*(\w+)", Path(f"/proc/{process.pid}/status").read_text())
    return caught is not None and bool(int(caught[1], 16) >> (signal.SIGTERM - 1) & 1)


@pytest.mark.parametrize("seconds", [0.15, 1, 3])
def test_an_interrupt_at_any_moment_of_the_first_start_leaves_nothing(new_site: Site, seconds: float) -> None:
    run = new_site.start()
    time.sleep(seconds)
    heard = hears(run)
    run.send_signal(signal.SIGINT)
    run.wait(PATIENCE)
    assert run.returncode == 0 or (not heard and "KeyboardInterrupt" in new_site.said)
    assert new_site.has_left_nothing()


# --- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"PORT": "eighty"}, "PORT is 'eighty', and has to be a number from 1 to 65535"),
        ({"PORT": "65536"}, "PORT is '65536', and has to be a number"),
        ({"SOURCE": "/no/such/folder"}, "SOURCE names /no/such/folder, which does not exist here."),
        ({"HOST": "no such host"}, "HOST is 'no such host', which is no address of this machine."),
        ({"FORM4SITE_VAR": "/dev/null/var"}, "Set FORM4SITE_VAR."),
    ],
)
def test_what_cannot_run_is_refused_in_a_sentence(new_site: Site, variables: dict[str, str], sentence: str) -> None:
    refused = new_site.try_start(**variables)
    assert refused.returncode == 1
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr
    assert new_site.has_left_nothing()


def test_a_port_that_only_the_other_localhost_uses_is_in_use_too(new_site: Site) -> None:
    with contextlib.ExitStack() as stack:
        try:
            taken = stack.enter_context(socket.socket(socket.AF_INET6))
            taken.bind(("::1", new_site.port))
            taken.listen()
        except OSError:
            pytest.skip("this machine has no IPv6 loopback")
        assert f"Port {new_site.port} is in use" in new_site.try_start().stderr


# --- children --------------------------------------------------------------------------------------------------------


def child_of(folder: Path, program: str, said: list[str]) -> Child:
    command = [sys.executable, "-c", program]
    return Child("worker", command, folder=folder, environment=dict(os.environ), say=said.append)


def run_to_end(child: Child) -> None:
    child.start()
    assert child.process is not None
    child.process.wait(PATIENCE)
    child.read_output(show=True)


def test_the_terminal_gets_warnings_and_tracebacks_and_the_log_gets_all(tmp_path: Path) -> None:
    said: list[str] = []
    lines = [
        "12:00:00 INFO    quiet",
        "12:00:00 WARNING look here",
        " banner",
        "Traceback (most recent call last):",
        '  File "x"',
        "ValueError: bad",
        "banner again",
    ]
    run_to_end(child_of(tmp_path, f"print({chr(10).join(lines)!r})", said))
    assert said == [f"worker | {line}" for line in (lines[1], *lines[3:6])]
    assert (tmp_path / "worker.log").read_text().splitlines() == lines


def test_a_child_that_keeps_dying_is_given_up_after_growing_delays(tmp_path: Path) -> None:
    said: list[str] = []
    child = child_of(tmp_path, "raise SystemExit(3)", said)
    delays = []
    while True:
        run_to_end(child)
        now = time.monotonic()
        if not child.plan_restart():
            break
        assert child.restart_at is not None
        delays.append(round(child.restart_at - now))
    assert delays == [1, 2, 4, 8, 16]
    assert said[0] == f"worker ended with status 3; it starts again in 1 s. Its log: {tmp_path / 'worker.log'}"


def test_a_log_never_grows_beyond_two_files_of_its_bound(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "web.log")
    for _ in range(25):
        log.write(b"x" * (LOG_BYTES // 10))
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["web.log", "web.log.1"]
    assert sum(file.stat().st_size for file in files) <= 2.2 * LOG_BYTES
