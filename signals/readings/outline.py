"""Trades in outline: what the trades of one insider are to the readings and signals of another at the same issuer.

Readings of insiders who share no filing and no event (`filings_around` finds those who do) rest on each other by prices
and days alone. Promises: `Beside` gives what a reading of some insiders needs of all others, equally whether it was
worked out just now (`outlines`) or comes from stored trades; with it they read and score as among all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from signals.readings.prices import UNFIT, FiledPrice
from signals.readings.score import Sale

if TYPE_CHECKING:
    from signals.readings.whole import TradeReading

# Purchases, sales and tax, whose prices others are held against; exercises and vestings, which sales for tax go with.
CODES = ("P", "S", "F", "M")


class Outline(NamedTuple):
    """One trade with a day and a code of `CODES`. `scored` marks a sale that is scored as one (`Score`).

    `maker` is the lowest of its owners' decision-makers.
    """

    accession: str
    number: int
    kind: str
    code: str
    table: str
    security_class: str
    traded_on: date
    price: Decimal | None
    value: Decimal | None
    stake_before: Decimal | None
    known_at: datetime
    standing: bool
    reasons: frozenset[str]
    owners: tuple[str, ...]
    maker: str
    roles: frozenset[str]
    scored: bool

    @property
    def counted(self) -> bool:
        return not self.reasons

    @property
    def priced(self) -> bool:
        """Whether its price is on the tape: see `Prices`."""
        priced = self.code != "M" and self.table == "I" and bool(self.price)
        return priced and self.standing and self.reasons.isdisjoint(UNFIT)


def outline(item: TradeReading) -> Outline | None:
    """None where the trade is nothing to others."""
    trade = item.trade
    if trade.code not in CODES or trade.traded_on is None:
        return None
    return Outline(
        trade.accession, item.number, trade.kind, trade.code, trade.table, trade.security_class, trade.traded_on,
        trade.price, trade.value, trade.stake_before, trade.known_at, trade.standing,
        frozenset(reason.reason for reason in trade.exclusions), trade.owners, item.decision_maker,
        frozenset(trade.roles), is_scored(trade.kind, trade.counted, item.score.total if item.score else None),
    )  # fmt: skip


def is_scored(kind: str, counted: bool, total: int | None) -> bool:
    """Whether it is scored as a sale: those to cover tax, or out of an exercise, have no points."""
    return kind == "sell" and counted and bool(total)


@dataclass(frozen=True)
class Beside:
    """What stands beside the insiders that are read. `covered_since` and `foreign` are of the issuer as a whole."""

    trades: Sequence[Outline]
    covered_since: date
    foreign: bool

    @cached_property
    def prices(self) -> Mapping[str, Sequence[FiledPrice]]:
        found: dict[str, list[FiledPrice]] = {}
        for one in self.trades:
            if one.priced and one.price is not None:
                price = FiledPrice(one.traded_on, one.price, one.code, one.accession, one.known_at)
                found.setdefault(one.security_class, []).append(price)
        return found

    @cached_property
    def sales(self) -> Sequence[Sale]:
        return [Sale(one.traded_on, one.maker) for one in self.trades if one.scored]

    @cached_property
    def sold(self) -> Mapping[date, frozenset[str]]:
        """By day, who sold."""
        return makers_by_day(one for one in self.trades if one.code == "S")

    @cached_property
    def vested(self) -> Mapping[date, frozenset[str]]:
        """By day, who had shares vest, exercised or paid tax in shares."""
        return makers_by_day(one for one in self.trades if one.code in ("F", "M"))


def makers_by_day(trades: Iterable[Outline]) -> Mapping[date, frozenset[str]]:
    """Of trades that stand, on days that can be."""
    found: dict[date, set[str]] = {}
    for one in trades:
        if one.standing and "bad_date" not in one.reasons:
            found.setdefault(one.traded_on, set()).add(one.maker)
    return {on: frozenset(makers) for on, makers in found.items()}


def filings_around(
    new: Iterable[str], owners: Mapping[str, Iterable[str]], one_event: Iterable[tuple[str, str]]
) -> set[str]:
    """These filings with all that insiders filed who share a filing, or a filing of one event, with theirs, and so on.

    Amendments, duplicates, positions and decision-makers of these rest on no other filing.
    """
    of_owner: dict[str, list[str]] = {}
    for filing, ciks in owners.items():
        for cik in ciks:
            of_owner.setdefault(cik, []).append(filing)
    beside: dict[str, list[str]] = {}
    for one, other in one_event:
        beside.setdefault(one, []).append(other)
        beside.setdefault(other, []).append(one)
    found: set[str] = set()
    seen: set[str] = set()
    waiting = list(new)
    while waiting:
        filing = waiting.pop()
        if filing in found or filing not in owners:
            continue
        found.add(filing)
        waiting += beside.get(filing, ())
        for cik in owners[filing]:
            if cik not in seen:
                seen.add(cik)
                waiting += of_owner[cik]
    return found
