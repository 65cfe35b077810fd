"""The conviction score of a trade: InsiderTradeFlow's published points, and every part with its reason.

The points are the guide's: P +10, over $500,000 +5, CEO or CFO +3, after a fall +3, no plan +2; S -2, over a quarter of
the holding -5, among several sellers -5, under a plan +3; an exercise held +3, partly sold 0, sold at once -1; all
else is filtered out and has no score. Promises: a score is never without its parts; what is unknown has no points and
says so; a trade that another filing owns, corrects or takes back has no score. `CORRECTIONS` says where facts of the
field forbid to follow the guide.
Refuses: to call the number evidence. No study supports these points, nor any other such sum.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from signals.readings.exercise import EXERCISE, SOLD, Story, stories
from signals.readings.prices import Prices
from signals.readings.trade import Trade
from signals.readings.trades import IssuerReading
from signals.readings.vocabulary import MARKET, NOT_PLAN

BUY, BIG_BUY, LEADER, FALLEN, UNPLANNED = 10, 5, 3, 3, 2
SELL, BIG_SELL, CLUSTERED, PLANNED = -2, -5, -5, 3
HELD, PART_SOLD, SOLD_AT_ONCE = 3, 0, -1
BIG_VALUE, BIG_PART = Decimal(500_000), Decimal(25)
FALL, MAY_BE_SPLIT = Decimal(-20), Decimal(-65)
CLUSTER, CLUSTER_DAYS = 3, timedelta(days=14)
_DAY = timedelta(days=1)
# Sales of a little more than came (dividend shares, a few old ones) are still out of the exercise.
_ALL = Decimal("1.1")

# For the page that explains the score: what gives how many points.
POINTS = (
    (BUY, "Bought in the market (code P)"),
    (BIG_BUY, "The purchase is worth more than $500,000"),
    (LEADER, "The buyer is chief executive or chief financial officer"),
    (FALLEN, "The price had fallen by a fifth or more"),
    (UNPLANNED, "The form says that the purchase was under no plan"),
    (SELL, "Sold in the market (code S)"),
    (BIG_SELL, "The sale is more than a quarter of the holding"),
    (CLUSTERED, "Several insiders sold within two weeks"),
    (PLANNED, "The sale was under a Rule 10b5-1 plan"),
    (HELD, "Exercised, and everything kept for thirty days"),
    (PART_SOLD, "Exercised, and part of it sold at once"),
    (SOLD_AT_ONCE, "Exercised, and all of it sold at once"),
)

CORRECTIONS = (
    "The points are arbitrary: no study supports them, and research found no effect of size or role on what "
    "purchases earned.",
    "Code P also covers private placements, offerings and employee plans; those get no points, as nothing was "
    "bought in the market.",
    "A form that does not say whether there was a plan is unknown, not “no plan”: it gets no points for that.",
    "That a purchase under a plan shows confidence is without evidence; it gets the base and no more.",
    "The guide’s exercise leaves out tax and later days. Here shares withheld are taken off first, sales up to the "
    "next trading day count "
    "as immediate, and a sale within thirty days ends a hold.",
    "A sale out of an exercise is scored once, with the exercise, and a sale to cover tax not at all.",
    "A vesting has no price to pay and is no choice. Forms report it as M (with F for tax) more often than as A.",
    "“Cluster selling” has no support in research; the guide’s points for it are kept and said.",
    "Code I is a switch inside an employee plan by the insider’s own choice, and J and K need their footnotes; "
    "none is scored.",
)


@dataclass(frozen=True, slots=True)
class Part:
    points: int
    reason: str


@dataclass(frozen=True, slots=True)
class Score:
    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        return sum(part.points for part in self.parts)

    def as_json(self) -> dict[str, Any]:
        return {"total": self.total, "parts": [{"points": part.points, "reason": part.reason} for part in self.parts]}


Place = tuple[str, tuple[tuple[str, int], ...]]


class Sale(NamedTuple):
    """A sale that is scored as one, and whose decision it was."""

    on: date
    maker: str


def sellers(sales: Sequence[Sale], on: date) -> int:
    """The most decision-makers that sold in one window of two weeks around that day; sales are sorted."""
    first, last = bisect_left(sales, (on - CLUSTER_DAYS,)), bisect_left(sales, (on + CLUSTER_DAYS + _DAY,))
    near = sales[first:last]
    starts = {sale.on for sale in near if sale.on <= on}
    return max(
        (len({sale.maker for sale in near if start <= sale.on <= start + CLUSTER_DAYS}) for start in starts), default=0
    )


def scores(
    reading: IssuerReading, prices: Prices | None = None, sales_beside: Iterable[Sale] = ()
) -> Mapping[Place, Score]:
    """The score of each trade of an issuer that has one, by its accession and lines.

    `sales_beside` are those of insiders that are not in the reading.
    """
    work = _Work(reading, Prices.of(reading) if prices is None else prices, sales_beside)
    found = ((trade, work.score(trade)) for trade in reading.trades)
    return {(trade.accession, trade.lines): score for trade, score in found if score is not None}


class _Work:
    def __init__(self, reading: IssuerReading, prices: Prices, sales_beside: Iterable[Sale]) -> None:
        self.reading = reading
        self.prices = prices
        self.story_of: dict[Place, Story] = {}
        newest = max((form.filed_on for form in reading.history), default=date.min)
        for story in stories(reading, as_of=newest):
            for strip in story.strips:
                if strip.accession and not strip.later:
                    self.story_of[strip.accession, strip.lines] = story
        self.sales: Sequence[Sale] = sorted([*sales_beside, *self._sales()])

    def score(self, trade: Trade) -> Score | None:
        if not trade.standing or any(item.reason in _NO_SCORE for item in trade.exclusions):
            return None
        if trade.kind in MARKET:
            why = next((item for item in trade.exclusions), None)
            if why is not None:
                return _nothing(why.text)
            return self._bought(trade) if trade.code == "P" else self._sold(trade)
        story = self.story_of.get((trade.accession, trade.lines))
        if trade.kind == EXERCISE and story is not None and trade.direction == "acquired":
            return _exercised(story)
        return None

    def _bought(self, trade: Trade) -> Score:
        parts = [Part(BUY, "A purchase in the open market (code P).")]
        if trade.value is not None and trade.value > BIG_VALUE:
            parts.append(Part(BIG_BUY, f"For ${trade.value:,.0f}, more than ${BIG_VALUE:,.0f}."))
        if leader := _leader(trade.roles):
            parts.append(Part(LEADER, f"By the {leader}."))
        parts.append(self._fallen(trade))
        status = trade.plan.status if trade.plan else "unknown"
        if status == NOT_PLAN:
            parts.append(Part(UNPLANNED, "Not under a Rule 10b5-1 plan, by the form."))
        else:
            parts.append(Part(0, "Under a plan." if trade.planned else "Whether there was a plan is not known."))
        return Score(tuple(parts))

    def _fallen(self, trade: Trade) -> Part:
        """The price against the highest that insiders traded at in twelve months before, where filings tell."""
        against = None
        if trade.price and trade.traded_on:
            against = self.prices.below_filed_high(trade.security_class, trade.price, trade.traded_on, trade.known_at)
        if against is None:
            return Part(0, "No earlier price is on file to tell whether the price had fallen.")
        said = f"{abs(against.percent):,.0f}% {'below' if against.percent <= 0 else 'above'} the {against.what}"
        if not self.prices.splits and against.percent <= MAY_BE_SPLIT:
            return Part(0, f"{said}, which may be a share split.")
        return Part(FALLEN if against.percent <= FALL else 0, f"{said}.")

    def _sold(self, trade: Trade) -> Score:
        if trade.sold_to_cover:
            return _nothing("Sold to cover tax or an exercise price.")
        if self._out_of_exercise(trade):
            return _nothing("Sold out of an exercise, and scored with it.")
        parts = [Part(SELL, "A sale in the open market (code S).")]
        part = trade.stake_change_pct
        if part is None:
            parts.append(Part(0, "What part of the holding was sold is not known."))
        else:
            points = BIG_SELL if -part > BIG_PART else 0
            parts.append(
                Part(points, f"{-part:,.1f}% of the holding, {'more' if points else 'no more'} than {BIG_PART}%.")
            )
        if trade.planned:
            parts.append(Part(PLANNED, "Under a Rule 10b5-1 plan."))
        elif trade.traded_on and (many := sellers(self.sales, trade.traded_on)) >= CLUSTER:
            parts.append(
                Part(CLUSTERED, f"One of {many} who sold within {CLUSTER_DAYS.days} days (no study supports this).")
            )
        return Score(tuple(parts))

    def _out_of_exercise(self, trade: Trade) -> bool:
        story = self.story_of.get((trade.accession, trade.lines))
        return story is not None and story.kind == EXERCISE and story.ratio is not None and story.ratio <= _ALL

    def _sales(self) -> Iterator[Sale]:
        """Without plans, tax and exercises."""
        makers = self.reading.decision_makers
        for trade in self.reading.trades:
            sold = trade.kind == "sell" and trade.counted and not trade.sold_to_cover
            if sold and trade.traded_on is not None and not self._out_of_exercise(trade):
                yield Sale(trade.traded_on, min(makers[cik] for cik in trade.owners))


# What cannot be believed, or is told elsewhere, is not scored at all.
_NO_SCORE = frozenset({"bad_price", "bad_value", "bad_date", "no_price", "issuer_is_owner"})


def _exercised(story: Story) -> Score:
    if story.kind != EXERCISE or story.ratio is None:
        return _nothing("Nothing was left to keep or to sell after withholding.")
    percent = f"{story.ratio * 100:,.0f}% of the shares left after withholding were sold by the next trading day"
    if story.ratio >= Decimal("0.9"):
        return Score((Part(SOLD_AT_ONCE, f"Exercised and sold: {percent}."),))
    later = any(strip.step == SOLD and strip.later for strip in story.strips)
    if story.ratio >= Decimal("0.1") or later:
        more = "; more were sold within thirty days" if later else ""
        return Score((Part(PART_SOLD, f"Exercised and partly sold: {percent}{more}."),))
    return Score(
        (Part(HELD, f"Exercised and held: {percent}, and none later in the thirty days after, by filings here."),)
    )


def _leader(roles: Sequence[str]) -> str | None:
    return next((role.upper() for role in ("ceo", "cfo") if role in roles), None)


def _nothing(reason: str) -> Score:
    return Score((Part(0, reason),))
