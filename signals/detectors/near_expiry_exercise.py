"""An option exercised in its last days, when there was little left to choose (domain facts 7.15)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from signals.detectors.docket import Deal, Docket
from signals.detectors.draft import dollars, draft, measured, plain, shares_of, who
from signals.detectors.signal import Signal
from signals.readings.exercise import EXERCISE

KIND = "near_expiry_exercise"


def find(docket: Docket) -> Iterator[Signal]:
    most = docket.thresholds[f"{KIND}.days"]
    groups: dict[tuple[str, date, date], list[Deal]] = {}
    for deal in docket.deals:
        trade = deal.trade
        # one exercise in both tables is one trade; options that are not exercised into shares stand in Table II alone
        if trade.kind != EXERCISE or not trade.strike or trade.expires_on is None or deal.on is None:
            continue
        if 0 <= (trade.expires_on - deal.on).days <= most:
            groups.setdefault((deal.maker, deal.on, trade.expires_on), []).append(deal)
    for (maker, on, expires_on), deals in groups.items():
        yield _signal(docket, maker, on, expires_on, deals)


def _signal(docket: Docket, maker: str, on: date, expires_on: date, deals: list[Deal]) -> Signal:
    left = (expires_on - on).days
    first = deals[0]
    roles = [role for deal in deals for role in deal.roles]
    shares = sum((deal.trade.shares or Decimal(0) for deal in deals), Decimal(0))
    granted = _granted_on(docket, first)
    life = (expires_on - granted).days if granted else None
    return draft(
        docket,
        KIND,
        f"{first.root.accession}:{first.root.table}{first.root.row}",
        known_at=first.known_at,
        window=(on, expires_on),
        strength=80 - min(60, left // 2),
        deals=deals,
        evidence={
            "tests": [measured(docket, "days left to the expiry", left, f"{KIND}.days", True)],
            "expires_on": plain(expires_on),
            "granted_on": plain(granted),
            "part_of_life_left": plain(round(left / life, 4)) if life and life > 0 else None,
            "strike": plain(first.trade.strike),
            "shares": plain(shares),
        },
        sentence=f"{who(docket, maker, roles)} exercised {shares_of(shares)} options at "
        f"{dollars(first.trade.strike)} on {on}, {left} "
        f"days before they would have ended on {expires_on}.",
    )


def _granted_on(docket: Docket, deal: Deal) -> date | None:
    """The day of the award that the archive has for this option."""
    number = docket.option_line(deal)
    award = docket.reading.awards.get(number) if number is not None else None
    return award.traded_on if award is not None and award.known_at <= deal.known_at else None
