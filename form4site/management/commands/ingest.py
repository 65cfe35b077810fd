"""./manage.py ingest PATH... : files and folders of filings into the archive, and what they mean."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from filings.services.load import MANY, LoadReport, files_below, filings_in, load
from form4site.kit.command import SiteCommand
from form4site.kit.progress import progress
from form4site.kit.statistics import renew_statistics
from signals.services.read import read_all_owed
from signals.services.tally import tally


def named(path: str) -> str:
    """A path that was given: an empty one, of a variable that is not set, would be the folder one stands in."""
    if not path:
        raise ArgumentTypeError("an empty path")
    return path


class Command(SiteCommand):
    help = (
        "Reads full submissions (.txt), ownership XML named by accession, the SEC's data sets (zips or folders of"
        " tables), and folders of these, into the archive."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths",
            nargs="+",
            metavar="PATH",
            type=named,
            help="a file, or a folder searched for .txt, .xml and data sets",
        )
        parser.add_argument("--json", action="store_true", help="print the outcome as one JSON object")
        parser.add_argument("--no-read", action="store_true", help="leave the readings to the workers")

    def handle(self, *args: Any, **options: Any) -> None:
        paths = list(files_below(options["paths"]))
        with progress("Reading filings", filings_in(paths)) as step:
            report = load(paths=paths, step=step)
        if report.published >= MANY:
            tally(anew=True)  # or the next reader of a code's page would count millions of lines
        if not options["no_read"]:
            with progress("Reading what they mean", None) as step:
                read = read_all_owed(jobs=os.cpu_count() or 1, step=step)
            if len(read.changed) >= MANY:
                renew_statistics("signals")
        if options["json"]:
            self.stdout.write(json.dumps(dataclasses.asdict(report)))
        else:
            self.tell(report)
        if not report.read:
            self.stderr.write("Nothing to read there: no .txt or .xml file and no data set was found.")
        if report.failed:
            sys.exit(1)

    def tell(self, report: LoadReport) -> None:
        for failure in report.failed:
            self.stderr.write(f"{failure.path}: {failure.stage}: {failure.reason}")
        self.stdout.write(
            f"{report.read:,} filings read: {report.published:,} published, {report.unchanged:,} unchanged, "
            f"{len(report.failed):,} failed."
        )
