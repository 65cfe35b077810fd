"""Exercises of options at a price, and what part of the shares was sold by the next trading day (domain facts 7.9).

r = sold / (exercised - withheld), over all filings of the decision-maker, class and day. Promises: the class of an
exercise as filings and the clock have it by now, stamped with the filing that made r what it is; vestings are no
choice and are not here; where everything was withheld there is nothing to class.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from signals.detectors.docket import Deal, Docket
from signals.detectors.draft import cite, dollars, draft, measured, percent, plain, shares_of, who
from signals.detectors.signal import Signal
from signals.readings.exercise import EXERCISE, SOLD, VEST, WITHHELD, Story

HOLD, PARTIAL, SAME_DAY = "exercise_and_hold", "exercise_partial_sale", "exercise_same_day_sale"
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Exercise:
    """One day of exercising. `sold` are sales by the next trading day, `later` those within the days of waiting."""

    story: Story
    came: tuple[Deal, ...]
    withheld: tuple[Deal, ...]
    sold: tuple[Deal, ...]
    later: tuple[Deal, ...]

    @property
    def ratio(self) -> Decimal | None:
        return _ratio(self.came, self.withheld, self.sold)

    @property
    def deals(self) -> tuple[Deal, ...]:
        return self.came + self.withheld + self.sold

    @property
    def expires_in(self) -> int | None:
        """Days from the exercise to the last day of the option that ends first."""
        return (self.story.expires_on - self.story.on).days if self.story.expires_on else None


def exercises(docket: Docket) -> Sequence[Exercise]:
    """By day and decision-maker."""
    known = docket.remembered.get(("exercises", ""))
    if known is None:
        known = docket.remembered["exercises", ""] = tuple(_exercises(docket))
    return known


def _exercises(docket: Docket) -> Iterator[Exercise]:
    for story in docket.stories:
        if story.kind != EXERCISE:
            continue
        steps: dict[str, list[Deal]] = {EXERCISE: [], VEST: [], WITHHELD: [], SOLD: [], "later": []}
        for strip in story.strips:
            deal = docket.by_place.get((strip.accession or "", strip.lines))
            name = "later" if strip.step == SOLD and strip.later else strip.step
            if deal is not None and name in steps:
                steps[name].append(deal)
        if steps[EXERCISE]:
            came = (*steps[EXERCISE], *steps[VEST])
            yield Exercise(story, came, tuple(steps[WITHHELD]), tuple(steps[SOLD]), tuple(steps["later"]))


def of_kind(docket: Docket, kind: str) -> Iterator[Signal]:
    """The signals of one of the three kinds."""
    for one in exercises(docket):
        ratio = one.ratio
        if ratio is None or _kind(docket, ratio) != kind or (kind == HOLD and _given_up(docket, one)):
            continue
        yield _signal(docket, kind, one, ratio)


def _kind(docket: Docket, ratio: Decimal) -> str:
    if ratio >= docket.thresholds["exercise.all_from"]:
        return SAME_DAY
    return HOLD if ratio < docket.thresholds["exercise.hold_below"] else PARTIAL


def _given_up(docket: Docket, one: Exercise) -> bool:
    """Whether shares were sold after all while they had to be kept."""
    until = one.story.on + timedelta(days=docket.thresholds.days("exercise.hold_days"))
    sold = [deal for deal in one.later if deal.on and deal.on <= until]
    gone = _shares(one.sold) + _shares(sold)
    left = _shares(one.came) - _shares(one.withheld)
    return bool(sold) and gone >= left * docket.thresholds["exercise.hold_below"]


def _shares(deals: tuple[Deal, ...] | list[Deal]) -> Decimal:
    return sum((deal.trade.shares or _ZERO for deal in deals), _ZERO)


def _ratio(came: tuple[Deal, ...], withheld: tuple[Deal, ...], sold: tuple[Deal, ...]) -> Decimal | None:
    left = _shares(came) - _shares(withheld)
    return _shares(sold) / left if left > 0 else None


def _known_at(docket: Docket, one: Exercise, kind: str) -> datetime:
    """The first moment from which filings made it this kind, and went on to."""
    moments = sorted({deal.known_at for deal in one.deals})
    exercised = max(deal.known_at for deal in one.came)
    since = moments[-1]
    for moment in reversed(moments):
        if moment < exercised:
            break
        known = [tuple(deal for deal in part if deal.known_at <= moment) for part in (one.came, one.withheld, one.sold)]
        ratio = _ratio(known[0], known[1], known[2])
        if ratio is None or _kind(docket, ratio) != kind:
            break
        since = moment
    return since


def _signal(docket: Docket, kind: str, one: Exercise, ratio: Decimal) -> Signal:
    limits, story = docket.thresholds, one.story
    first = min(one.came, key=lambda deal: deal.order)
    roles = [role for deal in one.came for role in deal.roles]
    settles_on = story.on + timedelta(days=limits.days("exercise.hold_days")) if kind == HOLD else None
    known_at = _known_at(docket, one, kind)
    left = _shares(one.came) - _shares(one.withheld)
    sold = _shares(one.sold)
    ends: date = max((deal.on for deal in one.sold if deal.on), default=story.on)
    paid = f" at {dollars(first.trade.strike)}" if first.trade.strike else ""
    tail = {
        HOLD: f"kept {shares_of(left - sold)} of the {shares_of(left)} left after withholding",
        PARTIAL: f"sold {shares_of(sold)} ({percent(ratio * 100)}) of the {shares_of(left)} left after withholding",
        SAME_DAY: f"sold {shares_of(sold)} by the next trading day",
    }[kind]
    if settles_on:
        tail += f"; no sale by {settles_on}" if docket.over(settles_on) else f"; to be seen until {settles_on}"
    days_left = one.expires_in
    late_life = days_left is not None and limits["near_expiry_exercise.days"] < days_left <= limits[
        "near_expiry_exercise.late_life"
    ]  # fmt: skip
    root = first.root
    return draft(
        docket,
        kind,
        f"{root.accession}:{root.table}{root.row}",
        known_at=docket.settled(settles_on, known_at) if settles_on else known_at,
        window=(story.on, max(ends, settles_on) if settles_on else ends),
        strength=20 + min(Decimal(40), left * (first.trade.strike or _ZERO) / 50_000) + (20 if kind == HOLD else 0),
        deals=one.deals,
        tags=["late_life"] if late_life else [],
        settles_on=settles_on,
        evidence={
            "tests": [
                measured(docket, "sold of what was left", ratio, "exercise.all_from", kind == SAME_DAY),
                measured(docket, "sold of what was left", ratio, "exercise.hold_below", kind == HOLD),
            ],
            "exercised": plain(_shares(one.came)),
            "withheld": plain(_shares(one.withheld)),
            "sold": plain(sold),
            "ratio": plain(ratio),
            "strike": plain(first.trade.strike),
            "cost": plain(story.cost),
            "proceeds": plain(story.proceeds),
            "expires_on": plain(story.expires_on),
            "days_to_expiry": days_left,
            "sold_to_cover": any(deal.trade.sold_to_cover for deal in one.sold),
            "planned": any(deal.trade.planned for deal in one.sold),
        },
        excluded=[cite(deal, "sold later than the next trading day") for deal in one.later],
        sentence=f"{who(docket, first.maker, roles)} exercised {shares_of(_shares(one.came))} options{paid} on "
        f"{story.on} and {tail}.",
    )
