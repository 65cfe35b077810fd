"""Who trades in the same month every year, known each 1 January (domain facts 7.10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from signals.detectors.classes import ROUTINE, Class, classes_of
from signals.detectors.docket import Docket
from signals.detectors.draft import cite, draft, measured, party, who
from signals.detectors.signal import Signal

KIND = "routine_trader"
_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def find(docket: Docket) -> Iterator[Signal]:
    for maker in docket.makers:
        for known in classes_of(docket, maker).values():
            if known.status == ROUTINE:
                yield _signal(docket, maker, known)


def _signal(docket: Docket, maker: str, known: Class) -> Signal:
    in_months = [deal for deal in known.deals if deal.on and deal.on.month in known.months]
    others = [deal for deal in known.deals if deal.on and deal.on.month not in known.months]
    roles = [role for deal in known.deals for role in deal.roles]
    years = int(docket.thresholds[f"{KIND}.years"])
    months = " and ".join(_NAMES[month - 1] for month in known.months)
    return draft(
        docket,
        KIND,
        f"{docket.people[maker]}:{known.year}",
        known_at=known.known_at,
        window=(date(known.year - years, 1, 1), date(known.year, 12, 31)),
        strength=40 + min(40, 10 * len(known.months)),
        deals=in_months,
        insiders=[party(docket, maker, roles)],
        evidence={
            "tests": [measured(docket, "years in a row with a trade", years, f"{KIND}.years", True)],
            "year": known.year,
            "months": list(known.months),
            "trade_level": f"By trade, only those in {months} are routine.",
        },
        excluded=[cite(deal, "not in a month common to all the years") for deal in others],
        sentence=f"{who(docket, maker, roles)} traded in {months} of each of the {years} years before {known.year} "
        "and counts as a "
        f"routine trader in {known.year}.",
    )
