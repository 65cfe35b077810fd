"""A filing that is published arrives at a webhook within seconds, through real workers, and also where no bell rang."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass, field

import pytest
from form4api import verify_webhook
from standardwebhooks import Webhook

from tests.accounts.sending.sink import Got, Sink, listening
from tests.chaos.site import Site, site
from tests.conftest import ROOT

pytestmark = [pytest.mark.db_and_celery, pytest.mark.processes, pytest.mark.slow]

FILINGS = 12
APART = 1.2  # seconds; an endpoint is sent one delivery a second
AT_MOST = 5.0  # seconds, for 95 of 100 on an idle machine
PATIENCE = 60

SUBSCRIBE = """
from accounts.models import User
from accounts.services.channels import open_webhook
user = User.objects.create_user("olive@example.test", "olive's long password")
print(open_webhook(user=user, url={url!r}, event_types=["TransactionFiled"]).secret)
"""
PUBLISH = """
import sys, time
from datetime import timedelta
from django.utils import timezone
from filings.models import Completeness
from filings.ownership.submission import EASTERN
from filings.services.keep import Received
from filings.services.load import load_received
from form4site.kit import bell
from tests.filings.services.papers import accession, sale, submission, xml
if not {rings}:
    bell.ring = lambda task: None
for number in range({first}, {first} + {count}):
    here = timezone.now().astimezone(EASTERN) - timedelta(minutes=1)
    lines = (sale(transaction_date=here.date(), shares=100 + number),)
    content = submission(
        number, xml(lines=lines, period=here.date()), filed=here.date(), accepted=here.strftime("%Y%m%d%H%M%S")
    )
    load_received(received=[Received(accession(number), content, "tests", Completeness.ACCEPTED)])
    print(accession(number), time.time(), flush=True)
    time.sleep({apart})
"""


@dataclass
class Receiver:
    """Remembers when each filing arrived, and every request."""

    at: dict[str, float] = field(default_factory=dict)
    got: list[Got] = field(default_factory=list)

    def answer(self, got: Got, handler: object) -> int:
        self.got.append(got)
        self.at.setdefault(json.loads(got.body)["AccessionNumber"], time.time())
        return 200


def run(own: Site, script: str) -> str:
    code = f"import django\ndjango.setup()\n{script}"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=own.environment, capture_output=True, text=True, timeout=180
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def published(own: Site, first: int, count: int, *, rings: bool) -> dict[str, float]:
    said = run(own, PUBLISH.format(first=first, count=count, rings=rings, apart=APART))
    return {accession: float(at) for accession, at in (line.split() for line in said.splitlines())}


def test_filings_arrive_signed_within_five_seconds_and_without_a_ring_too(capsys):
    receiver = Receiver()
    with listening() as sink, site(WEBHOOK_ALLOW_PRIVATE="1") as own:
        sink.answer = receiver.answer
        secret = subscribed(own, sink)
        own.start_worker()
        warm = published(own, 99, 1, rings=True)
        assert own.wait(lambda: warm.keys() <= receiver.at.keys(), PATIENCE), own.log("worker")
        first = published(own, 1, FILINGS, rings=True)
        assert own.wait(lambda: first.keys() <= receiver.at.keys(), PATIENCE), own.log("worker")
        seconds = sorted(receiver.at[accession] - at for accession, at in first.items())
        with capsys.disabled():
            print(  # noqa: T201
                f"\n  from published to received: middle {seconds[len(seconds) // 2]:.2f} s,"
                f" 95 of 100 {seconds[-(-len(seconds) * 95 // 100) - 1]:.2f} s, slowest {seconds[-1]:.2f} s"
            )
        assert seconds[-(-len(seconds) * 95 // 100) - 1] <= AT_MOST
        own.start_clock()
        silent = published(own, 100, 3, rings=False)
        assert own.wait(lambda: silent.keys() <= receiver.at.keys(), PATIENCE), own.log("worker")
    identities = [got.headers["webhook-id"] for got in receiver.got]
    assert len(set(identities)) == len(identities) == 1 + FILINGS + 3
    for got in receiver.got:
        assert got.headers["x-event-type"] == "TransactionFiled"
        assert verify_webhook(got.body, got.headers["x-insider-signature"], secret)
        Webhook(secret).verify(got.body, got.headers)


def subscribed(own: Site, sink: Sink) -> str:
    return run(own, SUBSCRIBE.format(url=sink.url))
