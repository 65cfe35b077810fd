"""Screens that stand ready, as data: a name, why one would look, and the criteria as a querystring."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadyMade:
    title: str
    why: str
    query: str


READY_MADE = (
    ReadyMade(
        "Several insiders buying",
        "Three or more insiders of one company who bought within two weeks, at their own choice of time.",
        "side=bought&plan=not_plan,unknown&traded_days=14&counted=1&group=issuer&min_insiders=3&min_total=100000"
        "&sort=-total",
    ),
    ReadyMade(
        "CEO and CFO purchases",
        "Those who know the figures best, paying with their own money.",
        "side=bought&role=ceo,cfo&filed_days=90&counted=1",
    ),
    ReadyMade(
        "Large purchases",
        "A quarter of a million dollars or more in one purchase, funds left out.",
        "side=bought&min_value=250000&filed_days=90&exclude=ten_percent&counted=1&sort=-value",
    ),
    ReadyMade(
        "First purchases",
        "The first purchase of its insider at the company, as far back as this archive goes.",
        "side=bought&filed_days=90&first=1&counted=1",
    ),
    ReadyMade(
        "Large sales outside a plan",
        "A million dollars or more, with no sign of a plan made before.",
        "side=sold&min_value=1000000&plan=not_plan,unknown&filed_days=90&exclude=ten_percent&counted=1&sort=-value",
    ),
    ReadyMade(
        "Sales under a plan",
        "Scheduled beforehand under Rule 10b5-1; the plan, not the day, was the choice.",
        "side=sold&plan=plan,plan_filing&filed_days=30&counted=1",
    ),
    ReadyMade(
        "Late filings",
        "Reported after the day on which they were due.",
        "filed_days=90&late=1&sort=-late",
    ),
    ReadyMade(
        "Exercised and held",
        "Options turned into shares that were not sold the same day.",
        "filed_days=90&signal=exercise_and_hold",
    ),
)
