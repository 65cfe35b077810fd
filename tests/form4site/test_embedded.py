"""The embedded PostgreSQL keeps its promises with real processes: leases, crashes, odd folders and users."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from form4site.embedded import EmbeddedDatabaseError, checkout_id, cluster, processes, server

pytestmark = [pytest.mark.processes, pytest.mark.slow]
ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 60
AS_ROOT = os.geteuid() == 0

# A process that uses the database until its stdin closes.
USER = """
import sys
from pathlib import Path
from form4site.embedded import server, EmbeddedDatabaseError
try:
    print(server.ensure_running(Path(sys.argv[1])), flush=True)
except EmbeddedDatabaseError as refused:
    sys.exit(str(refused))
sys.stdin.read()
"""


class Database:
    """One embedded database in a folder of its own, and the processes that use it."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.users: list[subprocess.Popen[str]] = []

    def use(self, python: str = sys.executable, **how: object) -> subprocess.Popen[str]:
        """Start a process that uses it, and wait until the server is there."""
        user = subprocess.Popen(
            [python, "-c", USER, str(self.var)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            **how,  # type: ignore[call-overload]
        )
        self.users.append(user)
        assert user.stdout is not None
        self.socket = user.stdout.readline().strip()
        if not self.socket:
            raise EmbeddedDatabaseError(user.communicate(timeout=PATIENCE)[1])
        return user

    def end(self, user: subprocess.Popen[str], number: int = signal.SIGTERM) -> None:
        user.send_signal(number)
        user.communicate(timeout=PATIENCE)

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(host=self.socket, user="form4site", dbname="form4site", autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    @property
    def state(self) -> dict[str, int]:
        return server.read_state(server.folder_of(self.var))  # type: ignore[return-value]

    @property
    def data(self) -> Path:
        return Path(str(self.sql("SHOW data_directory")[0][0]))

    def wait_gone(self, *pids: int) -> bool:
        return not processes.wait_gone(pids, PATIENCE)

    def stop(self) -> None:
        for user in self.users:
            user.kill()
            user.communicate(timeout=PATIENCE)
        keeper = self.state.get("keeper")
        if keeper:
            processes.send([keeper], signal.SIGTERM)
        assert server.wait_stopped(self.var, PATIENCE)

    def remove(self) -> None:
        location = server.folder_of(self.var) / "location"
        if location.exists():
            shutil.rmtree(location.read_text(), ignore_errors=True)


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that other users of the machine may enter, which pytest's own may not be."""
    made = Path(tempfile.mkdtemp(prefix="form4site-test-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as made:
        yield made


@pytest.fixture
def make(folder: Path) -> Iterator[Callable[[Path], Database]]:
    made: list[Database] = []

    def database(var: Path) -> Database:
        made.append(Database(var))
        return made[-1]

    yield database
    for each in made:
        each.stop()
        each.remove()


@pytest.fixture(scope="module")
def made_once() -> Iterator[Path]:
    """Where one server runs after another on the same data: to make them takes longer than most tests."""
    with open_folder() as made:
        yield made / "var"
        Database(made / "var").remove()


@pytest.fixture
def database(made_once: Path) -> Iterator[Database]:
    """Stopped, and made by an earlier test or by the first use."""
    database = Database(made_once)
    yield database
    database.stop()


def write_a_row(database: Database) -> None:
    database.sql("DROP TABLE IF EXISTS kept")
    database.sql("CREATE TABLE kept (word text)")
    database.sql("INSERT INTO kept VALUES ('committed')")


def the_row_is_there(database: Database) -> bool:
    return database.sql("SELECT word FROM kept") == [("committed",)]


# --- the lease -------------------------------------------------------------------------------------------------------


def test_the_server_ends_with_its_last_user_and_leaves_nothing(database: Database) -> None:
    user = database.use()
    keeper, postgres = database.state["keeper"], database.state["server"]
    assert processes.is_alive(keeper)
    assert database.sql("SELECT 1") == [(1,)]
    database.end(user)
    assert database.wait_gone(keeper, postgres)
    assert not Path(database.socket).exists()
    assert database.state == {}


def test_two_processes_share_one_server_which_outlives_the_first(database: Database) -> None:
    first = database.use()
    one = database.state["server"]
    second = database.use()
    assert database.state["server"] == one
    database.end(first)
    time.sleep(1.6)
    assert database.sql("SELECT 1") == [(1,)]
    database.end(second)
    assert database.wait_gone(one)


def test_five_processes_that_make_it_at_once_get_one_server(make: Callable[[Path], Database], folder: Path) -> None:
    database = make(folder / "var")
    started = [
        subprocess.Popen(
            [sys.executable, "-c", USER, str(database.var)],
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(5)
    ]
    database.users += started
    assert len({user.stdout.readline() for user in started if user.stdout}) == 1


def test_a_user_that_is_killed_lets_go_by_itself(database: Database) -> None:
    user = database.use()
    keeper, postgres = database.state["keeper"], database.state["server"]
    database.end(user, signal.SIGKILL)
    assert database.wait_gone(keeper, postgres)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_keeper_stops_the_server_properly(database: Database, number: int) -> None:
    database.use()
    write_a_row(database)
    keeper, postgres = database.state["keeper"], database.state["server"]
    os.kill(keeper, number)
    assert database.wait_gone(keeper, postgres)
    assert "database system is shut down" in (server.folder_of(database.var) / "postgres.log").read_text()
    database.use()
    assert the_row_is_there(database)


def test_two_checkouts_have_two_servers(database: Database, make: Callable[[Path], Database], folder: Path) -> None:
    one, other = database, make(folder / "other" / "var")
    one.use()
    other.use()
    write_a_row(one)
    assert other.sql("SELECT to_regclass('kept')") == [(None,)]
    assert one.state["server"] != other.state["server"]


# --- crashes ---------------------------------------------------------------------------------------------------------


def test_a_killed_keeper_takes_its_server_along_and_the_next_start_recovers(database: Database) -> None:
    user = database.use()
    write_a_row(database)
    earlier = database.state["server"]
    os.kill(database.state["keeper"], signal.SIGKILL)
    database.end(user)
    database.use()
    assert database.state["server"] != earlier
    assert database.wait_gone(earlier)
    assert the_row_is_there(database)


def test_a_killed_server_is_started_again_while_its_user_lives(database: Database) -> None:
    database.use()
    write_a_row(database)
    os.kill(database.state["server"], signal.SIGKILL)
    database.use()
    assert the_row_is_there(database)


def test_after_a_power_cut_committed_rows_are_there(database: Database) -> None:
    user = database.use()
    write_a_row(database)
    state, data, socket = database.state, database.data, database.socket
    back_ends = processes.postgres_processes_on(data)
    processes.send([state["keeper"], state["server"], *back_ends, user.pid], signal.SIGKILL)
    assert database.wait_gone(state["keeper"], state["server"], *back_ends)
    assert (data / "postmaster.pid").exists()
    database.use()
    assert the_row_is_there(database)
    assert not Path(socket).exists()


def test_a_server_that_lost_its_keeper_is_stopped_before_the_next_start(database: Database) -> None:
    """What happens where the kernel does not end it: a server on this folder that no keeper knows."""
    database.end(database.use())
    assert server.wait_stopped(database.var, PATIENCE)
    made = cluster.Cluster(server.folder_of(database.var), lambda sentence: None)
    orphan = subprocess.Popen(  # type: ignore[call-overload]
        [str(made.bin / "postgres"), "-D", str(made.data), "-k", "/tmp", "--port=54321", "--listen_addresses="],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **made.as_owner(),
    )
    try:
        deadline = time.monotonic() + PATIENCE
        while not (made.data / "postmaster.pid").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        database.use()
        assert orphan.wait(PATIENCE) == 0
        assert database.sql("SELECT 1") == [(1,)]
    finally:
        if orphan.poll() is None:
            orphan.kill()
            orphan.wait()


@pytest.mark.parametrize("torn", [False, True], ids=["a stranger's number", "torn by a power cut"])
def test_a_stale_postmaster_pid_does_not_stop_the_start(database: Database, torn: bool) -> None:
    user = database.use()
    write_a_row(database)
    pid_file = database.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines(keepends=True)
    keeper = database.state["keeper"]
    database.end(user)
    assert database.wait_gone(keeper)
    made = cluster.Cluster(server.folder_of(database.var), lambda sentence: None)
    # Owned by the server's user, so that PostgreSQL itself takes it for a rival.
    stranger = subprocess.Popen(["/bin/sleep", "60"], **made.as_owner())  # type: ignore[call-overload]
    try:
        pid_file.write_text("" if torn else "".join([f"{stranger.pid}\n", *lines[1:]]))
        made.own(pid_file)
        database.use()
        assert the_row_is_there(database)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_first_start_that_was_cut_off_is_done_again(database: Database) -> None:
    user = database.use()
    data, keeper = database.data, database.state["keeper"]
    database.end(user)
    assert database.wait_gone(keeper)
    data.rename(data.with_name("data.unfinished"))
    shutil.rmtree(data.with_name("data.unfinished") / "global")
    database.use()
    assert database.sql("SELECT 1") == [(1,)]
    assert not data.with_name("data.unfinished").exists()


RECONNECT = """
import os, signal, sys
import django
django.setup()
from pathlib import Path
from django.conf import settings
from django.db import connection
from form4site.embedded import server
def ask():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone()
ask()
os.kill(server.read_state(server.folder_of(settings.VAR_DIR))["server"], signal.SIGKILL)
connection.close()
print(ask())
"""


def test_django_connects_again_by_itself_after_a_crash_of_the_server(database: Database) -> None:
    environment = {**os.environ, "FORM4SITE_VAR": str(database.var), "DJANGO_SETTINGS_MODULE": "form4site.settings"}
    environment.pop("DATABASE_URL", None)
    asked = subprocess.run(
        [sys.executable, "-c", RECONNECT], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE
    )
    assert asked.stdout.strip() == "(1,)", asked.stderr


# --- folders and users -----------------------------------------------------------------------------------------------


def test_any_folder_will_do(make: Callable[[Path], Database], folder: Path) -> None:
    database = make(folder / f"with a space, 100%s, 'quotes' and a long na{'a' * 150}me" / "var")
    database.use()
    assert database.sql("SHOW server_encoding") == [("UTF8",)]


def test_only_a_private_socket_listens(database: Database) -> None:
    database.use()
    assert database.sql("SHOW listen_addresses") == [("",)]
    assert Path(database.socket).stat().st_mode & 0o777 == 0o700
    assert database.data.stat().st_mode & 0o777 == 0o700
    assert database.sql("SHOW fsync") == [("on",)]


@pytest.mark.skipif(not AS_ROOT, reason="an ordinary user's server can reach the user's own folders")
def test_root_in_a_private_folder_keeps_the_data_outside_and_changes_no_mode(
    make: Callable[[Path], Database], folder: Path
) -> None:
    private = folder / "private"
    private.mkdir(mode=0o700)
    database = make(private / "var")
    user = database.use()
    write_a_row(database)
    assert not database.data.is_relative_to(private)
    assert private.stat().st_mode & 0o777 == 0o700
    keeper = database.state["keeper"]
    database.end(user)
    assert database.wait_gone(keeper)
    database.use()
    assert the_row_is_there(database)


def link_or_copy(source: str, target: str) -> None:
    """A file of our own to be found elsewhere, without its bytes where both are on one disk."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


@pytest.mark.skipif(not AS_ROOT, reason="only root has to run the server as somebody else")
def test_the_binaries_are_copied_where_the_servers_user_cannot_reach_them(folder: Path, monkeypatch) -> None:
    wheel = cluster.wheel_folder()
    hidden = folder / "root only"
    hidden.mkdir(mode=0o700)
    shutil.copytree(wheel, hidden / "package" / wheel.name, copy_function=link_or_copy)
    libraries = wheel.parent.with_name(f"{wheel.parent.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, hidden / "package.libs", copy_function=link_or_copy)
    monkeypatch.setattr(cluster, "wheel_folder", lambda: hidden / "package" / wheel.name)
    (folder / "postgres").mkdir()
    # The libraries are found relative to a folder named as in the wheel.
    (hidden / "package").rename(hidden / wheel.parent.name)
    if libraries.exists():
        (hidden / "package.libs").rename(hidden / libraries.name)
    monkeypatch.setattr(cluster, "wheel_folder", lambda: hidden / wheel.parent.name / wheel.name)
    made = cluster.Cluster(folder / "postgres", lambda sentence: None)
    assert made.bin.is_relative_to(made.base)
    made.make_data()
    assert (made.data / "PG_VERSION").read_text().strip() == cluster.MAJOR


def pythons_of_an_ordinary_user() -> tuple[str, dict[str, str]]:
    """A Python that the user nobody can run, and the environment in which it finds our packages; skips without."""
    environment = {
        "PATH": os.defpath,
        "HOME": "/nonexistent",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    for python in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        program = "import sys, form4site.embedded; assert sys.version_info >= (3, 11)"
        try:
            tried = subprocess.run(
                [python, "-c", program], cwd=ROOT, user="nobody", group="nogroup", env=environment, check=False
            )
        except OSError:
            continue
        if tried.returncode == 0:
            return python, environment
    pytest.skip("no Python here that the user nobody can run, or this checkout is in a private folder")


@pytest.mark.skipif(not AS_ROOT, reason="needs root to become an ordinary user")
def test_an_ordinary_user_without_a_home_folder_has_a_server_too(
    make: Callable[[Path], Database], folder: Path
) -> None:
    python, environment = pythons_of_an_ordinary_user()
    (folder / "theirs").mkdir()
    shutil.chown(folder / "theirs", "nobody")
    database = make(folder / "theirs" / "var")
    database.use(python, user="nobody", group="nogroup", extra_groups=[], env=environment)
    write_a_row(database)
    assert database.data == folder / "theirs" / "var" / "postgres" / "data"
    assert the_row_is_there(database)


# --- refusals --------------------------------------------------------------------------------------------------------


def test_a_database_of_another_major_version_is_refused_and_not_touched(database: Database) -> None:
    user = database.use()
    data, keeper = database.data, database.state["keeper"]
    database.end(user)
    assert database.wait_gone(keeper)
    (data / "PG_VERSION").write_text("15\n")
    with pytest.raises(EmbeddedDatabaseError, match=r"was made by PostgreSQL 15.* runs 18.*move that folder away"):
        database.use()
    (data / "PG_VERSION").write_text("18\n")
    database.use()


def test_a_full_disk_is_said_in_a_sentence(folder: Path) -> None:
    made = cluster.Cluster(folder, lambda sentence: None)
    with pytest.raises(EmbeddedDatabaseError, match=r"is full\. Free some space and start again"):
        made.refuse("It did not start.", "FATAL:  could not write lock file: No space left on device")


def test_without_the_wheel_the_way_out_is_named(monkeypatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EmbeddedDatabaseError, match="Set DATABASE_URL"):
        cluster.wheel_folder()


@pytest.mark.skipif(not AS_ROOT, reason="only root can make a folder that is another user's")
def test_a_folder_of_another_user_is_refused_with_what_to_do(folder: Path) -> None:
    python, environment = pythons_of_an_ordinary_user()
    tried = subprocess.run(
        [python, "-c", USER, str(folder / "var")],
        cwd=ROOT,
        user="nobody",
        group="nogroup",
        extra_groups=[],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert "Run form4site as the user who owns that folder" in tried.stderr


# --- cheapness -------------------------------------------------------------------------------------------------------


def test_settings_can_import_the_package_without_django() -> None:
    program = "import json, sys, form4site.embedded; print(json.dumps(sorted(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"django", "celery", "psycopg"} & set(json.loads(shown.stdout))


def test_a_command_that_needs_no_database_starts_none(folder: Path) -> None:
    environment = {**os.environ, "FORM4SITE_VAR": str(folder / "var")}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "manage.py", "diffsettings"]
    subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    assert not (folder / "var" / "postgres").exists()


def test_a_checkout_has_the_same_eight_letters_always_and_another_has_others(folder: Path) -> None:
    (folder / "link").symlink_to(folder)
    assert checkout_id(folder) == checkout_id(folder / "link")
    assert checkout_id(folder) != checkout_id(folder / "sub")
    assert len(checkout_id(folder)) == 8
