"""What is asked of a party's page, as its address says it: the years, the kinds, the scale of prices, the list below.

Promises: every choice is in the address, so that reload, Back, a shared link and a reader without script see the same
page; an address says only what differs from the usual; words that mean nothing are as if they were not there.
No Django here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

YEARS, USUAL_YEARS = (2, 3, 4, 5), 3
MARKET, BOUGHT, SOLD, ALL = "market", "bought", "sold", "all"
KINDS = (MARKET, BOUGHT, SOLD, ALL)
KIND_WORDS = {
    MARKET: "Bought and sold", BOUGHT: "Bought", SOLD: "Sold", ALL: "With grants, exercises and tax",
}  # fmt: skip
FILED, ADJUSTED = "filed", "adjusted"
SCALES = (FILED, ADJUSTED)
SCALE_WORDS = {FILED: "As filed", ADJUSTED: "Adjusted for splits"}

FILINGS, TRADES, LINES, HOLDINGS = "filings", "trades", "lines", "holdings"
SHOWN = (FILINGS, TRADES, LINES, HOLDINGS)
# Which trades the list of trades holds.
LATE = "late"
ALL_PEOPLE = "all"
SIDES = ("", BOUGHT, SOLD, LATE)


class Option(NamedTuple):
    """One of several choices: where it leads, its words, and whether it is the present one."""

    ident: str
    words: str
    query: str
    current: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """`since` and `until` narrow the list of trades; `people` "all" shows every insider; `before` is a page's key."""

    years: int = USUAL_YEARS
    kinds: str = MARKET
    prices: str = FILED
    people: str = ""
    show: str = FILINGS
    side: str = ""
    since: date | None = None
    until: date | None = None
    before: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Self:
        return cls(
            years=next((years for years in YEARS if str(years) == given.get("years")), USUAL_YEARS),
            kinds=_one_of(KINDS, given.get("kinds")),
            prices=_one_of(SCALES, given.get("prices")),
            people=_one_of(("", ALL_PEOPLE), given.get("people")),
            show=_one_of(SHOWN, given.get("show")),
            side=_one_of(SIDES, given.get("side")),
            since=_day(given.get("since")),
            until=_day(given.get("until")),
            before=given.get("before", "")[:60],
        )

    def query(self, **changes: Any) -> str:
        """The address of this choice with some of it changed, from its question mark on. A page's key does not stay."""
        return _query(replace(self, before="") if self.before else self, **changes)

    def rows(self, side: str = "", since: date | None = None, until: date | None = None) -> str:
        """Where the rows behind a number stand: the list of trades of that side, of these days."""
        if since and until:
            return self.rows_of(side)(since, until)
        return self.query(show=TRADES, side=side, since=since, until=until) + "#filings"

    def rows_of(self, side: str = "") -> Callable[[date, date], str]:
        """The same for any days; cheap, because there may be thousands."""
        start = self.query(show=TRADES, side=side, since=None, until=None)
        return lambda first, last: f"{start}&since={first}&until={last}#filings"

    @property
    def year_options(self) -> list[Option]:
        return [
            Option(f"years-{years}", f"{years} years", self.query(years=years), years == self.years) for years in YEARS
        ]

    @property
    def kind_options(self) -> list[Option]:
        return [Option(f"kinds-{kind}", KIND_WORDS[kind], self.query(kinds=kind), kind == self.kinds) for kind in KINDS]

    @property
    def scale_options(self) -> list[Option]:
        return [
            Option(f"prices-{scale}", SCALE_WORDS[scale], self.query(prices=scale), scale == self.prices)
            for scale in SCALES
        ]

    def shown(self, *names: str) -> tuple[Option, ...]:
        """The lists that a page has below its charts."""
        plain = replace(self, side="", since=None, until=None)
        return tuple(
            Option(f"show-{name}", SHOW_WORDS[name], plain.query(show=name), name == self.show) for name in names
        )


@lru_cache(1024)  # most pages are asked for as they usually are, and give a dozen of these addresses each
def _query(choice: Choice, **changes: Any) -> str:
    asked = replace(choice, **changes)
    told = {}
    for field in fields(asked):
        value = getattr(asked, field.name)
        if value != field.default:
            told[field.name] = value.isoformat() if isinstance(value, date) else str(value)
    return f"?{urlencode(told, safe=',')}"


SHOW_WORDS = {FILINGS: "Filings", TRADES: "Trades", LINES: "Lines as filed", HOLDINGS: "Last known holdings"}


def _one_of(known: tuple[str, ...], given: str | None) -> str:
    return given if given in known else known[0]


def _day(words: str | None) -> date | None:
    try:
        return date.fromisoformat(words) if words else None
    except ValueError:
        return None
