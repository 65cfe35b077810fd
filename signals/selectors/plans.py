"""What the archive holds of Rule 10b5-1 plans: trades by state, each with an example, and how soon plans first traded.

Promises: only purchases and sales that stand are counted; a plan is one decision-maker at one issuer with one day of
adoption, and its first trade is the first that is known here. Counting costs a scan of an index over trades on the
market, and the rows of plan trades of the last five years: a large archive is counted once a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet

from form4site.kit.charts import Band, Histogram
from signals.learning.plans import STATES
from signals.models import Trade
from signals.readings.plan import BOX_SINCE, RULE_SINCE
from signals.readings.vocabulary import MARKET
from signals.selectors.kept import until_the_archive_changes
from signals.selectors.tallied import tallied

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


@dataclass(frozen=True, slots=True)
class PlanCounts:
    """What `counted` gives. `on` is when a large archive was last counted, None for now."""

    counts: Mapping[str, Any]
    on: datetime | None


def plan_counts() -> PlanCounts:
    """As last tallied where the archive is large, counted now where it is not."""
    on, counts = tallied("plans") or (None, counted())
    return PlanCounts(counts, on)


@until_the_archive_changes
def counted() -> dict[str, Any]:
    """As JSON has it. Of each status under `states` its trades, those filed since the box, those in which box and notes
    disagree, and the newest, (accession, number); under `ages` rows of (since the rule, place among `EDGES`, plans).
    Four queries, which look at every trade on the market.
    """
    on_market = Trade.objects.filter(standing=True, kind__in=MARKET).order_by()
    rows = on_market.values_list("plan_status").annotate(
        trades=Count("pk"),
        since_box=Count("pk", filter=Q(filed_on__gte=BOX_SINCE)),
        disagree=Count("pk", filter=Q(plan_disagreement=True)),
    )
    newest = {status: [filing, number] for status, filing, number in _newest_of_each()}
    return {
        "states": {status: [*numbers, newest.get(status)] for status, *numbers in rows},
        "ages": _first_trades(),
    }


def _newest_of_each() -> QuerySet[Trade, tuple[str, str, int]]:
    """The newest trade of each state: four walks along an index, short where the state is not rare."""
    each = [
        Trade.objects.filter(standing=True, kind__in=MARKET, plan_status=status)
        .order_by("-filed_on", "-filing", "-number")
        .values("pk")[:1]
        for status in STATES
    ]
    newest = Trade.objects.filter(pk__in=each[0].union(*each[1:], all=True)).order_by()
    return newest.values_list("plan_status", "filing_id", "number")


def _first_trades() -> list[list[Any]]:
    newest = Trade.objects.aggregate(on=Max("filed_on"))["on"]
    if newest is None:
        return []
    with connection.cursor() as cursor:
        first_day = newest - timedelta(days=YEARS * 365)
        cursor.execute(_FIRST_TRADES, [first_day, RULE_SINCE, list(EDGES)])
        return [list(row) for row in cursor.fetchall()]


def states(plans: PlanCounts) -> list[State]:
    """The four states in the order of the evidence. One query: an example may be read otherwise since it was noted."""
    found = plans.counts["states"]
    noted = Q(*(Q(filing=row[3][0], number=row[3][1]) for row in found.values() if row[3]), _connector=Q.OR)
    standing = Trade.objects.filter(noted, standing=True) if noted else Trade.objects.none()
    newest = {trade.plan_status: trade for trade in standing.select_related("detail", "issuer").order_by()}
    return [
        State(
            status=status,
            name=name,
            means=means,
            trades=trades,
            since_box=since_box,
            disagree=disagree,
            example=newest.get(status),
        )
        for status, (name, means) in STATES.items()
        for trades, since_box, disagree, _ in (found.get(status, (0, 0, 0, None)),)
    ]


@dataclass(frozen=True, slots=True)
class PlanAges:
    """Days from adoption to the first trade known, of plans adopted since the rule and before it."""

    since: Histogram
    before: Histogram


def plan_ages(plans: PlanCounts) -> PlanAges:
    counts = {(since, bucket): count for since, bucket, count in plans.counts["ages"]}
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
