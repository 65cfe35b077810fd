"""Readings and signals that are not evaluated: found by comparing them with what was, never by a place one has come to.

Promises: what commits late is found, as only transactions that nobody can add to are passed over; what is put off is
found again when it is due. Costs what was written since the horizon, however large the archive is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from accounts.models import EvaluationHorizon
from filings.models.fields import AccessionField, CikField
from form4site.kit import transactions

FILINGS, SIGNALS = EvaluationHorizon.Of.FILINGS, EvaluationHorizon.Of.SIGNALS
LATE = timedelta(minutes=2)
# An issuer is read with its signals; whoever has not looked for so long looks at every signal that was told.
GONE_LATELY = timedelta(hours=1)

# `r` is what is read, `e` what was evaluated.
FROM: dict[str, str] = {
    FILINGS: "signals_reading r LEFT JOIN accounts_evaluation e ON e.accession = r.filing_id",
    SIGNALS: "signals_signal r LEFT JOIN accounts_signalevaluation e ON e.key = r.key",
}
KEY: dict[str, str] = {FILINGS: "filing_id", SIGNALS: "key"}
DIFFERS = "e.digest IS DISTINCT FROM r.digest"
OWED = f"{DIFFERS} AND e.due_at IS NULL AND r.changed_in >= %(since)s"
PUT_OFF = f"{DIFFERS} AND e.due_at <= %(now)s"
# However much is owed, what just came is found by itself, and goes first.
JUST_NOW = timedelta(hours=1)
_JUST_CAME: dict[str, str] = {
    FILINGS: "AND r.filing_id IN (SELECT accession FROM filings_filing"
    " WHERE accepted_at IS NOT NULL AND published_at > %(just_now)s)",
    SIGNALS: "AND r.known_at > %(just_now)s",
}
# Of what is owed and of what is put off the planner knows nothing, and takes it for half of the archive.
_WAYS = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")

AMENDERS = """
ARRAY(SELECT replace(line->>3, '-', '')::bigint FROM jsonb_array_elements(r.superseded) line
       UNION SELECT l.withdrawn_by FROM signals_linereading l
              WHERE l.filing_id = r.filing_id AND l.withdrawn_by <> r.filing_id ORDER BY 1)
"""
_COLUMNS: dict[str, str] = {
    FILINGS: f"r.filing_id, r.issuer_id, r.digest, r.known_at, coalesce(e.revision, 0), e.amenders, {AMENDERS}",
    SIGNALS: "r.key",
}
_ACCESSION, _CIK = AccessionField(), CikField()


@dataclass(frozen=True, slots=True)
class UnevaluatedFiling:
    """`revision` is the last one evaluated, 0 if none was; `before` its amenders then, `amenders` those of now."""

    accession: str
    issuer_cik: str
    digest: bytes
    known_at: datetime
    revision: int
    before: tuple[str, ...]
    amenders: tuple[str, ...]


def unevaluated_filings(
    *, since: int, now: datetime, limit: int, only_just_come: bool = False
) -> list[UnevaluatedFiling]:
    """What just came, the newest first; then the rest in the order in which it was written."""
    rows = _look(FILINGS, since, now, limit, only_just_come)
    return [
        UnevaluatedFiling(
            _accession(key), str(_CIK.to_python(issuer)), bytes(digest), known_at, revision,
            _accessions(before or ()), _accessions(amenders),
        )
        for key, issuer, digest, known_at, revision, before, amenders in rows
    ]  # fmt: skip


def unevaluated_signals(*, since: int, now: datetime, limit: int, only_just_come: bool = False) -> list[str]:
    """Their keys, in that order."""
    return [key for (key,) in _look(SIGNALS, since, now, limit, only_just_come)]


def _look(name: str, since: int, now: datetime, limit: int, only_just_come: bool) -> list[tuple[Any, ...]]:
    found: dict[Any, tuple[Any, ...]] = {}
    # Each with its order, and whether an index has it.
    looks = [(f"{OWED} {_JUST_CAME[name]}", "r.known_at DESC", False)]
    if not only_just_come:
        looks += [(OWED, "r.changed_in", True), (PUT_OFF, "r.known_at DESC", False)]
    for where, order, indexed in looks:
        # Those of the first look are met again by the second.
        rows, _ = by_index(
            f"SELECT {_COLUMNS[name]} FROM {FROM[name]} WHERE {where} ORDER BY {order}, r.{KEY[name]} LIMIT %(limit)s",
            {"since": since, "now": now, "limit": limit, "just_now": now - JUST_NOW},
            in_order=indexed,
        )
        for row in rows:
            found.setdefault(row[0], row)
        if len(found) >= limit:
            break
    return list(found.values())[:limit]


def gone_signals(*, now: datetime, limit: int, everything: bool = False) -> list[str]:
    """Keys of signals that were told and do not stand any more, of issuers that were read lately or of all."""
    lately = "AND EXISTS (SELECT FROM signals_issuerstate i WHERE i.issuer_id = e.issuer AND i.read_at > %(lately)s)"
    rows = _rows(
        "SELECT e.key FROM accounts_signalevaluation e"
        " WHERE e.told IS NOT NULL AND e.digest IS NOT NULL AND (e.due_at IS NULL OR e.due_at <= %(now)s)"
        f" AND NOT EXISTS (SELECT FROM signals_signal r WHERE r.key = e.key) {'' if everything else lately}"
        " ORDER BY e.key LIMIT %(limit)s",
        {"now": now, "limit": limit, "lately": now - GONE_LATELY},
    )
    return [key for (key,) in rows]


def told_and_unread() -> list[str]:
    """Filings of which a screen was told something that stands as it was told last, and that have no reading now."""
    rows = _rows(
        "SELECT DISTINCT m.accession FROM accounts_match m WHERE m.standing"
        " AND NOT EXISTS (SELECT FROM signals_reading r WHERE r.filing_id = replace(m.accession, '-', '')::bigint)"
        " AND NOT EXISTS (SELECT FROM accounts_match l WHERE l.screen_id = m.screen_id AND l.subject = m.subject"
        " AND l.revision > m.revision) ORDER BY 1",
        {},
    )
    return [accession for (accession,) in rows]


def anything(*, now: datetime) -> bool:
    """Whether something is to be evaluated now."""
    for name in (FILINGS, SIGNALS):
        for where in (OWED, PUT_OFF):
            query = f"SELECT 1 FROM {FROM[name]} WHERE {where} LIMIT 1"
            if _rows(query, {"since": horizon(name), "now": now}):
                return True
    return bool(gone_signals(now=now, limit=1))


@dataclass(frozen=True, slots=True)
class Backlog:
    """`late` were written over two minutes ago and are not put off; `oldest_at` is when the first of all was."""

    count: int
    late: int
    put_off: int
    oldest_at: datetime | None


def backlog(name: str, *, now: datetime) -> Backlog:
    """What is not evaluated. One query, over what was written since the horizon and what is put off."""
    count, late, put_off, oldest_at = _rows(
        "SELECT count(*), count(*) FILTER (WHERE due_at IS NULL AND changed_at < %(late)s), count(due_at),"
        f" min(changed_at) FROM (SELECT r.changed_at, e.due_at FROM {FROM[name]}"
        f" WHERE {DIFFERS} AND e.due_at IS NULL AND r.changed_in >= ({_HORIZON})"
        f" UNION ALL SELECT r.changed_at, e.due_at FROM {FROM[name]} WHERE {DIFFERS} AND e.due_at IS NOT NULL) owed",
        {"name": name, "late": now - LATE},
    )[0]
    return Backlog(count, late, put_off, oldest_at)


# 0 too where a restored database counts from less.
_HORIZON = f"""
SELECT coalesce(max(transaction), 0) FROM accounts_evaluationhorizon
 WHERE name = %(name)s AND transaction <= {transactions.NEXT}
"""


def horizon(name: str) -> int:
    """The transaction from which on readings have to be looked at."""
    return int(_rows(_HORIZON, {"name": name})[0][0])


def first_owed(name: str, *, since: int) -> int | None:
    """The first transaction, from this one on, that wrote something that is owed and not put off."""
    query = f"SELECT r.changed_in FROM {FROM[name]} WHERE {OWED} ORDER BY r.changed_in LIMIT 1"
    rows, _ = by_index(query, {"since": since}, in_order=True)
    return int(rows[0][0]) if rows else None


def _rows(query: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    return by_index(query, values)[0]


def by_index(query: str, values: dict[str, Any], *, in_order: bool = False) -> tuple[list[tuple[Any, ...]], int]:
    """The rows and their number, looked up by indexes; `in_order`, along that which has the order asked for.

    So a statement stops as soon as it has as much as it wants, however much there is. What it asks of the planner is
    said and taken back in the same message to the server.
    """
    ways = (*_WAYS, "enable_sort") if in_order else _WAYS
    off = ", ".join(f"set_config('{way}', 'off', true)" for way in ways)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {off}; {query}; {'; '.join(f'RESET {way}' for way in ways)}", values)
        cursor.nextset()
        return cursor.fetchall() if cursor.description else [], cursor.rowcount


def _accession(key: int) -> str:
    return str(_ACCESSION.to_python(key))


def _accessions(keys: Sequence[int]) -> tuple[str, ...]:
    return tuple(_accession(key) for key in keys)
