"""./manage.py reconcile --days N : compare the ledger with EDGAR's daily indexes, and repair."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from filings.errors import EdgarOff
from filings.services.backfill import IndexReport, fetch_span, owed_in
from filings.services.fetch import Span
from filings.services.looks import last_built
from filings.services.reconcile import first_of, reconcile
from form4site.kit.command import SiteCommand
from form4site.kit.progress import progress

MOST_DAYS = 366


def some_days(words: str) -> int:
    if not (words.isascii() and words.isdigit() and 0 < int(words[:6]) <= MOST_DAYS):
        raise ArgumentTypeError(f"{words!r} is not a number of days from 1 to {MOST_DAYS}; for more use backfill")
    return int(words)


class Command(SiteCommand):
    help = "Compares the last N days with EDGAR's daily indexes: fetches what is missing, notes what has vanished."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=some_days, default=7, metavar="N")

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["days"]
        last = last_built(timezone.now())
        span = Span(first_of(days, last), last)
        try:
            with progress("Days compared", days) as step:
                report = reconcile(days=days, step=step)
            with progress("Fetching filings", owed_in(span).count()) as step:
                fetched = fetch_span(span=span, step=step)
        except EdgarOff as off:
            raise CommandError(f"{off}.") from None
        self.tell(report)
        left = owed_in(span).count()
        self.stdout.write(
            f"{fetched.settled:,} filings fetched, {fetched.quarantined:,} of them set aside; {left:,} still owed."
        )
        if left or report.unread:
            sys.exit(1)

    def tell(self, report: IndexReport) -> None:
        found = report.compared
        self.stdout.write(
            f"{report.read:,} daily indexes read, {found.listed:,} filings listed: {found.new:,} were missing, "
            f"{found.vanished:,} have vanished (to be confirmed), {found.withdrawn:,} are withdrawn, "
            f"{found.relisted:,} are listed again, {found.moved:,} bear another date."
        )
        for day in report.open_days:
            self.stdout.write(f"{day}: EDGAR was open and has no index (yet): an open gap.")
        for name, why in report.unread.items():
            self.stderr.write(f"{name} could not be read: {why}")
