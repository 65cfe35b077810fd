"""An issuer with thousands of trades, made in SQL: two trades a filing, five years, some of them not counted."""

from __future__ import annotations

from django.db import connection

from filings.models import Insider, InsiderName, Issuer
from signals.readings.trade import REASONS

ISSUER, FIRST_INSIDER = 9900000700, 9900000701
INSIDERS = 40
FIRST_ACCESSION = 999999997700000000
UNTIL = "2026-06-30"

_FILINGS = """
INSERT INTO filings_filing (accession, form, issuer_id, issuer_name, filed_on, issues,
                            document_id, parser_version, published_at, aff10b5_one)
SELECT %(first)s + n, '4', %(issuer)s, 'Many Trades Inc. (FICTIONAL)', on_day, '[]',
       (SELECT min(id) FROM filings_document), 1, now(), n %% 3 = 0
  FROM (SELECT n, DATE %(until)s - (n * 1826 / %(filings)s)::int AS on_day FROM generate_series(1, %(filings)s) n) made
"""
_OWNERS = """
INSERT INTO filings_filingowner (filing_id, position, insider_id, name, is_officer, officer_title)
SELECT %(first)s + n, 0, %(insider)s + (n * 7919) %% %(insiders)s,
       'Insider ' || (n * 7919) %% %(insiders)s || ' (FICTIONAL)', true, 'Officer'
  FROM generate_series(1, %(filings)s) n
"""
_READINGS = """
INSERT INTO signals_reading (filing_id, issuer_id, reader_version, facts_at, known_at, known_exactly, headline,
                             superseded, trades, digest, revision, changed_in, changed_at)
SELECT %(first)s + n, %(issuer)s, 1, f.published_at, f.filed_on, true,
       f.issuer_name || ': an officer sold 1,000 shares of Common Stock for $50,000.', '[]', 2, '\\x00', 1, 1, now()
  FROM generate_series(1, %(filings)s) n JOIN filings_filing f ON f.accession = %(first)s + n
"""
_TRADES = """
INSERT INTO signals_trade (filing_id, number, issuer_id, form, filed_on, known_at, traded_on, kind, code, direction,
       "table", security_class, family, owners, decision_maker, roles, ownership, shares, price, value, unpriced_lines,
       stake_before, stake_after, stake_change_pct, plan_status, plan_disagreement, timeliness, delay_days, counted,
       standing, reasons, first_purchase)
SELECT %(first)s + n, k, %(issuer)s, '4', f.filed_on, f.filed_on, f.filed_on - 1,
       CASE WHEN kind = 'S' THEN 'sell' WHEN kind = 'P' THEN 'buy' ELSE 'vest' END, kind,
       CASE WHEN kind = 'S' THEN 'disposed' ELSE 'acquired' END, 'I', 'Common Stock', 'common',
       ARRAY[owner], owner, 128, 'D', 1000 + n, 40 + n %% 17, (1000 + n) * (40 + n %% 17), 0, 50000, 49000, -2,
       CASE n %% 3 WHEN 0 THEN 'plan' WHEN 1 THEN 'not_plan' ELSE 'unknown' END, false,
       CASE WHEN n %% 50 = 0 THEN 'late' ELSE 'on_time' END, 1, kind <> 'M', true,
       CASE WHEN kind = 'M' THEN %(mechanics)s ELSE 0 END, false
  FROM generate_series(1, %(filings)s) n, generate_series(1, 2) k,
       LATERAL (SELECT CASE WHEN (n + k) %% 7 = 0 THEN 'P' WHEN (n + k) %% 5 = 0 THEN 'M' ELSE 'S' END AS kind,
                       %(insider)s + (n * 7919) %% %(insiders)s AS owner) chosen,
       LATERAL (SELECT filed_on FROM filings_filing WHERE accession = %(first)s + n) f
"""
_DETAILS = """
INSERT INTO signals_tradedetail (trade_id, sentence, lines, timeliness, exclusions)
SELECT id, 'An officer of many trades sold ' || shares || ' shares at $' || price || ' each.', '[["I", 1]]', '{}', '[]'
  FROM signals_trade WHERE issuer_id = %(issuer)s
"""


def make_many(trades: int = 5_000) -> str:
    """Stores an issuer with so many trades and returns its CIK."""
    filings = trades // 2
    Issuer.objects.create(cik=ISSUER, name="Many Trades Inc. (FICTIONAL)", ticker="MANY")
    Insider.objects.bulk_create(
        [Insider(cik=FIRST_INSIDER + n, name=f"Insider {n} (FICTIONAL)") for n in range(INSIDERS)]
    )
    InsiderName.objects.bulk_create(
        [
            InsiderName(insider_id=FIRST_INSIDER + n, name=f"Insider {n} (FICTIONAL)", last_accession=FIRST_ACCESSION)
            for n in range(INSIDERS)
        ]
    )
    values: dict[str, int | str] = {
        "first": FIRST_ACCESSION, "issuer": ISSUER, "insider": FIRST_INSIDER, "insiders": INSIDERS, "filings": filings,
        "until": UNTIL, "mechanics": 1 << REASONS.index("mechanics"),
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in (_FILINGS, _OWNERS, _READINGS, _TRADES, _DETAILS):
            cursor.execute(statement, values)
        cursor.execute("ANALYZE")
    return f"{ISSUER:010}"
