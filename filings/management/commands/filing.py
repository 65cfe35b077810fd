"""./manage.py filing ACCESSION... --json : the facts as filed, one JSON object a line."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand

from filings.errors import NotFound
from filings.models import Filing
from filings.ownership.submission import accession_in
from filings.selectors import filing_json, whole_filing


class Command(BaseCommand):
    help = "Prints the facts of filings as filed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("accessions", nargs="+", metavar="ACCESSION")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        missing = 0
        for accession in options["accessions"]:
            try:
                filing = whole_filing(accession_in(accession) or accession)
            except (NotFound, ValidationError) as error:
                self.stderr.write(error.messages[0] if isinstance(error, ValidationError) else str(error))
                missing += 1
                continue
            if options["json"]:
                self.stdout.write(json.dumps(filing_json(filing), ensure_ascii=False))
            else:
                self.tell(filing)
        if missing:
            sys.exit(1)

    def tell(self, filing: Filing) -> None:
        owners = "; ".join(str(owner) for owner in filing.owners.all())
        self.stdout.write(f"Form {filing.form}  {filing.accession}  filed {filing.filed_on or 'on an unknown day'}")
        self.stdout.write(f"  {filing.issuer_name} [{filing.issuer_ticker or 'no symbol'}]  by {owners}")
        for line in filing.lines.all():
            what = " ".join(
                str(part)
                for part in (line.transaction_date, line.code, line.acquired_disposed, line.shares, line.security_title)
                if part is not None
            )
            price = f" at {line.price}" if line.price is not None else ""
            self.stdout.write(f"  {line.anchor}  {what}{price}; then {line.shares_owned_following}")
