"""Trades as lists and alerts show them: each with its issuer, its words, and those who report it.

Promises: the decision-maker comes first. A page's rows come by one statement and without models; what they have is
called as in `Trade`.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from filings.models import FilingOwner
from filings.models.fields import dashed
from signals.models import Trade
from signals.selectors.keyset import Sql, compiled


@dataclass(frozen=True, slots=True)
class Owner:
    cik: str
    name: str
    title: str | None


class Listed(NamedTuple):
    """What screens and their files show of a `Trade`: a row of the database as it comes, its keys still numbers.

    `insider` is the decision-maker, or the lowest of owners who do not have it among them; `owners` is how many there
    are, `anchor` where its first row stands on the page of its filing, `placed` its value in the order of its list.
    """

    pk: int
    filing: int
    number: int
    issuer: int
    issuer_name: str | None
    ticker: str | None
    insider: int
    reported_name: str | None
    owners: int
    sentence: str
    anchor: str
    placed: Any
    role_bits: int
    known: str
    filed_on: date
    traded_on: date | None
    form: str
    table: str
    code: str | None
    kind: str
    security_class: str
    ownership: str | None
    plan_status: str
    timeliness: str
    delay_days: int | None
    unpriced_lines: int
    score: int | None
    sic: int | None
    shares: Decimal | None
    price: Decimal | None
    value: Decimal | None
    stake_after: Decimal | None
    stake_change_pct: Decimal | None

    @property
    def filing_id(self) -> str:
        return dashed(self.filing)

    @property
    def issuer_id(self) -> str:
        return f"{self.issuer:010}"

    @property
    def insider_id(self) -> str:
        return f"{self.insider:010}"

    @property
    def insider_name(self) -> str:
        return self.reported_name or self.insider_id

    @property
    def roles(self) -> tuple[str, ...]:
        return _roles(self.role_bits)

    @property
    def known_at(self) -> datetime:
        return datetime.fromisoformat(self.known)


_AS_STORED = Listed._fields[Listed._fields.index("filed_on") :]
_OWN = ("filing_id", "number", "issuer_id", "decision_maker", "owners", "roles", "known_at", *_AS_STORED)
_COLUMNS = ", ".join(f'"{name}"' for name in _OWN)
_INSIDER = """CASE WHEN t.decision_maker = ANY (t.owners) THEN t.decision_maker
                ELSE (SELECT min(owner) FROM unnest(t.owners) AS owner) END"""
# In the order of `Listed`. `OFFSET 0` has PostgreSQL look up words and names row by row, as it would anyway, without
# weighing every order in which four tables can be joined: that took a tenth of the time.
_ROWS = f"""
    SELECT t.id, t.filing_id, t.number, t.issuer_id, i.name, i.ticker, {_INSIDER},
           (SELECT o.name FROM filings_filingowner o WHERE o.filing_id = t.filing_id AND o.insider_id = {_INSIDER}
             ORDER BY o.position LIMIT 1),
           cardinality(t.owners), d.sentence, (d.lines -> 0 ->> 0) || '-t-' || (d.lines -> 0 ->> 1), t.placed, t.roles,
           t.known_at::text, {", ".join(f't."{name}"' for name in _AS_STORED)}
      FROM ({{trades}}) AS t,
           LATERAL (SELECT sentence, lines FROM signals_tradedetail WHERE trade_id = t.id OFFSET 0) AS d,
           LATERAL (SELECT name, ticker FROM filings_issuer WHERE cik = t.issuer_id OFFSET 0) AS i
     ORDER BY t.place
"""
_AT_ONCE = _ROWS.format(
    trades=f"SELECT *, row_number() OVER () AS place FROM ({{asked}}) AS asked (id, {_COLUMNS}, placed)"
)
_BY_KEY = _ROWS.format(
    trades=f"""
    SELECT id, {_COLUMNS}, placed, place
      FROM (SELECT *, row_number() OVER () AS place FROM ({{asked}}) AS asked (id, placed)) AS keys
      JOIN signals_trade USING (id)"""
)


def at_once(trades: QuerySet[Any, Any]) -> Sql | None:
    """The statement whose rows are `Listed`, in the order of `trades`, each of which has what `placed` shall be."""
    asked = compiled(trades.values("pk", *_OWN, "placed"))
    return asked and (_AT_ONCE.format(asked=asked[0]), asked[1])


def by_key(trades: QuerySet[Any, Any]) -> Sql | None:
    """The same where an index may tell alone which trades these are: all else is looked up of those that are shown."""
    asked = compiled(trades.values("pk", "placed"))
    return asked and (_BY_KEY.format(asked=asked[0]), asked[1])


@functools.cache
def _roles(bits: int) -> tuple[str, ...]:
    return tuple(Trade._meta.get_field("roles").to_python(bits) or ())


@dataclass(frozen=True, slots=True)
class Hit:
    """A trade with those who report it, the decision-maker first."""

    trade: Trade
    owners: tuple[Owner, ...]

    @property
    def insider(self) -> Owner:
        return self.owners[0]

    @property
    def anchor(self) -> str:
        """Where its first row stands on the page of its filing."""
        table, row = self.trade.detail.lines[0]
        return f"{table}-t-{row}"


def with_owners(found: QuerySet[Trade]) -> QuerySet[Trade]:
    """The trades with all that `hits_of` needs, in one query."""
    owners = FilingOwner.objects.filter(filing=OuterRef("filing")).order_by("position")
    named = owners.values(json=JSONObject(cik="insider_id", name="name", title="officer_title"))
    return found.select_related("issuer", "detail").annotate(reported_by=ArraySubquery(named))


def hits_of(found: Sequence[Trade]) -> list[Hit]:
    """Trades that came by `with_owners`."""
    hits = []
    for trade in found:
        names: dict[str, Owner] = {}
        for one in trade.reported_by:  # type: ignore[attr-defined]
            cik = f"{one['cik']:010}"
            names.setdefault(cik, Owner(cik, one["name"] or cik, one["title"]))
        ciks = sorted(trade.owners, key=lambda cik: (cik != trade.decision_maker, cik))
        hits.append(Hit(trade, tuple(names.get(cik, Owner(cik, cik, None)) for cik in ciks)))
    return hits
