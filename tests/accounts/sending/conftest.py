"""A receiver at hand, channels to it, and things that are owed."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest

from accounts.delivery.plan import Pace
from accounts.services import channels, outbox
from tests.accounts.sending.sink import listening

QUICK = Pace(endpoint_gap=timedelta(0), host_gap=timedelta(0), lease=timedelta(seconds=60))
_numbers = count(1)


@pytest.fixture
def sink(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with listening() as sink:
        yield sink


@pytest.fixture
def webhook(olive, sink):
    """An opened webhook of Olive's, with its secret."""
    return channels.open_webhook(user=olive, url=sink.url, event_types=["ScreenMatched"])


@pytest.fixture
def hook(webhook):
    return webhook.channel


def owe(channel, **changed):
    number = next(_numbers)
    values = {
        "event": "ScreenMatched",
        "subject_key": f"subject {number}",
        "payload": {"Number": number, "Words": "Ünï \N{SNOWMAN}"},
        "title": f"Alert {number}",
        "text": f"Something was filed, number {number}.",
        "link": "/filings/",
    }
    return outbox.owe(channel=channel, **(values | changed))
