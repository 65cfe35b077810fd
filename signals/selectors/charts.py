"""What the chart of home is drawn from: the counted trades of the newest filings, by company.

Promises: each event once, whoever reported it; a trade without a value in dollars has none, never zero; the cost is
the same in an archive of any size. The charts of one party are those of `timelines`.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse

from form4site.kit.charts import Trade as Traded
from form4site.kit.charts import TradesChart
from signals.addresses import filing_address
from signals.models import Trade
from signals.selectors.kept import until_the_archive_changes
from signals.selectors.timelines import mark_kind, mark_plan, mark_words

LATELY = timedelta(days=90)
NEWEST = 2_000  # trades that the chart looks at, newest filing first
LANES = 8
SHOWN_ROWS = 60


@until_the_archive_changes
def lately_chart(until: date | None) -> TradesChart | None:
    """Counted trades of the 90 days to `until`, by the companies with the most dollars. One query.

    None where no trade has a value.
    """
    if until is None:
        return None
    newest = Trade.objects.order_by("-filed_on", "-filing", "number").values("pk")[:NEWEST]
    rows = (
        Trade.objects.filter(pk__in=newest, counted=True, traded_on__range=(until - LATELY, until))
        .order_by("traded_on", "filing", "number")
        .values_list(
            "issuer_id", "issuer__name", "traded_on", "kind", "direction", "plan_status", "value", "shares", "filing_id"
        )
    )
    by_issuer: dict[str, list[Traded]] = {}
    for cik, called, on, kind, direction, plan, value, shares, filing in rows:
        assert on is not None  # the query asks for those that have a date
        name = called or cik
        by_issuer.setdefault(name, []).append(
            Traded(
                on, mark_kind(kind), value, mark_words(name, kind, direction, shares, value, on),
                filing_address(filing), mark_plan(plan), name,
            )
        )  # fmt: skip
    worth = {name: sum((Decimal(one.value or 0) for one in trades), Decimal(0)) for name, trades in by_issuer.items()}
    lanes = tuple(sorted((name for name in worth if worth[name]), key=lambda name: (-worth[name], name))[:LANES])
    if not lanes:
        return None
    return TradesChart(
        ident="lately",
        trades=tuple(trade for name in lanes for trade in by_issuer[name]),
        title="Bought and sold lately, by company",
        unit=f"by value in US dollars, counted once: the {len(lanes)} companies with most of it in 90 days",
        lanes=lanes,
        since=until - LATELY,
        until=until,
        shown_rows=SHOWN_ROWS,
        more_href=reverse("signals:screen"),
    )
