"""What a story works with: its days, prices and dice, and the forms it files.

Days count backwards from `until`, the last day that may bear a filing. Each story has its own seeded dice, so that a
new story changes no other.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from random import Random

from filings.demo import calendar, cast
from filings.demo.drafts import Draft, Rewrite
from filings.demo.ledger import Line, line_of
from filings.demo.parties import Issuer, Seat
from filings.demo.prices import CENT, Split, Tape, Tranche, cents
from filings.demo.rows import DIRECT, Grant, Place, Row


class World:
    """What all stories share: prices, opening balances, and the drafts they have filed."""

    def __init__(self, until: date, seed: int) -> None:
        self.until = until
        self.seed = seed
        self.last_day = calendar.last_business_day(until)
        self.splits = {
            issuer.cik: Split(calendar.trading_day(until - timedelta(days=issuer.split[0])), issuer.split[1])
            for issuer in cast.ISSUERS
            if issuer.split
        }
        self.tapes = {
            issuer.cik: Tape(issuer.course, until, Random(f"{seed}:{issuer.cik}"), self.splits.get(issuer.cik))
            for issuer in cast.ISSUERS
        }
        self.opening: dict[Line, int] = {}
        self.drafts: list[Draft] = []


class Scene:
    """One story's view of the world."""

    def __init__(self, world: World, story: str) -> None:
        self.world = world
        self.until = world.until
        self.story = story
        self.dice = Random(f"{world.seed}:{story}")

    # --- days and prices ------------------------------------------------------------------------------------------

    def ago(self, days: int) -> date:
        """The trading day that lies this many calendar days back, or the last before it."""
        return calendar.trading_day(self.until - timedelta(days=days))

    def later(self, day: date, trading_days: int) -> date:
        """So many trading days after a trading day, or the last one there is by `until`."""
        for _ in range(trading_days):
            day = calendar.next_trading_day(day)
        return min(day, self.ago(0))

    def yearly(self, month: int, day: int, back: int = 0) -> date:
        """A trading day at or before this day of the year, of the latest year in which it is over or `back` before."""
        return calendar.trading_day(_latest(self.until, month, day, back))

    def year_end(self, issuer: Issuer, back: int = 0) -> date:
        """The end of a fiscal year for which Form 5s are in, 60 days later."""
        month, day = int(issuer.fiscal_year_end[:2]), int(issuer.fiscal_year_end[2:])
        return _latest(self.until - timedelta(days=60), month, day, back)

    def monthly(self, months: int, day: int) -> list[date]:
        return list(calendar.month_days(self.until, months, day))

    def price(self, issuer: Issuer, on: date) -> Decimal:
        """A price at which a trade of that day might have been done, within one percent of the day's middle."""
        return cents(float(self.world.tapes[issuer.cik].price(on)) * self.dice.uniform(0.99, 1.01))

    def unsplit(self, issuer: Issuer, on: date) -> int:
        """How many of today's shares one share of that day has become."""
        return self.world.tapes[issuer.cik].ratio_still_to_come(on)

    def tranches(self, issuer: Issuer, on: date, shares: int, count: int, step: str = "1.00") -> list[Tranche]:
        """One day's shares in `count` bands of prices, each `step` wide, around that day's price."""
        band = Decimal(step)
        floor = self.price(issuer, on) - band * count / 2
        left, bands = shares, []
        for index in range(count):
            size = left if index == count - 1 else int(shares / count * self.dice.uniform(0.6, 1.4))
            left -= size
            low = (floor + band * index).quantize(CENT)
            high = (low + band - CENT).quantize(CENT)
            average = (low + (high - low) * Decimal(f"{self.dice.uniform(0.3, 0.7):.4f}")).quantize(Decimal("0.0001"))
            bands.append(Tranche(size, average, low, high))
        return bands

    # --- holdings and filings -------------------------------------------------------------------------------------

    def owns(self, seat: Seat, security: str | Grant, shares: int, place: Place = DIRECT) -> None:
        """What this line held before its first filing here. Once for each line."""
        line = line_of(seat, security, place)
        if line in self.world.opening:
            raise ValueError(f"{self.story}: the opening balance of {seat.insider.name} is set twice: {security}")
        self.world.opening[line] = shares

    def form4(self, owners: Seat | tuple[Seat, ...], *rows: Row, **more) -> Draft:
        return self.file("4", owners, list(rows), **more)

    def form3(self, seat: Seat | tuple[Seat, ...], event: date, *rows: Row, lag: int = 4, **more) -> Draft:
        """A first statement; `lag` is in business days and ten calendar days are allowed."""
        return self.file("3", seat, list(rows), period=event, lag=lag, **more)

    def file(
        self,
        form: str,
        owners: Seat | tuple[Seat, ...],
        rows: list[Row],
        *,
        period: date | None = None,
        lag: int | None = None,
        at: time | None = None,
        filed_on: date | None = None,
        **more,
    ) -> Draft:
        """Files it `lag` business days after its first transaction (one or two if not said), by `World.last_day`."""
        period = period or min(row.on for row in rows if row.on)
        if filed_on is None:
            lag = self.dice.choice((1, 2, 2)) if lag is None else lag
            filed_on = min(calendar.business_days_after(period, lag), self.world.last_day)
        draft = Draft(
            story=self.story,
            form=form,
            owners=owners if isinstance(owners, tuple) else (owners,),
            rows=rows,
            filed_on=filed_on,
            at=at or self._hour(filed_on, period),
            period=period,
            **more,
        )
        self.world.drafts.append(draft)
        return draft

    def amend(self, original: Draft, restates: Rewrite, *, days: int, **more) -> Draft:
        """A /A of `original`, so many business days after it, that gives the rows `restates` makes of the old ones."""
        more.setdefault("original_on", original.filed_on)
        more.setdefault("box", original.box)
        return self.file(
            f"{original.form.removesuffix('/A')}/A",
            original.owners,
            [],
            period=original.period,
            filed_on=min(calendar.business_days_after(original.filed_on, days), self.world.last_day),
            earlier=original,
            restates=restates,
            **more,
        )

    def _hour(self, filed_on: date, period: date) -> time:
        """Mostly after the close, and always after it on the day of the trade itself."""
        evening = filed_on <= period or self.dice.random() < 0.8
        hour = self.dice.choice((16, 16, 17, 17, 18, 19, 20)) if evening else self.dice.randrange(8, 16)
        return time(hour, self.dice.randrange(5, 60), self.dice.randrange(60))


def _latest(until: date, month: int, day: int, back: int) -> date:
    """This day of the year, the last time it came by `until`, or so many years before."""
    return date(until.year - ((until.month, until.day) < (month, day)) - back, month, day)
