"""Grant, exercise or vesting, tax, sale: what became of shares that came from an award, told as one story.

Promises: a story is of one decision-maker, class and day on which shares came by exercise or vesting; what was
withheld and sold on that day or the next trading day belongs to it, in whichever accession it was reported, and so do
sales within thirty days; a sale belongs to one story only, the latest that it can follow. Shares sold from another
ownership line (a trust's) are not the ones that came. Where nothing was sold, "kept
all" is provisional until thirty days have passed. Amounts are of trades that stand: no superseded row tells a story.
Refuses to read a wish into it: a vesting is no choice, and shares sold to cover tax are told as that.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from signals.readings.trade import Trade
from signals.readings.trades import EXACT, IssuerReading
from signals.readings.trading_days import next_trading_day

KEPT_ALL, SOLD_PART, SOLD_TO_COVER = "kept_all", "sold_part", "sold_to_cover"
SOLD_EVERYTHING, SOLD_LATER = "sold_everything", "sold_later"
GRANT, EXERCISE, VEST, WITHHELD, SOLD, KEPT = "grant", "exercise", "vest", "withheld", "sold", "kept"
# What part of the shares left after withholding separates the outcomes, and the days of waiting.
HOLD_BELOW, ALL_FROM, WAIT = Decimal("0.1"), Decimal("0.9"), timedelta(days=30)
_ZERO = Decimal(0)


# A decision-maker's class and how it is held: ownership and nature.
Where = tuple[str, str, str | None, str]


@dataclass(frozen=True, slots=True)
class Strip:
    """One step: what, when, how many shares, at what price, and where it was reported.

    `later` marks a sale after the next trading day.
    """

    step: str
    on: date | None
    shares: Decimal
    price: Decimal | None
    accession: str | None
    lines: tuple[tuple[str, int], ...] = ()
    later: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """`kind` is "exercise" where a price was paid for any of it, else "vest". Shares of the story's class throughout.

    `ratio` is sold / (came - withheld) of the day and the next trading day, None if nothing was left to sell. `cost`
    is what exercising cost and `proceeds` what selling brought, in dollars, None where a price is missing.
    `provisional` says that the outcome may still change, until the end of `settles_on`.
    """

    decision_maker: str
    owners: tuple[str, ...]
    kind: str
    security_class: str
    on: date
    strips: tuple[Strip, ...]
    came: Decimal
    withheld: Decimal
    sold: Decimal
    kept: Decimal
    ratio: Decimal | None
    cost: Decimal | None
    proceeds: Decimal | None
    outcome: str
    provisional: bool
    settles_on: date
    expires_on: date | None

    @property
    def accessions(self) -> tuple[str, ...]:
        """The filings that tell it, each once."""
        return tuple(dict.fromkeys(strip.accession for strip in self.strips if strip.accession))


def stories(reading: IssuerReading, *, as_of: date) -> tuple[Story, ...]:
    """The stories of one issuer as of the end of that day, by day and decision-maker."""
    makers = reading.decision_makers
    came: dict[Where, dict[date, list[Trade]]] = {}
    kept_back: dict[Where, list[Trade]] = {}
    sales: dict[Where, list[Trade]] = {}
    for trade in reading.trades:
        if not trade.standing or trade.traded_on is None or not trade.shares or _bad_date(trade):
            continue
        where = (makers[trade.owners[0]], trade.security_class, trade.ownership, _nature(trade))
        if trade.kind in (EXERCISE, VEST) and trade.direction == "acquired":
            came.setdefault(where, {}).setdefault(trade.traded_on, []).append(trade)
        elif trade.kind == "withholding" or (trade.kind == "issuer_disposition" and trade.table == "I"):
            kept_back.setdefault(where, []).append(trade)
        elif trade.code == "S" and trade.direction == "disposed":
            sales.setdefault(where, []).append(trade)
    found = []
    for where, days in came.items():
        ordered = sorted(days)
        withheld = _dealt(kept_back.get(where, ()), ordered, timedelta(0))
        sold = _dealt(sales.get(where, ()), ordered, WAIT)
        for on in ordered:
            found.append(_story(where[0], on, days[on], withheld.get(on, []), sold.get(on, []), reading, as_of))
    return tuple(sorted(found, key=lambda story: (story.on, story.accessions, story.security_class)))


def _nature(trade: Trade) -> str:
    return " ".join((trade.nature or "").lower().split())


def _bad_date(trade: Trade) -> bool:
    return any(item.reason == "bad_date" for item in trade.exclusions)


def _dealt(trades: Iterable[Trade], days: Sequence[date], wait: timedelta) -> Mapping[date, list[Trade]]:
    """Each trade with the latest day that it can follow: up to the next trading day, or within the wait.

    The later a day, the later what may follow it, so only the last day up to the trade's own needs a look.
    """
    dealt: dict[date, list[Trade]] = {}
    for trade in trades:
        if trade.traded_on is None:
            continue
        at = bisect_right(days, trade.traded_on)
        if at and trade.traded_on <= max(next_trading_day(days[at - 1]), days[at - 1] + wait):
            dealt.setdefault(days[at - 1], []).append(trade)
    return dealt


def _story(
    who: str, on: date, came: list[Trade], withheld: list[Trade], sold: list[Trade], reading: IssuerReading, as_of: date
) -> Story:
    soon = next_trading_day(on)
    now = [trade for trade in sold if trade.traded_on is not None and trade.traded_on <= soon]
    later = [trade for trade in sold if trade not in now]
    got, back, gone = _shares(came), _shares(withheld), _shares(now)
    left = EXACT.subtract(got, back)
    ratio = EXACT.divide(gone, left).quantize(Decimal("0.0001"), context=EXACT) if left > 0 else None
    afterwards = _shares(later)
    outcome = _outcome(ratio, left, afterwards, now)
    settles_on = on + WAIT
    kept = max(left - gone - afterwards, _ZERO)
    strips = [
        *_grants(came, reading),
        *(_strip(trade.kind, trade) for trade in came),
        *(_strip(WITHHELD, trade) for trade in withheld),
        *(_strip(SOLD, trade) for trade in now),
        *(_strip(SOLD, trade, later=True) for trade in later),
    ]
    if kept:
        strips.append(Strip(KEPT, None, kept, None, None))
    return Story(
        decision_maker=who,
        owners=tuple(sorted({cik for trade in came for cik in trade.owners})),
        kind=EXERCISE if any(trade.kind == EXERCISE for trade in came) else VEST,
        security_class=came[0].security_class,
        on=on,
        strips=tuple(strips),
        came=got,
        withheld=back,
        sold=gone + afterwards,
        kept=kept,
        ratio=ratio,
        cost=_money([trade for trade in came if trade.kind == EXERCISE]),
        proceeds=_money(sold),
        outcome=outcome,
        provisional=outcome == KEPT_ALL and as_of <= settles_on,
        settles_on=settles_on,
        expires_on=min((trade.expires_on for trade in came if trade.expires_on), default=None),
    )


def _outcome(ratio: Decimal | None, left: Decimal, afterwards: Decimal, sold: list[Trade]) -> str:
    if ratio is None:
        return SOLD_EVERYTHING if sold else KEPT_ALL
    if ratio >= ALL_FROM:
        return SOLD_EVERYTHING
    if ratio >= HOLD_BELOW:
        return SOLD_TO_COVER if all(trade.sold_to_cover for trade in sold) else SOLD_PART
    return SOLD_LATER if afterwards >= left * HOLD_BELOW else KEPT_ALL


def _grants(came: list[Trade], reading: IssuerReading) -> list[Strip]:
    """The awards that these shares came from, where the archive has the filing that granted them."""
    book, granted = reading.ledger, reading.awards
    found: dict[int, Strip] = {}
    for trade in came:
        for ref in trade.refs():
            number = book.line_of.get(ref) if ref.table == "II" else None
            grant = granted.get(number) if number is not None else None
            if grant is not None and grant.known_at <= trade.known_at and grant.accession != trade.accession:
                found.setdefault(grant.line_number or 0, _strip(GRANT, grant))
    return list(found.values())


def _strip(step: str, trade: Trade, *, later: bool = False) -> Strip:
    return Strip(step, trade.traded_on, trade.shares or _ZERO, trade.price, trade.accession, trade.lines, later)


def _shares(trades: Iterable[Trade]) -> Decimal:
    total = _ZERO
    for trade in trades:
        total = EXACT.add(total, trade.shares or _ZERO)
    return total


def _money(trades: list[Trade]) -> Decimal | None:
    """Dollars of all of them, None if there are none or one has no value."""
    if not trades or any(trade.value is None or trade.unpriced_lines for trade in trades):
        return None
    total = _ZERO
    for trade in trades:
        total = EXACT.add(total, trade.value or _ZERO)
    return total
