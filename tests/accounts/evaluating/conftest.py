"""A webhook that asked for everything, filings to publish at will, and what is owed of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection

from accounts.models import Channel, ChannelKind, Delivery
from accounts.sealing import seal
from accounts.services.channels import EVENT_TYPES
from accounts.services.evaluate import evaluate_owed
from filings.models import Completeness
from filings.services.keep import Received
from filings.services.load import load_received
from signals.services.read import read_all_owed
from tests.filings.services.papers import accession, sale, submission, xml

NOW = datetime(2024, 5, 3, 21, 0, tzinfo=UTC)  # half an hour after filings are accepted, unless they say otherwise
LATER = NOW + timedelta(days=30)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def hook_of(user, url: str = "https://receiver.example/hook", events: Sequence[str] = EVENT_TYPES) -> Channel:
    return Channel.objects.create(
        user=user, kind=ChannelKind.WEBHOOK, name="Hook", address=url, host=url.split("/")[2].split(":")[0],
        event_types=list(events), secret=seal(SECRET),
    )  # fmt: skip


@pytest.fixture
def hook(olive) -> Channel:
    return hook_of(olive)


def paper(number: int, *, accepted: str = "20240503163000", **fields: Any) -> Received:
    """The submission of a filing, accepted at this Eastern time."""
    content = submission(number, xml(**fields), accepted=accepted)
    return Received(accession(number), content, "tests", Completeness.ACCEPTED)


def publish(*papers: Received, at: datetime = NOW) -> None:
    """Publishes and reads these, as if it were then."""
    with time_machine.travel(at):
        load_received(received=list(papers))
        read_all_owed()


def amended(number: int, *, accepted: str = "20240506163000", **fields: Any) -> Received:
    return paper(
        number, accepted=accepted, form="4/A", date_of_original_submission=date(2024, 5, 3), **fields
    )  # fmt: skip


def bought(shares: int = 1000, **fields: Any):
    return sale(code="P", acquired_disposed="A", shares=shares, **fields)


def cluster(first: int = 1, *, accepted: str = "20240503163000") -> list[Received]:
    """Three people who buy on one day."""
    return [buyer(n, first + n, accepted=accepted) for n in range(3)]


def buyer(which: int, number: int, **fields: Any) -> Received:
    shares = 5000 + 1000 * which
    line = bought(shares, shares_owned_following=shares + 300)
    return paper(number, owners=((9000300 + which, f"BUYER {chr(65 + which)}"),), lines=(line,), **fields)


def evaluate(now: datetime = NOW, **how: Any):
    return evaluate_owed(now=now, **how)


def owed(event: str | None = None) -> list[dict[str, Any]]:
    """The payloads of what is owed, in the order in which it was."""
    found = Delivery.objects.order_by("pk")
    return [json.loads(bytes(row.payload)) for row in (found.filter(event=event) if event else found)]


def ledger() -> list[str]:
    """All that evaluating writes, with the transaction that wrote each row: equal only if nothing was written."""
    pictures = []
    for table in ("accounts_evaluation", "accounts_signalevaluation", "accounts_delivery"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT xmin::text, * FROM {table}")
            pictures += sorted(table + repr(row) for row in cursor.fetchall())
    return pictures
