"""./manage.py reading ACCESSION... --json : what filings mean, one JSON object a line."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand

from filings.errors import NotFound
from filings.ownership.submission import accession_in
from signals.selectors.readings import reading_json


class Command(BaseCommand):
    help = "Prints the readings of filings: their trades, plans, timeliness, exclusions, sentences."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("accessions", nargs="+", metavar="ACCESSION")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        missing = 0
        for accession in options["accessions"]:
            try:
                reading = reading_json(accession_in(accession) or accession)
            except (NotFound, ValidationError) as error:
                self.stderr.write(error.messages[0] if isinstance(error, ValidationError) else str(error))
                missing += 1
                continue
            if options["json"]:
                self.stdout.write(json.dumps(reading, ensure_ascii=False))
            else:
                self.tell(reading)
        if missing:
            sys.exit(1)

    def tell(self, reading: dict[str, Any]) -> None:
        self.stdout.write(f"{reading['accession']}  {reading['headline']}")
        for trade in reading["trades"]:
            why = "" if trade["counted"] else f"  (not counted: {', '.join(e['reason'] for e in trade['exclusions'])})"
            self.stdout.write(f"  {trade['sentence']}{why}")
