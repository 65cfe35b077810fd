"""Doorways for the workers. A task rings, and the service finds in PostgreSQL what is owed."""

from __future__ import annotations

from celery import shared_task

from filings.services.rounds import a_round
from signals.services import calibrate, read, tally


@shared_task(name="signals.read_owed")
def read_owed() -> None:
    read.read_owed()


@a_round("signals.read_everything_owed")
def read_everything_owed() -> None:
    """Finds what days of sweeps over the lately published have missed."""
    read.read_owed(everything=True)


@a_round("signals.read_by_clock")
def read_by_clock() -> None:
    """After midnight in New York every issuer that time may change is brought up to the day, a batch a ring."""
    read.read_by_clock()


@a_round("signals.calibrate_plans")
def calibrate_plans() -> None:
    calibrate.calibrate_plans()


# Half a minute for ten million trades on a quick machine.
@a_round("signals.tally", soft_time_limit=150, time_limit=160)
def tally_archive() -> None:
    tally.tally()
