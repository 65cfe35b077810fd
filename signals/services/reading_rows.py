"""Readings -> rows, in bulk, and only where they differ from what is stored. `read` holds the transaction and the lock.

The unit that is compared and replaced is the filing: its digest covers its headline, trades and lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.db import connection

from form4site.kit import transactions
from form4site.kit.copying import copy_rows
from signals.models import LineReading, Reading, Trade, TradeDetail
from signals.models.fields import SlugSetField
from signals.readings import whole
from signals.readings.whole import READER_VERSION, FilingReading, TradeReading

_TRADE = (
    "number", "form", "filed_on", "known_at", "traded_on", "kind", "code", "direction", "table", "security_class",
    "family", "owners", "decision_maker", "roles", "ownership", "nature", "shares", "price", "price_min", "price_max",
    "value", "unpriced_lines", "stake_before", "stake_after", "stake_change_pct", "plan_status", "plan_adopted_on",
    "plan_modified_on", "plan_disagreement", "timeliness", "due_on", "late_business_days", "delay_days", "counted",
    "standing", "reasons", "first_purchase", "score", "sic",
)  # fmt: skip
_DETAIL = ("sentence", "lines", "plan", "timeliness", "exclusions", "score")
_LINE = (
    "table", "row", "form", "filed_on", "transaction_date", "code", "owners", "roles", "shares", "price", "value",
    "plan_status", "quality", "superseded_by", "withdrawn_by", "repeats",
)  # fmt: skip
_ROLES: SlugSetField = Trade._meta.get_field("roles")
_REASONS: SlugSetField = Trade._meta.get_field("reasons")


def sic_number(words: str | None) -> int | None:
    """The industry code as a number; None where the header gives none."""
    digits = (words or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 4 else None


def write(
    readings: Sequence[FilingReading],
    published_at: Mapping[str, datetime],
    sics: Mapping[str, int | None],
    now: datetime,
) -> list[str]:
    """Stores these and returns the accessions whose reading is new or another than before."""
    made = [_Rows(reading, sics.get(reading.form.issuer_cik)) for reading in readings]
    present = {
        accession: (bytes(digest), revision, facts_at, version)
        for accession, digest, revision, facts_at, version in Reading.objects.filter(
            filing__in=[rows.accession for rows in made]
        ).values_list("filing_id", "digest", "revision", "facts_at", "reader_version")
    }
    changed = [rows for rows in made if rows.accession not in present or present[rows.accession][0] != rows.digest]
    known = {rows.accession for rows in changed}
    same = [
        rows.accession
        for rows in made
        if rows.accession not in known and present[rows.accession][2:] != (published_at[rows.accession], READER_VERSION)
    ]
    _touch(same, published_at)
    delete([rows.accession for rows in changed if rows.accession in present])
    _insert(changed, {accession: held[1] for accession, held in present.items()}, published_at, now)
    return [rows.accession for rows in changed]


def delete(accessions: Iterable[str]) -> None:
    """Removes all that is read of these filings."""
    keys = [_key(accession) for accession in accessions]
    if not keys:
        return
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM signals_linereading WHERE filing_id = ANY(%s)", [keys])
        cursor.execute(
            "DELETE FROM signals_tradedetail d USING signals_trade t WHERE t.id = d.trade_id AND t.filing_id = ANY(%s)",
            [keys],
        )
        cursor.execute(
            "DELETE FROM signals_citation c USING signals_trade t WHERE t.id = c.trade_id AND t.filing_id = ANY(%s)",
            [keys],
        )
        cursor.execute("DELETE FROM signals_trade WHERE filing_id = ANY(%s)", [keys])
        cursor.execute("DELETE FROM signals_reading WHERE filing_id = ANY(%s)", [keys])


def _touch(accessions: Sequence[str], published_at: Mapping[str, datetime]) -> None:
    """These were published anew, or read by a newer reader, and mean what they meant."""
    if accessions:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE signals_reading r SET facts_at = t.at, reader_version = %s"
                " FROM unnest(%s::bigint[], %s::timestamptz[]) AS t (accession, at) WHERE r.filing_id = t.accession",
                [READER_VERSION, [_key(one) for one in accessions], [published_at[one] for one in accessions]],
            )


class _Rows:
    """The rows of one filing's reading, as they are stored, and their digest."""

    def __init__(self, reading: FilingReading, sic: int | None) -> None:
        self.reading = reading
        self.accession = reading.form.accession
        self.trades = [_trade(item, sic) for item in reading.trades]
        self.details = [_detail(item) for item in reading.trades]
        owners = _array(owner.cik for owner in reading.form.owners)
        roles = {item.number: _ROLES.bits(item.trade.roles) for item in reading.trades}
        self.lines = [(line.trade, _line(line, reading, owners, roles[line.trade])) for line in reading.lines]
        self.superseded = [[row.table, row.kind, row.row, by] for row, by in reading.superseded]
        self.digest = blake2b(
            repr((
                reading.headline, reading.amends, self.superseded, reading.form.known_at, reading.form.issuer_cik,
                self.trades, self.details, self.lines,
            )).encode(),
            digest_size=16,
        ).digest()  # fmt: skip


def _trade(item: TradeReading, sic: int | None) -> tuple[Any, ...]:
    trade, plan = item.trade, item.trade.plan
    return (
        item.number, trade.form, trade.filed_on, trade.known_at, trade.traded_on, trade.kind, trade.code,
        trade.direction, trade.table, trade.security_class, trade.family, _array(trade.owners),
        int(item.decision_maker), _ROLES.bits(trade.roles), trade.ownership, trade.nature, trade.shares,
        trade.price, trade.price_min, trade.price_max, trade.value, trade.unpriced_lines, trade.stake_before,
        trade.stake_after, trade.stake_change_pct, plan.status if plan else "unknown", plan and plan.adopted_on,
        plan and plan.modified_on, plan.disagreement if plan else False, item.timeliness.status,
        item.timeliness.due_on, item.timeliness.late_business_days, item.delay_days, trade.counted, trade.standing,
        _REASONS.bits({reason.reason for reason in trade.exclusions}), item.first_purchase,
        item.score and item.score.total, sic,
    )  # fmt: skip


def _detail(item: TradeReading) -> tuple[Any, ...]:
    trade = item.trade
    return (
        item.sentence,
        json.dumps([list(line) for line in trade.lines]),
        json.dumps(_plan(item)) if trade.plan else None,
        json.dumps(item.timeliness.as_json()),
        _json([{**reason.as_json(), "words": reason.words} for reason in trade.exclusions]),
        json.dumps(item.score.as_json()) if item.score else None,
    )


def _plan(item: TradeReading) -> dict[str, Any]:
    plan = item.trade.plan
    assert plan is not None
    cooling = plan.cooling_off
    return {
        **plan.as_json(),
        "age_days": plan.age_days,
        "cooling_off": cooling
        and {
            "status": cooling.status,
            "days": cooling.days,
            "required_days": cooling.required_days,
            "reason": cooling.reason,
        },
    }


def _json(items: list[Any]) -> str:
    """Most lists are empty."""
    return json.dumps(items) if items else "[]"


def _array(ciks: Iterable[str]) -> str:
    """As PostgreSQL spells an array of numbers: a list would be looked through for what it holds, each time."""
    return "{" + ",".join(str(int(cik)) for cik in ciks) + "}"


def _line(line: whole.LineReading, reading: FilingReading, owners: str, roles: int) -> tuple[Any, ...]:
    return (
        line.line.table, line.line.row, reading.form.form, reading.form.filed_on, line.line.transaction_date,
        line.line.code, owners, roles, line.line.shares, line.price, line.value, line.plan_status, line.quality,
        _key_or_none(line.superseded_by), _key_or_none(line.withdrawn_by), _key_or_none(line.repeats),
    )  # fmt: skip


def _insert(
    made: Sequence[_Rows], revisions: Mapping[str, int], published_at: Mapping[str, datetime], now: datetime
) -> None:
    if not made:
        return
    changed_in = transactions.own()
    with connection.cursor() as cursor:
        count = sum(len(rows.trades) for rows in made)
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('signals_trade', 'id')) FROM generate_series(1, %s)", [count]
        )
        ids = iter([key for (key,) in cursor.fetchall()])
    keys = [[next(ids) for _ in rows.trades] for rows in made]
    copy_rows(
        Reading,
        ("filing", "issuer", "reader_version", "facts_at", "known_at", "known_exactly", "headline", "amends",
         "superseded", "trades", "digest", "revision", "changed_in", "changed_at"),
        (
            (
                _key(rows.accession), int(rows.reading.form.issuer_cik), READER_VERSION, published_at[rows.accession],
                rows.reading.form.known_at, rows.reading.form.acceptance_known, rows.reading.headline,
                _key_or_none(rows.reading.amends), _json(rows.superseded), len(rows.trades), rows.digest,
                revisions.get(rows.accession, 0) + 1, changed_in, now,
            )
            for rows in made
        ),
    )  # fmt: skip
    copy_rows(
        Trade,
        ("id", "filing", "issuer", *_TRADE),
        (
            (key, _key(rows.accession), int(rows.reading.form.issuer_cik), *values)
            for rows, own in zip(made, keys, strict=True)
            for key, values in zip(own, rows.trades, strict=True)
        ),
    )
    copy_rows(
        TradeDetail,
        ("trade", *_DETAIL),
        (
            (key, *values)
            for rows, own in zip(made, keys, strict=True)
            for key, values in zip(own, rows.details, strict=True)
        ),
    )
    copy_rows(
        LineReading,
        ("filing", "issuer", "trade", *_LINE),
        (
            (_key(rows.accession), int(rows.reading.form.issuer_cik), own[number - 1], *values)
            for rows, own in zip(made, keys, strict=True)
            for number, values in rows.lines
        ),
    )


def _key(accession: str) -> int:
    return int(accession.replace("-", ""))


def _key_or_none(accession: str | None) -> int | None:
    return None if accession is None else _key(accession)
