"""./manage.py first_start [--source PATH] : what `make run` does once the site answers.

On the first start it fills the archive, with the filings at --source or else with the demo filings; a load that was
cut short is made again. On an embedded database it sees to the demo user and says how to log in.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command

from filings.services import demo, first_load
from filings.services.load import LoadReport, files_below, load
from form4site.kit.command import SiteCommand
from form4site.kit.progress import progress


class Command(SiteCommand):
    help = "Loads the first filings into a new archive; on every later start only says how to log in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", metavar="PATH", help="a file or folder of filings, in place of the demo's")

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = self.load_source(options["source"]) if options["source"] else self.load_demo()
        if not settings.DATABASE_URL:
            call_command("demo_user", stdout=self.stdout)
        if not loaded:
            sys.exit(1)

    def load_source(self, words: str) -> bool:
        source = str(Path(words).expanduser().resolve())
        if not Path(source).exists():
            self.stderr.write(f"SOURCE={source}: there is no such file or folder. Nothing was loaded.")
            return False
        if first_load.is_finished():
            self.stdout.write(
                f"The first start has been; SOURCE is loaded only then. To add filings now: ./manage.py ingest {source}"
            )
            return True
        first_load.begin(source=source)
        paths = list(files_below([source]))
        self.stdout.write(f"First start: loading {len(paths):,} files of {source}")
        with progress("Reading filings", len(paths)) as step:
            report = load(paths=paths, step=step)
        self.read()
        if not report.read:
            self.stderr.write(f"SOURCE={source}: no .txt or .xml file is there. Nothing was loaded.")
            return False
        first_load.finish(source=source)
        self.tell(report)
        return True

    def load_demo(self) -> bool:
        until = demo.first_day_to_load()
        if until is None:
            return True
        self.stdout.write(
            "First start: loading filings of invented companies (remove them with ./manage.py purge_demo)"
        )
        with progress("Reading filings", None) as step:
            report = demo.load_demo(until=until, step=step)
        self.read()
        self.tell(report)
        return not report.failed

    def read(self) -> None:
        from signals.services.read import read_all_owed  # needed on the first start only, and slow to load

        with progress("Reading what they mean", None) as step:
            read_all_owed(jobs=os.cpu_count() or 1, step=step)

    def tell(self, report: LoadReport) -> None:
        self.stdout.write(f"{report.published + report.unchanged:,} filings loaded, {len(report.failed):,} failed.")
        for failure in report.failed[:20]:
            self.stderr.write(f"{failure.path}: {failure.stage}: {failure.reason}")
