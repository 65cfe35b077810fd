"""How far new filings reach: which older ones of their issuer must be read again, beside those of the same insiders.

A filing that is newer than all others, and no amendment, changes little of what others mean. Promises: the checks and
`reached` raise `ReachesAll` wherever it may change a lock-up, what is said of an older price, a split, or what an older
trade is; they tell where it may change a cluster or whom that names; and of older filings, those whose score or plan's
mark counts a trade of the new ones. Everything else stands as it was read.
Refuses to be exact, but of prices: in doubt the issuer is read whole, or its clusters are looked for anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from filings.ownership.document import Owner
from signals.detectors.docket import SEATED
from signals.detectors.thresholds import DEFAULTS
from signals.readings.exclusions import ALLOCATION
from signals.readings.history import FiledForm, History
from signals.readings.inferred_splits import jumps_of
from signals.readings.outline import Outline, makers_by_day
from signals.readings.roles import is_entity
from signals.readings.score import CLUSTER, CLUSTER_DAYS, Sale, sellers
from signals.readings.tape import NEAR, Quote, Tape, Told

_FIRST_YEAR = timedelta(days=400)  # what a lock-up is inferred from, and its last sales, lie within it
_BY_NEXT_TRADING_DAY = timedelta(days=7)
_BUYS, _SELLS = "cluster_buy", "cluster_sell"
_INSIDERS = {kind: int(DEFAULTS[f"{kind}.insiders"]) for kind in (_BUYS, _SELLS)}
_WINDOW = {kind: timedelta(days=DEFAULTS.days(f"{kind}.days")) for kind in (_BUYS, _SELLS)}


class ReachesAll(Exception):
    """The new filings may change what any filing of the issuer means; says how."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an issuer stands without the new filings: when the newest became known, the first filing's day, whether it is
    foreign, until when filings may bear on a split; of each signal of a cluster its kind and last day, and under which
    names they show their insiders.
    """

    newest: datetime
    covered_since: date
    foreign: bool
    splits_open_until: date | None
    clusters: Sequence[tuple[str, date]]
    named: Collection[tuple[str, str | None]] = ()


def check_forms(new: Iterable[FiledForm], standing: Standing) -> None:
    """What the forms themselves say."""
    for form in new:
        if form.is_amendment or not form.owners:
            raise ReachesAll("an amendment, or nobody's")
        if form.known_at <= standing.newest:
            raise ReachesAll("known before others")
        if form.foreign_ticker and not standing.foreign:
            raise ReachesAll("the first of a foreign issuer")
        days = [form.filed_on, form.period_of_report, *(line.transaction_date for line in form.lines)]
        earliest = min(day for day in days if day is not None)
        if earliest <= standing.covered_since + _FIRST_YEAR:
            raise ReachesAll("of the issuer's first year")
        if standing.splits_open_until and earliest <= standing.splits_open_until:
            raise ReachesAll("near a strike's jump")


def renames(history: History, new: Collection[str], named: Collection[tuple[str, str | None]]) -> bool:
    """Whether insiders of clusters may not keep the names that they have there, or not stand for whoever decided.

    Of those who decide together a cluster names one, by who is a person, has a seat, and was first: another owner
    beside them, a first seat or another kind of name may make that somebody else.
    """
    known = [owner for form in history if form.accession not in new for owner in form.owners]
    owners = [owner for form in history for owner in form.owners]
    names = {owner.cik: owner.name for owner in owners}
    shown = [(cik, name) for cik, name in named if cik in names]
    return any(names[cik] != name for cik, name in shown) or (bool(shown) and _ranks(known) != _ranks(owners))


def _ranks(owners: Sequence[Owner]) -> tuple[set[str], ...]:
    """Who files, who is no person, and who ever had a seat: what `Docket.people` goes by."""
    return (
        {owner.cik for owner in owners},
        {owner.cik for owner in owners if is_entity(owner.name)},
        {owner.cik for owner in owners if owner.is_director or owner.is_officer},
    )


def check_strikes(history: History, new: Collection[str]) -> None:
    """Whether the new ones among these filings show that the strike of an option jumped."""
    before = History(form for form in history if form.accession not in new)
    if sorted(map(repr, jumps_of(before))) != sorted(map(repr, jumps_of(history))):
        raise ReachesAll("a strike jumped")


class Reach(NamedTuple):
    """Filings that must be read too, and whether clusters may be others than they were."""

    filings: set[str]
    clusters: bool


def reached(
    new: Collection[str],
    read: Collection[str],
    before: Sequence[Outline],
    after: Sequence[Outline],
    clusters: Sequence[tuple[str, date]],
    *,
    closes_of_main: bool,
) -> Reach:
    """`before` are the issuer's trades as they stood, `after` those of the filings that
    were `read`, the `new` ones among them. `closes_of_main` says that closes stand for the class that is traded most.
    """
    own = [one for one in before if one.accession in read]
    others = [one for one in before if one.accession not in read]
    fresh = [one for one in after if one.accession in new]
    if _unscored(own) != _unscored(one for one in after if one.accession not in new):
        raise ReachesAll("an older trade is another now")
    present = [*others, *after]
    _check_allocations(after, present)
    if closes_of_main and _main_class(before) != _main_class(present):
        raise ReachesAll("another class is traded most, and imported closes are of that")
    return Reach(
        _scored_with(others, before, present) | _taxed_with(others, before, present),
        _near_clusters(fresh, own, present, clusters),
    )


def _unscored(trades: Iterable[Outline]) -> set[Outline]:
    return {one._replace(scored=False) for one in trades}


def _check_allocations(own: Iterable[Outline], present: Iterable[Outline]) -> None:
    """Purchases of one day and price by so many owners that they may be a plan's allocation."""
    owners: dict[tuple[str, date, Decimal | None], int] = {}
    for one in present:
        if one.code == "P" and one.table == "I" and one.standing:
            place = one.security_class, one.traded_on, one.price
            owners[place] = owners.get(place, 0) + len(one.owners)
    for one in own:
        if owners.get((one.security_class, one.traded_on, one.price), 0) >= ALLOCATION:
            raise ReachesAll("perhaps a plan's allocation")


# --- prices -----------------------------------------------------------------------------------------------------------


def check_prices(told: Sequence[Told], own: Sequence[Quote], new: Collection[str], read: Collection[str]) -> None:
    """No older price is doubted, or no more, or in other words: signals of several insiders cite these. `told` are the
    issuer's prices as they stood, `own` those that the filings which were `read` put on the tape.
    """
    of_read = [one.quote for one in told if one.stands and one.quote.accession in read]
    if Counter(of_read) != Counter(quote for quote in own if quote.accession not in new):
        raise ReachesAll("a price is read otherwise than it was")
    added: dict[str, list[date]] = {}
    for quote in own:
        if quote.accession in new:
            added.setdefault(quote.security_class, []).append(quote.on)
    older = [one for one in told if one.quote.security_class in added]
    before = Tape(one.quote for one in older if one.stands)
    now = Tape((*(one.quote for one in older if one.stands and one.quote.accession not in read), *own))
    for one in older:
        near = any(abs(one.quote.on - on) <= NEAR for on in added[one.quote.security_class])
        if (near or not before.rests_on_near(one.quote)) and before.doubt_of(one) != now.doubt_of(one):
            raise ReachesAll("an older price is doubted, or no more, or in other words")


def _main_class(trades: Iterable[Outline]) -> str | None:
    """As `Prices` has it."""
    counts = Counter(one.security_class for one in trades if one.priced)
    return max(counts, key=lambda name: (counts[name], name), default=None)


# --- clusters ---------------------------------------------------------------------------------------------------------


def _near_clusters(
    fresh: Sequence[Outline], own: Sequence[Outline], present: Sequence[Outline], clusters: Sequence[tuple[str, date]]
) -> bool:
    """Whether a cluster stands near or after what was traded, or one may come of it."""
    bought = {one.traded_on for one in fresh if one.code == "P"}
    beside = {one.traded_on for one in fresh if one.code != "P"}
    # An exercise takes sales of the same days out of clusters.
    sold = {one.traded_on for one in fresh if one.code == "S"} | {
        one.traded_on
        for one in own
        if one.code == "S" and any(abs(one.traded_on - on) <= _BY_NEXT_TRADING_DAY for on in beside)
    }
    for kind, deed, days in ((_BUYS, "buy", bought), (_SELLS, "sell", sold)):
        window = _WINDOW[kind]
        if any(last >= on - window for found, last in clusters if found == kind for on in days):
            return True
        dealt = [one for one in present if one.kind == deed and one.counted and not SEATED.isdisjoint(one.roles)]
        for on in days:
            # Whoever files in one name is one decision-maker.
            if len({one.owners for one in dealt if abs(one.traded_on - on) <= window}) >= _INSIDERS[kind]:
                return True
    return False


# --- what others count ------------------------------------------------------------------------------------------------


def _scored_with(others: Iterable[Outline], before: Sequence[Outline], present: Sequence[Outline]) -> set[str]:
    """Filings of sales whose score says how many sold at about that time."""
    then, now = (sorted(Sale(one.traded_on, one.maker) for one in trades if one.scored) for trades in (before, present))
    changed = {sale.on for sale in {*then} ^ {*now}}
    found = set()
    for one in others:
        if one.scored and any(abs(one.traded_on - on) <= CLUSTER_DAYS for on in changed):
            was, is_now = sellers(then, one.traded_on), sellers(now, one.traded_on)
            if was != is_now and max(was, is_now) >= CLUSTER:
                found.add(one.accession)
    return found


def _taxed_with(others: Iterable[Outline], before: Sequence[Outline], present: Sequence[Outline]) -> set[str]:
    """Filings of sales on a day on which enough colleagues sold for tax, or do now."""
    least = DEFAULTS["inferred_plan.company_insiders"]
    then, now = _tax_sellers(before), _tax_sellers(present)
    return {
        one.accession
        for one in others
        if one.code == "S"
        and (len(then.get(one.traded_on, _NOBODY) - {one.maker}) >= least)
        != (len(now.get(one.traded_on, _NOBODY) - {one.maker}) >= least)
    }


_NOBODY: frozenset[str] = frozenset()


def _tax_sellers(trades: Sequence[Outline]) -> Mapping[date, frozenset[str]]:
    sold = makers_by_day(one for one in trades if one.code == "S")
    vested = makers_by_day(one for one in trades if one.code in ("F", "M"))
    return {on: makers & vested.get(on, _NOBODY) for on, makers in sold.items()}
