"""The long jobs of the clock are done one at a time, so that a worker's other process is there for news."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts import tasks as of_people
from filings import tasks as of_filings
from filings.services.rounds import its_turn
from form4site.kit import bell
from form4site.schedule import beat_schedule
from signals import tasks as of_signals
from tests.late import beside

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db(transaction=True)]

ROUNDS = (
    (of_filings.complete_partial, "filings.tasks.complete.complete_by_clock"),
    (of_filings.reconcile_owed, "filings.tasks.reconcile.reconcile_owed"),
    (of_filings.appoint_leaders, "filings.tasks.search_index.appoint_leaders"),
    (of_filings.index_owed, "filings.tasks.search_index.index_owed"),
    (of_signals.read_everything_owed, "signals.tasks.read.read_owed"),
    (of_signals.read_by_clock, "signals.tasks.read.read_by_clock"),
    (of_signals.calibrate_plans, "signals.tasks.calibrate.calibrate_plans"),
    (of_signals.tally_archive, "signals.tasks.tally.tally"),
    (of_people.evaluate_everything_owed, "accounts.tasks.evaluate.evaluate_owed"),
    (of_people.forget_old, "accounts.tasks.retention.forget_old"),
)


class Stop(Exception):
    """What the work of a round is replaced with: it was begun."""


@pytest.fixture
def rung(monkeypatch) -> list[tuple[str, int]]:
    rings: list[tuple[str, int]] = []
    monkeypatch.setattr(bell, "ring_later", lambda name, seconds: rings.append((name, seconds)))
    return rings


@pytest.mark.parametrize(("task", "work"), ROUNDS, ids=[task.name for task, _ in ROUNDS])
def test_a_round_that_finds_another_under_way_leaves_and_comes_back(task: Callable[[], None], work, rung, monkeypatch):
    def begin(**_: object) -> None:
        raise Stop

    monkeypatch.setattr(work, begin)
    with beside(lambda: its_turn("another")):
        task()
        assert [name for name, _ in rung] == [task.name]  # type: ignore[attr-defined]
    with pytest.raises(Stop):
        task()
    assert len(rung) == 1


def test_whatever_is_rung_once_an_hour_or_less_is_a_round():
    hourly = {str(job["task"]) for job in beat_schedule(30).values() if job["schedule"].total_seconds() >= 1_800}
    assert hourly
    assert hourly <= {task.name for task, _ in ROUNDS}
