"""A trade by somebody who trades every year but in no month of habit (domain facts 7.10)."""

from __future__ import annotations

from collections.abc import Iterator

from signals.detectors.classes import OPPORTUNISTIC, Class, classes_of
from signals.detectors.docket import Docket, Event
from signals.detectors.draft import did, draft, left_out, measured, who
from signals.detectors.signal import Signal

KIND = "opportunistic_trade"


def find(docket: Docket) -> Iterator[Signal]:
    makers = {event.maker for book in (docket.buys, docket.sells) for event in book}
    for maker in sorted(makers):
        classes = classes_of(docket, maker)
        for book in (docket.buys, docket.sells):
            for event in book.by_maker[maker].events if maker in book.by_maker else ():
                known = classes.get(event.on.year)
                if known is not None and known.status == OPPORTUNISTIC:
                    yield _signal(docket, event, known)


def _signal(docket: Docket, event: Event, known: Class) -> Signal:
    years = int(docket.thresholds["routine_trader.years"])
    by_year = {one: sum(1 for deal in known.deals if deal.on and deal.on.year == one) for one in
               range(known.year - years, known.year)}  # fmt: skip
    months = {deal.on.month for deal in known.deals if deal.on}
    beside = docket.excluded_between("P" if event.side == "buy" else "S", event.on, event.on)
    return draft(
        docket,
        KIND,
        event.key,
        known_at=max(event.deals[0].known_at, known.known_at),
        window=(event.on, event.on),
        strength=30 + min(40, int(event.value / 25_000)) + 10 * event.seated,
        deals=event.deals,
        evidence={
            "tests": [measured(docket, "years in a row with a trade", years, "routine_trader.years", True)],
            "year": known.year,
            "trades_by_year": {str(year): count for year, count in by_year.items()},
            "common_months": [],
            "month_traded_before": event.on.month in months,
        },
        excluded=left_out(deal for deal in beside if deal.maker == event.maker),
        sentence=f"{who(docket, event.maker, event.roles)} {did(event)} on {event.on}, after trading in each of the "
        f"{years} years "
        "before without a common month.",
    )
