"""The first purchase of an officer or director in the filings here, and how far back they reach (domain facts 7.4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from signals.detectors.docket import Docket, Event
from signals.detectors.draft import did, draft, left_out, measured, who
from signals.detectors.months import months_between, years_back
from signals.detectors.signal import Signal

KIND = "first_purchase"
_CLAIMS = (10, 5, 3)  # years
# Insiders of foreign private issuers file since March 2026; until then nothing of theirs can be called the first.
_FOREIGN_FROM = date(2029, 1, 1)


def find(docket: Docket) -> Iterator[Signal]:
    least = docket.thresholds[f"{KIND}.value"]
    for book in docket.buys.by_maker.values():
        event = book.events[0]
        same_day = [one for one in book.events if one.on == event.on]
        event = max(same_day, key=lambda one: (one.value, one.key))
        if event.seated and event.value >= least and not (docket.foreign and event.on < _FOREIGN_FROM):
            signal = _signal(docket, event)
            if signal:
                yield signal


def _signal(docket: Docket, event: Event) -> Signal | None:
    limits = docket.thresholds
    covered = docket.covered_since or event.on
    since = docket.on_file_since(event.maker, event.known_at) or event.on
    tenure = months_between(since, event.on)
    if tenure < limits[f"{KIND}.tenure"]:
        return None
    claim = next((years for years in _CLAIMS if max(covered, since) <= years_back(event.on, years)), None)
    first = f"the first in at least {claim} years" if claim else f"the first on record since {covered}"
    known_at = next(part.known_at for part in event.as_known() if part.value >= limits[f"{KIND}.value"])
    return draft(
        docket,
        KIND,
        event.key,
        known_at=known_at,
        window=(event.on, event.on),
        strength=30 + 5 * (claim or 0) + min(20, int(event.value / 50_000)),
        deals=event.deals,
        evidence={
            "tests": [
                measured(docket, "dollars", event.value, f"{KIND}.value", True),
                measured(docket, "months on file before", tenure, f"{KIND}.tenure", True),
            ],
            "covered_since": covered.isoformat(),
            "on_file_since": since.isoformat(),
            "first_in_years": claim,
        },
        excluded=left_out(one for one in docket.excluded_between("P", date.min, event.on) if one.maker == event.maker),
        sentence=f"{who(docket, event.maker, event.roles)} {did(event)} on {event.on}: {first} in the filings here.",
    )
