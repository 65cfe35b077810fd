"""Trades as lists and alerts show them: each with its issuer, its words, and those who report it.

Promises: the decision-maker comes first. A page's rows come by one statement and without models, which takes a third of
the time; what they have is called as in `Trade`.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, NamedTuple, TypeVar

import orjson
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from filings.models import FilingOwner
from filings.models.fields import dashed
from signals.models import Trade
from signals.selectors.keyset import compiled


@dataclass(frozen=True, slots=True)
class Owner:
    cik: str
    name: str
    title: str | None


class Company(NamedTuple):
    name: str | None
    ticker: str | None


class Words(NamedTuple):
    sentence: str
    lines: Sequence[Sequence[Any]]


class Listed(NamedTuple):
    """What screens and their files show of a `Trade`. `placed` is its value in the order of its list."""

    pk: int
    filing_id: str
    number: int
    issuer_id: str
    decision_maker: str
    issuer: Company
    detail: Words
    placed: Any
    roles: tuple[str, ...]
    known_at: datetime
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


_AS_STORED = Listed._fields[Listed._fields.index("known_at") :]
# What is put in other words first, then what is as `_AS_STORED`.
_ROWS = f"""
    SELECT page.placed, t.id, t.filing_id, t.number, t.issuer_id, t.decision_maker, i.name, i.ticker, d.sentence,
           d.lines, t.roles, t.owners,
           (SELECT jsonb_agg(jsonb_build_array(o.insider_id, o.name, o.officer_title) ORDER BY o.position)
              FROM filings_filingowner o WHERE o.filing_id = t.filing_id),
           {", ".join(f't."{name}"' for name in _AS_STORED)}
      FROM (SELECT *, row_number() OVER () AS place FROM ({{keys}}) AS keys (id, placed)) AS page
      JOIN signals_trade t ON t.id = page.id
      JOIN signals_tradedetail d ON d.trade_id = t.id
      JOIN filings_issuer i ON i.cik = t.issuer_id
     ORDER BY page.place
"""


T = TypeVar("T", Trade, Listed)


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
    """A trade with those who report it, the decision-maker first."""

    trade: T
    owners: tuple[Owner, ...]

    @property
    def insider(self) -> Owner:
        return self.owners[0]

    @property
    def anchor(self) -> str:
        """Where its first row stands on the page of its filing."""
        table, row = self.trade.detail.lines[0]
        return f"{table}-t-{row}"

    @property
    def filing_id(self) -> str:
        return self.trade.filing_id

    @property
    def number(self) -> int:
        return self.trade.number

    @property
    def placed(self) -> Any:
        return self.trade.placed  # type: ignore[attr-defined]


def listed(keys: QuerySet[Any, Any]) -> list[Hit[Listed]]:
    """The trades in the order of `keys`, of which the first column is the key and the second what `placed` shall be."""
    asked = compiled(keys)
    if asked is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(keys=asked[0]), asked[1])
        return [_listed(row) for row in cursor.fetchall()]


def _listed(row: tuple[Any, ...]) -> Hit[Listed]:
    (placed, key, filing, number, issuer, decision_maker, company, ticker, sentence, lines, roles, owners, reported_by,
     *as_stored) = row  # fmt: skip
    named = {cik: Owner(f"{cik:010}", name or f"{cik:010}", title) for cik, name, title in
             reversed(orjson.loads(reported_by or "[]"))}  # fmt: skip
    if len(owners) > 1:
        owners = sorted(owners, key=lambda cik: (cik != decision_maker, cik))
    trade = Listed(
        key, dashed(filing), number, f"{issuer:010}", f"{decision_maker:010}", Company(company, ticker),
        Words(sentence, orjson.loads(lines)), placed, _roles(roles), *as_stored,
    )  # fmt: skip
    return Hit(trade, tuple(named.get(cik) or Owner(f"{cik:010}", f"{cik:010}", None) for cik in owners))


@functools.cache
def _roles(bits: int) -> tuple[str, ...]:
    return tuple(Trade._meta.get_field("roles").to_python(bits) or ())


def with_owners(found: QuerySet[Trade]) -> QuerySet[Trade]:
    """The trades with all that `hits_of` needs, in one query."""
    owners = FilingOwner.objects.filter(filing=OuterRef("filing")).order_by("position")
    named = owners.values(json=JSONObject(cik="insider_id", name="name", title="officer_title"))
    return found.select_related("issuer", "detail").annotate(reported_by=ArraySubquery(named))


def hits_of(found: Sequence[Trade]) -> list[Hit[Trade]]:
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
