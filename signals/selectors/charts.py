"""What the charts of home and of a party's page are drawn from: open-market and private trades, positions, as filed.

Promises: bought and sold are codes P and S of Table I; several lines of one filing with the same code are one mark;
amendments are left out, because what they restate would count twice, and the chart says so. A trade without a price
has no value, never zero, and so has one whose price a footnote gives in another currency. The 10b5-1 box is told as
it is: ticked, or unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.urls import reverse

from filings.models import Filing, FilingOwner, Insider, Issuer, Line
from filings.models.fields import NumericField
from form4site.kit.charts import (
    BOUGHT,
    PLAN_UNKNOWN,
    PLANNED,
    SOLD,
    Chart,
    Month,
    MonthlyBars,
    OwnershipLine,
    PositionChart,
    Report,
    Trade,
    TradesChart,
)
from signals.selectors.currency import priced_in_doubt

YEARS = 3
LATELY = timedelta(days=90)
NEWEST = 1_000  # filings that the chart of all issuers looks at: its cost is the same in an archive of any size
LANES = 8
_KINDS = {"P": BOUGHT, "S": SOLD}
PRICED_IN_DOLLARS = Q(price__gt=0) & ~Q(priced_in_doubt())


def issuer_charts(issuer: Issuer, until: date | None) -> list[Chart]:
    """Trades by insider and bought and sold by month, over the three years to `until`. One query."""
    if until is None:
        return []
    since = _years_before(until, YEARS)
    rows = _trades(Line.objects.filter(filing__issuer=issuer), since, until)
    trades = tuple(_mark(row) for row in rows)
    lanes = tuple(dict.fromkeys(trade.lane for trade in sorted(trades, key=lambda trade: trade.on, reverse=True)))
    return [
        TradesChart(
            ident="trades",
            trades=trades,
            title="Bought and sold by each insider",
            unit="each mark’s area is the value in US dollars; amendments left out",
            lanes=lanes,
            since=since,
            until=until,
        ),
        _months(trades),
    ]


def lately_chart(until: date | None) -> TradesChart | None:
    """Trades of the 90 days to `until` in the newest filings, by issuer: those with the most dollars. One query.

    None where no trade has a price.
    """
    if until is None:
        return None
    newest = Filing.objects.latest_first().values("pk")[:NEWEST]
    rows = _trades(Line.objects.filter(filing__in=newest), until - LATELY, until)
    by_issuer: dict[str, list[Trade]] = {}
    for row in rows:
        name = row["filing__issuer__name"] or row["filing__issuer_id"]
        mark = _mark(row)
        by_issuer.setdefault(name, []).append(replace(mark, lane=name, sentence=f"{name}: {mark.sentence}"))
    worth = {name: sum(trade.value or 0 for trade in trades) for name, trades in by_issuer.items()}
    lanes = tuple(sorted((name for name in worth if worth[name]), key=lambda name: (-worth[name], name))[:LANES])
    if not lanes:
        return None
    return TradesChart(
        ident="lately",
        trades=tuple(trade for name in lanes for trade in by_issuer[name]),
        title="Bought and sold lately, by company",
        unit=f"by value in US dollars: the {len(lanes)} companies with most of it in 90 days; amendments left out",
        lanes=lanes,
        since=until - LATELY,
        until=until,
    )


def insider_charts(insider: Insider) -> list[Chart]:
    """How many shares the insider's filings left on each ownership line of their main security. One query."""
    securities: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in _reported(insider):
        securities.setdefault((row["filing__issuer_id"], row["security_title"]), []).append(row)
    if not securities:
        return []
    rows = max(securities.values(), key=lambda rows: (len(rows), rows[-1]["filing__listed_on"]))
    main = rows[0]
    if len(rows) < 2:
        return []
    lines: dict[str, dict[str, Report]] = {}
    for row in rows:
        held = "Directly" if row["ownership"] == "D" else row["nature_of_ownership"] or "Indirectly"
        # Of the rows of one filing for one ownership line, the last one stands: column 5 is what followed them all.
        lines.setdefault(held, {})[row["filing_id"]] = Report(
            on=row["filing__listed_on"],
            shares=row["shares_owned_following"],
            href=reverse("signals:filing", args=[row["filing_id"]]),
        )
    return [
        PositionChart(
            ident="position",
            lines=tuple(OwnershipLine(name, tuple(reports.values())) for name, reports in lines.items()),
            title=f"{main['security_title']} of {main['filing__issuer__name']} after each report",
            unit="by how they are held, as filed: not adjusted for splits",
        )
    ]


def _trades(lines: QuerySet[Line], since: date, until: date) -> list[Any]:
    first_owner = FilingOwner.objects.filter(filing=OuterRef("filing_id"), position=0)
    return list(
        lines.filter(
            table="I",
            kind="transaction",
            code__in=_KINDS,
            transaction_date__range=(since, until),
            filing__form__in=("4", "5"),
        )
        .values("filing_id", "code", "filing__aff10b5_one", "filing__issuer_id", "filing__issuer__name")
        .annotate(
            on=Max("transaction_date"),
            amount=Sum("shares"),
            value=Sum(F("shares") * F("price"), filter=PRICED_IN_DOLLARS, output_field=NumericField()),
            who=Subquery(first_owner.values("name")),
            who_cik=Subquery(first_owner.values("insider_id")),
        )
        .order_by("on", "filing_id", "code")
    )


def _mark(row: dict[str, Any]) -> Trade:
    who = row["who"] or row["who_cik"]
    verb = "bought" if row["code"] == "P" else "sold"
    worth = (
        f" for ${row['value']:,.0f}"
        if row["value"] is not None
        else ", at a price that the table does not give in dollars"
    )
    amount = f"{row['amount']:,f} " if row["amount"] is not None else ""
    return Trade(
        on=row["on"],
        kind=_KINDS[row["code"]],
        value=row["value"],
        sentence=f"{who} {verb} {amount}shares{worth} on {row['on'].day} {row['on']:%b %Y}",
        href=reverse("signals:filing", args=[row["filing_id"]]),
        plan=PLANNED if row["filing__aff10b5_one"] else PLAN_UNKNOWN,
        lane=who,
    )


def _months(trades: tuple[Trade, ...]) -> MonthlyBars:
    months: dict[date, dict[str, Decimal | None]] = {}
    for trade in trades:
        sums = months.setdefault(trade.on.replace(day=1), {})
        if trade.value is not None:
            sums[trade.kind] = (sums.get(trade.kind) or Decimal(0)) + Decimal(trade.value)
        else:
            sums.setdefault(trade.kind, None)  # traded, for nobody knows how many dollars: neither a value nor none
    return MonthlyBars(
        ident="months",
        months=tuple(
            Month(on=month, bought=sums.get(BOUGHT, Decimal(0)), sold=sums.get(SOLD, Decimal(0)))
            for month, sums in sorted(months.items())
        ),
        unit="US dollars, of trades with a price in dollars; amendments left out",
    )


def _reported(insider: Insider) -> Iterable[Any]:
    """The amounts of shares that this insider's filings state after each row, in the order of the filings."""
    owned = FilingOwner.objects.filter(insider=insider).values("filing")
    return (
        Line.objects.filter(
            filing__in=owned,
            table="I",
            shares_owned_following__isnull=False,
            security_title__isnull=False,
            filing__listed_on__isnull=False,
        )
        .order_by("filing__listed_on", "filing_id", "position")
        .values(
            "filing_id",
            "filing__listed_on",
            "filing__issuer_id",
            "filing__issuer__name",
            "security_title",
            "ownership",
            "nature_of_ownership",
            "shares_owned_following",
        )
    )


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
