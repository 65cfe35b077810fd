"""What must not stand in the source: rounded numbers, a lenient reader of XML, addresses and places of one machine."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.conftest import ROOT

# Where a package comes from is for whoever installs it to say, not for the tree. Spelled so as not to find itself.
REGISTRIES = re.compile(
    r"(?:pypi|pythonhosted|npmjs|anaconda|jsdelivr|unpkg)\.(?:org|com|net)|files\.python|--(?:extra-)?index-url"
)
MACHINE_PATHS = re.compile(r"(?<![\w.:/-])/(?:home|Users|root|work)/[\w.-]+")
TEXT_ENDINGS = {".py", ".md", ".toml", ".txt", ".html", ".css", ".js", ".json", ".yml", ".yaml", ".example", ".sh", ""}


def tracked_files(root: Path = ROOT) -> list[Path]:
    """The files of the repository, or where git is not at hand every file that git would not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=root, capture_output=True
    )
    if listed.returncode == 0:
        names = listed.stdout.decode().split("\0")
        return [root / name for name in names if name and (root / name).is_file()]
    left_out = {"var", ".git", "__pycache__"} | {path.name for path in root.glob(".*") if path.name != ".ci"}
    return [
        path for path in root.rglob("*") if path.is_file() and not left_out.intersection(path.relative_to(root).parts)
    ]


def lines_with(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    found = []
    for path in paths:
        if path.suffix not in TEXT_ENDINGS or path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{path}:{number}: {line.strip()[:120]}")
    return found


def uses_of(name: str, source: str) -> Iterator[int]:
    """The lines on which this bare name is called or handed on; `seconds: float` and `-> float` do neither."""
    tree = ast.parse(source)
    annotations = {
        id(part)
        for node in ast.walk(tree)
        for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None))
        if annotation is not None
        for part in ast.walk(annotation)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == name and id(node) not in annotations:
            yield node.lineno


@lru_cache(maxsize=1)  # one file is asked for several names
def _keywords_and_dicts(source: str) -> list[ast.keyword | ast.Dict]:
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.keyword | ast.Dict)]


def keywords_set(name: str, value: object, source: str) -> Iterator[int]:
    for node in _keywords_and_dicts(source):
        pairs = (
            [(node.arg, node.value)]
            if isinstance(node, ast.keyword)
            else [(getattr(key, "value", None), given) for key, given in zip(node.keys, node.values, strict=True)]
        )
        yield from (
            given.lineno
            for key, given in pairs
            if key == name and isinstance(given, ast.Constant) and given.value is value
        )


def python_below(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def test_no_filed_number_becomes_a_float():
    """The demo's inventions are left out: its prices wander before they are filed."""
    found = [
        f"{path}:{line}"
        for path in python_below("filings")
        if not path.is_relative_to(ROOT / "filings" / "demo")
        for line in uses_of("float", path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize("source", ["x = float(line.shares)", "y = map(float, prices)", "z = {'how': float}"])
def test_a_float_is_found(source):
    assert list(uses_of("float", source)) == [1]


def test_a_float_in_an_annotation_is_none():
    assert list(uses_of("float", "def wait(seconds: float | None) -> float:\n    return seconds\n")) == []


def test_the_reader_of_xml_is_never_made_lenient():
    found = [
        f"{path}:{line}: {name}={value}"
        for path in python_below("filings", "signals", "accounts", "form4site")
        for name, value in (("huge_tree", True), ("resolve_entities", True), ("load_dtd", True), ("no_network", False))
        for line in keywords_set(name, value, path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize("source", ["XMLParser(huge_tree=True)", "SAFE = {'huge_tree': True}"])
def test_a_lenient_reader_is_found(source):
    assert list(keywords_set("huge_tree", True, source)) == [1]


def test_no_file_names_where_packages_come_from():
    assert lines_with(REGISTRIES, tracked_files()) == []


def test_no_file_names_a_place_of_one_machine():
    assert lines_with(MACHINE_PATHS, tracked_files()) == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (REGISTRIES, "uv pip install --index-url https://example.test/simple x"),
        (REGISTRIES, "https://pypi" + ".org/simple/lxml"),
        (MACHINE_PATHS, "see /home/" + "olive/notes"),
        (MACHINE_PATHS, "FOLDER = '/root/" + "x'"),
    ],
)
def test_a_forbidden_address_or_place_is_found(tmp_path: Path, pattern, line):
    planted = tmp_path / "notes.md"
    planted.write_text(f"first\n{line}\n")

    assert lines_with(pattern, [planted]) == [f"{planted}:2: {line}"]


def test_a_path_below_an_address_is_no_place_of_a_machine():
    assert not MACHINE_PATHS.search("https://example.test/home/page")


@pytest.mark.db_and_celery
@pytest.mark.django_db
def test_the_migrations_are_the_models():
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)
