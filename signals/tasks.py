"""Doorways for the workers. A task rings, and the service finds in PostgreSQL what is owed."""

from __future__ import annotations

from celery import shared_task

from filings.services.rounds import its_turn
from signals.services import calibrate, read, tally


@shared_task(name="signals.read_owed")
def read_owed() -> None:
    read.read_owed()


@shared_task(name="signals.read_everything_owed")
def read_everything_owed() -> None:
    """Finds what days of sweeps over the lately published have missed."""
    with its_turn(read_everything_owed.name) as turn:
        if turn:
            read.read_owed(everything=True)


@shared_task(name="signals.read_by_clock")
def read_by_clock() -> None:
    """After midnight in New York every issuer that time may change is brought up to the day, a batch a ring."""
    with its_turn(read_by_clock.name) as turn:
        if turn:
            read.read_by_clock()


@shared_task(name="signals.calibrate_plans")
def calibrate_plans() -> None:
    with its_turn(calibrate_plans.name) as turn:
        if turn:
            calibrate.calibrate_plans()


# Half a minute for ten million trades on a quick machine.
@shared_task(name="signals.tally", soft_time_limit=150, time_limit=160)
def tally_archive() -> None:
    with its_turn(tally_archive.name) as turn:
        if turn:
            tally.tally()
