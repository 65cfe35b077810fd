"""./manage.py first_start [--source PATH] : what `make run` loads on the first start, once."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from filings.services import first_load
from filings.services.load import files_below, load
from form4site.kit.progress import progress


class Command(BaseCommand):
    help = "Loads the first filings into a new archive; does nothing on every later start."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", metavar="PATH", help="a file or folder of filings")

    def handle(self, *args: Any, **options: Any) -> None:
        source = options["source"]
        if not source:
            return
        source = str(Path(source).expanduser().resolve())
        if not Path(source).exists():
            self.stderr.write(f"SOURCE={source}: there is no such file or folder. Nothing was loaded.")
            sys.exit(1)
        if first_load.is_finished():
            self.stdout.write(
                f"The first start has been; SOURCE is loaded only then. To add filings now: ./manage.py ingest {source}"
            )
            return
        first_load.begin(source=source)
        paths = list(files_below([source]))
        self.stdout.write(f"First start: loading {len(paths):,} files of {source}")
        with progress("Reading filings", len(paths)) as step:
            report = load(paths=paths, step=step)
        if not report.read:
            self.stderr.write(f"SOURCE={source}: no .txt or .xml file is there. Nothing was loaded.")
            sys.exit(1)
        first_load.finish(source=source)
        self.stdout.write(f"{report.published + report.unchanged:,} filings loaded, {len(report.failed):,} failed.")
        for failure in report.failed[:20]:
            self.stderr.write(f"{failure.path}: {failure.stage}: {failure.reason}")
