"""Signals as people look at them: the feed and its filters, one with its rows, how often each kind fires.

Promises: keyset pages in a total order; a filter that cannot be read is left out and said; a signal that later facts
have undone is not found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from django.db.models import F, Max, Q, QuerySet

from filings.errors import NotFound
from filings.models import Filing
from form4site.kit.statements import Question, Statement, asked, rows_of_each
from signals.detectors.catalogue import CATALOGUE, Entry
from signals.detectors.signal import KINDS
from signals.models import Signal, Trade
from signals.readings.sectors import SECTORS
from signals.readings.vocabulary import SLUGS

PAGE_SIZE = 40
# These say how a trade stands among others; by the hundred they would hide what is rare.
BACKGROUND = ("isolated_trade", "opportunistic_trade")
# More nobody traded; "1e999999999" is a gigabyte of digits in words, and no number to PostgreSQL.
MOST_DOLLARS = 10**15
SINCE = {"1": "a day", "7": "a week", "30": "30 days", "90": "90 days", "365": "a year"}
_AFTER = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z),(.{1,200})")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the feed is asked for. `kinds` empty is every kind but `BACKGROUND`; `sector` a place in `SECTORS`."""

    kinds: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    least: Decimal | None = None
    sector: int | None = None
    days: int | None = None
    unread: tuple[str, ...] = field(default=())

    @property
    def shown(self) -> tuple[str, ...]:
        return self.kinds or tuple(kind for kind in KINDS if kind not in BACKGROUND)

    @property
    def is_all(self) -> bool:
        return not (self.kinds or self.roles or self.least is not None or self.sector is not None or self.days)


def wanted(given: Mapping[str, Sequence[str]]) -> Wanted:
    """The filters of a querystring; `unread` names those that say nothing we know."""
    unread: list[str] = []

    def known(name: str, among: Sequence[str]) -> tuple[str, ...]:
        words = [word for word in given.get(name, ()) if word]
        unread.extend(f"{name}={word}" for word in words if word not in among)
        return tuple(item for item in among if item in words)

    kinds, roles = known("kind", KINDS), known("role", SLUGS)
    least = None
    if words := next(iter(given.get("least", ())), "").replace(",", "").replace("$", "").strip():
        try:
            least = Decimal(words)
        except InvalidOperation:
            least = None
        if least is None or not least.is_finite() or not 0 <= least <= MOST_DOLLARS or least.adjusted() < -9:
            unread.append(f"least={words}")
            least = None
    sectors = known("sector", [str(place) for place in range(len(SECTORS))])
    days = known("since", list(SINCE))
    return Wanted(
        kinds,
        roles,
        least,
        int(sectors[0]) if sectors else None,
        int(days[-1]) if days else None,
        tuple(unread),
    )


class Company(NamedTuple):
    name: str | None
    ticker: str | None


class ListedSignal(NamedTuple):
    """What a list shows of a `Signal`: the evidence, which is most of it, is for its own page."""

    issuer: Company
    issuer_id: str
    tags: Sequence[str]
    insiders: Sequence[Mapping[str, Any]]
    key: str
    kind: str
    known_at: datetime
    provisional: bool
    settles_on: date | None
    strength: int
    sentence: str


_NAMED = ("issuer__name", "issuer__ticker", "issuer_id", "tags", "insiders")
_AS_STORED = ListedSignal._fields[ListedSignal._fields.index("key") :]


@dataclass(frozen=True, slots=True)
class SignalsPage:
    """A page of the feed; `older` is the key of the next page, None on the last."""

    signals: Sequence[Any]
    older: str | None


@asked
def feed(
    wanted: Wanted, after: str = "", *, size: int = PAGE_SIZE, among: QuerySet[Signal] | None = None
) -> Question[SignalsPage]:
    """The newest signals first: those in `among`, or of all what a list shows of them.

    Days are counted back from the newest signal here, not from the reader's clock.
    """
    since = None
    if wanted.days and (newest_at := Signal.objects.aggregate(newest=Max("known_at"))["newest"]):
        since = newest_at - timedelta(days=wanted.days)
    place = _place(after)
    if among is None:
        (rows,) = yield [_of_all(replace(wanted, days=None, unread=()), since, place, size + 1)]
        found: list[Any] = [_listed(*row) for row in rows]
    else:
        found = list(_newest(among.select_related("issuer"), wanted, since, place)[: size + 1])
    shown = found[:size]
    older = None
    if len(found) > size:
        last = shown[-1]
        older = f"{last.known_at.astimezone(UTC).isoformat().replace('+00:00', 'Z')},{last.key}"
    return SignalsPage(shown, older)


def _newest(
    signals: QuerySet[Signal], asked: Wanted, since: datetime | None, place: tuple[datetime, str] | None
) -> QuerySet[Signal]:
    """Those of `signals` that are asked for, known after `since` and standing after `place`."""
    signals = signals.filter(kind__in=asked.shown)
    if asked.roles:
        signals = signals.filter(roles__overlaps=asked.roles)
    if asked.least is not None:
        signals = signals.filter(value__gte=asked.least)
    if asked.sector is not None:
        _, low, high = SECTORS[asked.sector]
        signals = signals.filter(sic__range=(low, high))
    if since:
        signals = signals.filter(known_at__gt=since)
    if place:
        moment, key = place
        signals = signals.filter(Q(known_at__lt=moment) | Q(known_at=moment, key__gt=key))
    return signals.order_by(F("known_at").desc(), "key")


@lru_cache(100)
def _of_all(asked: Wanted, since: datetime | None, place: tuple[datetime, str] | None, count: int) -> Statement:
    """The statement and its values: to put it together takes longer than to answer it."""
    rows = _newest(Signal.objects.all(), asked, since, place).values_list(*_NAMED, *_AS_STORED)
    return Statement(*rows[:count].query.sql_with_params())


def _listed(
    name: str | None, ticker: str | None, issuer: int, tags: Sequence[str], insiders: str, *as_stored: Any
) -> ListedSignal:
    return ListedSignal(Company(name, ticker), f"{issuer:010}", tags, orjson.loads(insiders), *as_stored)


def _place(words: str) -> tuple[datetime, str] | None:
    found = _AFTER.fullmatch(words)
    if not found:
        return None
    try:
        return datetime.fromisoformat(found[1].replace("Z", "+00:00")), found[2]
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class CitedTrade:
    """Rows that a signal counted or left out: the stored trade, None where it is read no more as it was; the reason.

    Without lines it is the filing as a whole: what a note of it says.
    """

    accession: str
    lines: Sequence[Sequence[Any]]
    trade: Trade | None
    reason: str | None
    filed_by: str | None

    @property
    def anchor(self) -> str:
        """Where on the filing's page it stands; empty for the filing as a whole."""
        return "{}-t-{}".format(*self.lines[0]) if self.lines else ""


@dataclass(frozen=True, slots=True)
class WholeSignal:
    signal: Signal
    entry: Entry
    counted: Sequence[CitedTrade]
    left_out: Sequence[CitedTrade]


def whole_signal(key: str) -> WholeSignal:
    """One signal with the trades that it counted and those it left out. Four queries. Raises `NotFound`."""
    signal = Signal.objects.select_related("issuer").filter(key=key).first()
    if signal is None:
        raise NotFound(f"No signal {key[:80]} stands now; later filings may have undone it.")
    accessions = {cited["accession"] for cited in (*signal.trades, *signal.excluded)}
    trades = {
        (trade.filing_id, table, row): trade
        for trade in Trade.objects.filter(filing__in=accessions).select_related("detail")
        for table, row in trade.detail.lines
    }
    owners = {
        filing.accession: "; ".join(owner.name or owner.insider_id for owner in filing.owners.all())
        for filing in Filing.objects.filter(accession__in=accessions).only("accession").prefetch_related("owners")
    }

    def cited(rows: Sequence[Mapping[str, Any]]) -> list[CitedTrade]:
        return [
            CitedTrade(
                accession=row["accession"],
                lines=row["lines"],
                trade=trades.get((row["accession"], *row["lines"][0])) if row["lines"] else None,
                reason=row.get("reason"),
                filed_by=owners.get(row["accession"]),
            )
            for row in rows
        ]

    return WholeSignal(signal, CATALOGUE[signal.kind], cited(signal.trades), cited(signal.excluded))


@dataclass(frozen=True, slots=True)
class Summary:
    """What became known in the days up to `until`: counts by kind, and the strongest of each kind."""

    since: datetime
    until: datetime
    counts: tuple[tuple[Entry, int], ...]
    strongest: Sequence[ListedSignal]


STRONGEST = 12


_UNTIL = "SELECT max(known_at) FROM signals_signal"
_COUNTS = "SELECT kind, count(*) FROM signals_signal WHERE known_at > %(since)s GROUP BY kind"
# Issuers are looked up once it is known which signals these are: PostgreSQL would join them to all before.
_STRONGEST = f"""
    SELECT i.name, i.ticker, s.issuer_id, s.tags, s.insiders, {", ".join(f"s.{name}" for name in _AS_STORED)}
      FROM (SELECT DISTINCT ON (kind) id FROM signals_signal
             WHERE known_at > %(since)s AND kind <> ALL (%(background)s)
             ORDER BY kind, strength DESC, key) AS first
      JOIN signals_signal s USING (id)
      JOIN filings_issuer i ON i.cik = s.issuer_id
"""


def summary(days: int) -> Summary | None:
    """Of the last `days` that the archive knows; None where no signal is here.

    Two messages: of days counted back within a statement, PostgreSQL does not know how few they are.
    """
    (((until,),),) = rows_of_each(_UNTIL, given={})
    if until is None:
        return None
    since = until - timedelta(days=days)
    kinds, rows = rows_of_each(_COUNTS, _STRONGEST, given={"since": since, "background": list(BACKGROUND)})
    counts = dict[str, int](kinds)
    ranked = sorted((_listed(*row) for row in rows), key=lambda signal: (-signal.strength, signal.key))[:STRONGEST]
    return Summary(since, until, tuple((CATALOGUE[kind], counts[kind]) for kind in KINDS if kind in counts), ranked)
