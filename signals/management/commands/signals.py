"""./manage.py signals [--issuer TICKER-or-CIK] [--as-of DATE] --json : signals, one JSON object a line."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management import CommandError

from filings.errors import NotFound
from filings.models import Issuer
from form4site.kit.command import SiteCommand
from signals.selectors.detected import signals_as_of, stored_signals
from signals.selectors.owed import issuers_with_filings
from signals.selectors.parties import find_issuer


class Command(SiteCommand):
    help = "Prints signals as they are now, or as they were known at the end of a day in New York."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--issuer", metavar="TICKER-or-CIK", help="of this issuer only")
        parser.add_argument(
            "--as-of", type=date.fromisoformat, metavar="DATE", help="computed from what was filed by then"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        issuer = self.issuer(options["issuer"])
        for signal in self.found(issuer, options["as_of"]):
            if options["json"]:
                self.stdout.write(json.dumps(signal, ensure_ascii=False))
            else:
                so_far = "  (provisional)" if signal["provisional"] else ""
                whose = signal["ticker"] or signal["issuer_cik"]
                self.stdout.write(f"{signal['known_at']}  {signal['kind']}  {whose}  {signal['sentence']}{so_far}")

    def issuer(self, key: str | None) -> Issuer | None:
        if key is None:
            return None
        try:
            return find_issuer(key).issuer
        except NotFound as error:
            raise CommandError(str(error)) from None

    def found(self, issuer: Issuer | None, as_of: date | None) -> Iterator[dict[str, Any]]:
        if as_of is None:
            return stored_signals(issuer=issuer)
        return signals_as_of(as_of, issuers_with_filings() if issuer is None else [issuer.cik])
