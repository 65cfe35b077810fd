"""What the archive holds of Rule 10b5-1 plans: trades by state, each with an example, and how soon plans first traded.

Promises: only purchases and sales that stand are counted; a plan is one decision-maker at one issuer with one day of
adoption, and its first trade is the first that is known here. Costs a scan of an index over trades on the market, and
the rows of plan trades of the last five years.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet

from form4site.kit.charts import Band, Histogram
from signals.learning.plans import STATES
from signals.models import Trade
from signals.readings.plan import BOX_SINCE, RULE_SINCE
from signals.readings.vocabulary import MARKET

YEARS = 5
EDGES = (0, 30, 60, 90, 120, 180, 365)
_LEAST_WAIT = EDGES.index(90)

_FIRST_TRADES = """
    WITH plan AS (
        SELECT plan_adopted_on AS adopted_on, min(traded_on) - plan_adopted_on AS days
          FROM signals_trade
         WHERE kind IN ('planned_buy', 'planned_sell') AND standing AND filed_on >= %s
           AND plan_adopted_on IS NOT NULL AND traded_on >= plan_adopted_on
         GROUP BY issuer_id, decision_maker, plan_adopted_on
    )
    SELECT adopted_on >= %s, width_bucket(days, %s::int[]), count(*) FROM plan GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class State:
    """A state of the evidence with its number of trades here, of them filed since the box, and the newest example."""

    status: str
    name: str
    means: str
    trades: int
    since_box: int
    disagree: int
    example: Trade | None


def states() -> list[State]:
    """The four states in the order of the evidence. Two queries."""
    on_market = Trade.objects.filter(standing=True, kind__in=MARKET).order_by()
    rows = on_market.values("plan_status").annotate(
        trades=Count("pk"),
        since_box=Count("pk", filter=Q(filed_on__gte=BOX_SINCE)),
        disagree=Count("pk", filter=Q(plan_disagreement=True)),
    )
    found: dict[str, Any] = {row["plan_status"]: row for row in rows}
    newest = {trade.plan_status: trade for trade in _newest_of_each()}
    nothing = {"trades": 0, "since_box": 0, "disagree": 0}
    return [
        State(
            status=status,
            name=name,
            means=means,
            trades=row["trades"],
            since_box=row["since_box"],
            disagree=row["disagree"],
            example=newest.get(status),
        )
        for status, (name, means) in STATES.items()
        for row in (found.get(status, nothing),)
    ]


def _newest_of_each() -> QuerySet[Trade]:
    """The newest trade of each state: four short walks along an index."""
    each = [
        Trade.objects.filter(standing=True, kind__in=MARKET, plan_status=status)
        .order_by("-filed_on", "-filing", "-number")
        .values("pk")[:1]
        for status in STATES
    ]
    return Trade.objects.filter(pk__in=each[0].union(*each[1:], all=True)).select_related("detail", "issuer").order_by()


@dataclass(frozen=True, slots=True)
class PlanAges:
    """Days from adoption to the first trade known, of plans adopted since the rule and before it."""

    since: Histogram
    before: Histogram


def plan_ages() -> PlanAges:
    """Two queries."""
    newest = Trade.objects.aggregate(on=Max("filed_on"))["on"]
    counts: dict[tuple[bool, int], int] = {}
    if newest:
        with connection.cursor() as cursor:
            first_day = newest - timedelta(days=YEARS * 365)
            cursor.execute(_FIRST_TRADES, [first_day, RULE_SINCE, list(EDGES)])
            counts = {(since, bucket): count for since, bucket, count in cursor.fetchall()}
    return PlanAges(
        since=Histogram(
            "plans-since",
            _bands(counts, since=True),
            "Plans adopted since 27 February 2023",
            "plans by days from adoption to the first trade here",
            thing="plan",
            axis="First trade",
            marked=(_LEAST_WAIT, "90 days, officers’ least wait"),
        ),
        before=Histogram(
            "plans-before",
            _bands(counts, since=False),
            "Plans adopted before, when there was no wait",
            "plans by days from adoption to the first trade here",
            thing="plan",
            axis="First trade",
        ),
    )


def _bands(counts: dict[tuple[bool, int], int], *, since: bool) -> tuple[Band, ...]:
    bands = []
    for place, edge in enumerate(EDGES, start=1):
        last = EDGES[place] - 1 if place < len(EDGES) else None
        words = f"{edge} to {last} days after adoption" if last else f"{edge} days after adoption or later"
        bands.append(Band(f"{edge}" if last else f"{edge}+", words, counts.get((since, place), 0)))
    return tuple(bands)
