"""Tests of a screen -> conditions and orders over stored trades. `matching` puts them together.

Promises: a condition is the test of `signals.criteria` and nothing else, NULL meeting none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Func, IntegerField, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Cast

from filings.models import Insider
from filings.models.fields import NumericField
from signals.criteria import ANY_OF, AT_LEAST, AT_MOST, DISJOINT, OVERLAPS, WITHIN, Test
from signals.models import Citation
from signals.models.citation import REPEATED
from signals.selectors.keyset import Order


def condition(test: Test, today: date, of: str = "") -> Q:
    """One test as a condition on trades, or on the annotated figures of groups; `of` leads to the trade from others."""
    column, value = of + test.column, test.value
    if test.op == ANY_OF:
        # Written out for a flag, as the partial indexes have it.
        return Q(**{column: value[0]}) if len(value) == 1 else Q(**{f"{column}__in": value})
    if test.op in (OVERLAPS, DISJOINT):
        overlaps = Q(**{f"{column}__{'overlap' if test.column == 'owners' else 'overlaps'}": list(value)})
        return overlaps if test.op == OVERLAPS else ~overlaps
    if test.op == WITHIN:
        return Q(**{f"{column}__gte": today - timedelta(days=value)})
    return Q(**{f"{column}__{ {AT_LEAST: 'gte', AT_MOST: 'lte'}[test.op] }": value})


def on_trades(tests: Sequence[Test], today: date) -> list[Q]:
    """These tests as conditions on trades. What citations repeat is asked of them too, where it costs less."""
    own = [condition(test, today) for test in tests if test.column in REPEATED]
    return [
        Q(pk__in=Citation.objects.filter(*own, kind__in=test.value).values("trade"))
        if test.column == "signals"
        else condition(test, today)
        for test in tests
    ]


def on_citations(tests: Sequence[Test], today: date) -> list[Q]:
    """These tests as conditions on citations, but for the kinds of the signals."""
    return [
        condition(test, today, of="" if test.column in REPEATED else "trade__")
        for test in tests
        if test.column != "signals"
    ]


def _number(words: str) -> Any:
    return NumericField().to_python(words)


_INSIDER_NAME = Subquery(Insider.objects.filter(cik=OuterRef("decision_maker")).values("name")[:1])
ORDERS = {
    "filed": Order(F("filed_on"), date.fromisoformat, nullable=False),
    "traded": Order(F("traded_on"), date.fromisoformat),
    "issuer": Order(F("issuer__name")),
    "insider": Order(_INSIDER_NAME),
    "role": Order(Cast("roles", IntegerField()), int, nullable=False),
    "what": Order(F("kind"), nullable=False),
    "code": Order(F("code")),
    "class": Order(F("security_class"), nullable=False),
    "shares": Order(F("shares"), _number),
    "price": Order(F("price"), _number),
    "value": Order(F("value"), _number),
    "stake_after": Order(F("stake_after"), _number),
    "stake": Order(F("stake_change_pct"), _number),
    "plan": Order(F("plan_status"), nullable=False),
    "ownership": Order(F("ownership")),
    "table": Order(F("table"), nullable=False),
    "delay": Order(F("delay_days"), int),
    "late": Order(F("late_business_days"), int),
    "score": Order(F("score"), int),
    "sic": Order(F("sic"), int),
    "form": Order(F("form"), nullable=False),
}


class StakeChange(Func):
    """From what there was before to what there was after, in percent; None from nothing."""

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        (after, given_after), (before, given_before) = map(compiler.compile, self.source_expressions)
        sql = f"(100 * ({after} - {before}) / NULLIF({before}, 0))"
        return sql, [*given_after, *given_before, *given_before]


_STAKES_KNOWN = Q(stake_before__isnull=False, stake_after__isnull=False)
# The figures of a group. `total` is dollars of the trades that have a value, `total_stake` what was gained or given up
# in percent of the stakes before, added up over the trades that know both.
FIGURES: dict[str, Any] = {
    "filed": Max("filed_on"),
    "traded": Max("traded_on"),
    "trades": Count("pk"),
    "filings": Count("filing", distinct=True),
    "insiders": Count("decision_maker", distinct=True),
    "officers": Count("decision_maker", distinct=True, filter=Q(roles__overlaps=("officer",))),
    "total": Sum("value"),
    "unvalued": Count("pk", filter=Q(value__isnull=True)),
    "total_stake": StakeChange(
        Sum("stake_after", filter=_STAKES_KNOWN), Sum("stake_before", filter=_STAKES_KNOWN), output_field=NumericField()
    ),
}
GROUP_ORDERS = {
    "filed": Order(F("filed"), date.fromisoformat, nullable=False),
    "traded": Order(F("traded"), date.fromisoformat),
    "issuer": Order(F("issuer__name")),
    "insider": Order(_INSIDER_NAME),
    **{name: Order(F(name), int, nullable=False) for name in ("trades", "filings", "insiders", "officers")},
    "total": Order(F("total"), _number),
    "total_stake": Order(F("total_stake"), _number),
}
GROUP_KEYS = {
    "filing": ("filing_id", "issuer_id"),
    "insider": ("issuer_id", "decision_maker"),
    "issuer": ("issuer_id",),
}
