"""Bought and sold over the whole archive: by month, and by sector. Of trades that are counted, and no others.

Promises: every figure is of trades with a value in dollars, under a plan or not told apart; ratios are by number of
trades and by dollars, and None where nothing was traded. Costs one scan of an index over the months that are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Max

from form4site.kit.charts import Month, MonthlyBars
from signals.models import Trade
from signals.readings.sectors import DIVISIONS
from signals.selectors.kept import each_until_the_archive_changes

MONTHS = 24

_BY_MONTH = """
    SELECT date_trunc('month', filed_on)::date, direction, kind LIKE 'planned%%', count(*), sum(value),
           count(DISTINCT issuer_id)
      FROM signals_trade WHERE counted = true AND filed_on >= %s AND filed_on <= %s
     GROUP BY 1, 2, 3 ORDER BY 1
"""
_BY_SECTOR = """
    SELECT s.place, t.direction, count(*), sum(t.value), count(DISTINCT t.issuer_id)
      FROM unnest(%s::int[], %s::int[], %s::int[]) AS s (place, low, high)
      JOIN signals_trade t ON t.sic BETWEEN s.low AND s.high
     WHERE t.counted = true AND t.filed_on > %s AND t.filed_on <= %s AND t.kind IN ('buy', 'sell')
     GROUP BY 1, 2
"""
SECTOR_DAYS = 90


@dataclass(frozen=True, slots=True)
class Sides:
    """Trades of one month or sector. Values are dollars. `planned` are within the totals."""

    label: str
    on: date | None
    bought: Decimal
    sold: Decimal
    purchases: int
    sales: int
    bought_planned: Decimal
    sold_planned: Decimal

    @property
    def by_count(self) -> float | None:
        """(purchases - sales) / (purchases + sales), from -1 to 1."""
        total = self.purchases + self.sales
        return (self.purchases - self.sales) / total if total else None

    @property
    def by_value(self) -> float | None:
        total = self.bought + self.sold
        return float((self.bought - self.sold) / total) if total else None


@dataclass(frozen=True, slots=True)
class Market:
    """`until` is the newest filing date of a trade here; None in an empty archive."""

    until: date | None
    months: Sequence[Sides]
    sectors: Sequence[Sides]
    chart: MonthlyBars


@each_until_the_archive_changes(1, longer=lambda _: True)  # in an archive of ten million it takes seconds
def market() -> Market:
    """The last `MONTHS` months, and by sector the last `SECTOR_DAYS` days. Three queries."""
    until = Trade.objects.aggregate(newest=Max("filed_on"))["newest"]
    if until is None:
        return Market(None, (), (), _chart(()))
    first = date(until.year - 2, until.month, 1)
    months = _months(first, until)
    return Market(until, months, _sectors(until), _chart(months))


def _months(first: date, until: date) -> tuple[Sides, ...]:
    found: dict[date, dict[tuple[str, bool], tuple[int, Decimal]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_BY_MONTH, [first, until])
        for month, direction, planned, count, value, _issuers in cursor.fetchall():
            found.setdefault(month, {})[direction, planned] = (count, value)
    return tuple(_sides(f"{month:%B %Y}", month, rows) for month, rows in sorted(found.items()))


def _sectors(until: date) -> tuple[Sides, ...]:
    divisions = [(place, low, high) for place, (_, low, high) in enumerate(DIVISIONS)]
    places, lows, highs = (list(column) for column in zip(*divisions, strict=True))
    found: dict[int, dict[tuple[str, bool], tuple[int, Decimal]]] = {}
    with connection.cursor() as cursor:
        since = date.fromordinal(until.toordinal() - SECTOR_DAYS)
        cursor.execute(_BY_SECTOR, [places, lows, highs, since, until])
        for place, direction, count, value, _issuers in cursor.fetchall():
            found.setdefault(place, {})[direction, False] = (count, value)
    return tuple(_sides(DIVISIONS[place][0], None, rows) for place, rows in sorted(found.items()))


def _sides(label: str, on: date | None, rows: dict[tuple[str, bool], tuple[int, Decimal]]) -> Sides:
    nothing = (0, Decimal(0))

    def of(direction: str) -> tuple[int, Decimal, Decimal]:
        free, planned = rows.get((direction, False), nothing), rows.get((direction, True), nothing)
        return free[0] + planned[0], free[1] + planned[1], planned[1]

    purchases, bought, bought_planned = of("acquired")
    sales, sold, sold_planned = of("disposed")
    return Sides(label, on, bought, sold, purchases, sales, bought_planned, sold_planned)


def _chart(months: Sequence[Sides]) -> MonthlyBars:
    return MonthlyBars(
        ident="market",
        months=tuple(
            Month(on=row.on, bought=row.bought, sold=row.sold, bought_planned=row.bought_planned,
                  sold_planned=row.sold_planned)
            for row in months if row.on is not None
        ),
        unit="US dollars of counted trades, by the month of filing; hollow: under a plan",
    )  # fmt: skip
