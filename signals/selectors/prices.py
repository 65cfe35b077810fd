"""The prices of an issuer: those that its insiders filed, those that somebody imported, and the splits between them.

Promises: a close is given as traded, whatever scale its file had; a filed price is the median of the day's standing
P, S and F rows of Table I in dollars; the class under "" is the one that insiders trade most. Nothing is made up
between two days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast, JSONObject

from filings.models import Issuer
from form4site.kit.statements import Question, Statement, asked
from signals.models import DailyClose, StockSplit, Trade
from signals.readings.splits import NO_SPLITS, Close, Split, Splits

UNFIT = ("no_price", "bad_price", "bad_value", "bad_date", "home_market")
_FILED, _CLOSE, _SPLIT = "filed", "close", "split"


@dataclass(frozen=True, slots=True)
class PriceBook:
    """`filed` and `closes` are by class, oldest first, as filed and as traded; `main` is the class traded most."""

    filed: Mapping[str, tuple[Close, ...]] = field(default_factory=dict)
    closes: Mapping[str, tuple[Close, ...]] = field(default_factory=dict)
    splits: Splits = NO_SPLITS
    main: str | None = None

    def tape(self, security_class: str | None) -> tuple[Close, ...]:
        """Closes where there are any, and filed prices on the days that have none."""
        name = security_class or self.main or ""
        closes, filed = self.closes.get(name, ()), self.filed.get(name, ())
        if not closes:
            return filed
        days = {close.on for close in closes}
        return tuple(sorted([*closes, *(one for one in filed if one.on not in days)]))


def closes_and_splits(issuers: Iterable[str]) -> dict[str, tuple[dict[str, list[Close]], list[Split]]]:
    """What was imported of each issuer, as detectors take it: closes by class (as traded), splits. Two queries."""
    wanted = list(issuers)
    splits: dict[str, list[Split]] = {}
    for cik, on, ratio in (
        StockSplit.objects.filter(issuer__in=wanted).order_by("on").values_list("issuer_id", "on", "ratio")
    ):
        splits.setdefault(cik, []).append(Split(on, ratio))
    known = {cik: Splits(found) for cik, found in splits.items()}
    closes: dict[str, dict[str, list[Close]]] = {}
    for cik, name, on, price, scaled_to in (
        DailyClose.objects.filter(issuer__in=wanted)
        .order_by("on")
        .values_list("issuer_id", "security_class", "on", "price", "scaled_to")
    ):
        traded = as_traded(known.get(cik, NO_SPLITS), on, price, scaled_to)
        closes.setdefault(cik, {}).setdefault(name, []).append(traded)
    return {cik: (closes.get(cik, {}), splits.get(cik, [])) for cik in wanted if cik in closes or cik in splits}


@asked
def price_book(issuer: str, since: date, until: date, shown: Iterable[Split] = ()) -> Question[PriceBook]:
    """The prices of an issuer from one day to another, and all its splits; `shown` where none is listed."""
    statement, standing = _filed()
    of = int(issuer)
    (rows,) = yield [Statement(statement, [*standing, of, since, until, of, since, until, of])]
    filed: dict[str, list[Close]] = {}
    scaled: list[tuple[str, date, Decimal, date | None]] = []
    splits: list[Split] = []
    for what, name, on, price, scaled_to in rows:
        if what == _SPLIT:
            splits.append(Split(on, price))
        elif what == _CLOSE:
            scaled.append((name, on, price, scaled_to))
        else:
            filed.setdefault(name, []).append(Close(on, price))
    main = max(filed, key=lambda name: (len(filed[name]), name), default=None)
    listed = Splits(splits)  # closes are on the scale of these
    closes: dict[str, list[Close]] = {}
    for name, on, price, scaled_to in scaled:
        closes.setdefault(name or main or "", []).append(as_traded(listed, on, price, scaled_to))
    return PriceBook(
        {name: tuple(sorted(found)) for name, found in filed.items()},
        {name: tuple(sorted(found)) for name, found in closes.items()},
        listed or Splits(shown),
        main,
    )


def known_splits(listed: Iterable[Mapping[str, Any]], shown: Iterable[Mapping[str, Any]] | None) -> Splits:
    """The splits of one issuer from their JSON: those that were imported, or those that filings show."""
    imported = [Split(date.fromisoformat(one["on"]), Decimal(str(one["ratio"]))) for one in listed]
    return Splits(imported or [Split.shown(one) for one in shown or ()])


def splits_of(issuer: str) -> Splits:
    """The splits of one issuer. One query."""
    found = Issuer.objects.filter(cik=issuer).values_list("state__inferred_splits", listed_splits("cik")).first()
    return known_splits(found[1], found[0]) if found else NO_SPLITS


def listed_splits(issuer: str) -> ArraySubquery:
    """The imported splits of the issuer in that column, as JSON."""
    splits = StockSplit.objects.filter(issuer=OuterRef(issuer)).order_by("on")
    return ArraySubquery(splits.values(json=JSONObject(on="on", ratio=Cast("ratio", TextField()))))


def as_traded(splits: Splits, on: date, price: Decimal, scaled_to: date | None) -> Close:
    """A stored close with the splits that its file took out put back."""
    return Close(on, price if scaled_to is None else price * splits.factor(on, scaled_to))


def filed_prices() -> QuerySet[Trade]:
    """The trades whose price is one of a share in a market, in dollars, that can be believed."""
    return Trade.objects.filter(
        ~Q(reasons__overlaps=UNFIT), code__in=("P", "S", "F"), table="I", price__gt=0, traded_on__isnull=False,
        standing=True,
    )  # fmt: skip


_ROWS = f"""
SELECT '{_FILED}', security_class, traded_on, percentile_disc(0.5) WITHIN GROUP (ORDER BY price), NULL::date
  FROM ({{filed}}) AS filed (issuer_id, security_class, traded_on, price)
 WHERE issuer_id = %s AND traded_on BETWEEN %s AND %s
 GROUP BY security_class, traded_on
UNION ALL
SELECT '{_CLOSE}', security_class, "on", price, scaled_to FROM signals_dailyclose
 WHERE issuer_id = %s AND "on" BETWEEN %s AND %s
UNION ALL
SELECT '{_SPLIT}', '', "on", ratio, NULL FROM signals_stocksplit WHERE issuer_id = %s
"""


@cache
def _filed() -> tuple[str, tuple[Any, ...]]:
    """The statement, with the values that `filed_prices` always has: they come before all others."""
    filed, values = (
        filed_prices()
        .order_by()
        .values_list("issuer_id", "security_class", "traded_on", "price")
        .query.sql_with_params()
    )
    return _ROWS.format(filed=filed), values
