"""Everything that is owed arrives, with one id and the same bytes, however often those who send it are killed."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import F

from accounts.models import Channel, ChannelKind, Delivery, DeliveryStatus
from accounts.sealing import seal
from accounts.services import outbox
from tests.accounts.sending.sink import Got, listening
from tests.conftest import ROOT

pytestmark = [
    pytest.mark.db_and_celery, pytest.mark.django_db(transaction=True), pytest.mark.processes, pytest.mark.slow,
]  # fmt: skip
CHANNELS = 50
FAILING = 0.1


@dataclass
class Receiver:
    """Fails one time in ten, at random, and remembers whom it said yes to."""

    chance: random.Random
    taken: Counter[str] = field(default_factory=Counter)
    bodies: dict[str, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    refused: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, got: Got, handler: object) -> int:
        identity = got.headers["webhook-id"]
        with self.lock:
            self.bodies[identity].add(got.body)
            if self.chance.random() < FAILING:
                self.refused += 1
                return 503
            self.taken[identity] += 1
            return 200


def owe(olive, url: str, number: int) -> set[str]:
    """Owes so many, spread over the channels; their ids as the receiver will see them."""
    channels = [
        Channel.objects.create(
            user=olive, kind=ChannelKind.WEBHOOK, name=f"Hook {n}", address=url, host="127.0.0.1",
            event_types=["ScreenMatched"], secret=seal("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        )
        for n in range(min(CHANNELS, number))
    ]  # fmt: skip
    for n in range(0, number, len(channels)):
        outbox.owe_all(
            channels=channels, event="ScreenMatched", subject_key=f"subject {n}", payload={"Number": n},
            title=f"Number {n}", text="A filing.",
        )  # fmt: skip
    return {f"msg_{uid.hex}" for uid in Delivery.objects.values_list("uid", flat=True)}


def forward_the_clock() -> None:
    """What waits for its next try waits no longer: hours of the plan in a moment."""
    Delivery.objects.filter(status=DeliveryStatus.OWED, attempts__gt=0).update(due_at=F("made_at"))


def kill_one(folder: Path, chance: random.Random) -> bool:
    living = sorted(folder.iterdir())
    if not living:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(int(chance.choice(living).name), signal.SIGKILL)
        return True
    return False


def run(
    olive, folder: Path, *, deliveries: int, kills: int, workers: int, every: float, lease: float, seconds: float
) -> dict:
    chance = random.Random(7)
    receiver = Receiver(random.Random(8))
    began = time.monotonic()
    with listening() as sink:
        sink.answer = receiver.answer
        expected = owe(olive, sink.url, deliveries)
        command = [sys.executable, "-m", "tests.chaos.deliverer", connection.settings_dict["NAME"], str(folder)]
        environment = os.environ | {"WEBHOOK_ALLOW_PRIVATE": "1", "DJANGO_SETTINGS_MODULE": "form4site.settings"}
        with subprocess.Popen([*command, str(workers), str(lease)], cwd=ROOT, env=environment) as parent:
            killed = 0
            try:
                while killed < kills or Delivery.objects.exclude(status=DeliveryStatus.SENT).exists():
                    assert time.monotonic() - began < seconds, f"{len(receiver.taken)} of {deliveries} arrived"
                    time.sleep(chance.uniform(0, 2 * every))
                    # Not before there is work under way, nor after: a kill has to have something to break.
                    if killed < kills and receiver.taken:
                        killed += kill_one(folder, chance)
                    forward_the_clock()
            finally:
                parent.terminate()
    sent = set(receiver.taken)
    return {
        "deliveries": deliveries,
        "kills": killed,
        "lost": len(expected - sent),
        "ids that were never owed": len(sent - expected),
        "distinct ids": len(sent),
        "extra POSTs": sum(receiver.taken.values()) - len(sent),
        "ids with different bytes": sum(len(bodies) > 1 for bodies in receiver.bodies.values()),
        "failures of the receiver": receiver.refused,
        "unknown at some time": Delivery.objects.filter(unknowns__gt=0).count(),
        "seconds": round(time.monotonic() - began, 1),
    }


def holds(figures: dict[str, float]) -> None:
    assert figures["lost"] == 0
    assert figures["ids that were never owed"] == 0
    assert figures["distinct ids"] == figures["deliveries"]
    assert figures["extra POSTs"] <= figures["kills"]
    assert figures["ids with different bytes"] == 0
    assert set(Delivery.objects.values_list("status", flat=True)) == {DeliveryStatus.SENT}


def test_a_few_kills_lose_nothing(olive, tmp_path):
    figures = run(olive, tmp_path, deliveries=200, kills=5, workers=2, every=0.15, lease=4, seconds=120)
    holds(figures)
    assert figures["failures of the receiver"] > 0


@pytest.mark.chaos
def test_ten_thousand_deliveries_survive_two_hundred_kills(olive, tmp_path, capsys):
    figures = run(olive, tmp_path, deliveries=10_000, kills=200, workers=3, every=0.4, lease=8, seconds=3000)
    with capsys.disabled():
        print("\n" + "\n".join(f"  {name}: {figure}" for name, figure in figures.items()))  # noqa: T201
    holds(figures)
    assert figures["unknown at some time"] > 0, "no kill fell into a try"
