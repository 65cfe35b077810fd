"""./manage.py backfill --from DATE --to DATE [--forms 3,4,5] : history by EDGAR's indexes, newest first."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import CommandError

from filings.errors import EdgarOff
from filings.services.backfill import IndexReport, fetch_span, owed_in, read_indexes
from filings.services.fetch import Span
from filings.services.indexes import ALL_FORMS
from form4site.kit.command import SiteCommand
from form4site.kit.progress import progress

FIRST_INDEX = date(1993, 1, 1)


def a_day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise ArgumentTypeError(f"{words!r} is not a date such as 2024-03-01") from None


def some_forms(words: str) -> frozenset[str]:
    forms = frozenset(filter(None, (word.strip() for word in words.split(","))))
    if not forms or not forms <= ALL_FORMS:
        raise ArgumentTypeError(f"{words!r} is not a choice of 3,4,5 (amendments come with their form)")
    return forms


class Command(SiteCommand):
    help = "Fetches every Form 3, 4 and 5 that EDGAR's indexes list between two dates. Run again, it goes on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="since", type=a_day, required=True, metavar="DATE", help="2024-03-01")
        parser.add_argument("--to", dest="until", type=a_day, required=True, metavar="DATE", help="this day included")
        parser.add_argument("--forms", type=some_forms, default=ALL_FORMS, metavar="3,4,5")

    def handle(self, *args: Any, **options: Any) -> None:
        since, until = max(options["since"], FIRST_INDEX), options["until"]
        if since > until:
            raise CommandError(f"--from {since} is after --to {until}.")
        span = Span(since, until)
        try:
            with progress("Days of indexes", (until - since).days + 1) as step:
                report = read_indexes(since=since, until=until, forms=options["forms"], step=step)
            self.tell(report)
            with progress("Fetching filings", owed_in(span).count()) as step:
                fetched = fetch_span(span=span, step=step)
        except EdgarOff as off:
            raise CommandError(f"{off}.") from None
        left = owed_in(span).count()
        self.stdout.write(
            f"{fetched.settled:,} filings fetched, {fetched.quarantined:,} of them set aside; {left:,} still owed."
        )
        if left or report.unread:
            self.stderr.write("Not all could be had. The workers go on with it, and so does this command if run again.")
            sys.exit(1)

    def tell(self, report: IndexReport) -> None:
        self.stdout.write(
            f"{report.read:,} indexes read ({report.known:,} were known): {report.compared.listed:,} filings listed, "
            f"{report.compared.new:,} of them new here."
        )
        if report.open_days:
            newest = ", ".join(str(day) for day in report.open_days[:5])
            more = f" and {len(report.open_days) - 5:,} more" if len(report.open_days) > 5 else ""
            self.stdout.write(f"EDGAR has no index (yet) of {newest}{more}: open, and looked for again.")
        for name, why in report.unread.items():
            self.stderr.write(f"{name} could not be read: {why}")
