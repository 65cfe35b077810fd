"""Who sits where: an insider at an issuer, by the latest of the filings that name both, and what they did last.

Promises: a filing counts once, even if it names an owner twice; a filing without a date ranks as the newest, as nobody
knows that it is not. Whatever their number, one statement for the seats of an issuer with their last actions where they
are kept (`IssuerSeat`), and one for each where they are not.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import orjson

from filings.models import Issuer
from filings.models.fields import dashed
from form4site.kit.statements import Question, Statement, asked
from signals.readings.kind_words import KIND_WORDS
from signals.readings.splits import NO_SPLITS, Splits
from signals.selectors.positions import DAY_RANK, Company
from signals.selectors.prices import known_splits


class Reporter(NamedTuple):
    """An insider as the latest of their filings there names them."""

    filing_id: str
    insider_id: str
    name: str | None
    is_director: bool | None
    is_officer: bool | None
    is_ten_percent_owner: bool | None
    is_other: bool | None
    officer_title: str | None
    other_text: str | None


class LastAction(NamedTuple):
    """The latest standing trade of an insider, and the stake in its class that it left; None where that is unknown.

    `stake` is as filed; `adjusted` the same on the scale of today's shares, once `on_todays_scale` put it there.
    """

    kind: str
    on: date
    shares: Decimal | None
    filing: str
    stake: Decimal | None
    adjusted: Decimal | None

    @property
    def words(self) -> str:
        return KIND_WORDS[self.kind]

    def on_todays_scale(self, splits: Splits) -> LastAction:
        return self if self.stake is None else self._replace(adjusted=splits.shares(self.stake, self.on, date.max))


class Seat(NamedTuple):
    """An insider at an issuer, with the role that the latest of their filings gives."""

    owner: Reporter
    issuer: Company
    first_on: date | None
    last_on: date | None
    filings: int
    last: LastAction | None = None
    splits: Splits = NO_SPLITS

    @property
    def acted_on(self) -> date | None:
        return self.last.on if self.last else None


# The latest: the newest day, the filing, the first of its owners.
SEATS = f"""
    SELECT filing.issuer_id, owner.insider_id, count(DISTINCT owner.filing_id) AS filings,
           min(filing.listed_on) AS first_on, max(filing.listed_on) AS last_on,
           max(ARRAY[{DAY_RANK}, owner.filing_id, -owner.position]) AS latest
      FROM filings_filingowner owner JOIN filings_filing filing ON filing.accession = owner.filing_id
     WHERE {{whose}}
     GROUP BY 1, 2
"""
_SHOWN = f"""
SELECT seat.filings, seat.first_on, seat.last_on, issuer.cik, issuer.name, issuer.ticker,
       {", ".join(f"owner.{name}" for name in Reporter._fields)}{{more}}
  FROM {{seats}} seat
  JOIN filings_filingowner owner ON (owner.filing_id, owner.position) = ({{latest}})
  JOIN filings_issuer issuer ON issuer.cik = seat.issuer_id
"""
_COUNTED = _SHOWN.format(seats=f"({SEATS})", latest="seat.latest[2], -seat.latest[3]", more="{more}")
_SPLITS = """,
ARRAY(SELECT json_build_object('on', "on", 'ratio', ratio::text)::text
        FROM signals_stocksplit WHERE issuer_id = issuer.cik ORDER BY "on"),
(SELECT inferred_splits::text FROM signals_issuerstate WHERE issuer_id = issuer.cik)
"""
_OF_ISSUER = _COUNTED.format(whose="filing.issuer_id = %s", more="")
_OF_INSIDER = _COUNTED.format(whose="owner.insider_id = %s", more=_SPLITS)

# Those who report together are taken apart only when one trade of each such group is left.
LAST_TRADES = """
    SELECT issuer_id, owner AS insider_id, (max(latest))[5] AS id
      FROM (SELECT issuer_id, owners, max(ARRAY[traded_on - DATE '0001-01-01', filed_on - DATE '0001-01-01', filing_id,
                                                -number, id]) AS latest
              FROM signals_trade WHERE {whose} AND standing AND traded_on IS NOT NULL
             GROUP BY 1, 2) together,
           unnest(owners) AS owner
     GROUP BY 1, 2
"""
_ACTION = "trade.kind, trade.traded_on, trade.shares, trade.filing_id, trade.stake_after"
_LAST_ACTIONS = f"""
SELECT insider_id, {_ACTION}
  FROM ({LAST_TRADES.format(whose="issuer_id = %s")}) last JOIN signals_trade trade USING (id)
"""
_KEPT = (
    _SHOWN.format(seats="signals_issuerseat", latest="seat.latest, seat.position", more=f", {_ACTION}")
    + " LEFT JOIN signals_trade trade ON trade.id = seat.last_trade WHERE seat.issuer_id = %s"
)


@asked
def seats_at(issuer: Issuer, *, kept: bool) -> Question[list[Seat]]:
    """The insiders of an issuer with their last actions, that with the latest filing first; without splits.

    `kept` says that those of the last reading may be taken.
    """
    key = [int(issuer.cik)]
    if not kept:
        counted, acted = yield [Statement(_OF_ISSUER, key), Statement(_LAST_ACTIONS, key)]
        last = {f"{owner:010}": _last(*action) for owner, *action in acted}
        seats = (_seat(*row) for row in counted)
        return _in_order(seat._replace(last=last.get(seat.owner.insider_id)) for seat in seats)
    (rows,) = yield [Statement(_KEPT, key)]
    found = []
    for row in rows:
        action = row[_OWN:]
        found.append(_seat(*row[:_OWN])._replace(last=_last(*action) if action[0] else None))
    return _in_order(found)


@asked
def seats_of(insider: int) -> Question[list[Seat]]:
    """The issuers of an insider, that with the latest filing first, with the splits of each."""
    (rows,) = yield [Statement(_OF_INSIDER, [insider])]
    found = []
    for *row, listed, inferred in rows:
        splits = known_splits(map(orjson.loads, listed), orjson.loads(inferred or "null"))
        found.append(_seat(*row)._replace(splits=splits))
    return _in_order(found)


def _in_order(seats: Iterable[Seat]) -> list[Seat]:
    """Those who were named together last stand by their numbers."""
    found = sorted(seats, key=lambda seat: (seat.owner.insider_id, seat.issuer.cik))
    return sorted(found, key=lambda seat: (seat.last_on or date.min, seat.owner.filing_id), reverse=True)


_OWN = 6 + len(Reporter._fields)  # columns of a seat, before what belongs to it


def _seat(
    filings: int, first_on: date | None, last_on: date | None, cik: int, name: str | None, ticker: str | None,
    filing: int, insider: int, *role: Any,
) -> Seat:  # fmt: skip
    reporter = Reporter(dashed(filing), f"{insider:010}", *role)
    return Seat(reporter, Company(f"{cik:010}", name, ticker), first_on, last_on, filings)


def _last(kind: str, on: date, shares: Decimal | None, filing: int, stake: Decimal | None) -> LastAction:
    return LastAction(kind, on, shares, dashed(filing), stake, stake)
