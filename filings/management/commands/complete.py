"""./manage.py complete [--from DATE] [--to DATE] [--most N] : whole submissions of what only the SEC's tables tell."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings

from filings.management.commands.backfill import a_day
from filings.services.complete import owe_whole_filings
from form4site.kit.command import SiteCommand


class Command(SiteCommand):
    help = (
        "Owes the workers a fetch of the newest filings that came in quarterly data sets, for their acceptance times"
        " and the digits that the tables round away. They come after all news, as the budget of requests allows."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="since", type=a_day, default=date.min, metavar="DATE", help="2024-03-01")
        parser.add_argument(
            "--to", dest="until", type=a_day, default=date.max, metavar="DATE", help="this day included"
        )
        parser.add_argument("--most", type=int, default=10_000, metavar="N")
        parser.add_argument("--incomplete", action="store_true", help="only those of which tables were missing")

    def handle(self, *args: Any, **options: Any) -> None:
        owed = owe_whole_filings(
            most=options["most"],
            since=options["since"],
            until=options["until"],
            whole_sets=not options["incomplete"],
        )
        self.stdout.write(f"{owed:,} filings are owed a fetch.")
        if owed and not settings.EDGAR_USER_AGENT.strip():
            self.stderr.write("Nothing is fetched before EDGAR_USER_AGENT is set.")
