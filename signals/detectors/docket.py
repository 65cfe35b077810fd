"""The trades of one issuer as detectors ask for them: sorted once, by decision-maker, with what was known when.

Promises: a `Deal` is a trade that stands, with the one decision-maker whose decision it was, the moment it became
knowable (an amendment that repeats a row unchanged does not make it news), and whether it is an eligible purchase or
sale; an `Event` is what one decision-maker bought or sold of one class on one day, whichever filings told it.
Everything is in an order that equal histories share. Windows are cut with bisect; nothing here is quadratic.
Refuses: knowledge from after `now`. The clock is never behind the newest filing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any

from filings.ownership.document import Line, Owner
from signals.detectors.eligible import why_not_bought, why_not_sold
from signals.detectors.thresholds import Thresholds
from signals.readings.exercise import EXERCISE, Story, stories
from signals.readings.history import EASTERN, FiledForm, RowRef
from signals.readings.outline import Beside
from signals.readings.prices import Prices
from signals.readings.roles import is_entity, roles
from signals.readings.trade import Trade
from signals.readings.trades import IssuerReading
from signals.readings.vocabulary import MARKET, SLUGS

BUY, SELL = "buy", "sell"
SEATED = frozenset({"chair", "ceo", "cfo", "coo", "president", "gc", "vp", "officer", "director"})
_ZERO, _HUNDRED = Decimal(0), Decimal(100)
_DAY = timedelta(days=1)
# A sale may be a little larger than the exercise it comes from (dividend shares, a few old ones) and still be it.
_OUT_OF_EXERCISE = Decimal("1.1")


def midnight_after(day: date) -> datetime:
    """00:00 Eastern of the day after: when everybody knows that the day is over. In UTC."""
    return datetime.combine(day + _DAY, time(0), EASTERN).astimezone(UTC)


@dataclass(slots=True, eq=False)
class Deal:
    """`root` is where the first row was reported first; `why_not` the reason against its being eligible, or None."""

    trade: Trade
    form: FiledForm
    lines: tuple[Line, ...]
    maker: str
    roles: tuple[str, ...]
    known_at: datetime
    root: RowRef
    on: date | None
    why_not: str | None = None
    out_of_exercise: bool = False

    @property
    def seated(self) -> bool:
        """Whether an officer or director decided; "10% only" is not."""
        return not SEATED.isdisjoint(self.roles)

    @property
    def order(self) -> tuple[datetime, str, tuple[tuple[str, int], ...]]:
        return self.known_at, self.trade.accession, self.trade.lines


@dataclass(slots=True, eq=False)
class Event:
    """One decision: a maker, a class, a day, a direction. `deals` are in the order of knowledge, all eligible."""

    maker: str
    security_class: str
    on: date
    side: str
    deals: tuple[Deal, ...]
    known_at: datetime = field(init=False)
    value: Decimal = field(init=False)
    shares: Decimal = field(init=False)

    def __post_init__(self) -> None:
        self.known_at = self.deals[-1].known_at
        self.value = sum((deal.trade.value or _ZERO for deal in self.deals), _ZERO)
        self.shares = sum((deal.trade.shares or _ZERO for deal in self.deals), _ZERO)

    @property
    def seated(self) -> bool:
        return any(deal.seated for deal in self.deals)

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(role for deal in self.deals for role in deal.roles)

    @property
    def price(self) -> Decimal:
        """The share-weighted mean."""
        return self.value / self.shares if self.shares else _ZERO

    @property
    def stake_before(self) -> Decimal | None:
        """What the maker held of the class before the first of them."""
        known = [deal.trade.stake_before for deal in self.deals if deal.trade.stake_before is not None]
        if not known:
            return None
        return max(known) if self.side == SELL else min(known)

    @property
    def stake_percent(self) -> Decimal | None:
        """By how much of the stake before; None if that is unknown or nothing."""
        before = self.stake_before
        return self.shares / before * _HUNDRED if before else None

    @property
    def key(self) -> str:
        """Where the first of it was reported first: the same after corrections and additions."""
        root = self.deals[0].root
        return f"{root.accession}:{root.table}{root.row}"

    @property
    def order(self) -> tuple[datetime, date, str]:
        return self.known_at, self.on, self.key

    def as_known(self) -> list[Event]:
        """The event as each of its filings made it, first to whole: usually the whole only."""
        moments = sorted({deal.known_at for deal in self.deals})
        if len(moments) == 1:
            return [self]
        parts = [tuple(deal for deal in self.deals if deal.known_at <= moment) for moment in moments]
        return [Event(self.maker, self.security_class, self.on, self.side, part) for part in parts]


class Docket:
    """`fiscal_year_end` is (month, day); the calendar year's where it is not known.

    The reading may be of some insiders of an issuer, and others stand `beside` them: then the detectors of
    `engine.OF_ONE` find what they find among all.
    """

    def __init__(
        self,
        reading: IssuerReading,
        *,
        now: datetime,
        thresholds: Thresholds,
        prices: Prices,
        ticker: str | None = None,
        fiscal_year_end: tuple[int, int] | None = None,
        beside: Beside | None = None,
    ) -> None:
        self.reading = reading
        self.beside = beside
        self.history = reading.history
        newest = self.history.forms[-1].known_at if len(self.history) else now
        self.now = max(now, newest)
        self.thresholds = thresholds
        self.prices = prices
        self.splits = prices.splits
        self.splits_listed = any(not split.inferred for split in prices.splits.all)
        self.ticker = ticker
        self.fiscal_year_end = fiscal_year_end
        self.issuer_cik = self.history.forms[0].issuer_cik if len(self.history) else ""
        self.remembered: dict[tuple[str, str], Any] = {}  # what several detectors ask for, worked out once
        self._entities = {owner.cik for form in self.history for owner in form.owners if is_entity(owner.name)}
        self._lines = {
            form.accession: {(line.table, line.row): line for line in form.lines if line.kind == "transaction"}
            for form in self.history
        }
        self.deals: tuple[Deal, ...] = tuple(
            sorted((self._deal(trade) for trade in reading.trades if trade.standing), key=lambda deal: deal.order)
        )
        self._mark_exercises()
        for deal in self.deals:
            deal.why_not = self._why_not(deal)

    def over(self, day: date) -> bool:
        """Whether that day is over by now, in New York."""
        return self.now >= midnight_after(day)

    def settled(self, settles_on: date, told_at: datetime) -> datetime:
        """When it became known: as told while it may change, by the clock once that day is over."""
        return max(midnight_after(settles_on), told_at) if self.over(settles_on) else told_at

    @cached_property
    def today(self) -> date:
        return self.now.astimezone(EASTERN).date()

    # --- deals ------------------------------------------------------------------------------------------------------

    def _deal(self, trade: Trade) -> Deal:
        form = self.history.form(trade.accession)
        own = self._lines[trade.accession]
        maker, owners = self._maker(trade, form)
        found = {role for owner in owners for role in roles(owner, form.remarks)}
        known_at, root = self._knowable(trade, form)
        on = trade.traded_on
        if on is not None and any(item.reason == "bad_date" for item in trade.exclusions):
            on = None
        return Deal(
            trade=trade,
            form=form,
            lines=tuple(own[line] for line in trade.lines),
            maker=maker,
            roles=tuple(slug for slug in SLUGS if slug in found),
            known_at=known_at,
            root=root,
            on=on,
        )

    def _maker(self, trade: Trade, form: FiledForm) -> tuple[str, list[Owner]]:
        """Whose decision it was: a fund's that stands by itself beside its people, else the first owner's."""
        makers = self.reading.decision_makers
        of_owner = {owner.cik: makers[owner.cik] for owner in form.owners}
        maker = of_owner[trade.owners[0]]
        if len(set(of_owner.values())) > 1:
            maker = next((of_owner[cik] for cik in trade.owners if cik in self._entities), maker)
        return maker, [owner for owner in form.owners if of_owner[owner.cik] == maker]

    def _knowable(self, trade: Trade, form: FiledForm) -> tuple[datetime, RowRef]:
        """When the trade became knowable, and where its first row was reported first."""
        found = self.reading.amendments
        first = trade.refs()[0]
        if not form.is_amendment:
            return trade.known_at, first
        moments = [self._first_told(ref) for ref in trade.refs()]
        return max(moments), found.first_version(first)

    def _first_told(self, ref: RowRef) -> datetime:
        """The oldest filing that told this row as it stands now, its plan box and its notes included."""
        while True:
            form = self.history.form(ref.accession)
            amendment = self.reading.amendments.by_accession.get(ref.accession)
            pair = next((pair for pair in amendment.pairs if pair.row == ref), None) if amendment else None
            if pair is None or pair.changes or pair.replaces.kind != "transaction":
                return form.known_at
            before = self.history.form(pair.replaces.accession)
            same_box = before.aff10b5_one == form.aff10b5_one and before.remarks == form.remarks
            new = self._lines[ref.accession][ref.table, ref.row]
            old = self._lines[before.accession].get((pair.replaces.table, pair.replaces.row))
            if old is None or not same_box or form.notes_on(new) != before.notes_on(old):
                return form.known_at
            if before.owner_ciks != form.owner_ciks:
                return form.known_at
            ref = pair.replaces

    def _mark_exercises(self) -> None:
        """Sales on the day of an exercise or the next, of about the shares that came, are sold out of it."""
        by_place = self.by_place
        for story in self.stories:
            if story.kind != EXERCISE:
                continue
            sold = [strip for strip in story.strips if strip.step == "sold" and not strip.later]
            if sum((strip.shares for strip in sold), _ZERO) > story.came * _OUT_OF_EXERCISE:
                continue
            for strip in sold:
                deal = by_place.get((strip.accession or "", strip.lines))
                if deal is not None:
                    deal.out_of_exercise = True

    def _why_not(self, deal: Deal) -> str | None:
        if deal.trade.code == "P":
            return why_not_bought(deal.trade, deal.form, deal.lines)
        if deal.trade.code == "S":
            return why_not_sold(deal.trade, deal.form, deal.lines, from_exercise=deal.out_of_exercise)
        return "neither bought nor sold (codes P and S)"

    @cached_property
    def by_place(self) -> Mapping[tuple[str, tuple[tuple[str, int], ...]], Deal]:
        """The deal of an accession and its lines."""
        return {(deal.trade.accession, deal.trade.lines): deal for deal in self.deals}

    @cached_property
    def planned_rows(self) -> frozenset[RowRef]:
        """Transaction rows that are, or by their form's box may be, plan trades; superseded ones too."""
        return frozenset(
            ref
            for trade in self.reading.trades
            if trade.plan is not None and trade.plan.planned
            for ref in trade.refs()
        )

    def option_line(self, deal: Deal) -> int | None:
        """The ownership line, in the ledger, of the derivative that this trade exercised."""
        numbers = (self.reading.ledger.line_of.get(ref) for ref in deal.trade.refs() if ref.table == "II")
        return next((number for number in numbers if number is not None), None)

    @cached_property
    def of_accession(self) -> Mapping[str, Sequence[Deal]]:
        found: dict[str, list[Deal]] = {}
        for deal in self.deals:
            found.setdefault(deal.trade.accession, []).append(deal)
        return found

    @cached_property
    def strikes(self) -> Mapping[str, Mapping[date, set[tuple[Decimal, date]]]]:
        """The (strike, expiry) of options exercised, by maker and day."""
        found: dict[str, dict[date, set[tuple[Decimal, date]]]] = {}
        for deal in self.deals:
            trade = deal.trade
            if trade.kind == EXERCISE and trade.strike and trade.expires_on and deal.on:
                found.setdefault(deal.maker, {}).setdefault(deal.on, set()).add((trade.strike, trade.expires_on))
        return found

    @cached_property
    def tax_sellers(self) -> Mapping[date, frozenset[str]]:
        """By day, the deciders who sold and had shares vest or withheld on it, those beside these insiders too."""
        sold: dict[date, set[str]] = {}
        vested: dict[date, set[str]] = {}
        if self.beside:
            sold = {on: set(makers) for on, makers in self.beside.sold.items()}
            vested = {on: set(makers) for on, makers in self.beside.vested.items()}
        for deal in self.deals:
            if deal.on is not None:
                if deal.trade.code == "S":
                    sold.setdefault(deal.on, set()).add(self.decider(deal.trade))
                elif deal.trade.code in ("F", "M"):
                    vested.setdefault(deal.on, set()).add(self.decider(deal.trade))
        return {on: frozenset(makers & vested.get(on, set())) for on, makers in sold.items()}

    def decider(self, trade: Trade) -> str:
        """The lowest of its owners' decision-makers, as stored trades name one."""
        return min(self.reading.decision_makers[cik] for cik in trade.owners)

    @cached_property
    def stories(self) -> tuple[Story, ...]:
        return stories(self.reading, as_of=self.now.astimezone(EASTERN).date())

    # --- events -----------------------------------------------------------------------------------------------------

    @cached_property
    def buys(self) -> Book:
        return Book(self._events(BUY, "P"))

    @cached_property
    def sells(self) -> Book:
        return Book(self._events(SELL, "S"))

    def _events(self, side: str, code: str) -> list[Event]:
        groups: dict[tuple[str, str, date], list[Deal]] = {}
        for deal in self.deals:
            if deal.trade.code == code and deal.why_not is None and deal.on is not None:
                groups.setdefault((deal.maker, deal.trade.security_class, deal.on), []).append(deal)
        return [Event(maker, name, on, side, tuple(deals)) for (maker, name, on), deals in groups.items()]

    @cached_property
    def market(self) -> Mapping[tuple[str, str], Days]:
        """The open-market trades of each maker and side, planned ones too, without exercise-and-sell days."""
        return self._days(lambda deal: not deal.out_of_exercise)

    @cached_property
    def all_market(self) -> Mapping[tuple[str, str], Days]:
        """The same with exercise-and-sell days: every P or S that can be believed."""
        return self._days(lambda deal: True)

    def _days(self, wanted: Callable[[Deal], bool]) -> Mapping[tuple[str, str], Days]:
        found: dict[tuple[str, str], list[Deal]] = {}
        for deal in self.deals:
            if deal.trade.kind in MARKET and deal.trade.counted and deal.on is not None and wanted(deal):
                side = BUY if deal.trade.code == "P" else SELL
                found.setdefault((deal.maker, side), []).append(deal)
        return {key: Days(deals) for key, deals in found.items()}

    @cached_property
    def people(self) -> Mapping[str, str]:
        """The CIK that stands for each maker: its officer or director, else its first person, else its own name."""
        seated = {owner.cik for form in self.history for owner in form.owners if owner.is_director or owner.is_officer}
        found: dict[str, tuple[bool, bool, str]] = {}
        for cik, maker in self.reading.decision_makers.items():
            rank = (cik in self._entities, cik not in seated, cik)
            found[maker] = min(found.get(maker, rank), rank)
        return {maker: rank[2] for maker, rank in found.items()}

    @cached_property
    def names(self) -> Mapping[str, str | None]:
        """The newest name of each owner."""
        return {owner.cik: owner.name for form in self.history for owner in form.owners}

    @cached_property
    def makers(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.reading.decision_makers.values())))

    # --- coverage ---------------------------------------------------------------------------------------------------

    @cached_property
    def covered_since(self) -> date | None:
        """The day of the first filing here."""
        if self.beside:
            return self.beside.covered_since
        return self.history.forms[0].filed_on if len(self.history) else None

    def on_file_since(self, maker: str, known_at: datetime) -> date | None:
        """The first day that filings known by then tell of the maker: a Form 3's event, or a filing."""
        moments, days = self._on_file.get(maker, ([], []))
        at = bisect_right(moments, known_at)
        return days[at - 1] if at else None

    @cached_property
    def _on_file(self) -> Mapping[str, tuple[list[datetime], list[date]]]:
        found: dict[str, tuple[list[datetime], list[date]]] = {}
        for form in self.history:
            day = form.filed_on
            if form.family == "3" and form.period_of_report and form.period_of_report < day:
                day = form.period_of_report
            for maker in {self.reading.decision_makers[cik] for cik in form.owner_ciks}:
                moments, days = found.setdefault(maker, ([], []))
                moments.append(form.known_at)
                days.append(min(days[-1], day) if days else day)
        return found

    @cached_property
    def foreign(self) -> bool:
        """Whether the issuer's insiders file only since March 2026, as those of foreign private issuers do."""
        return bool(self.beside and self.beside.foreign) or any(form.foreign_ticker for form in self.history)

    @cached_property
    def left_out(self) -> Mapping[str, tuple[list[date], list[Deal]]]:
        """Purchases and sales that are not eligible, by code, sorted by day."""
        found: dict[str, list[tuple[date, datetime, str, int]]] = {"P": [], "S": []}
        for index, deal in enumerate(self.deals):
            if deal.why_not and deal.trade.code in found and deal.on is not None:
                found[deal.trade.code].append((deal.on, deal.known_at, deal.trade.accession, index))
        return {
            code: ([row[0] for row in sorted(rows)], [self.deals[row[3]] for row in sorted(rows)])
            for code, rows in found.items()
        }

    def excluded_between(self, code: str, start: date, end: date) -> Sequence[Deal]:
        """The trades of that code in the window that are not eligible."""
        days, deals = self.left_out[code]
        return deals[bisect_left(days, start) : bisect_right(days, end)]


class Book:
    """Events of one side, by maker and by day."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.events: tuple[Event, ...] = tuple(sorted(events, key=lambda event: (event.on, event.order)))
        self._ons = [event.on for event in self.events]
        found: dict[str, list[Event]] = {}
        for event in self.events:
            found.setdefault(event.maker, []).append(event)
        self.by_maker: dict[str, MakerBook] = {maker: MakerBook(own) for maker, own in found.items()}

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)

    def between(self, start: date, end: date) -> Sequence[Event]:
        """Events of these days, both ends included."""
        return self.events[bisect_left(self._ons, start) : bisect_right(self._ons, end)]


class MakerBook:
    """One maker's events of one side, by day."""

    def __init__(self, events: list[Event]) -> None:
        self.events = events
        self._ons = [event.on for event in events]
        known = [event.known_at for event in events]
        self._in_order = all(one <= other for one, other in pairwise(known))

    def before(self, event: Event, known_at: datetime) -> list[Event]:
        """Events of earlier days that were known by then."""
        earlier = self.events[: bisect_left(self._ons, event.on)]
        if self._in_order and (not earlier or earlier[-1].known_at <= known_at):
            return earlier
        return [one for one in earlier if one.known_at <= known_at]

    def ever_before(self, event: Event) -> bool:
        """Whether there is any event of an earlier day, whenever it became known."""
        return bisect_left(self._ons, event.on) > 0


class Days:
    """The trades of one maker and side by day."""

    def __init__(self, deals: list[Deal]) -> None:
        dated = sorted(((deal.on, deal.order, deal) for deal in deals if deal.on is not None), key=lambda row: row[:2])
        self.deals: list[Deal] = [deal for _, _, deal in dated]
        self._ons: list[date] = [on for on, _, _ in dated]

    def between(self, start: date, end: date, known_at: datetime | None = None) -> list[Deal]:
        """Both ends included."""
        found = self.deals[bisect_left(self._ons, start) : bisect_right(self._ons, end)]
        return found if known_at is None else [deal for deal in found if deal.known_at <= known_at]

    def before(self, day: date, known_at: datetime) -> list[Deal]:
        return [deal for deal in self.deals[: bisect_left(self._ons, day)] if deal.known_at <= known_at]

    def last_before(self, day: date) -> Deal | None:
        at = bisect_left(self._ons, day)
        return self.deals[at - 1] if at else None

    @cached_property
    def first_known(self) -> Mapping[date, datetime]:
        """When each trading day became known, by day."""
        found: dict[date, datetime] = {}
        for on, deal in zip(self._ons, self.deals, strict=True):
            if on not in found or deal.known_at < found[on]:
                found[on] = deal.known_at
        return found
