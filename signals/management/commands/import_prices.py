"""./manage.py import_prices FILE [--issuer TICKER-or-CIK] : closes from a CSV of Yahoo, Stooq or a plain layout."""

from __future__ import annotations

import dataclasses
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from filings.errors import NotFound
from form4site.kit.command import SiteCommand
from form4site.kit.progress import progress
from signals.management.commands.reread import day
from signals.selectors.parties import find_issuer
from signals.services.prices import Imported, import_closes


class Command(SiteCommand):
    help = "Stores daily closes from a CSV file: Yahoo, Stooq, date and close, or date and a column for each symbol."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--issuer", "--ticker", metavar="TICKER-or-CIK", help="whose closes these are")
        parser.add_argument("--class", dest="security_class", default="", metavar="NAME",
                            help="the class as trades name it; else the one that insiders trade most")  # fmt: skip
        parser.add_argument("--column", metavar="SYMBOL", help="of a file of several symbols, this one only")
        parser.add_argument("--as-traded", action="store_true", help="no split is taken out of these prices")
        parser.add_argument("--scaled-to", type=day, metavar="DATE", help="splits up to this day are taken out")
        parser.add_argument("--json", action="store_true", help="print the outcome as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            issuer = find_issuer(options["issuer"]).issuer if options["issuer"] else None
            with (
                path.open(encoding="utf-8", errors="replace", newline="") as lines,
                progress("Storing closes", None) as step,
            ):
                outcome = import_closes(
                    lines=lines,
                    issuer=issuer,
                    security_class=options["security_class"],
                    column=options["column"],
                    as_traded=options["as_traded"] or None,
                    scaled_to=options["scaled_to"],
                    step=step,
                )
        except (NotFound, OSError, ValueError) as error:
            raise CommandError(f"{path}: {error}") from error
        tell(self, outcome, "closes", as_json=options["json"])


def tell(command: SiteCommand, outcome: Imported, what: str, *, as_json: bool) -> None:
    """Prints the outcome; a row that failed makes the exit status 1, after all the others were stored."""
    if as_json:
        command.stdout.write(json.dumps(dataclasses.asdict(outcome)))
    else:
        for failure in outcome.failed:
            command.stderr.write(f"line {failure['line']}: {failure['reason']}")
        command.stdout.write(
            f"{outcome.read:,} {what} read, {outcome.stored:,} stored, {outcome.unchanged:,} unchanged, "
            f"{len(outcome.failed):,} failed; {len(outcome.issuers):,} issuers."
        )
    if outcome.failed:
        sys.exit(1)
