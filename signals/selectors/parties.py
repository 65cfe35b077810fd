"""The pages of issuers and insiders: who they are, and with whom they appear. What they hold is in `positions`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import NamedTuple

import orjson

from filings.errors import NotFound
from filings.models import Insider, Issuer
from filings.selectors import kept_columns
from form4site.kit.statements import Question, Statement, asked
from signals.readings.splits import NO_SPLITS, Split, Splits
from signals.selectors.positions import Position
from signals.selectors.seats import Seat

SAME_TICKER = 5
INSIDERS = 25


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
    or does not have it. `shown_splits` are those that its filings show. `seated` says whether what is kept of who sits
    there tells of all its filings.
    """

    issuer: Issuer
    filings: int
    first_on: date | None
    last_on: date | None
    same_ticker: Sequence[Issuer]
    listing: str | None
    names: Sequence[FormerName]
    shown_splits: Sequence[Split]
    seated: bool


@dataclass(frozen=True, slots=True)
class IssuerPage(FoundIssuer):
    """Of the insiders, `shown` are those who acted last; `seats` are all."""

    seats: Sequence[Seat]
    shown: Sequence[Seat]


class InsiderCalled(NamedTuple):
    """A name of an insider, with the day of the last filing that had it."""

    name: str | None
    last_on: date | None


@dataclass(frozen=True, slots=True)
class FoundInsider:
    """An insider with all names, the latest first."""

    insider: Insider
    names: Sequence[InsiderCalled]


@dataclass(frozen=True, slots=True)
class InsiderPage(FoundInsider):
    seats: Sequence[Seat]
    held: Sequence[Position]
    ended: Sequence[Position]


# What stands beside the issuer is looked up for each that is found: joined, it would be made for every filing.
_OWN = kept_columns(Issuer)
_ISSUERS = """
SELECT {own}, listed.ticker AS listed_as, listed.exchange, state.inferred_splits AS shown_splits, state.seated,
       ARRAY(SELECT json_build_object({former})::text FROM filings_issuername WHERE issuer_id = filings_issuer.cik
              ORDER BY last_on DESC, last_accession DESC) AS former,
       (SELECT count(*) FROM filings_filing WHERE issuer_id = filings_issuer.cik) AS here,
       (SELECT min(listed_on) FROM filings_filing WHERE issuer_id = filings_issuer.cik) AS first_on,
       (SELECT max(listed_on) FROM filings_filing WHERE issuer_id = filings_issuer.cik) AS last_on
  FROM filings_issuer
  LEFT JOIN signals_issuerstate state ON state.issuer_id = filings_issuer.cik
  LEFT JOIN LATERAL (SELECT ticker, exchange FROM filings_issuerticker
                      WHERE cik = filings_issuer.cik AND until IS NULL ORDER BY ticker LIMIT 1) listed ON true
 WHERE {wanted}
 ORDER BY last_on DESC NULLS LAST, filings_issuer.cik DESC
"""
_FORMER = ", ".join(f"'{name}', {name}" for name in FormerName._fields)
_BY_CIK = _ISSUERS.format(
    own=_OWN.columns,
    former=_FORMER,
    wanted="filings_issuer.cik = %(key)s"
    " OR filings_issuer.ticker = (SELECT ticker FROM filings_issuer WHERE cik = %(key)s)",
)
_BY_TICKER = _ISSUERS.format(own=_OWN.columns, former=_FORMER, wanted="filings_issuer.ticker = %(key)s")


@asked
def find_issuer(key: str) -> Question[FoundIssuer]:
    """The issuer under this symbol or CIK; of several that used a symbol, the one that filed last. Or `NotFound`."""
    if not key.isprintable():  # PostgreSQL refuses a NUL
        raise NotFound("No issuer of that name is in this archive.")
    by_cik = key.isascii() and key.isdigit() and len(key) <= 10
    (rows,) = yield [Statement(_BY_CIK, {"key": int(key)}) if by_cik else Statement(_BY_TICKER, {"key": key.upper()})]
    alike = [_OWN.made(row) for row in rows]
    place = next((at for at, issuer in enumerate(alike) if not by_cik or int(issuer.cik) == int(key)), None)
    if place is None:
        raise NotFound(f"No issuer {key[:40]} is in this archive.")
    ticker, exchange, shown_splits, seated, former, here, first_on, last_on = rows[place][len(_OWN.names) :]
    return FoundIssuer(
        issuer=alike[place],
        filings=here,
        first_on=first_on,
        last_on=last_on,
        same_ticker=[*alike[:place], *alike[place + 1 :]][:SAME_TICKER],
        listing=" on ".join(filter(None, (ticker, exchange))) or None,
        names=[_former(**orjson.loads(row)) for row in former],
        seated=seated == here,
        shown_splits=[Split.shown(one) for one in orjson.loads(shown_splits or "[]")],
    )


def _former(first_on: str | None, last_on: str | None, **names: str | None) -> FormerName:
    return FormerName(
        **names,
        first_on=date.fromisoformat(first_on) if first_on else None,
        last_on=date.fromisoformat(last_on) if last_on else None,
    )


def issuer_page(
    found: FoundIssuer, seats: Sequence[Seat], splits: Splits = NO_SPLITS, *, everybody: bool = False
) -> IssuerPage:
    """Its insiders, those who acted last first; what they hold on the scale of today's shares too."""
    seats = sorted(seats, key=lambda seat: (seat.acted_on or date.min, seat.last_on or date.min), reverse=True)
    shown = seats if everybody else seats[:INSIDERS]
    if splits:
        shown = [seat._replace(last=seat.last and seat.last.on_todays_scale(splits)) for seat in shown]
    return IssuerPage(**{field.name: getattr(found, field.name) for field in fields(found)}, seats=seats, shown=shown)


_WHO = kept_columns(Insider)
_INSIDER = f"""
SELECT {_WHO.columns}, ARRAY(SELECT json_build_array(name, last_on)::text FROM filings_insidername
                              WHERE insider_id = filings_insider.cik ORDER BY last_on DESC, last_accession DESC)
  FROM filings_insider WHERE filings_insider.cik = %s
"""


def insider_number(cik: str) -> int:
    """The number in an address. Raises `NotFound` where there is none."""
    if not (cik.isascii() and cik.isdigit() and len(cik) <= 10):
        raise NotFound(f"No insider {cik[:40]} is in this archive.")
    return int(cik)


@asked
def find_insider(cik: str) -> Question[FoundInsider]:
    """The insider with this CIK. Raises `NotFound`."""
    (rows,) = yield [Statement(_INSIDER, [insider_number(cik)])]
    called = rows[0][-1] if rows else ()
    if not called:
        raise NotFound(f"No insider {cik[:40]} is in this archive.")
    names = [(name, on and date.fromisoformat(on)) for name, on in map(orjson.loads, called)]
    return FoundInsider(insider=_WHO.made(rows[0]), names=[InsiderCalled(*name) for name in names])


def insider_page(found: FoundInsider, seats: Sequence[Seat], positions: Sequence[Position]) -> InsiderPage:
    """All of an insider's page but their filings and charts."""
    return InsiderPage(
        insider=found.insider,
        names=found.names,
        seats=seats,
        held=[position for position in positions if position.amount],
        ended=[position for position in positions if not position.amount],
    )
