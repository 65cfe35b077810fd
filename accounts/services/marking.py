"""Marks what nobody is told of as evaluated, thousands in one statement and in the order in which it was written."""

from __future__ import annotations

from datetime import datetime

from accounts.selectors.unevaluated import AMENDERS, DIFFERS, FILINGS, FROM, KEY, OWED, SIGNALS, by_index

AT_ONCE = 5_000

_MARK_FILINGS = """
INSERT INTO accounts_evaluation (accession, digest, revision, evaluated_at, amenders, attempts)
SELECT r.filing_id, r.digest, coalesce(e.revision, 0) + 1, %(now)s, {amenders}, 0
  FROM {owed} LIMIT %(limit)s
    ON CONFLICT (accession) DO UPDATE SET digest = EXCLUDED.digest, revision = EXCLUDED.revision,
       evaluated_at = EXCLUDED.evaluated_at, amenders = EXCLUDED.amenders, attempts = 0, reason = NULL, due_at = NULL
"""
_MARK_SIGNALS = """
INSERT INTO accounts_signalevaluation (key, issuer, digest, revision, evaluated_at, attempts)
SELECT r.key, r.issuer_id, r.digest, coalesce(e.revision, 0) + 1, %(now)s, 0
  FROM {owed} LIMIT %(limit)s
    ON CONFLICT (key) DO UPDATE SET digest = EXCLUDED.digest, revision = EXCLUDED.revision,
       evaluated_at = EXCLUDED.evaluated_at, attempts = 0, reason = NULL, due_at = NULL
"""
# Only what was never evaluated can be too old to tell of; a change of it may be news.
_HISTORY = "AND coalesce(e.revision, 0) = 0 AND r.known_at < %(before)s"


def mark_filings(*, since: int, only_before: datetime | None, now: datetime) -> int:
    """Of the readings written since this transaction; only history before this moment, if one is given. How many."""
    return _mark(_MARK_FILINGS, FILINGS, since, only_before, now)


def mark_signals(*, since: int, only_before: datetime | None, now: datetime) -> int:
    """What was told of a signal stays as it was told."""
    return _mark(_MARK_SIGNALS, SIGNALS, since, only_before, now)


def _mark(statement: str, name: str, since: int, only_before: datetime | None, now: datetime) -> int:
    values = {"since": since, "now": now, "before": only_before, "limit": AT_ONCE}
    history = "" if only_before is None else _HISTORY
    owed = f"{FROM[name]} WHERE {OWED} {history} ORDER BY r.changed_in, r.{KEY[name]}"
    _, marked = by_index(statement.format(owed=owed, amenders=AMENDERS), values, in_order=True)
    if only_before is None:  # nobody is told, so what could not be evaluated need not be tried again
        put_off = f"{FROM[name]} WHERE {DIFFERS} AND e.due_at IS NOT NULL"
        _, tried = by_index(statement.format(owed=put_off, amenders=AMENDERS), values)
        marked += tried
    return marked
