"""The pages of issuers and insiders: who they are, with whom they appear, what was last reported held.

Promises: positions are those of the latest filing that reported the ownership line (class, direct or indirect, and in
what nature), taken from its last row for that line, with the filing they come from. Nothing is added up over lines,
and nothing is reconciled: a position that has not been reported again may have changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, Func, Max, Min, OuterRef, Q, QuerySet, Subquery, TextField, Value, Window
from django.db.models.functions import Coalesce, DenseRank, JSONObject, Upper

from filings.errors import NotFound
from filings.models import Filing, FilingOwner, Insider, InsiderName, Issuer, IssuerName, IssuerTicker, Line
from filings.models.fields import CikField
from filings.querysets import FilingQuerySet
from signals.models import Trade
from signals.readings.kind_words import KIND_WORDS
from signals.readings.splits import NO_SPLITS, Split, Splits
from signals.selectors.prices import known_splits, listed_splits

SAME_TICKER = 5
INSIDERS = 25


@dataclass(frozen=True, slots=True)
class Position:
    """What one ownership line held after the latest filing that reported it. `amount` is shares, or dollars."""

    line: Line
    amount: Decimal
    in_dollars: bool
    reported_on: date | None

    def figures(self, splits: Splits) -> Figures:
        """The amount and the exercise price on the scale of today's shares; without splits as filed."""
        strike, on = self.line.conversion_or_exercise_price, self.reported_on
        if on is None or not splits:
            return Figures(self, self.amount, strike)
        amount = self.amount if self.in_dollars else splits.shares(self.amount, on, date.max)
        return Figures(self, amount, None if strike is None else splits.price(strike, on, date.max))


@dataclass(frozen=True, slots=True)
class Figures:
    """A position as a list shows it. `strike` is the exercise price of a derivative, None where it has none."""

    position: Position
    amount: Decimal
    strike: Decimal | None


@dataclass(frozen=True, slots=True)
class LastAction:
    """The latest standing trade of an insider, and the stake in its class that it left; None where that is unknown.

    `stake` is as filed; `adjusted` the same on the scale of today's shares.
    """

    trade: Trade
    stake: Decimal | None
    adjusted: Decimal | None

    @property
    def words(self) -> str:
        return KIND_WORDS[self.trade.kind]


@dataclass(frozen=True, slots=True)
class Seat:
    """An insider at an issuer, with the role that the latest of their filings gives."""

    owner: FilingOwner
    issuer: Issuer
    first_on: date | None
    last_on: date | None
    filings: int
    last: LastAction | None = None
    splits: Splits = NO_SPLITS

    @property
    def acted_on(self) -> date | None:
        return self.last.trade.traded_on if self.last else None


class FormerName(NamedTuple):
    """A name and symbol of an issuer, with the days of the filings that first and last had them."""

    name: str | None
    ticker: str | None
    foreign_ticker: str | None
    first_on: date | None
    last_on: date | None


@dataclass(frozen=True, slots=True)
class FoundIssuer:
    """An issuer with the span of its filings here, and the others that use or used its symbol.

    `listing` is what the SEC's file of tickers says of it today, "TICKER on EXCHANGE"; None where the file is not here
    or does not have it. `shown_splits` are those that its filings show.
    """

    issuer: Issuer
    filings: int
    first_on: date | None
    last_on: date | None
    same_ticker: Sequence[Issuer]
    listing: str | None
    names: Sequence[FormerName]
    shown_splits: Sequence[Split]


@dataclass(frozen=True, slots=True)
class IssuerPage(FoundIssuer):
    """Of the insiders, `shown` are those who acted last; `seats` are all."""

    seats: Sequence[Seat]
    shown: Sequence[Seat]


@dataclass(frozen=True, slots=True)
class FoundInsider:
    """An insider with all names, the latest first."""

    insider: Insider
    names: Sequence[InsiderName]


@dataclass(frozen=True, slots=True)
class InsiderPage(FoundInsider):
    seats: Sequence[Seat]
    held: Sequence[Position]
    ended: Sequence[Position]


def find_issuer(key: str) -> FoundIssuer:
    """The issuer under this symbol or CIK; of several that used a symbol, the one that filed last. Or `NotFound`."""
    if not key.isprintable():  # PostgreSQL refuses a NUL
        raise NotFound("No issuer of that name is in this archive.")
    by_cik = key.isascii() and key.isdigit() and len(key) <= 10
    if by_cik:
        wanted = Q(cik=key) | Q(ticker__in=Issuer.objects.filter(cik=key).values("ticker"))
    else:
        wanted = Q(ticker=key.upper())
    listed = IssuerTicker.objects.filter(cik=OuterRef("cik"), until=None).order_by("ticker")
    names = IssuerName.objects.filter(issuer=OuterRef("pk")).order_by("-last_on", "-last_accession")
    alike = list(
        Issuer.objects.filter(wanted)
        .annotate(
            listed_as=Subquery(listed.values("ticker")[:1]),
            exchange=Subquery(listed.values("exchange")[:1]),
            shown_splits=F("state__inferred_splits"),
            former=ArraySubquery(names.values(json=JSONObject(**{name: name for name in FormerName._fields}))),
        )
        .annotate(here=Count("filings"), first_on=Min("filings__listed_on"), last_on=Max("filings__listed_on"))
        .order_by(F("last_on").desc(nulls_last=True), "-cik")
    )
    found = next((issuer for issuer in alike if not by_cik or int(issuer.cik) == int(key)), None)
    if found is None:
        raise NotFound(f"No issuer {key[:40]} is in this archive.")
    return FoundIssuer(
        issuer=found,
        filings=found.here,
        first_on=found.first_on,
        last_on=found.last_on,
        same_ticker=[other for other in alike if other is not found][:SAME_TICKER],
        listing=" on ".join(filter(None, (found.listed_as, found.exchange))) or None,
        names=[
            FormerName(**row | {name: row[name] and date.fromisoformat(row[name]) for name in ("first_on", "last_on")})
            for row in found.former
        ],
        shown_splits=[Split.shown(one) for one in found.shown_splits or ()],
    )


def issuer_page(found: FoundIssuer, splits: Splits = NO_SPLITS, *, everybody: bool = False) -> IssuerPage:
    """Its insiders, those who acted last first. Two queries; not its filings and charts."""
    trades = Trade.objects.filter(issuer=found.issuer)
    last = _last_actions(trades, Func(F("owners"), function="unnest", output_field=CikField()), splits)
    seats = [
        replace(seat, last=last.get(seat.owner.insider_id))
        for seat in _seats(FilingOwner.objects.filter(filing__issuer=found.issuer), by="insider_id")
    ]
    seats.sort(key=lambda seat: (seat.acted_on or date.min, seat.last_on or date.min), reverse=True)
    return IssuerPage(
        **{field.name: getattr(found, field.name) for field in fields(found)},
        seats=seats,
        shown=seats if everybody else seats[:INSIDERS],
    )


def _last_actions(trades: QuerySet[Trade], by: Func | F, splits: Splits) -> dict[str, LastAction]:
    """The latest standing trade for each value of `by`. One query."""
    latest = (
        trades.filter(standing=True, traded_on__isnull=False)
        .annotate(of=by)
        .only("kind", "direction", "shares", "traded_on", "filing_id", "stake_after", "security_class", "family")
        .order_by("of", "-traded_on", "-filed_on", "-filing", "number")
        .distinct("of")
    )
    found = {}
    today = date.max
    for trade in latest:
        assert trade.traded_on is not None  # the query asks for those that have one
        stake = trade.stake_after
        found[trade.of] = LastAction(
            trade, stake, None if stake is None else splits.shares(stake, trade.traded_on, today)
        )
    return found


def find_insider(cik: str) -> FoundInsider:
    """The insider with this CIK. Raises `NotFound`."""
    sound = cik.isascii() and cik.isdigit() and len(cik) <= 10
    names = InsiderName.objects.select_related("insider").order_by("-last_on", "-last_accession")
    found = list(names.filter(insider_id=cik)) if sound else []
    if not found:
        raise NotFound(f"No insider {cik[:40]} is in this archive.")
    return FoundInsider(insider=found[0].insider, names=found)


def insider_page(found: FoundInsider) -> InsiderPage:
    """All of an insider's page but their filings and charts."""
    lines = Line.objects.filter(filing__in=filings_of(found.insider))
    positions = _positions(lines, by="filing__issuer_id")
    return InsiderPage(
        insider=found.insider,
        names=found.names,
        seats=_seats(
            FilingOwner.objects.filter(insider=found.insider).annotate(
                shown_splits=F("filing__issuer__state__inferred_splits"),
                listed_splits=listed_splits("filing__issuer_id"),
            ),
            by="filing__issuer_id",
        ),
        held=[position for position in positions if position.amount],
        ended=[position for position in positions if not position.amount],
    )


def filings_of(insider: Insider) -> FilingQuerySet:
    """The filings in which this insider reports, each once even where a filing names them twice."""
    return Filing.objects.filter(Exists(FilingOwner.objects.filter(filing=OuterRef("pk"), insider=insider)))


_SEAT = (
    "insider_id", "name", "is_director", "is_officer", "is_ten_percent_owner", "is_other", "officer_title",
    "other_text", "filing__issuer__name", "filing__issuer__ticker",
)  # fmt: skip


def _seats(owners: QuerySet[FilingOwner], *, by: str) -> list[Seat]:
    """One seat for each value of `by`, from its latest filing; last active first. One query."""
    latest = (
        owners.select_related("filing__issuer")
        .only(*_SEAT)  # the rows are sorted four times over: the narrower the better
        .annotate(
            first_on=Window(Min("filing__listed_on"), partition_by=by),
            last_on=Window(Max("filing__listed_on"), partition_by=by),
            # A row's place from both ends: together the number of filings, each once even if it names an owner twice.
            from_first=Window(DenseRank(), partition_by=by, order_by="filing_id"),
            from_last=Window(DenseRank(), partition_by=by, order_by="-filing_id"),
        )
        .order_by(by, "-filing__listed_on", "-filing_id", "position")
        .distinct(by)
    )
    seats = [
        Seat(
            owner=owner,
            issuer=owner.filing.issuer,
            first_on=owner.first_on,
            last_on=owner.last_on,
            filings=owner.from_first + owner.from_last - 1,
            splits=known_splits(getattr(owner, "listed_splits", ()), getattr(owner, "shown_splits", ())),
        )
        for owner in latest
    ]
    return sorted(seats, key=lambda seat: (seat.last_on or date.min, seat.owner.filing_id), reverse=True)


def _spelled_alike(field: str) -> Upper:
    """Titles and natures that differ in case only are the same ownership line."""
    return Upper(Coalesce(field, Value("", output_field=TextField())))


def issuer_holdings(issuer: Issuer) -> list[Position]:
    """What is left on the ownership lines of the issuer's insiders, by the first owner of each filing. One query."""
    first_owner = FilingOwner.objects.filter(filing=OuterRef("filing"), position=0)
    lines = Line.objects.filter(filing__in=Filing.objects.filter(issuer=issuer)).annotate(
        holder_cik=Subquery(first_owner.values("insider_id")), holder_name=Subquery(first_owner.values("name"))
    )
    positions = _positions(lines, by="holder_cik")
    return [position for position in positions if position.amount]


def _positions(lines: QuerySet[Line], *, by: str) -> list[Position]:
    """The latest position on each ownership line among these rows, lines told apart `by` this too. One query."""
    key = (by, "table", "title_key", "ownership", "nature_key")
    lines = (
        lines.filter(Q(shares_owned_following__isnull=False) | Q(value_owned_following__isnull=False))
        .select_related("filing__issuer")
        .annotate(
            title_key=_spelled_alike("security_title"),
            nature_key=_spelled_alike("nature_of_ownership"),
        )
        .order_by(*key, "-filing__listed_on", "-filing_id", "-position")
        .distinct(*key)
    )
    found = []
    for line in lines:
        shares = line.shares_owned_following
        amount = shares if shares is not None else line.value_owned_following
        assert amount is not None  # the query asks for lines that have one of the two
        found.append(Position(line=line, amount=amount, in_dollars=shares is None, reported_on=line.filing.listed_on))
    return sorted(
        found,
        key=lambda position: (
            -(position.reported_on or date.min).toordinal(),
            position.line.filing.issuer_id,
            position.line.table,
            -position.amount,
            position.line.pk,
        ),
    )
