"""Which module may import which, told from the source alone.

`filings` <- `signals` <- `accounts`: an app knows those before it and never those after it. `form4site` composes all;
of it they may use the kit alone. The pure modules know no Django, and two modules know httpx: one asks the SEC, one
sends to addresses that users named.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

APPS = ("filings", "signals", "accounts")
KIT = "form4site.kit"
# What an app may take from the composing project besides the kit: nothing.
PURE = (
    "filings.ownership",
    "filings.demo",
    "filings.errors",
    "filings.names",
    "filings.edgar.feeds",
    "filings.edgar.addresses",
    "accounts.delivery.outcome",
    "accounts.delivery.plan",
    "signals.readings",
    "signals.detectors",
    "signals.learning",
    "signals.criteria",
    "signals.criteria_words",
    "signals.ready_made",
    "signals.criteria_words",
    "signals.matching_index",
)
FRAMEWORKS = ("django", "celery", "psycopg")
HTTP_DOORS = ("filings.edgar.client", "accounts.delivery.gate")


@dataclass(frozen=True, slots=True)
class Import:
    """One name that a module imports, absolute, with where it stands."""

    importer: str
    name: str
    place: str  # file:line

    def __str__(self) -> str:
        return f"{self.place}: {self.importer} imports {self.name}"


def module_name(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path, root: Path) -> Iterator[Import]:
    """Every import in the file, wherever it stands: at the top, in a function, under TYPE_CHECKING, by its name."""
    importer = module_name(path, root)
    place = path.relative_to(root)
    package = importer.split(".") if path.stem == "__init__" else importer.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_bytes(), str(path))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            names = [f"{base}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Call) and _imports_by_name(node):
            names = [node.args[0].value]  # type: ignore[attr-defined]
        else:
            continue
        yield from (Import(importer, name, f"{place}:{node.lineno}") for name in names)


def _imports_by_name(call: ast.Call) -> bool:
    function = call.func
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    return (
        name in ("import_module", "__import__", "import_string", "get_model")
        and bool(call.args)
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    )


def sources(root: Path) -> Iterator[Path]:
    for package in (*APPS, "form4site"):
        yield from sorted((root / package).rglob("*.py"))


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def upward(found: Import) -> bool:
    """An app that imports a later app, or the project that composes it."""
    app, target = found.importer.split(".")[0], found.name.split(".")[0]
    if within(found.importer, KIT):
        return target in APPS or (target == "form4site" and not within(found.name, KIT))
    if app not in APPS:
        return False
    if target == "form4site":
        return not within(found.name, KIT)
    return target in APPS and APPS.index(target) > APPS.index(app)


def impure(found: Import) -> bool:
    """A pure module that imports a framework, or a module of its app that is not pure itself."""
    if not any(within(found.importer, package) for package in PURE):
        return False
    target = found.name.split(".")[0]
    if target in APPS:
        return not any(within(found.name, package) or within(package, found.name) for package in PURE)
    return target in FRAMEWORKS or target == "form4site"


def second_door(found: Import) -> bool:
    return (within(found.name, "httpx") or within(found.name, "httpx_secure")) and found.importer not in HTTP_DOORS


def violations(root: Path) -> list[str]:
    """The imports of this tree that break a rule, as "file:line: what"."""
    broken = []
    for path in sources(root):
        for found in imports_of(path, root):
            for rule, why in ((upward, "upward"), (impure, "not pure"), (second_door, "a door of its own")):
                if rule(found):
                    broken.append(f"{found} ({why})")
    return broken
