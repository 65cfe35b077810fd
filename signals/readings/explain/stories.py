"""Grant, vest, withheld, sold: a story over days and filings in a sentence, and its steps in words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from signals.readings.exercise import (
    EXERCISE,
    GRANT,
    KEPT,
    KEPT_ALL,
    SOLD,
    SOLD_EVERYTHING,
    SOLD_LATER,
    SOLD_TO_COVER,
    VEST,
    WITHHELD,
    Story,
    Strip,
)
from signals.readings.explain.things import amount, noun
from signals.readings.explain.words import day, money, number, price

_STEPS = {GRANT: "Granted", EXERCISE: "Exercised", VEST: "Vested", WITHHELD: "Withheld", SOLD: "Sold", KEPT: "Kept"}
OUTCOMES = {
    KEPT_ALL: "Kept all",
    SOLD_TO_COVER: "Sold to cover",
    SOLD_EVERYTHING: "Sold everything",
    SOLD_LATER: "Sold later",
    "sold_part": "Sold a part",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the strip. `accession` is the filing that reports it, `here` whether that is the filing shown."""

    slug: str
    name: str
    amount: str
    at: str
    on: str
    accession: str | None
    anchor: str | None
    here: bool


@dataclass(frozen=True, slots=True)
class StoryWords:
    outcome: str
    text: str
    provisional: str
    steps: tuple[Step, ...]


def story_words(story: Story, accession: str) -> StoryWords:
    """The story as told on the page of this filing."""
    came = "by an exercise" if story.kind == EXERCISE else "from an award"
    text = f"{amount(story.came, story.security_class)} came {came} on {day(story.on)}"
    parts = []
    if story.withheld:
        parts.append(f"{number(story.withheld)} were withheld or went back to the company")
    if story.sold:
        more = ", more than came" if story.sold > story.came - story.withheld else ""
        parts.append(f"{number(story.sold)} were sold{more}")
    if story.kept:
        parts.append(f"{number(story.kept)} were kept")
    text += f": {', '.join(parts)}." if parts else "."
    if story.cost and story.proceeds:
        text += f" The exercise cost {money(story.cost)}; the sales brought {money(story.proceeds)}."
    until = (
        f"Not settled: shares sold until {day(story.settles_on)} would still belong to it." if story.provisional else ""
    )
    settled = story.outcome == KEPT_ALL and not story.kept
    outcome = "Settled with the company" if settled else OUTCOMES[story.outcome]
    return StoryWords(outcome, text, until, tuple(_step(strip, story, accession) for strip in story.strips))


def _step(strip: Strip, story: Story, accession: str) -> Step:
    name = _STEPS[strip.step]
    return Step(
        slug=strip.step,
        name=f"{name} later" if strip.later else name,
        amount=f"{number(strip.shares)} {_of(strip, story)}",
        at=f"at {price(strip.price)}" if strip.price and strip.step in (EXERCISE, SOLD, WITHHELD) else "",
        on=day(strip.on) if strip.on else "",
        accession=strip.accession,
        anchor="{}-t-{}".format(*strip.lines[0]) if strip.lines else None,
        here=strip.accession == accession,
    )


def _of(strip: Strip, story: Story) -> str:
    if strip.step == GRANT:
        return "awarded"
    return noun(story.security_class, strip.shares == Decimal(1))
