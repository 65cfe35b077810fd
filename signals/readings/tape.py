"""Prices that cannot be: a total in the price cell, a misplaced point, judged by what other filings say.

The tape of an issuer and class are the prices of its P, S and F rows in dollars, one a filing and day (their median).
Promises: a price is doubted only against prices of other filings; a price that another filing near its day supports
is never doubted, so neither a split nor a run is; the reason names the price it was held against. Prices in Table II
and in other currencies are not on the tape.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import NamedTuple

NEAR = timedelta(days=60)
_FAR, _LOW = Decimal(5), Decimal("0.2")
_SUPPORTS = (Decimal("0.5"), Decimal(2))
_SPLITS = tuple(Decimal(ratio) for ratio in (2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 50))
_ABSURD = Decimal(20)


class Quote(NamedTuple):
    security_class: str
    on: date
    accession: str
    price: Decimal


class Told(NamedTuple):
    """A price of shares in dollars as one row tells it. It is on the tape where the row `stands`, and held against it
    where that is a purchase or sale.
    """

    quote: Quote
    code: str
    shares: Decimal | None
    stands: bool


class Tape:
    def __init__(self, quotes: Iterable[Quote]) -> None:
        found: dict[str, dict[tuple[date, str], list[Decimal]]] = {}
        for quote in quotes:
            if quote.price > 0:
                found.setdefault(quote.security_class, {}).setdefault((quote.on, quote.accession), []).append(
                    quote.price
                )
        self._days: dict[str, list[tuple[date, str, Decimal]]] = {
            name: sorted((on, accession, _median(prices)) for (on, accession), prices in days.items())
            for name, days in found.items()
        }

    def doubt(
        self, security_class: str, on: date, accession: str, price: Decimal, shares: Decimal | None
    ) -> str | None:
        """Why this price cannot be a price of one share; None if nothing speaks against it."""
        days = self._days.get(security_class)
        if not days or price <= 0:
            return None
        near = _near(days, on, accession)
        if any(_SUPPORTS[0] <= price / item[2] <= _SUPPORTS[1] for item in near):
            return None
        usual = _usual(near) if len(near) >= 2 else None
        if usual and (price > _FAR * usual or price < _LOW * usual) and not _may_be_split(price, on, near):
            return f"{_dollars(price)} a share, where other filings near that day say about {_dollars(usual)}."
        reference = usual or self._nearest(days, on, accession)
        if reference is None:
            return None
        if (
            shares
            and shares > 1
            and price > _FAR * reference
            and _SUPPORTS[0] <= price / shares / reference <= _SUPPORTS[1]
        ):
            each = f"{_dollars(price / shares)} a share, near the {_dollars(reference)} of other filings"
            return f"{_dollars(price)} looks like the total of the {shares:,f} shares: that would be {each}."
        if price > _ABSURD * reference and not _may_be_split(price, on, near or days):
            return f"{_dollars(price)} a share is far beyond the {_dollars(reference)} of the nearest other filing."
        return None

    def doubt_of(self, told: Told) -> str | None:
        """The same of a price as a row tells it."""
        return self.doubt(*told.quote, told.shares) if told.code != "F" else None

    def rests_on_near(self, quote: Quote) -> bool:
        """Whether a price can only be doubted for what others say within `NEAR`, as enough do."""
        days = self._days.get(quote.security_class, [])
        others = (at for at in _around(days, quote.on) if days[at][1] != quote.accession)
        return next(others, None) is not None and next(others, None) is not None

    @staticmethod
    def _nearest(days: list[tuple[date, str, Decimal]], on: date, accession: str) -> Decimal | None:
        """The price of the nearest day of another filing."""
        at = bisect_left(days, (on, "", Decimal(0)))
        before = next((item for item in reversed(days[:at]) if item[1] != accession), None)
        after = next((item for item in days[at:] if item[1] != accession), None)
        both = [item for item in (before, after) if item is not None]
        return min(both, key=lambda item: (abs(item[0] - on), item[1]))[2] if both else None


def _around(days: list[tuple[date, str, Decimal]], on: date) -> range:
    """The places of what was said within `NEAR`."""
    return range(bisect_left(days, (on - NEAR, "", Decimal(0))), bisect_right(days, (on + NEAR, "~", Decimal(0))))


def _near(days: list[tuple[date, str, Decimal]], on: date, accession: str) -> list[tuple[date, str, Decimal]]:
    """What other filings say within `NEAR`."""
    places = _around(days, on)
    return [item for item in days[places.start : places.stop] if item[1] != accession]


def _usual(near: list[tuple[date, str, Decimal]]) -> Decimal:
    return Decimal(median(item[2] for item in near))


def _may_be_split(price: Decimal, on: date, near: list[tuple[date, str, Decimal]]) -> bool:
    """Whether all other prices lie on one side of the day and differ by a whole ratio, as around a share split."""
    if not (all(item[0] <= on for item in near) or all(item[0] >= on for item in near)):
        return False
    closest = min(near, key=lambda item: (abs(item[0] - on), item[1]))
    ratio = price / closest[2]
    ratio = 1 / ratio if ratio < 1 else ratio
    later = closest[0] <= on
    falls = price < closest[2]
    return later == falls and any(abs(ratio / split - 1) < Decimal("0.15") for split in _SPLITS)


def _dollars(price: Decimal) -> str:
    return f"${price:,.2f}"


def _median(prices: list[Decimal]) -> Decimal:
    return prices[0] if len(prices) == 1 else Decimal(median(prices))
