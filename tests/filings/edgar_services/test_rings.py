"""The clock's rings: each has somebody who answers, each is dropped when the next is due, and none is one a filing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection

from filings import tasks
from filings.models import Filing
from form4site.celery import app
from form4site.schedule import beat_schedule

pytestmark = [pytest.mark.db_and_celery]

DAY = date(2026, 1, 5)


@pytest.fixture
def rings(monkeypatch) -> list[str]:
    """The messages that would have gone to the broker; who answers them is called by the tests."""
    sent: list[str] = []
    for task in (tasks.fetch_live, tasks.fetch_historic):
        monkeypatch.setattr(task, "apply_async", lambda name=task.name, **options: sent.append(name))
    return sent


def test_every_ring_has_a_task_and_expires_when_the_next_one_is_due():
    app.loader.import_default_modules()
    for name, entry in beat_schedule(30).items():
        assert entry["task"] in app.tasks, name
        assert timedelta(seconds=entry["options"]["expires"]) <= entry["schedule"], name


def test_the_feed_is_read_as_often_as_the_settings_say():
    every = {entry["task"]: entry["schedule"] for entry in beat_schedule(17).values()}
    assert every["filings.poll_current"] == timedelta(seconds=17)


@pytest.mark.django_db(transaction=True)
def test_a_pass_that_finds_three_hundred_filings_rings_twice_and_one_that_finds_none_not_at_all(small_sec, rings):
    small_sec.file(*range(1, 301), on=DAY, shown=True)
    tasks.poll_current()
    assert rings == ["filings.fetch_live"] * 2

    tasks.poll_current()
    assert len(rings) == 2


@pytest.mark.django_db(transaction=True)
def test_a_ring_brings_what_is_seen_and_doubled_rings_bring_it_once(small_sec, rings):
    small_sec.file(1, 2, 3, on=DAY, shown=True)
    tasks.poll_current()
    tasks.fetch_live()
    tasks.fetch_live()
    tasks.fetch_historic()

    assert Filing.objects.count() == 3
    assert len(small_sec.asked("/data/")) == 3


@pytest.mark.django_db(transaction=True)
def test_a_ring_while_somebody_is_at_it_asks_for_nothing(small_sec):
    small_sec.file(1, on=DAY, shown=True)
    with connection.copy().cursor() as other:
        for place in ("fetch live", "fetch live too", "fetch historic", "poll"):
            other.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"form4site {place}"])
        tasks.poll_current()
        tasks.fetch_live()
        tasks.fetch_historic()
        other.connection.close()
    assert small_sec.asked() == []
