"""Trades as programs get them: by one statement, as rows of the database, with no model made of any.

Promises: the JSON of a trade (docs/json.md) is made here alone, for the reading of a filing, a screen and a timeline
alike; the rows of a page are of one moment.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import orjson
from django.db.models import QuerySet

from filings.models.fields import AccessionField
from form4site.kit.api import number
from signals.models import Trade
from signals.selectors.keyset import Sql, compiled
from signals.selectors.matching import fetched

# Those that `TradeRow` names come first; then what a list shows, then what a reading does.
_ROWS = """
    SELECT page.placed, t.filing_id, t.number, t.shares,
           t.form, t.filed_on, t.known_at, t.issuer_id, i.name, i.ticker, t.decision_maker, t.first_purchase,
           t.delay_days,
           (SELECT jsonb_agg(jsonb_build_array(o.insider_id, o.name, o.officer_title) ORDER BY o.position)
              FROM filings_filingowner o WHERE o.filing_id = t.filing_id),
           t.owners, d.lines, t.kind, t.direction, t.security_class, t.roles, t.traded_on, t.price,
           t.price_min, t.price_max, t.value, t.stake_before, t.stake_after, t.stake_change_pct, t.ownership, t.nature,
           t.plan_status, d.plan, d.timeliness, t.counted, d.exclusions, d.score, d.sentence
      FROM (SELECT *, row_number() OVER () AS place FROM ({keys}) AS keys (id, placed)) AS page
      JOIN signals_trade t ON t.id = page.id
      JOIN signals_tradedetail d ON d.trade_id = t.id
      JOIN filings_issuer i ON i.cik = t.issuer_id
     ORDER BY page.place
"""
_LISTED, _READ = 4, 14  # where these begin
_PLAN = ("status", "adopted_on", "modified_on", "disagreement", "evidence")
_EXCLUSION = ("reason", "text", "by")
_accession = AccessionField().to_python


class TradeRow(NamedTuple):
    """A row of `_ROWS`: what orders it, its key, its shares, and all columns: JSON as words, CIKs as numbers."""

    placed: Any
    filing_id: str
    number: int
    shares: Decimal | None
    columns: tuple[Any, ...]


def trade_rows(keys: QuerySet[Any, Any]) -> list[TradeRow]:
    """The trades of `keys` in their order, each of which has what `placed` shall be. Raises `matching.TooBroad`."""
    asked = statement(keys)
    return [] if asked is None else rows_of(asked)


def statement(keys: QuerySet[Any, Any]) -> Sql | None:
    """What `rows_of` asks."""
    asked = compiled(keys.values("pk", "placed"))
    return asked and (_ROWS.format(keys=asked[0]), asked[1])


def rows_of(asked: Sql) -> list[TradeRow]:
    """Raises `matching.TooBroad`."""
    return [TradeRow(row[0], str(_accession(row[1])), row[2], row[3], row) for row in fetched(*asked)]


def trade_json(row: TradeRow, as_stored: Callable[[str], Any] = orjson.loads) -> dict[str, Any]:
    """A trade in the JSON of a reading. `as_stored` makes what is JSON already part of it."""
    (owners, lines, kind, direction, security_class, roles, traded_on, price, price_min, price_max, value,
     stake_before, stake_after, stake_change_pct, ownership, nature, plan_status, plan, timeliness, counted, exclusions,
     score, sentence) = row.columns[_READ:]  # fmt: skip
    return {
        "lines": [[row.filing_id, table, place] for table, place in orjson.loads(lines)],
        "kind": kind,
        "direction": direction,
        "security_class": security_class,
        "owners": [f"{cik:010}" for cik in owners],
        "roles": _roles(roles),
        "traded_on": traded_on and traded_on.isoformat(),
        "shares": number(row.shares),
        "price": number(price),
        "price_min": number(price_min),
        "price_max": number(price_max),
        "value": number(value),
        "stake_before": number(stake_before),
        "stake_after": number(stake_after),
        "stake_change_pct": number(stake_change_pct),
        "ownership": ownership,
        "nature": nature,
        "plan": _plan(plan_status, plan),
        "timeliness": as_stored(timeliness),
        "counted": counted,
        "exclusions": [_some(one, _EXCLUSION) for one in orjson.loads(exclusions)] if exclusions != "[]" else [],
        "score": score and as_stored(score),
        "sentence": sentence,
    }


def listed_json(row: TradeRow) -> dict[str, Any]:
    """A trade as a row of a list: with its filing, its issuer, and those who report it, the decision-maker first.

    For `orjson` alone, which takes what the database has as JSON for what it is.
    """
    (form, filed_on, known_at, issuer, issuer_name, ticker, decision_maker, first_purchase, delay_days,
     reported_by, owners) = row.columns[_LISTED : _READ + 1]  # fmt: skip
    named = {cik: (name, title) for cik, name, title in reversed(orjson.loads(reported_by))}
    insiders = []
    for owner in owners if len(owners) == 1 else sorted(owners, key=lambda one: (one != decision_maker, one)):
        cik = f"{owner:010}"
        name, title = named.get(owner, (None, None))
        insiders.append({"cik": cik, "name": name or cik, "title": title})
    return {
        "accession": row.filing_id,
        "number": row.number,
        "form": form,
        "filed_on": filed_on.isoformat(),
        "known_at": instant(known_at),
        "issuer": {"cik": f"{issuer:010}", "name": issuer_name, "ticker": ticker},
        "insiders": insiders,
        "first_purchase": first_purchase,
        "delay_days": delay_days,
        **trade_json(row, orjson.Fragment),
    }


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@functools.cache
def _roles(bits: int) -> list[str]:
    return list(Trade._meta.get_field("roles").to_python(bits) or ())


def _plan(status: str, words: str | None) -> dict[str, Any]:
    if words is None:
        return {"status": status, "adopted_on": None, "modified_on": None, "disagreement": False, "evidence": []}
    return _some(orjson.loads(words), _PLAN)


def _some(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values.get(name) for name in names}
