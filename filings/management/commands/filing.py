"""./manage.py filing ACCESSION... --json : the facts as filed, one JSON object a line."""

from __future__ import annotations

from typing import Any

from filings.management.by_accession import ByAccession
from filings.models import Filing
from filings.selectors import filing_json, whole_filing


class Command(ByAccession):
    help = "Prints the facts of filings as filed."

    def found(self, accession: str) -> Filing:
        return whole_filing(accession)

    def as_json(self, found: Filing) -> dict[str, Any]:
        return filing_json(found)

    def tell(self, found: Filing) -> None:
        owners = "; ".join(str(owner) for owner in found.owners.all())
        self.stdout.write(f"Form {found.form}  {found.accession}  filed {found.filed_on or 'on an unknown day'}")
        self.stdout.write(f"  {found.issuer_name} [{found.issuer_ticker or 'no symbol'}]  by {owners}")
        for line in found.lines.all():
            what = " ".join(
                str(part)
                for part in (line.transaction_date, line.code, line.acquired_disposed, line.shares, line.security_title)
                if part is not None
            )
            price = f" at {line.price}" if line.price is not None else ""
            self.stdout.write(f"  {line.anchor}  {what}{price}; then {line.shares_owned_following}")
