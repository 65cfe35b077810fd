"""Filings of one insider, published while screens are kept, all on one afternoon of 2024."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import time_machine

from accounts.services.evaluate import evaluate_owed
from accounts.services.live_screens import live
from filings.models import Completeness
from filings.services.keep import Received
from filings.services.load import load_received
from signals.services.read import read_all_owed
from tests.filings.services.papers import accession, sale, submission, xml

ISSUER = "0009000100"
BEFORE = datetime(2024, 5, 3, 12, 0, tzinfo=UTC)
FILED = "20240503163000"  # Eastern, which is 20:30 UTC
AFTER = datetime(2024, 5, 3, 20, 31, tzinfo=UTC)


def bought(shares: int = 1000, **fields: object):
    return sale(code="P", acquired_disposed="A", shares=Decimal(shares), **fields)


def publish(number: int, *, accepted: str = FILED, **fields: object) -> str:
    """A filing that is published and read, and of which no screen was asked yet."""
    content = submission(number, xml(**fields), accepted=accepted)
    with time_machine.travel(AFTER):  # signals of later are not known yet
        load_received(received=[Received(accession(number), content, "tests", Completeness.ACCEPTED)])
        assert not read_all_owed().failed
    return accession(number)


def ask(now: datetime = AFTER) -> int:
    live.forget()  # what other tests have saved is gone
    return evaluate_owed(now=now).told
