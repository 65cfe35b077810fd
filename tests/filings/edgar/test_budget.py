"""The shared slots: how far apart, who goes first, who waits how long, and what happens when somebody dies."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from filings.edgar import budget
from filings.edgar.budget import LATEST_START, SPACING, Lane, Slot, answered, failed, refused, take
from filings.errors import EdgarRefused, EdgarUnavailable
from filings.models import EdgarBudget, EdgarRefusal

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db(transaction=True), pytest.mark.slow]

PATIENCE = 20.0


def row() -> EdgarBudget:
    return EdgarBudget.objects.get()


def at_once(jobs: list[Callable[[], object]]) -> list[object]:
    """What the jobs give or raise, each in a thread with a connection of its own, all let go together."""
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> object:
        gate.wait(PATIENCE)
        try:
            return job()
        except (EdgarRefused, EdgarUnavailable) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result(60) for future in [pool.submit(run, job) for job in jobs]]


def slots(results: list[object]) -> list[datetime]:
    return sorted(result.starts_at for result in results if isinstance(result, Slot))


def now() -> datetime:
    """By the clock that the slots are given by."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def end_penalty() -> None:
    EdgarBudget.objects.update(refused_until=timezone.now() - timedelta(seconds=1))


def test_nine_starts_never_fit_into_a_second():
    """Nine starts span eight gaps; the first may be late by `LATEST_START`, and as much again on its way."""
    assert timedelta(seconds=1) <= 8 * SPACING - 2 * LATEST_START


def test_slots_are_apart_whoever_takes_them_from_whichever_lane():
    lanes = [Lane.LIVE, Lane.HISTORIC] * 6

    given = slots(at_once([lambda lane=lane: take(lane, PATIENCE) for lane in lanes]))

    assert len(given) == 12
    assert all(later - earlier >= SPACING for earlier, later in pairwise(given))
    assert (row().live_requests, row().historic_requests) == (6, 6)


def test_nobody_starts_before_their_slot_nor_late(monkeypatch):
    def started() -> tuple[datetime, Slot]:
        slot = take(Lane.LIVE, PATIENCE)
        return now(), slot

    for at, slot in at_once([started] * 6):
        assert slot.starts_at <= at


def test_who_overslept_takes_another_slot(monkeypatch):
    take(Lane.LIVE, PATIENCE)
    naps: list[float] = []

    def oversleep(seconds: float, sleep: Callable[[float], None] = time.sleep) -> None:
        sleep(seconds + (0 if naps else 0.4))
        naps.append(seconds)

    monkeypatch.setattr(budget.time, "sleep", oversleep)
    slot = take(Lane.LIVE, PATIENCE)

    assert len(naps) >= 2
    assert now() - slot.starts_at < timedelta(seconds=0.3)
    assert row().live_requests >= 3


def test_historic_work_goes_only_when_no_live_work_waits():
    asked: list[tuple[Lane, datetime, datetime]] = []

    def worker(lane: Lane, times: int) -> Callable[[], None]:
        def work() -> None:
            for _ in range(times):
                before = now()
                slot = take(lane, 60)
                asked.append((lane, before, slot.starts_at))

        return work

    at_once([worker(Lane.LIVE, 3) for _ in range(6)] + [worker(Lane.HISTORIC, 2) for _ in range(3)])

    live = [(before, at) for lane, before, at in asked if lane is Lane.LIVE]
    historic = [at for lane, _, at in asked if lane is Lane.HISTORIC]
    assert len(live) == 18
    assert len(historic) == 6
    for at in historic:
        # Whoever had asked a slot's length before that moment, and waited still, was passed over.
        passed_over = [1 for before, start in live if before + SPACING < at < start]
        assert not passed_over


def test_a_live_request_that_died_waiting_blocks_nobody_for_long():
    take(Lane.LIVE, PATIENCE)
    dead = 5
    for _ in range(dead):  # reserved by somebody who never comes to start
        budget._execute(budget._RESERVE, live=1, ahead=timedelta(seconds=30))

    with pytest.raises(EdgarUnavailable, match="No request slot"):
        take(Lane.HISTORIC, 0.1)
    before = now()
    slot = take(Lane.HISTORIC, PATIENCE)

    assert slot.starts_at - before < (dead + 3) * SPACING


def test_patience_has_an_end_that_says_so():
    row_of_waiting = [lambda: take(Lane.LIVE, 0.5)] * 12
    results = at_once(row_of_waiting)

    given = [result for result in results if isinstance(result, Slot)]
    turned_away = [result for result in results if isinstance(result, EdgarUnavailable)]
    assert given
    assert turned_away
    assert len(given) + len(turned_away) == 12
    assert all("0.5 s" in str(error) and error.transient for error in turned_away)


# --- refused -----------------------------------------------------------------------------------------------------


def test_after_a_refusal_nobody_starts_not_even_those_who_wait_for_their_slot():
    take(Lane.LIVE, PATIENCE)
    ready = threading.Event()

    def waiting() -> Slot:
        ready.set()
        return take(Lane.LIVE, PATIENCE)

    def refusing() -> datetime:
        ready.wait(PATIENCE)
        time.sleep(0.2)
        return refused("Request Rate Threshold Exceeded", "https://sec.example/")

    *others, until = at_once([waiting] * 12 + [refusing])

    refused_at = EdgarRefusal.objects.get().refused_at
    assert all(start <= refused_at for start in slots(others))
    errors = [other for other in others if isinstance(other, EdgarRefused)]
    assert len(errors) >= 8
    assert all(error.until == until for error in errors)


def test_after_the_penalty_one_probe_goes_alone_and_its_answer_opens_the_door():
    take(Lane.LIVE, PATIENCE)
    refused("Request Rate Threshold Exceeded", "https://sec.example/")
    end_penalty()

    results = at_once([lambda lane=lane: take(lane, PATIENCE) for lane in [*Lane] * 4])

    probes = [result for result in results if isinstance(result, Slot)]
    assert len(probes) == 1
    assert all(isinstance(other, EdgarRefused) and other.until is None for other in results if other not in probes)

    answered(probes[0])
    assert not row().is_refused
    assert take(Lane.LIVE, PATIENCE).probe_until is None


def test_a_probe_that_is_refused_begins_the_penalty_anew(settings):
    settings.EDGAR_PENALTY_SECONDS = 600
    take(Lane.LIVE, PATIENCE)
    first = refused("Request Rate Threshold Exceeded", "https://sec.example/")
    end_penalty()

    probe = take(Lane.LIVE, PATIENCE)
    again = refused("Request Rate Threshold Exceeded", "https://sec.example/")
    answered(probe)  # an answer that comes late takes nothing back

    assert again > first
    with pytest.raises(EdgarRefused) as refusal:
        take(Lane.LIVE, PATIENCE)
    assert refusal.value.until == again
    assert EdgarRefusal.objects.count() == 2


def test_an_answer_to_a_request_from_before_the_refusal_does_not_open_the_door():
    early = take(Lane.LIVE, PATIENCE)
    refused("Undeclared Automated Tool", "https://sec.example/")
    answered(early)
    failed(early)

    with pytest.raises(EdgarRefused):
        take(Lane.LIVE, PATIENCE)


def test_a_probe_without_an_answer_is_followed_by_another_and_so_is_one_that_died(monkeypatch):
    monkeypatch.setattr(budget, "PROBE_LEASE", timedelta(seconds=0.5))
    take(Lane.LIVE, PATIENCE)
    refused("Request Rate Threshold Exceeded", "https://sec.example/")
    end_penalty()

    failed(take(Lane.LIVE, PATIENCE))
    died = take(Lane.LIVE, PATIENCE)
    with pytest.raises(EdgarRefused):
        take(Lane.LIVE, PATIENCE)
    time.sleep(0.6)
    heir = take(Lane.LIVE, PATIENCE)

    assert heir.probe_until > died.probe_until
    answered(died)
    assert row().is_refused
    answered(heir)
    assert not row().is_refused


# --- failing -----------------------------------------------------------------------------------------------------


def test_after_ten_failures_in_a_row_one_request_goes_per_pause_until_one_is_answered(monkeypatch):
    monkeypatch.setattr(budget, "FAILING_PAUSE", timedelta(seconds=1))
    for _ in range(budget.FAILING_AFTER):
        failed(take(Lane.LIVE, PATIENCE))

    for lane in Lane:
        with pytest.raises(EdgarUnavailable, match="10 times in a row") as waiting:
            take(lane, 0.1)
        assert waiting.value.retry_at == row().paused_until
    tries = at_once([lambda: take(Lane.LIVE, 1.5)] * 5)
    assert len(slots(tries)) == 1

    answered(next(result for result in tries if isinstance(result, Slot)))
    assert row().failures == 0
    take(Lane.HISTORIC, 1)
    take(Lane.LIVE, 1)


def test_one_answer_ends_the_row_of_failures():
    for _ in range(3):
        for _ in range(budget.FAILING_AFTER - 6):
            slot = take(Lane.LIVE, PATIENCE)
            failed(slot)
        answered(slot)
    assert row().failures == 0
    assert row().paused_until is None


# --- clocks ------------------------------------------------------------------------------------------------------


def test_a_clock_that_was_set_back_by_a_day_stops_nobody_for_a_day(settings):
    settings.EDGAR_PENALTY_SECONDS = 600
    take(Lane.LIVE, PATIENCE)
    tomorrow = timezone.now() + timedelta(days=1)
    EdgarBudget.objects.update(next_slot_at=tomorrow, paused_until=tomorrow, failures=0)
    with pytest.raises(EdgarUnavailable):
        take(Lane.LIVE, 0.1)
    assert row().paused_until <= timezone.now() + timedelta(hours=1)
    EdgarBudget.objects.update(paused_until=None)
    take(Lane.LIVE, 5)

    refused("Request Rate Threshold Exceeded", "https://sec.example/")
    EdgarBudget.objects.update(refused_until=tomorrow)
    with pytest.raises(EdgarRefused) as refusal:
        take(Lane.LIVE, 0.1)
    assert refusal.value.until <= timezone.now() + timedelta(seconds=600)


def test_a_restart_of_the_database_costs_one_call_and_no_more():
    take(Lane.LIVE, PATIENCE)
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises((DatabaseError, InterfaceError)):
        take(Lane.LIVE, PATIENCE)
    assert take(Lane.LIVE, PATIENCE)
