"""The citations of the signals that are stored: some issuers a transaction, each under its lock, while the site goes on."""

from collections.abc import Iterator
from typing import Any

from django.db import migrations, transaction

SIGNALS_IN_A_STEP = 2_000
# As it stood when this migration was written; `signals.services.citations` is what holds today.
RENEW = """
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
# As readings hold their issuer.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('form4site read', %s))"


def fill(apps: Any, schema_editor: Any) -> None:
    """A stop in the middle loses nothing: what is there already stays."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT issuer_id, count(*) FROM signals_signal GROUP BY 1 ORDER BY 1")
        counts = cursor.fetchall()
        for issuers in steps(counts):
            with transaction.atomic(schema_editor.connection.alias):
                for issuer in issuers:
                    cursor.execute(LOCK, [issuer])
                cursor.execute(RENEW, {"issuers": issuers})
        if counts:  # with what lists need to be read from an index alone
            cursor.execute("VACUUM ANALYZE signals_citation")


def steps(counts: list[tuple[int, int]]) -> Iterator[list[int]]:
    """The issuers, so many together as have `SIGNALS_IN_A_STEP` or one more has."""
    issuers: list[int] = []
    size = 0
    for issuer, signals in counts:
        issuers.append(issuer)
        size += signals
        if size >= SIGNALS_IN_A_STEP:
            yield issuers
            issuers, size = [], 0
    if issuers:
        yield issuers


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("signals", "0013_citations"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
