"""The stories of the demo archive, by theme: functions of a `Scene`, whose docstrings say what a reader can see."""

from __future__ import annotations

from filings.demo.stories import (
    amendments,
    buying,
    cadences,
    deals,
    foreign,
    groups,
    habits,
    lateness,
    names,
    newcomers,
    options,
    pay,
    plans,
    recent,
    selling,
    transfers,
)

STORIES = (
    *newcomers.STORIES,
    *pay.STORIES,
    *options.STORIES,
    *plans.STORIES,
    *cadences.STORIES,
    *buying.STORIES,
    *habits.STORIES,
    *selling.STORIES,
    *transfers.STORIES,
    *deals.STORIES,
    *groups.STORIES,
    *amendments.STORIES,
    *lateness.STORIES,
    *foreign.STORIES,
    *names.STORIES,
    *recent.STORIES,
)
