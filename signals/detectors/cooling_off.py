"""A plan's first trade soon after its adoption, a plan of one trade, and a ticked box without the plan's date (7.14).

A plan is one decision-maker and the date of its adoption, or latest change, that notes give. Sales to cover tax are
excepted from the rule on single trades, and the issuer's own plans from all of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from signals.detectors.docket import Deal, Docket
from signals.detectors.draft import cite, draft, measured, party, plain, who
from signals.detectors.signal import Signal
from signals.readings.plan import RULE_SINCE

KIND = "cooling_off"
_MONTH = 30.4375


@dataclass(frozen=True, slots=True)
class Plan:
    """The trades of one maker under one adoption date, by day."""

    maker: str
    since: date
    deals: tuple[Deal, ...]

    @property
    def first_on(self) -> date:
        return min(deal.on for deal in self.deals if deal.on)

    @property
    def first(self) -> tuple[Deal, ...]:
        return tuple(deal for deal in self.deals if deal.on == self.first_on)

    @property
    def officer(self) -> bool:
        return any(deal.seated for deal in self.first)


def find(docket: Docket) -> Iterator[Signal]:
    plans, undated = _plans(docket)
    for plan in plans:
        signal = _early(docket, plan)
        if signal:
            yield signal
    yield from _single(docket, plans)
    for deals in undated:
        yield _undated(docket, deals)


def _plans(docket: Docket) -> tuple[list[Plan], list[list[Deal]]]:
    """Plans by maker and date; and, by filing, plan trades for which no date that could be is given."""
    dated: dict[tuple[str, date], list[Deal]] = {}
    undated: dict[str, list[Deal]] = {}
    for deal in docket.deals:
        if not deal.trade.planned or deal.on is None or deal.trade.plan is None:
            continue
        since = _since(deal)
        if since is not None:
            dated.setdefault((deal.maker, since), []).append(deal)
        elif deal.form.aff10b5_one:
            undated.setdefault(deal.trade.accession, []).append(deal)
    plans = [Plan(maker, since, tuple(deals)) for (maker, since), deals in sorted(dated.items())]
    return plans, list(undated.values())


def _since(deal: Deal) -> date | None:
    """The adoption or latest change that came before the trade; None where no such date is given."""
    plan = deal.trade.plan
    given = [day for day in (plan.adopted_on, plan.modified_on) if day] if plan else []
    return max((day for day in given if deal.on and day <= deal.on), default=None)


def _early(docket: Docket, plan: Plan) -> Signal | None:
    if any(_of_issuer(deal) for deal in plan.first):
        return None
    days = (plan.first_on - plan.since).days
    tag, threshold = _colour(docket, plan, days)
    if tag is None:
        return None
    first = min(plan.first, key=lambda deal: deal.order)
    roles = [role for deal in plan.first for role in deal.roles]
    asks = "directors and officers for at least 90" if plan.officer else "others for 30"
    rule = f"where the rule asks {asks}"
    if plan.since < RULE_SINCE:
        rule = "before there was a rule"
    elif tag == "amber":
        rule = "in the first window that the rule leaves open"
    return draft(
        docket,
        KIND,
        f"{docket.people[plan.maker]}:{plan.since}",
        known_at=first.known_at,
        window=(plan.since, plan.first_on),
        strength=(80 if tag == "red" else 40) - min(30, days // 4),
        deals=plan.first,
        insiders=[party(docket, plan.maker, roles)],
        tags=[tag],
        evidence={
            "tests": [measured(docket, "days from adoption to first trade", days, threshold, True)],
            "adopted_or_changed_on": plain(plan.since),
            "first_traded_on": plain(plan.first_on),
            "days": days,
            "officer_or_director": plan.officer,
            "rule_in_force": plan.since >= RULE_SINCE,
            "words": _words(plan.first),
        },
        excluded=[cite(deal, "a later trade of the plan") for deal in plan.deals if deal.on != plan.first_on],
        sentence=f"{who(docket, plan.maker, roles)} first traded on {plan.first_on} under a plan of {plan.since}: "
        f"{days} days later, "
        f"{rule}.",
    )


def _colour(docket: Docket, plan: Plan, days: int) -> tuple[str | None, str]:
    limits = docket.thresholds
    if plan.since < RULE_SINCE:
        red, amber = f"{KIND}.before_rule_red", f"{KIND}.before_rule_amber"
    elif plan.officer:
        red, amber = f"{KIND}.officer_red", f"{KIND}.officer_amber"
    else:
        red = amber = f"{KIND}.other_red"
    if days < limits[red]:
        return "red", red
    last = limits[amber]
    inside = days <= last if plan.since >= RULE_SINCE and plan.officer else days < last
    return ("amber", amber) if inside and red != amber else (None, amber)


def _single(docket: Docket, plans: list[Plan]) -> Iterator[Signal]:
    """Plans with one day of trades within twelve months; provisional until those are over."""
    wait = timedelta(days=round(docket.thresholds.days(f"{KIND}.single_months") * _MONTH))
    singles: dict[str, list[Plan]] = {}
    for plan in plans:
        deals = [deal for deal in plan.deals if not deal.trade.sold_to_cover]
        if not deals or any(_of_issuer(deal) for deal in deals):
            continue
        ends_on = plan.first_on + wait
        if len({deal.on for deal in deals if deal.on and deal.on <= ends_on}) == 1:
            singles.setdefault(plan.maker, []).append(plan)
    for maker, own in singles.items():
        own.sort(key=lambda plan: plan.first_on)
        for index, plan in enumerate(own):
            near = [one for one in own[:index] if plan.first_on - one.first_on <= wait]
            yield _single_signal(docket, maker, plan, near, plan.first_on + wait)


def _single_signal(docket: Docket, maker: str, plan: Plan, near: list[Plan], settles_on: date) -> Signal:
    first = min(plan.first, key=lambda deal: deal.order)
    roles = [role for deal in plan.first for role in deal.roles]
    red = bool(near) and plan.since >= RULE_SINCE and docket.over(settles_on)
    so_far = "" if docket.over(settles_on) else " so far"
    evidence: dict[str, Any] = {
        "tests": [
            measured(docket, "months with one day of trades", 12, f"{KIND}.single_months", docket.over(settles_on))
        ],
        "adopted_or_changed_on": plain(plan.since),
        "traded_on": plain(plan.first_on),
        "other_single_plans": [plain(one.since) for one in near],
        "words": _words(plan.first),
    }
    return draft(
        docket,
        KIND,
        f"{docket.people[maker]}:{plan.since}:single",
        known_at=docket.settled(settles_on, first.known_at),
        window=(plan.first_on, settles_on),
        strength=60 if red else 20,
        deals=plan.first,
        insiders=[party(docket, maker, roles)],
        tags=["single_trade", *(["red"] if red else [])],
        settles_on=settles_on,
        evidence=evidence,
        sentence=f"{who(docket, maker, roles)} traded on one day only{so_far}, {plan.first_on}, under the plan of "
        f"{plan.since}"
        f"{', the second such plan within twelve months' if near else ''}.",
    )


def _undated(docket: Docket, deals: list[Deal]) -> Signal:
    first = deals[0]
    roles = [role for deal in deals for role in deal.roles]
    ons = sorted(deal.on for deal in deals if deal.on)
    given = [
        day
        for deal in deals
        if deal.trade.plan
        for day in (deal.trade.plan.adopted_on, deal.trade.plan.modified_on)
        if day
    ]
    why = f"the date given, {given[0]}, lies after the trade" if given else "no note gives the date of its adoption"
    return draft(
        docket,
        KIND,
        f"{first.root.accession}:undated",
        known_at=max(deal.known_at for deal in deals),
        window=(ons[0], ons[-1]),
        strength=15,
        deals=deals,
        insiders=[party(docket, first.maker, roles)],
        tags=["date_missing"],
        evidence={"tests": [], "box": True, "dates_given": plain(given), "words": _words(deals)},
        sentence=f"The box for a Rule 10b5-1 plan is ticked for trades of {who(docket, first.maker, roles)} on "
        f"{ons[0]}, and {why}.",
    )


def _of_issuer(deal: Deal) -> bool:
    cooling = deal.trade.plan.cooling_off if deal.trade.plan else None
    return cooling is not None and "issuer’s own" in cooling.reason.replace("'", "’")


def _words(deals: tuple[Deal, ...] | list[Deal]) -> list[str]:
    """What the notes say of the plan, each once."""
    return list(dict.fromkeys(said.words for deal in deals if deal.trade.plan for said in deal.trade.plan.evidence))
