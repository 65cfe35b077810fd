"""Which trades the signals of an issuer cite, kept as screens ask for it.

Promises: once the readings and signals of an issuer are stored, its citations are exactly what they say, whatever had
changed and whatever stood there before; what is the same is not written. `read` holds the transaction and the lock.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

# A signal cites rows of filings, and a trade is part of it whose first row is one of these. PostgreSQL takes a list in
# JSON for a hundred items, which would have it read all trades for a large issuer, and an array for ten.
_RENEW = """
WITH cited AS MATERIALIZED (
    SELECT DISTINCT t.id, part.kind, t.filing_id, t.filed_on, t.roles, t.number, t.standing, t.value
      FROM (SELECT array_agg(s.kind) AS kinds, array_agg(s.issuer_id) AS issuers,
                   array_agg(replace(one->>'accession', '-', '')::bigint) AS filings, array_agg(one->'lines') AS lines
              FROM signals_signal s CROSS JOIN LATERAL jsonb_array_elements(s.trades) AS one
             WHERE s.issuer_id = ANY(%(issuers)s)) AS together
     CROSS JOIN LATERAL unnest(kinds, issuers, filings, lines) AS part (kind, issuer_id, filing_id, lines)
      JOIN signals_trade t ON t.filing_id = part.filing_id AND t.issuer_id = part.issuer_id
      JOIN signals_tradedetail d ON d.trade_id = t.id AND part.lines @> jsonb_build_array(d.lines->0)
), gone AS (
    DELETE FROM signals_citation c USING signals_trade t
     WHERE t.issuer_id = ANY(%(issuers)s) AND c.trade_id = t.id
       AND (c.trade_id, c.kind) NOT IN (SELECT id, kind FROM cited)
)
INSERT INTO signals_citation (trade_id, kind, filing_id, filed_on, roles, number, standing, value)
SELECT id, kind, filing_id, filed_on, roles, number, standing, value FROM cited ON CONFLICT DO NOTHING
"""


def renew(issuers: Iterable[str]) -> None:
    """Brings the citations of these issuers to what their stored signals and trades say."""
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, {"issuers": [int(issuer) for issuer in issuers]})
