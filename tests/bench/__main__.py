"""`make bench`: how fast filings are read, loaded and matched and trades screened, beside floors of the same run.

Reads the real filings beside the checkout, or for want of them the demo's; names and trades are invented. Prints one
table, each figure as a ratio to its floor, with the ratio that it had before: the middle one of the last five runs on
such a machine and database, from `var/bench-history.jsonl`, to which this run is added. A ratio is marked that is a
fifth worse than that, and worse than in each of the five. Works in databases of its own, which are dropped at the end.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "form4site.settings")
django.setup()

from django.conf import settings  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from tests.bench import api, dataset, detectors, ingest, news, pages, reading, rebuilding, screens  # noqa: E402
from tests.bench_search import __main__ as searching  # noqa: E402
from tests.bench_trades import __main__ as screening  # noqa: E402

REAL_FILINGS = settings.BASE_DIR.parent / "shared" / "edgar" / "filings"
HISTORY = settings.VAR_DIR / "bench-history.jsonl"
NAMES = 100_000
TRADES = 200_000
WORSE = 1.2


@dataclass(frozen=True)
class Row:
    """One line of the table. `ratio` names the figure that counts; `rising` says that more of it is better."""

    what: str
    ours: str
    floor: str
    ratio: str
    goal: str
    rising: bool = True


ROWS = (
    Row(
        "read a document, beside edgartools",
        "{parse_microseconds:.0f} µs",
        "{edgartools_microseconds:.0f} µs",
        "times_edgartools",
        "10 or more",
    ),
    Row(
        "read a document, beside bare lxml",
        "{parse_microseconds:.0f} µs",
        "{lxml_microseconds:.0f} µs",
        "of_lxml",
        "0.20 or more",
    ),
    Row(
        "signals of an issuer's readings, beside those",
        "{engine_per_second:.0f} filings/s",
        "{issuer_readings_per_second:.0f} filings/s",
        "engine_of_reading",
        "1 or more",
    ),
    Row(
        "files to committed rows, beside bare COPY",
        "{ingest_per_second:.0f} filings/s",
        "{copy_per_second:.0f} filings/s",
        "of_copy",
        "",
    ),
    Row(
        "the same files again, beside the first time",
        "{again_per_second:.0f} filings/s",
        "{ingest_per_second:.0f} filings/s",
        "again_of_first",
        "1 or more",
    ),
    Row(
        "{dataset_filings:,} filings of data sets, beside bare COPY",
        "{dataset_per_second:.0f} filings/s",
        "{dataset_copy_per_second:.0f} filings/s",
        "dataset_of_copy",
        "",
    ),
    Row(
        "their readings and signals ({rebuild_seconds_per_thousand:.1f} s a thousand), beside their load",
        "{rebuild_per_second:.0f} filings/s",
        "{dataset_per_second:.0f} filings/s",
        "rebuild_of_dataset",
        "1,000/s or more",
    ),
    Row(
        "their readings and signals, beside their load",
        "{read_per_second:.0f} filings/s",
        "{ingest_per_second:.0f} filings/s",
        "read_of_ingest",
        "",
    ),
    Row(
        "the same dropped and made anew, beside that",
        "{reread_per_second:.0f} filings/s",
        "{read_per_second:.0f} filings/s",
        "reread_of_read",
        "",
    ),
    Row(
        "a new filing of {news_trades:,} trades, signals too, times as quick as all",
        "{news_ms:.0f} ms of CPU",
        "{news_whole_ms:,.0f} ms of CPU",
        "news_times_whole",
        "200 ms or less",
    ),
    Row(
        "a filing for {screens:,} screens, beside each in turn",
        "{filing_to_screens_ms:.0f} ms",
        "{filing_to_screens_in_turn_ms:.0f} ms",
        "times_in_turn",
        "100 ms or less",
    ),
    Row(
        "100 rows by key over the API, beside bare SQL",
        "{api_page_ms:.1f} ms",
        "{api_sql_ms:.1f} ms",
        "api_of_sql",
        "3 or less",
        rising=False,
    ),
    Row(
        "the same, by what both take of a processor",
        "{api_page_cpu_ms:.1f} ms",
        "{api_sql_cpu_ms:.1f} ms",
        "api_cpu_of_sql",
        "3 or less",
        rising=False,
    ),
    Row(
        "100 lines for the peer's clients, beside the same",
        "{api_lines_page_ms:.1f} ms",
        "{api_lines_sql_ms:.1f} ms",
        "api_lines_of_sql",
        "3 or less",
        rising=False,
    ),
    Row(
        "the same, by what both take of a processor",
        "{api_lines_page_cpu_ms:.1f} ms",
        "{api_lines_sql_cpu_ms:.1f} ms",
        "api_lines_cpu_of_sql",
        "3 or less",
        rising=False,
    ),
    Row(
        "pages of 100 rows a second from two web processes",
        "95% in {api_served_p95_ms:.0f} ms",
        "",
        "api_served_per_second",
        "200 or more",
    ),
    Row(
        "an issuer of 5,000 trades, first byte, beside bare SQL",
        "{issuer_first_byte_ms:.0f} ms",
        "{issuer_sql_ms:.0f} ms",
        "issuer_of_sql",
        "150 ms or less",
        rising=False,
    ),
    Row(
        "the same, beside an empty view",
        "{issuer_first_byte_ms:.0f} ms",
        "{issuer_empty_ms:.2f} ms",
        "issuer_of_empty",
        "",
        rising=False,
    ),
    Row(
        "an insider of 5,000 trades, first byte, beside bare SQL",
        "{insider_first_byte_ms:.0f} ms",
        "{insider_sql_ms:.0f} ms",
        "insider_of_sql",
        "150 ms or less",
        rising=False,
    ),
    Row(
        "the same, beside an empty view",
        "{insider_first_byte_ms:.0f} ms",
        "{insider_empty_ms:.2f} ms",
        "insider_of_empty",
        "",
        rising=False,
    ),
    Row(
        "a search, beside a row by its key",
        "{search_ms:.2f} ms",
        "{key_ms:.2f} ms",
        "search_of_key",
        "",
        rising=False,
    ),
    Row(
        "the middle screen, beside the newest page",
        "{screen_ms:.2f} ms",
        "{newest_ms:.2f} ms",
        "screen_of_newest",
        "1.5 or less",
        rising=False,
    ),
    Row("the slowest of 24 screens, beside the same", "", "{newest_ms:.2f} ms", "worst_screen_of_newest", "", False),
    Row("a deep page, beside the first", "", "{screen_ms:.2f} ms", "deep_of_first", "1.3 or less", False),
    Row(
        "trades by COPY, beside tables without indexes",
        "{trades_copied_per_second:,.0f}/s",
        "{trades_copied_bare_per_second:,.0f}/s",
        "copied_of_bare",
        "",
    ),
)


def main() -> None:
    console = Console(width=120)
    with tempfile.TemporaryDirectory() as folder:
        paths, material = filings(Path(folder))
        console.print(f"{len(paths)} {material}; Python {platform.python_version()}; best of several rounds each")
        figures = reading.figures(paths) | detectors.figures(paths) | ingest.figures(paths)
    figures["again_of_first"] = figures["again_per_second"] / figures["ingest_per_second"]
    figures |= (
        dataset.figures()
        | news.figures()
        | screens.figures()
        | api.figures()
        | pages.figures()
        | searching.figures(NAMES)
        | screening.figures(TRADES)
    )
    entry = this_run(len(paths), material) | figures
    console.print(table(figures, alike(entry)))
    console.print(detectors.said(figures))
    console.print(rebuilding.said(figures))
    with HISTORY.open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")


def filings(folder: Path) -> tuple[list[Path], str]:
    """The files to read, and what they are; the demo's are written to `folder`."""
    if REAL_FILINGS.is_dir():
        return sorted(REAL_FILINGS.glob("*.txt")), "real filings"
    from filings import demo

    for filing in demo.filings(demo.EARLIEST):
        (folder / f"{filing.accession}.txt").write_bytes(filing.content)
    return sorted(folder.glob("*.txt")), "demo filings (the real ones, shared/edgar beside the checkout, are not here)"


def this_run(count: int, material: str) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "load": round(os.getloadavg()[0], 1),
        "filings": count,
        "names": NAMES,
        "trades": TRADES,
        "material": material.split(" (")[0],
        "database": "given" if settings.DATABASE_URL else "embedded",
    }


def alike(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """The last five runs of the past that measured the same things on such a machine."""
    if not HISTORY.exists():
        HISTORY.parent.mkdir(parents=True, exist_ok=True)
        return []
    past = [json.loads(line) for line in HISTORY.read_text(encoding="utf-8").splitlines()]
    same = ("machine", "material", "filings", "names", "trades", "database")
    return [run for run in past if all(run.get(name) == entry[name] for name in same)][-5:]


def table(figures: dict[str, Any], past: list[dict[str, Any]]) -> Table:
    shown = Table("", "ours", "beside it", "ratio", "before", "goal")
    for row in ROWS:
        now = figures.get(row.ratio)
        if now is None:
            shown.add_row(row.what.format(**figures), "", "not installed", "-", "", row.goal)
            continue
        before = [run[row.ratio] for run in past if run.get(row.ratio)]
        shown.add_row(
            row.what.format(**figures),
            row.ours.format(**figures),
            row.floor.format(**figures),
            f"{now:.2f}",
            compared(row, now, before),
            row.goal,
        )
    return shown


def compared(row: Row, now: float, before: list[float]) -> str:
    if not before:
        return ""
    then = statistics.median(before)
    worse = then / now > WORSE and now < min(before) if row.rising else now / then > WORSE and now > max(before)
    return f"{then:.2f}" + (" worse now" if worse else "")


if __name__ == "__main__":
    main()
