"""The rows behind a number: the trades that a total counted and those that it left out, each with its reason.

Promises: what is counted and what is left out are all the trades of that side and those days, none missing and none
twice; the sums of the list's head are over all of them, not over the page. A keyset page, newest filing first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from signals.choice import BOUGHT, LATE, SOLD, Choice
from signals.models import Trade

PAGE_SIZE = 50
_KEY = re.compile(r"(\d{4}-\d{2}-\d{2}),(\d{10}-\d{2}-\d{6}),(\d{1,5})", re.ASCII)
REASON_WORDS = {
    "mechanics": "no purchase or sale in a market",
    "private": "not in the open market",
    "plan_allocation": "a plan’s allocation to many at one price",
    "duplicate": "reported before",
    "superseded": "stated again by an amendment",
    "withdrawn": "taken back",
    "no_price": "no price",
    "bad_price": "a price that cannot be",
    "bad_value": "a value that cannot be",
    "bad_date": "a date that cannot be",
    "home_market": "in another currency or home market",
    "derivative": "a derivative",
    "issuer_is_owner": "the company itself",
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Trades left out for the same reasons."""

    words: str
    trades: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A trade of the list, with the words of why it is not counted."""

    trade: Trade
    why_not: Sequence[str]


@dataclass(frozen=True, slots=True)
class Ledger:
    """`value` is of the counted trades, None where none has one; `unvalued` of them have none."""

    title: str
    counted: int
    value: Decimal | None
    unvalued: int
    left_out: Sequence[LeftOut]
    entries: Sequence[Entry]
    older: str | None
    sums_up: bool

    @property
    def left(self) -> int:
        return sum(one.trades for one in self.left_out)


def ledger(trades: QuerySet[Trade], choice: Choice) -> Ledger:
    """The trades that this choice asks for. Two queries."""
    wanted = _wanted(trades, choice)
    sums = list(
        wanted.values("counted", "reasons")
        .annotate(trades=Count("pk"), value_sum=Sum("value"), unvalued=Count("pk", filter=Q(value=None)))
        .order_by("-counted", "-trades", "reasons")
    )
    counted = [row for row in sums if row["counted"]]
    found = list(_after(wanted, choice.before).select_related("detail", "issuer")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    last = shown[-1] if len(found) > PAGE_SIZE else None
    return Ledger(
        title=_title(choice),
        counted=sum(row["trades"] for row in counted),
        value=counted[0]["value_sum"] if counted else None,
        unvalued=sum(row["unvalued"] for row in counted),
        left_out=[LeftOut(_joined(row["reasons"]), row["trades"]) for row in sums if not row["counted"]],
        entries=[Entry(trade, [item["text"] for item in trade.detail.exclusions]) for trade in shown],
        older=f"{last.filed_on},{last.filing_id},{last.number}" if last else None,
        sums_up=choice.side in (BOUGHT, SOLD),
    )


def _wanted(trades: QuerySet[Trade], choice: Choice) -> QuerySet[Trade]:
    if choice.since:
        trades = trades.filter(traded_on__gte=choice.since)
    if choice.until:
        trades = trades.filter(traded_on__lte=choice.until)
    if choice.side in (BOUGHT, SOLD):
        kinds = ("buy", "planned_buy") if choice.side == BOUGHT else ("sell", "planned_sell")
        direction = "acquired" if choice.side == BOUGHT else "disposed"
        return trades.filter(Q(kind__in=kinds) | Q(counted=False, direction=direction))
    if choice.side == LATE:
        return trades.filter(timeliness="late", standing=True)
    return trades


def _after(trades: QuerySet[Trade], key: str) -> QuerySet[Trade]:
    found = _KEY.fullmatch(key)
    if found:
        try:
            filed_on = date.fromisoformat(found[1])
        except ValueError:
            pass
        else:
            trades = trades.filter(
                Q(filed_on__lt=filed_on)
                | Q(filed_on=filed_on, filing__lt=found[2])
                | Q(filed_on=filed_on, filing=found[2], number__gt=int(found[3]))
            )
    return trades.order_by("-filed_on", "-filing", "number")


def _joined(reasons: Sequence[str]) -> str:
    return "; ".join(REASON_WORDS[reason] for reason in reasons)


def _title(choice: Choice) -> str:
    what = {BOUGHT: "What was bought", SOLD: "What was sold", LATE: "What was reported late"}.get(
        choice.side, "All trades"
    )
    if choice.since and choice.until:
        if choice.since == choice.until:
            return f"{what} on {_day(choice.since)}"
        return f"{what} from {_day(choice.since)} to {_day(choice.until)}"
    return what


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
