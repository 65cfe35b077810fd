"""Make the environments of this checkout, with nothing but a bare Python: `python form4site/bootstrap.py NAME`.

NAME is `dev` (.venv) or `bench` (.venv-bench); `lock` writes requirements/*.txt anew, `tools` only makes .tools.

Promises: what is installed is exactly requirements/NAME.txt, hash by hash; a run that finds everything as it should
be does nothing; one that was interrupted is done again; two at once wait for each other. It names no package index:
pip and uv use the one that this machine is set up for. It writes into this checkout, and into uv's cache where the
home folder has one. Runs on the system's Python, so it imports the standard library only.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
ENVIRONMENTS = {"dev": ROOT / ".venv", "bench": ROOT / ".venv-bench"}
OLDEST = (3, 11)
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
NEEDED_BYTES = 700_000_000
PYTHON = getattr(sys, "_base_executable", sys.executable)  # not that of an environment which happens to be active


def run(*command: str | Path, **environment: str) -> None:
    """Run a command whose output is for the reader; its failure is ours."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env={**os.environ, **environment}, check=False)
    if done.returncode:
        raise SystemExit(f"This command failed, see above: {' '.join(str(part) for part in command)}")


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def stamp_of(*files: Path) -> str:
    """What an environment was made from: the pinned files."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def finish(folder: Path, stamp: str) -> None:
    (folder / ".complete").write_text(f"{stamp} {VERSION}")


def is_made(folder: Path, stamp: str) -> bool:
    """Whether the folder is complete, from these files, by a Python that is still there (and the one asked for)."""
    mark = folder / ".complete"
    if not mark.exists() or not (folder / "bin" / "python").exists():
        return False
    made_from, _, version = mark.read_text().partition(" ")
    asked_for = VERSION if os.environ.get("PYTHON") else version
    return made_from == stamp and version == asked_for


def uv(*arguments: str | Path) -> None:
    """Run uv out of the tools folder."""
    environment = {"UV_PYTHON_DOWNLOADS": "never", "UV_SYSTEM_CERTS": "1"}
    home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("HOME") or "/nowhere"
    if "UV_CACHE_DIR" not in os.environ and not (Path(home).is_dir() and os.access(home, os.W_OK)):
        environment["UV_CACHE_DIR"] = str(TOOLS / "cache")
    if os.environ.get("PIP_INDEX_URL") and not {"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & set(os.environ):
        environment["UV_DEFAULT_INDEX"] = os.environ["PIP_INDEX_URL"]  # a mirror that pip was told of
    run(TOOLS / "bin" / "python", "-m", "uv", "--quiet", *arguments, **environment)


def make_tools() -> None:
    """The tools folder: uv, by pip, with its hashes."""
    pinned = ROOT / "requirements" / "tools.txt"
    stamp = stamp_of(pinned)
    if is_made(TOOLS, stamp):
        return
    say("Fetching the tools into .tools/ ...")
    shutil.rmtree(TOOLS, ignore_errors=True)
    made = subprocess.run([PYTHON, "-m", "venv", str(TOOLS)], capture_output=True, text=True, check=False)
    if made.returncode:
        raise SystemExit(
            f"{made.stdout}{made.stderr}\nPython {VERSION} could not make an environment in {TOOLS}. If venv or "
            f"ensurepip is missing, install it (Debian, Ubuntu: apt install python{VERSION}-venv) and run the same "
            "command again."
        )
    pip = (TOOLS / "bin" / "python", "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input")
    run(*pip, "install", "--no-cache-dir", "--require-hashes", "--requirement", pinned)
    finish(TOOLS, stamp)


def make_environment(name: str) -> None:
    """The environment of the site, or that of the benchmarks."""
    folder = ENVIRONMENTS[name]
    pinned = ROOT / "requirements" / f"{name}.txt"
    stamp = stamp_of(pinned, ROOT / "requirements" / "tools.txt")
    if is_made(folder, stamp):
        return
    make_tools()
    free = shutil.disk_usage(ROOT).free
    if free < NEEDED_BYTES:
        needed = f"{NEEDED_BYTES // 1_000_000} MB"
        raise SystemExit(f"The setup needs {needed} on the disk of {ROOT}, where {free // 1_000_000} MB are free.")
    say(f"Installing requirements/{name}.txt into {folder.name}/ ...")
    mark = folder / ".complete"
    whole = mark.exists() and mark.read_text().endswith(f" {VERSION}") and (folder / "bin" / "python").exists()
    mark.unlink(missing_ok=True)
    if not whole:  # never made, half made, or by another Python: begin from nothing
        uv("venv", "--clear", "--python", PYTHON, folder)
    uv("pip", "sync", "--require-hashes", "--python", folder / "bin" / "python", pinned)
    finish(folder, stamp)


def write_locks() -> None:
    """requirements/*.txt from pyproject.toml: every package for every platform, with hashes and without an index."""
    make_tools()
    common = ["--universal", "--generate-hashes", "--no-emit-index-url", "--no-annotate", "--no-header"]
    for name, group in (("runtime", []), ("dev", ["--group", "dev"]), ("bench", ["--group", "bench"])):
        target = Path("requirements") / f"{name}.txt"
        uv("pip", "compile", "pyproject.toml", *group, *common, "--python-version", "3.11", "--output-file", target)
        say(f"Wrote {target}")


def main() -> None:
    if sys.version_info < OLDEST:
        raise SystemExit(f"form4site needs Python 3.11 or newer, and this is {sys.version.split()[0]}.")
    wanted = sys.argv[1] if len(sys.argv) == 2 else ""
    actions = {"tools": make_tools, "lock": write_locks}
    actions.update({name: functools.partial(make_environment, name) for name in ENVIRONMENTS})
    if wanted not in actions:
        raise SystemExit(f"Say one of: {', '.join(actions)}")
    lock = os.open(ROOT, os.O_RDONLY)  # the lock of a folder needs no file of its own
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        actions[wanted]()
    except OSError as refused:
        raise SystemExit(f"The setup cannot write to {ROOT}: {refused}") from refused


if __name__ == "__main__":
    main()
