"""Four real processes and one budget, seen from the server's side.

How close together requests arrive says something of the machine too: of a busy one the most. So their pace is judged by
the slots that the budget gave, each told by the process that got it, and by their arrivals with an allowance.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from filings.models import EdgarBudget, EdgarRefusal
from tests.conftest import ROOT
from tests.filings.edgar import pages
from tests.filings.edgar.conftest import AGENT
from tests.filings.edgar.server import Server, in_turn, whole, zipped
from tests.filings.services.papers import site_environment

pytestmark = [
    pytest.mark.db_and_celery, pytest.mark.processes, pytest.mark.slow, pytest.mark.django_db(transaction=True),
]  # fmt: skip

PROCESSES = 4
PATIENCE = 60
ARRIVAL = 0.4  # seconds by which a request may arrive later, after its slot, than another

# Asks from four threads, as fast as it may, from the word on stdin until it is killed. Tells each slot that it got.
EAGER = """
import sys, threading
import django
django.setup()
from django.conf import settings
from django.db import connection
from filings.edgar import budget, client
from filings.edgar.client import Kind, Lane, fetch
from filings.errors import EdgarError
connection.ensure_connection()
client._certificates()
take = budget.take
def told(*asked):
    slot = take(*asked)
    sys.stdout.write(f"{slot.starts_at.timestamp()}\\n")
    sys.stdout.flush()
    return slot
budget.take = told
print("ready", flush=True)
sys.stdin.readline()
def ask(lane):
    while True:
        try:
            fetch(settings.EDGAR_BASE_URL + "/" + lane.value, lane=lane, kind=Kind.SUBMISSION)
        except EdgarError as error:
            if type(error).__name__ == "EdgarRefused":
                threading.Event().wait(0.02)
for lane in Lane:
    for _ in range(2):
        threading.Thread(target=ask, args=(lane,)).start()
"""


class Fleet:
    """Processes that are ready to ask, and begin at one word. `slots` are those they got, by the database's clock."""

    def __init__(self, server: Server, count: int, **settings: str) -> None:
        environment = site_environment() | settings | {
            "EDGAR_USER_AGENT": AGENT, "EDGAR_BASE_URL": server.url, "EDGAR_DATA_URL": server.url,
        }  # fmt: skip
        self.slots: list[float] = []
        self.processes = [
            subprocess.Popen(
                [sys.executable, "-c", EAGER], cwd=ROOT, env=environment, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )
            for _ in range(count)
        ]  # fmt: skip

    def wait_until_ready(self) -> None:
        for process in self.processes:
            assert process.stdout.readline() == "ready\n"

    def go(self) -> None:
        for process in self.processes:
            process.stdin.write("go\n")
            process.stdin.flush()

    def kill(self) -> None:
        """All of them, without a word. What they told of their slots is kept."""
        for process in self.processes:
            process.send_signal(signal.SIGKILL)
        for process in self.processes:
            process.wait(PATIENCE)
            process.stdin.close()
            self.slots += map(float, process.stdout.read().split())
            process.stdout.close()


@contextlib.contextmanager
def fleet(server: Server, count: int = PROCESSES, **settings: str) -> Iterator[Fleet]:
    ships = Fleet(server, count, **settings)
    try:
        ships.wait_until_ready()
        yield ships
    finally:
        ships.kill()


def wait_for(count: int, server: Server) -> None:
    deadline = time.monotonic() + PATIENCE
    while len(server.seen) < count:
        assert time.monotonic() < deadline, f"{len(server.seen)} requests"
        time.sleep(0.01)


def most_within(seconds: float, times: list[float]) -> int:
    return max(sum(1 for other in times if at <= other < at + seconds) for at in times)


def test_four_processes_together_never_start_more_than_eight_in_a_second_also_right_after_a_restart(edgar):
    edgar.otherwise = zipped(pages.SUBMISSION)

    with fleet(edgar) as second:
        with fleet(edgar) as first:
            first.go()
            wait_for(20, edgar)
        second.go()
        wait_for(40, edgar)

    times, slots = edgar.times(), first.slots + second.slots
    assert len(times) <= len(slots), "a request without a slot"
    assert most_within(1, slots) <= 8
    assert most_within(1 - ARRIVAL, times) <= 8
    assert times[-1] - times[0] < 40  # far from idle: the eight would have to be kept by nobody asking
    row = EdgarBudget.objects.get()
    assert row.live_requests > row.historic_requests


def test_after_a_refusal_four_processes_send_nothing_until_the_penalty_is_over_and_then_one_probe_alone(edgar):
    penalty = 2
    refused, probed = [], []

    def answer(client, path):
        now = time.monotonic()
        if not refused and len(edgar.seen) > 6:
            refused.append(now)
            return zipped(pages.RATE, "403 Forbidden")(client, path)
        if refused and not probed and now > refused[0] + penalty / 2:  # not one that was under way
            probed.append(now)
            time.sleep(1)  # long enough for any other request to show itself
        return whole(pages.SUBMISSION)(client, path)

    edgar.otherwise = answer
    with fleet(edgar, EDGAR_PENALTY_SECONDS=str(penalty)) as ships:
        ships.go()
        wait_for(12, edgar)
    refusal = EdgarRefusal.objects.get()

    assert (refusal.until - refusal.refused_at).total_seconds() == pytest.approx(penalty, abs=0.01)
    probe, after, *_ = sorted(slot for slot in ships.slots if slot > refusal.refused_at.timestamp())
    assert probe >= refusal.until.timestamp()
    assert after - probe >= 1
    assert len(edgar.times()) <= len(ships.slots), "a request without a slot"
    assert EdgarBudget.objects.get().refused_until is None


def test_the_penalty_outlives_the_processes(edgar):
    edgar.otherwise = in_turn(zipped(pages.RATE), whole(pages.SUBMISSION))

    with fleet(edgar, 1, EDGAR_PENALTY_SECONDS="2") as second:
        with fleet(edgar, 1, EDGAR_PENALTY_SECONDS="2") as first:
            first.go()
            wait_for(1, edgar)
            deadline = time.monotonic() + PATIENCE
            while not EdgarRefusal.objects.exists() and time.monotonic() < deadline:
                time.sleep(0.01)
        second.go()
        wait_for(2, edgar)

    first_request, second_request = edgar.times()[:2]
    assert second_request - first_request >= 2
