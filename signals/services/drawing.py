"""The sheets of issuers, drawn with their readings: see `IssuerSheet`. The caller holds the transaction and the lock.

Promises: a sheet that cannot be drawn delays no reading. It is kept as empty, and the page tries for itself.
"""

from __future__ import annotations

import logging
from collections.abc import Collection

from django.db import transaction

from form4site.kit import sources
from signals.models import IssuerSheet, IssuerState
from signals.selectors.issuer_sheets import drawn
from signals.selectors.parties import find_issuer

log = logging.getLogger(__name__)


def draw(issuers: Collection[str]) -> None:
    """Keeps the sheets of these issuers as they stand now; of those that are the same, only of which reading they are.

    Whoever imports prices meanwhile waits, and takes away what was drawn without them.
    """
    states = IssuerState.objects.filter(issuer__in=issuers).order_by("issuer").select_for_update(no_key=True)
    read_at = dict(states.values_list("issuer_id", "read_at"))
    kept = IssuerSheet.objects.filter(issuer__in=issuers, drawn_by=sources.digest())
    before = dict(kept.values_list("issuer_id", "drawn"))
    same: list[IssuerSheet] = []
    new: list[IssuerSheet] = []
    for cik in issuers:
        sheet = IssuerSheet(issuer_id=cik, drawn=_drawn(cik), drawn_by=sources.digest(), read_at=read_at.get(cik))
        (same if sheet.drawn == before.get(cik) else new).append(sheet)
    IssuerSheet.objects.bulk_update(same, ["read_at"])
    IssuerSheet.objects.bulk_create(
        new, update_conflicts=True, unique_fields=["issuer"], update_fields=["drawn", "drawn_by", "read_at"]
    )


def _drawn(cik: str) -> str:
    try:
        with transaction.atomic():
            return drawn(find_issuer(cik))
    except Exception:  # whatever it is, readings are more than their picture
        log.exception("The sheet of issuer %s cannot be drawn", cik)
        return ""
