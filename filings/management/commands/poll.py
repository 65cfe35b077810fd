"""./manage.py poll : one pass of the SEC's current feed, and the filings that it brings."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import CommandError

from filings.edgar.budget import Lane
from filings.services.fetch import fetch_owed
from filings.services.poll import poll
from form4site.kit.command import SiteCommand
from form4site.kit.progress import progress

SECONDS = 300.0


class Command(SiteCommand):
    help = "Reads the current feed of Forms 3, 4 and 5 back to what is known, and fetches what is new."

    def handle(self, *args: Any, **options: Any) -> None:
        with progress("New filings seen", None) as step:
            report = poll(seconds=SECONDS, seen=step)
        if report.off:
            raise CommandError("Live updates are off: EDGAR_USER_AGENT is not set, so nothing is asked of the SEC.")
        if report.busy:
            self.stdout.write("Another process is reading the feed at this moment.")
        with progress("Fetching", None) as step:
            fetched = fetch_owed(lanes=(Lane.LIVE,), seconds=SECONDS, patience=15.0, step=step)
        self.stdout.write(
            f"{len(report.new):,} new filings seen on {report.pages:,} pages; {fetched.published:,} published, "
            f"{fetched.quarantined:,} set aside, {fetched.not_there + fetched.failed:,} answers that could not be used."
        )
        for form, why in sorted(report.incomplete.items()):
            self.stderr.write(f"Form {form}: the feed was not read back to what is known: {why}")
        if report.incomplete or fetched.refused:
            sys.exit(1)
