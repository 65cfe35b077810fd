"""./manage.py reading ACCESSION... --json : what filings mean, one JSON object a line."""

from __future__ import annotations

from typing import Any

from filings.management.by_accession import ByAccession
from signals.selectors.readings import reading_json


class Command(ByAccession):
    help = "Prints the readings of filings: their trades, plans, timeliness, exclusions, sentences."

    def found(self, accession: str) -> dict[str, Any]:
        return reading_json(accession)

    def as_json(self, found: dict[str, Any]) -> dict[str, Any]:
        return found

    def tell(self, found: dict[str, Any]) -> None:
        self.stdout.write(f"{found['accession']}  {found['headline']}")
        for trade in found["trades"]:
            why = "" if trade["counted"] else f"  (not counted: {', '.join(e['reason'] for e in trade['exclusions'])})"
            self.stdout.write(f"  {trade['sentence']}{why}")
