"""A run of months with trades, and then a month without: by the clock, at the end of the blank month (7.5).

Also a routine trader who let the month of the routine pass. Exercise-and-sell days are no habit of selling.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from signals.detectors.classes import ROUTINE, classes_of
from signals.detectors.docket import BUY, Deal, Docket, midnight_after
from signals.detectors.draft import counted, draft, measured, party, who
from signals.detectors.months import first_of, in_words, last_of, month_of, name_of
from signals.detectors.signal import Signal

KIND = "sequence_ended"
RUN, MISSED = "run_of_months", "missing_routine_trade"


def find(docket: Docket) -> Iterator[Signal]:
    for (maker, side), days in sorted(docket.market.items()):
        by_month: dict[int, list[Deal]] = {}
        for deal in days.deals:
            if deal.on and deal.seated:
                by_month.setdefault(month_of(deal.on), []).append(deal)
        ended = dict(_runs(docket, by_month))
        for blank, run in sorted(ended.items()):
            yield _signal(docket, maker, side, RUN, blank, run, by_month)
        for blank, run in sorted(_missed(docket, maker, by_month).items()):
            if blank not in ended:
                yield _signal(docket, maker, side, MISSED, blank, run, by_month)


def _runs(docket: Docket, by_month: Mapping[int, list[Deal]]) -> Iterator[tuple[int, list[int]]]:
    """Each blank month that is over, with the run of months before it."""
    least = int(docket.thresholds[f"{KIND}.months"])
    run: list[int] = []
    for month in sorted(by_month):
        if run and month == run[-1] + 1:
            run.append(month)
            continue
        if len(run) >= least:
            yield run[-1] + 1, run
        run = [month]
    if len(run) >= least and docket.over(last_of(run[-1] + 1)):
        yield run[-1] + 1, run


def _missed(docket: Docket, maker: str, by_month: Mapping[int, list[Deal]]) -> Mapping[int, list[int]]:
    """Months of a routine that passed without a trade on this side, with the months that made it routine."""
    found: dict[int, list[int]] = {}
    for year, known in classes_of(docket, maker).items():
        if known.status != ROUTINE:
            continue
        for month in known.months:
            blank = year * 12 + month - 1
            before = [blank - 12 * back for back in range(int(docket.thresholds["routine_trader.years"]), 0, -1)]
            if blank not in by_month and all(one in by_month for one in before) and docket.over(last_of(blank)):
                found[blank] = before
    return found


def _signal(
    docket: Docket, maker: str, side: str, how: str, blank: int, run: list[int], by_month: Mapping[int, list[Deal]]
) -> Signal:
    deals = [deal for month in run for deal in by_month[month]]
    roles = [role for deal in deals for role in deal.roles]
    noun = "purchases" if side == BUY else "sales"
    ends_on = last_of(blank)
    # each month's first filing is enough to know that it had a trade
    told: list[datetime] = [min(deal.known_at for deal in by_month[month]) for month in run]
    name = who(docket, maker, roles)
    sentence = (
        f"{name} had {noun} in {counted(len(run), 'month')} in a row, {in_words(run[0])} to "
        f"{in_words(run[-1])}, and none in {in_words(blank)}."
        if how == RUN
        else f"{name} had {noun} in one month of {counted(len(run), 'year')}, and none in {in_words(blank)}."
    )
    start: date = min((deal.on for deal in deals if deal.on), default=first_of(run[0]))
    return draft(
        docket,
        KIND,
        f"{docket.people[maker]}:{side}:{name_of(blank)}",
        known_at=max([midnight_after(ends_on), *told]),
        window=(start, ends_on),
        strength=20 + min(60, 8 * len(run)),
        deals=deals,
        insiders=[party(docket, maker, roles)],
        evidence={
            "tests": [measured(docket, "months in a row", len(run), f"{KIND}.months", how == RUN)],
            "how": how,
            "side": side,
            "months": [name_of(month) for month in run],
            "blank_month": name_of(blank),
        },
        sentence=sentence,
    )
