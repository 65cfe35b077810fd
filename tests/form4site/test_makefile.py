"""The Makefile and its bootstrap: listed, quiet when all is done, and a sentence where something is missing.

No test here installs a package; `.ci/run` and a bare checkout do that.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from form4site import bootstrap

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
ROOT = Path(__file__).resolve().parent.parent.parent
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = {"help", "setup", "run", "test", "check", "bench", "chaos", "archive", "lock", "clean"}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files that `make setup` needs, in a folder with a space in its name."""
    folder = tmp_path / "bare checkout"
    (folder / "form4site").mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", folder)
    shutil.copy(ROOT / "form4site" / "bootstrap.py", folder / "form4site")
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    return folder


def make(folder: Path, target: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], **variables}
    command = [shutil.which("make") or "make", "--no-print-directory", target]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def complete(folder: Path, name: str, stamp: str) -> None:
    """An environment as the bootstrap leaves it."""
    (folder / name / "bin").mkdir(parents=True)
    (folder / name / "bin" / "python").symlink_to(sys.executable)
    (folder / name / ".complete").write_text(f"{stamp} {bootstrap.VERSION}")


def test_help_lists_every_target_and_is_the_default(checkout: Path) -> None:
    listed = make(checkout, "help")
    assert set(re.findall(r"^  make (\w+) +\S", listed.stdout, re.MULTILINE)) == TARGETS
    assert make(checkout, "").stdout == listed.stdout or ".DEFAULT_GOAL := help" in MAKEFILE
    assert set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE)) == TARGETS


def test_without_a_python_a_sentence_says_what_to_install(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "sh").symlink_to("/bin/sh")
    refused = make(checkout, "setup", PATH=str(tmp_path / "empty"))
    assert refused.returncode != 0
    assert "form4site needs Python 3.11 or newer, and found none. Install one" in refused.stderr


def test_a_python_that_is_too_old_is_passed_over(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "python3.14").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "old" / "python3.14").chmod(0o755)
    (tmp_path / "old" / "python3").symlink_to(sys.executable)
    (tmp_path / "old" / "sh").symlink_to("/bin/sh")
    pinned = checkout / "requirements"
    complete(checkout, ".venv", bootstrap.stamp_of(pinned / "dev.txt", pinned / "tools.txt"))
    assert make(checkout, "setup", PATH=str(tmp_path / "old")).returncode == 0


def test_a_setup_that_is_done_does_nothing_and_needs_no_home(checkout: Path) -> None:
    pinned = checkout / "requirements"
    complete(checkout, ".venv", bootstrap.stamp_of(pinned / "dev.txt", pinned / "tools.txt"))
    done = make(checkout, "setup", PYTHON=sys.executable)
    assert (done.returncode, done.stdout) == (0, "")
    assert not (checkout / ".tools").exists()


@pytest.mark.parametrize("why", ["changed", "interrupted", "the Python is gone", "another Python is asked for"])
def test_a_setup_that_is_not_whole_is_done_again(checkout: Path, monkeypatch: pytest.MonkeyPatch, why: str) -> None:
    pinned = checkout / "requirements" / "dev.txt"
    environment = checkout / ".venv"
    complete(checkout, ".venv", bootstrap.stamp_of(pinned))
    assert bootstrap.is_made(environment, bootstrap.stamp_of(pinned))
    if why == "changed":
        pinned.write_text(pinned.read_text() + "# more\n")
    elif why == "interrupted":
        (environment / ".complete").unlink()
    elif why == "the Python is gone":
        (environment / "bin" / "python").unlink()
    else:
        monkeypatch.setenv("PYTHON", sys.executable)
        monkeypatch.setattr(bootstrap, "VERSION", "3.99")
    assert not bootstrap.is_made(environment, bootstrap.stamp_of(pinned))


def test_a_missing_venv_module_is_named_with_the_package_that_brings_it(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "shadow").mkdir()
    (tmp_path / "shadow" / "venv.py").write_text("raise SystemExit('ensurepip is not available')")
    refused = make(checkout, "setup", PYTHON=sys.executable, PYTHONPATH=str(tmp_path / "shadow"))
    assert refused.returncode != 0
    assert "ensurepip is not available" in refused.stderr
    assert f"apt install python{bootstrap.VERSION}-venv" in refused.stderr


def test_no_committed_file_of_the_setup_names_a_package_index() -> None:
    files = [ROOT / "Makefile", ROOT / "form4site" / "bootstrap.py", *(ROOT / "requirements").glob("*.txt")]
    named = [
        line for file in files for line in file.read_text().splitlines() if re.search(r"https?://|index-url ", line)
    ]
    assert [line for line in named if "BASE_URL=https://form4site.example" not in line] == []


def test_the_example_environment_names_every_variable_that_the_settings_read() -> None:
    settings = (ROOT / "form4site" / "settings.py").read_text()
    read = set(re.findall(r"""(?:env\.\w+|_whole_number|_yes_or_no|_address)\(\s*["']([A-Z0-9_]+)""", settings))
    assert read
    named = set(re.findall(r"^([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert named - read == {"HOST", "SOURCE", "PYTHON"}, "these are read by the Makefile and the supervisor"
    assert read - named == set()
