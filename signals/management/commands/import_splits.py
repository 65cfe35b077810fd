"""./manage.py import_splits FILE [--issuer TICKER-or-CIK] : splits from a CSV with date and ratio."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from filings.errors import NotFound
from form4site.kit.command import SiteCommand
from signals.management.commands.import_prices import tell
from signals.selectors.parties import find_issuer
from signals.services.prices import import_splits


class Command(SiteCommand):
    help = 'Stores share splits from a CSV file with date and ratio ("4:1", "4-for-1", "0.1").'

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--issuer", "--ticker", metavar="TICKER-or-CIK", help="whose splits these are")
        parser.add_argument("--json", action="store_true", help="print the outcome as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            issuer = find_issuer(options["issuer"]).issuer if options["issuer"] else None
            with path.open(encoding="utf-8", errors="replace", newline="") as lines:
                outcome = import_splits(lines=lines, issuer=issuer)
        except (NotFound, OSError, ValueError) as error:
            raise CommandError(f"{path}: {error}") from error
        tell(self, outcome, "splits", as_json=options["json"])
