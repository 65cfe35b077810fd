"""./manage.py reread [--since DATE] : drops the readings and makes them anew from the facts."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from form4site.kit.command import SiteCommand
from form4site.kit.progress import progress
from signals.selectors.owed import issuers_with_filings
from signals.services.read import reread


def day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise ArgumentTypeError(f"{words!r} is no date such as 2026-03-31") from None


class Command(SiteCommand):
    help = "Drops the readings, signals included, of all issuers or of those with filings since a day; makes them anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes; default: one a core")
        parser.add_argument("--since", type=day, metavar="DATE", help="only issuers with a filing on this day or later")

    def handle(self, *args: Any, **options: Any) -> None:
        issuers = issuers_with_filings(since=options["since"])
        with progress("Reading issuers again", len(issuers)) as step:
            outcome = reread(issuers=issuers, jobs=options["jobs"], step=step)
        for issuer, reason in outcome.failed.items():
            self.stderr.write(f"issuer {issuer}: {reason}")
        self.stdout.write(
            f"{len(outcome.read):,} issuers and {len(outcome.changed):,} filings read again, "
            f"{len(outcome.failed):,} issuers failed."
        )
        if outcome.failed:
            sys.exit(1)
