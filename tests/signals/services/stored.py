"""Pictures of the stored readings: without keys, clocks and revisions, which differ between equal archives."""

from __future__ import annotations

from typing import Any

from django.db import connection

from signals.models import Citation, Signal, Trade

NATURAL = {
    "reading": "SELECT to_jsonb(r) - '{revision,changed_in,changed_at,facts_at}'::text[] FROM signals_reading r",
    "trade": "SELECT to_jsonb(t) - 'id' FROM signals_trade t",
    "detail": "SELECT t.filing_id, t.number, to_jsonb(d) - 'trade_id'"
    " FROM signals_tradedetail d JOIN signals_trade t ON t.id = d.trade_id",
    "line": "SELECT to_jsonb(l) - '{id,trade_id}'::text[], t.number"
    " FROM signals_linereading l JOIN signals_trade t ON t.id = l.trade_id",
    "citation": "SELECT to_jsonb(c) - 'trade_id' FROM signals_citation c",
    "signal": "SELECT to_jsonb(s) - '{id,revision,changed_in,changed_at}'::text[] FROM signals_signal s",
}
TABLES = (
    "signals_reading", "signals_trade", "signals_tradedetail", "signals_linereading", "signals_signal",
    "signals_citation",
)  # fmt: skip


def readings() -> dict[str, list[str]]:
    """Every table of readings by what stands for a row of it wherever it came from."""
    return {name: sorted(map(repr, _rows(query))) for name, query in NATURAL.items()}


def whole_tables() -> dict[str, list[str]]:
    """With keys and the transaction that wrote each row: equal only if nothing was written."""
    return {table: sorted(map(repr, _rows(f"SELECT t.xmin::text, t.* FROM {table} t"))) for table in TABLES}


def cited() -> list[tuple[Any, ...]]:
    """The citations, with what they repeat of their trades."""
    columns = ("kind", "filing", "number", "filed_on", "roles", "standing", "value")
    return sorted(Citation.objects.values_list(*columns), key=repr)


def as_signals_cite() -> list[tuple[Any, ...]]:
    """The same as the stored signals and trades have it: a trade is part of a signal that cites its first row."""
    found = set()
    for trade in Trade.objects.select_related("detail"):
        repeated = (trade.filing_id, trade.number, trade.filed_on, trade.roles, trade.standing, trade.value)
        for signal in Signal.objects.filter(issuer=trade.issuer_id):
            for part in signal.trades:
                if part["accession"] == trade.filing_id and trade.detail.lines[0] in part["lines"]:
                    found.add((signal.kind, *repeated))
    return sorted(found, key=repr)


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()
