"""The tape of one issuer without a vendor: prices that its insiders filed, by class and day, and closes if given.

Filed prices are those of P, S and F rows of Table I in dollars that can be believed, one a filing and day, with the
moment they became known. Promises: whatever is asked as of a moment uses no price filed later; comparisons across a
split use the scale of the later day; without enough prices the answer is None, never a guess.
Refuses: closes of the day itself. What an insider did is held against what was known before it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from statistics import median

from signals.readings.splits import NO_SPLITS, Close, Split, Splits
from signals.readings.trades import IssuerReading

YEAR = timedelta(days=365)
# So many closes in 52 weeks are a year of trading; with fewer there is no 52-week high.
FULL_YEAR = 200
_HUNDRED = Decimal(100)
# Reasons to keep a price off the tape.
UNFIT = frozenset({"bad_price", "bad_value", "bad_date", "home_market", "no_price"})


@dataclass(frozen=True, slots=True)
class FiledPrice:
    on: date
    price: Decimal
    code: str
    accession: str
    known_at: datetime


@dataclass(frozen=True, slots=True)
class Against:
    """A price held against an earlier one: `percent` is the change from it. `source` is "closes" or "filed"."""

    source: str
    what: str
    reference: Decimal
    reference_on: date | None
    percent: Decimal


class Prices:
    """`closes` are by class; under "" those of the class that insiders trade most."""

    def __init__(
        self,
        filed: Mapping[str, Iterable[FiledPrice]],
        closes: Mapping[str, Iterable[Close]] | None = None,
        splits: Splits = NO_SPLITS,
    ) -> None:
        self.filed: Mapping[str, tuple[FiledPrice, ...]] = {
            name: tuple(sorted(prices, key=lambda one: (one.on, one.known_at, one.accession, one.code, one.price)))
            for name, prices in filed.items()
        }
        self.splits = splits
        # closes are held against imported splits only: which filings show others becomes known later
        self._listed = Splits(split for split in splits.all if not split.inferred)
        self._days = {name: [one.on for one in prices] for name, prices in self.filed.items()}
        self._closes = {name: sorted(given) for name, given in (closes or {}).items()}
        main = max(self.filed, key=lambda name: (len(self.filed[name]), name), default=None)
        if main is not None and "" in self._closes:
            self._closes.setdefault(main, self._closes[""])
        self._close_days = {name: [close.on for close in given] for name, given in self._closes.items()}

    @classmethod
    def of(
        cls,
        reading: IssuerReading,
        closes: Mapping[str, Iterable[Close]] | None = None,
        splits: Iterable[Split] = (),
        beside: Mapping[str, Iterable[FiledPrice]] | None = None,
    ) -> Prices:
        """The tape of what this issuer's insiders filed; `beside` are those of insiders that are not in the reading."""
        filed: dict[str, list[FiledPrice]] = {name: list(prices) for name, prices in (beside or {}).items()}
        for trade in reading.trades:
            if trade.code not in ("P", "S", "F") or trade.table != "I" or not trade.price or trade.traded_on is None:
                continue
            if not trade.standing or any(item.reason in UNFIT for item in trade.exclusions):
                continue
            filed.setdefault(trade.security_class, []).append(
                FiledPrice(trade.traded_on, trade.price, trade.code, trade.accession, trade.known_at)
            )
        return cls(filed, closes, Splits(splits))

    @cached_property
    def has_closes(self) -> bool:
        return any(self._closes.values())

    # --- filed prices -----------------------------------------------------------------------------------------------

    def filed_between(self, name: str, start: date, end: date, known_at: datetime | None = None) -> list[FiledPrice]:
        """Filed prices of the class from `start` to `end`, both included."""
        days = self._days.get(name, [])
        found = self.filed.get(name, ())[bisect_left(days, start) : bisect_right(days, end)]
        return [one for one in found if known_at is None or one.known_at <= known_at]

    def last_filed(self, name: str, on: date, known_at: datetime, within: timedelta) -> FiledPrice | None:
        """The newest filed price of a day up to `on` that was known by then."""
        found = self.filed_between(name, on - within, on, known_at)
        return found[-1] if found else None

    def below_filed_high(self, name: str, price: Decimal, on: date, known_at: datetime) -> Against | None:
        """A price against the highest purchase or sale of the class in the twelve months before."""
        found = [one for one in self.filed_between(name, on - YEAR, on - _DAY, known_at) if one.code in ("P", "S")]
        if not found:
            return None
        high, day = max(zip(self._on_scale(found, on, known_at), (one.on for one in found), strict=True))
        return Against("filed", "highest price insiders traded at in twelve months", high, day, _change(high, price))

    def over_filed_median(self, name: str, price: Decimal, on: date, known_at: datetime, fewest: int) -> Against | None:
        """A price against the median filed price of three to twelve months before."""
        found = self.filed_between(name, on - YEAR, on - timedelta(days=91), known_at)
        if len(found) < fewest:
            return None
        usual = median(self._on_scale(found, on, known_at))
        return Against("filed", "median price insiders filed three to twelve months before", usual, None,
                       _change(usual, price))  # fmt: skip

    def _on_scale(self, found: Sequence[FiledPrice], on: date, known_at: datetime) -> list[Decimal]:
        """The prices on the scale of that day, by the splits known then."""
        if not self.splits:
            return [one.price for one in found]
        return [self.splits.price(one.price, one.on, on, known_at) for one in found]

    # --- closes -----------------------------------------------------------------------------------------------------

    def closes_before(self, name: str, on: date, count: int) -> Sequence[Close]:
        """The last `count` closes before that day, oldest first, on its scale; fewer if there are fewer."""
        at = bisect_left(self._close_days.get(name, []), on)
        found = self._closes.get(name, [])[max(0, at - count) : at]
        return [Close(one.on, self._listed.price(one.price, one.on, on)) for one in found] if self._listed else found

    def close_on(self, name: str, on: date, within: timedelta = timedelta(days=7)) -> Close | None:
        """The close of that day, or the last one before it within a week, on its scale."""
        at = bisect_right(self._close_days.get(name, []), on)
        if not at:
            return None
        last = self._closes[name][at - 1]
        return Close(last.on, self._listed.price(last.price, last.on, on)) if on - last.on <= within else None

    def below_high(self, name: str, on: date) -> Against | None:
        """The close before `on` against the highest of 52 weeks; None without a year of closes."""
        at = bisect_left(self._close_days.get(name, []), on)
        start = bisect_left(self._close_days.get(name, []), on - YEAR)
        if at - start < FULL_YEAR:
            return None
        year = [(self._listed.price(one.price, one.on, on), one.on) for one in self._closes[name][start:at]]
        high, day = max(year)
        return Against("closes", "highest close of 52 weeks", high, day, _change(high, year[-1][0]))

    def moved(self, name: str, on: date, trading_days: int) -> Against | None:
        """The close before `on` against that of so many trading days earlier."""
        found = self.closes_before(name, on, trading_days + 1)
        if len(found) <= trading_days:
            return None
        first, last = found[0], found[-1]
        what = f"close {trading_days} trading days earlier"
        return Against("closes", what, first.price, first.on, _change(first.price, last.price))


_DAY = timedelta(days=1)


def _change(reference: Decimal, price: Decimal) -> Decimal:
    return (price / reference - 1) * _HUNDRED
