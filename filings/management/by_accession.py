"""What commands share that print something of each filing named: one unknown does not stop the rest, and ends in 1."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError

from filings.errors import NotFound
from filings.ownership.submission import accession_in
from form4site.kit.command import SiteCommand


class ByAccession(SiteCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("accessions", nargs="+", metavar="ACCESSION")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def found(self, accession: str) -> Any:
        """What is printed. Raises `NotFound`, or `ValidationError` where it is no accession number."""
        raise NotImplementedError

    def as_json(self, found: Any) -> dict[str, Any]:
        raise NotImplementedError

    def tell(self, found: Any) -> None:
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        missing = 0
        for accession in options["accessions"]:
            try:
                found = self.found(accession_in(accession) or accession)
            except (NotFound, ValidationError) as error:
                self.stderr.write(error.messages[0] if isinstance(error, ValidationError) else str(error))
                missing += 1
                continue
            if options["json"]:
                self.stdout.write(json.dumps(self.as_json(found), ensure_ascii=False))
            else:
                self.tell(found)
        if missing:
            sys.exit(1)
