"""Sales that look like a plan's, by their rhythm; known from the first day on which they did (domain facts 7.13).

Never over what the box or a note says: both are shown beside the inference.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from signals.detectors.cadence import PLAN_LIKE, REGULAR, Cadence, SaleDay, cadence, sale_days
from signals.detectors.docket import Docket
from signals.detectors.draft import counted, draft, measured, party, plain, who
from signals.detectors.signal import Signal

KIND = "inferred_plan"
_YEAR = timedelta(days=365)
# Who sells on more days than this in a year is looked at on the first of each month, not on every one.
_DENSE = 15


@dataclass(slots=True)
class Run:
    """Days in a row, each regular with those of the year before it. `known_at` is of the first one."""

    days: list[SaleDay]
    best: Cadence
    known_at: datetime
    key: str


def find(docket: Docket) -> Iterator[Signal]:
    for maker in docket.makers:
        for run in _runs(docket, maker):
            yield _signal(docket, maker, run)


def _runs(docket: Docket, maker: str) -> list[Run]:
    days = sale_days(docket, maker)
    ons = [day.on for day in days]
    told = [min(deal.known_at for deal in day.deals) for day in days]
    runs: list[Run] = []
    open_run: Run | None = None
    for index, day in enumerate(days):
        start = bisect_left(ons, day.on - _YEAR)
        window = days[start : index + 1]
        if len(window) > _DENSE and ons[index - 1].month == day.on.month:
            if open_run:
                open_run.days.append(day)
            continue
        found = cadence(docket, window)
        if found.status not in (PLAN_LIKE, REGULAR):
            open_run = None
            continue
        if open_run is None:
            deal = min(day.deals, key=lambda deal: deal.order)
            open_run = Run(list(window), found, max(told[start : index + 1]), f"{deal.root.accession}:{deal.root.row}")
            runs.append(open_run)
            continue
        open_run.days.append(day)
        if (found.score or 0) >= (open_run.best.score or 0):
            open_run.best = found
    return runs


def _signal(docket: Docket, maker: str, run: Run) -> Signal:
    best = run.best
    deals = [deal for day in run.days for deal in day.deals]
    roles = [role for deal in deals for role in deal.roles]
    said = Counter(deal.trade.plan.status if deal.trade.plan else "unknown" for deal in deals)
    score = best.score or 0
    boxes: dict[str, Any] = {name: said.get(name, 0) for name in ("plan", "plan_filing", "not_plan", "unknown")}
    marks = [
        {"mark": mark.name, "holds": mark.holds, "points": mark.points, **plain(mark.facts)} for mark in best.marks
    ]
    start, end = run.days[0].on, run.days[-1].on
    what = "look like those of a plan" if best.status == PLAN_LIKE else "show some regularity"
    return draft(
        docket,
        KIND,
        f"{docket.people[maker]}:{run.key}",
        known_at=run.known_at,
        window=(start, end),
        strength=score,
        deals=deals,
        insiders=[party(docket, maker, roles)],
        evidence={
            "tests": [
                measured(docket, "days of sales in a year", len(best.days), f"{KIND}.days", True),
                measured(docket, "days from first to last", best.span_days, f"{KIND}.span", True),
                measured(docket, "points", score, f"{KIND}.plan_like", best.status == PLAN_LIKE),
            ],
            "level": best.status,
            "score": score,
            "marks": marks,
            "trade_days": [plain(day.on) for day in run.days],
            "said_by_filer": boxes,
        },
        sentence=f"Sales of {who(docket, maker, roles)} on {counted(len(run.days), 'day')} from {start} to {end} "
        f"{what}: "
        f"{_words(best)}.",
    )


def _words(best: Cadence) -> str:
    said = []
    for mark in best.marks:
        facts = mark.facts
        if not mark.holds:
            continue
        if mark.name == "constant_strike":
            said.append(f"options of one strike, ${facts['strike']:f}, on {facts['days']} days")
        elif mark.name == "fixed_quantity":
            said.append(f"{facts['shares']:,} shares on {facts['days']} of {facts['of']} days")
        elif mark.name == "calendar":
            said.append("even dates")
        elif mark.name == "blackout_trading":
            said.append(f"{facts['days']} days around a quarter’s end")
        elif mark.name == "company_sells_for_tax":
            said.append("colleagues who sold for tax on the same days")
    return ", ".join(said) or "no single mark"
