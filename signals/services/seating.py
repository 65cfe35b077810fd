"""Who sits at an issuer, kept with its readings: see `IssuerSeat`. The caller holds the transaction and the lock.

Promises: what is kept and the number of filings that it tells of are of one look at the archive; where nothing is new,
no row changes.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from signals.selectors.seats import LAST_TRADES, SEATS

_KEPT = ("filings", "first_on", "last_on", "latest", "position", "last_trade")
# Each part sees the same state of the archive, without what the others write.
_SEAT = f"""
WITH seats AS MATERIALIZED (
    SELECT seat.issuer_id, seat.insider_id, filings, first_on, last_on, latest[2] AS latest, -latest[3] AS position,
           last.id AS last_trade
      FROM ({SEATS.format(whose="filing.issuer_id = ANY(%(issuers)s)")}) seat
      LEFT JOIN ({LAST_TRADES.format(whose="issuer_id = ANY(%(issuers)s)")}) last USING (issuer_id, insider_id)
), gone AS (
    DELETE FROM signals_issuerseat kept WHERE issuer_id = ANY(%(issuers)s) AND NOT EXISTS (
        SELECT FROM seats WHERE (seats.issuer_id, seats.insider_id) = (kept.issuer_id, kept.insider_id))
), written AS (
    INSERT INTO signals_issuerseat AS kept (issuer_id, insider_id, {", ".join(_KEPT)})
    SELECT issuer_id, insider_id, {", ".join(_KEPT)} FROM seats
        ON CONFLICT (issuer_id, insider_id)
        DO UPDATE SET ({", ".join(_KEPT)}) = ROW({", ".join(f"excluded.{name}" for name in _KEPT)})
     WHERE ({", ".join(f"kept.{name}" for name in _KEPT)})
           IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in _KEPT)})
)
UPDATE signals_issuerstate state SET seated = counted.filings
  FROM (SELECT issuer_id, (SELECT count(*) FROM filings_filing f WHERE f.issuer_id = issuer.issuer_id) AS filings
          FROM unnest(%(issuers)s::bigint[]) AS issuer (issuer_id)) counted
 WHERE counted.issuer_id = state.issuer_id AND state.seated IS DISTINCT FROM counted.filings
"""


def seat(issuers: Collection[str]) -> None:
    """Keeps who sits at these issuers now; of those that were never read, nobody asks."""
    if not issuers:
        return
    with connection.cursor() as cursor:
        cursor.execute(_SEAT, {"issuers": [int(cik) for cik in issuers]})
