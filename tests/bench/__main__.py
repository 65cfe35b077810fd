"""`make bench`: how fast filings are read, loaded and matched, as ratios taken in one run on one machine.

Reads the real filings beside the checkout, or for want of them the demo's. Prints one table, and appends its figures
to `var/bench-history.jsonl`. Works in a database of its own, which is dropped at the end.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "form4site.settings")
django.setup()

from django.conf import settings  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from tests.bench import ingest, reading, screens  # noqa: E402

REAL_FILINGS = settings.BASE_DIR.parent / "shared" / "edgar" / "filings"


def main() -> None:
    console = Console(width=110)
    with tempfile.TemporaryDirectory() as folder:
        paths, material = filings(Path(folder))
        console.print(f"{len(paths)} {material}; Python {platform.python_version()}; best of several rounds each")
        figures = reading.figures(paths) | ingest.figures(paths) | screens.figures()
    table = Table("", "ours", "beside it", "ratio", "goal")
    for row in rows(figures):
        table.add_row(*row)
    console.print(table)
    remember(figures, len(paths), material)


def filings(folder: Path) -> tuple[list[Path], str]:
    """The files to read, and what they are; the demo's are written to `folder`."""
    if REAL_FILINGS.is_dir():
        return sorted(REAL_FILINGS.glob("*.txt")), "real filings"
    from filings import demo

    for filing in demo.filings(demo.EARLIEST):
        (folder / f"{filing.accession}.txt").write_bytes(filing.content)
    return sorted(folder.glob("*.txt")), "demo filings (the real ones, shared/edgar beside the checkout, are not here)"


def rows(figures: dict[str, Any]) -> list[tuple[str, str, str, str, str]]:
    def ratio(name: str) -> str:
        return f"{figures[name]:.2f}" if figures[name] is not None else "-"

    edgartools = figures["edgartools_microseconds"]
    return [
        (
            "read a document, beside edgartools",
            f"{figures['parse_microseconds']:.0f} µs",
            f"{edgartools:.0f} µs" if edgartools else "not installed",
            ratio("times_edgartools"),
            "10 or more",
        ),
        (
            "read a document, beside bare lxml",
            f"{figures['parse_microseconds']:.0f} µs",
            f"{figures['lxml_microseconds']:.0f} µs",
            ratio("of_lxml"),
            "0.20 or more",
        ),
        (
            "files to committed rows, beside bare COPY",
            f"{figures['ingest_per_second']:.0f} filings/s",
            f"{figures['copy_per_second']:.0f} filings/s",
            ratio("of_copy"),
            "",
        ),
        ("the same files again", f"{figures['again_per_second']:.0f} filings/s", "", "", ""),
        (
            f"a filing against {figures['screens']:,} screens, beside each in turn",
            f"{figures['filing_to_screens_ms']:.0f} ms",
            f"{figures['filing_to_screens_in_turn_ms']:.0f} ms",
            ratio("times_in_turn"),
            "100 ms or less",
        ),
    ]


def remember(figures: dict[str, Any], count: int, material: str) -> None:
    history = settings.VAR_DIR / "bench-history.jsonl"
    history.parent.mkdir(parents=True, exist_ok=True)
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "filings": count,
        "material": material.split(" (")[0],
        "database": "given" if settings.DATABASE_URL else "embedded",
        **figures,
    }
    with history.open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")


if __name__ == "__main__":
    sys.exit(main())
