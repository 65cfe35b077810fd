"""The sheets of issuers, drawn with their readings: see `IssuerSheet`. The caller holds the transaction and the lock.

Promises: a sheet that cannot be drawn delays no reading. It is kept as empty, and the page tries for itself.
"""

from __future__ import annotations

import logging
from collections.abc import Collection

from django.db import transaction

from form4site.kit import sources
from signals.models import IssuerSheet
from signals.selectors.issuer_sheets import drawn
from signals.selectors.parties import find_issuer

log = logging.getLogger(__name__)


def draw(issuers: Collection[str]) -> None:
    """Keeps the sheets of these issuers as they stand now."""
    sheets = []
    for cik in issuers:
        try:
            with transaction.atomic():
                sheet = drawn(find_issuer(cik))
        except Exception:  # whatever it is, readings are more than their picture
            log.exception("The sheet of issuer %s cannot be drawn", cik)
            sheet = ""
        sheets.append(IssuerSheet(issuer_id=cik, drawn=sheet, drawn_by=sources.digest()))
    IssuerSheet.objects.bulk_create(
        sheets, update_conflicts=True, unique_fields=["issuer"], update_fields=["drawn", "drawn_by"]
    )
