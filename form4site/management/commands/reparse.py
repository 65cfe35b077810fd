"""./manage.py reparse : rebuild facts from the kept bytes, after the reader has changed, and their readings."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from typing import Any

from filings.services.reparse import accessions_to_reparse, reparse
from form4site.kit.command import SiteCommand
from form4site.kit.progress import progress
from signals.services.read import read_all_owed


class Command(SiteCommand):
    help = "Reads the kept bytes again where an older reader read them, quarantined ones included."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="also what the present reader has read")

    def handle(self, *args: Any, **options: Any) -> None:
        accessions = accessions_to_reparse(everything=options["all"])
        with progress("Reading again", len(accessions)) as step:
            outcome = reparse(accessions=accessions, step=step)
        with progress("Reading what they mean", None) as step:
            read_all_owed(jobs=os.cpu_count() or 1, step=step)
        for accession, error in outcome.failed.items():
            self.stderr.write(f"{accession}: {error}")
        self.stdout.write(f"{len(outcome.published):,} filings rebuilt, {len(outcome.failed):,} failed.")
        if outcome.failed:
            sys.exit(1)
