"""A trade with none of the same maker in the month before or the month after; final when that is over (7.18)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from signals.detectors.docket import BUY, SELL, Deal, Docket, Event
from signals.detectors.draft import dollars, draft, left_out, measured, plain, who
from signals.detectors.months import first_of, in_words, last_of, month_of, name_of
from signals.detectors.signal import Signal
from signals.readings.history import EASTERN

KIND = "isolated_trade"


def find(docket: Docket) -> Iterator[Signal]:
    beside = int(docket.thresholds[f"{KIND}.months"])
    for book in (docket.buys, docket.sells):
        for maker, own in book.by_maker.items():
            months = _months_with_trades(docket, maker)
            by_month: dict[int, list[Event]] = {}
            for event in own.events:
                by_month.setdefault(month_of(event.on), []).append(event)
            for month, events in by_month.items():
                near = [month + step for step in range(-beside, beside + 1) if step]
                if not months.isdisjoint(near) or not any(event.seated for event in events):
                    continue
                yield _signal(docket, maker, month, events, beside)


def _months_with_trades(docket: Docket, maker: str) -> set[int]:
    """The months with any purchase or sale of the maker, planned and out of exercises too."""
    found: set[int] = set()
    for side in (BUY, SELL):
        days = docket.all_market.get((maker, side))
        found |= {month_of(deal.on) for deal in days.deals if deal.on} if days else set()
    return found


def _signal(docket: Docket, maker: str, month: int, events: list[Event], beside: int) -> Signal:
    deals = [deal for event in events for deal in event.deals]
    roles = [role for deal in deals for role in deal.roles]
    settles_on = last_of(month + beside)
    first = min(deals, key=lambda deal: deal.order)
    value = sum((event.value for event in events), Decimal(0))
    code, word = ("P", "purchase") if events[0].side == BUY else ("S", "sale")
    start, end = events[0].on, events[-1].on
    late = _after_hours(docket, first)
    so_far = "so far " if not docket.over(settles_on) else ""
    return draft(
        docket,
        KIND,
        f"{docket.people[maker]}:{events[0].side}:{name_of(month)}",
        known_at=docket.settled(settles_on, first.known_at),
        window=(start, end),
        strength=20 + min(40, int(value / 25_000)) + (15 if late else 0),
        deals=deals,
        evidence={
            "tests": [measured(docket, "months beside it without a trade", beside, f"{KIND}.months", True)],
            "first_known_at": plain(first.known_at),
            "side": events[0].side,
            "value": plain(value),
            "after_hours": late,
            "quiet_from": plain(first_of(month - beside)),
            "quiet_to": plain(settles_on),
        },
        excluded=left_out(
            deal for deal in docket.excluded_between(code, first_of(month), last_of(month)) if deal.maker == maker
        ),
        settles_on=settles_on,
        sentence=f"{who(docket, maker, roles)} made a {word} of {dollars(value)} in {in_words(month)} and "
        f"{so_far}traded in no month "
        "beside it.",
    )


def _after_hours(docket: Docket, deal: Deal) -> bool | None:
    """Whether the filing was accepted after the market's close; None where its time is not known."""
    if not deal.form.acceptance_known:
        return None
    return deal.known_at.astimezone(EASTERN).hour >= docket.thresholds[f"{KIND}.after_hour"]
