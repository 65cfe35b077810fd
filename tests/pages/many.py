"""An issuer with thousands of trades, made in SQL: two trades a filing, five years, some of them not counted."""

from __future__ import annotations

from django.db import connection

from filings.models import Insider, InsiderName, Issuer
from signals.readings.vocabulary import REASONS

ISSUER, FIRST_INSIDER = 9900000700, 9900000701
INSIDERS = 40
ONE_INSIDER = 9900000790  # reports in every filing, beside another
FIRST_ACCESSION = 999999997700000000
UNTIL = "2026-06-30"
# What is asked of a page of theirs, when it is measured.
QUERIES = (
    "", "?years=5", "?years=2", "?years=5&kinds=all&prices=adjusted&people=all", "?years=5&show=trades", "?show=lines",
    "?show=holdings&prices=adjusted", "?kinds=bought&years=5",
)  # fmt: skip

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
_BOTH = """
INSERT INTO filings_filingowner (filing_id, position, insider_id, name, is_director)
SELECT %(first)s + n, 1, %(one)s, 'Insider of all (FICTIONAL)', true FROM generate_series(1, %(filings)s) n
"""
_LINES = """
INSERT INTO filings_line (filing_id, position, "table", kind, row, security_title, transaction_date, code, shares,
       price, acquired_disposed, shares_owned_following, ownership, footnotes, as_filed)
SELECT %(first)s + n, k - 1, 'I', 'transaction', k, 'Common Stock', DATE %(until)s - (n * 1826 / %(filings)s)::int, 'S',
       1000 + n, 40 + n %% 17, 'D', 49000, 'D', '{}', '{}'
  FROM generate_series(1, %(filings)s) n, generate_series(1, 2) k
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
       ARRAY[owner, %(one)s], owner, 128, 'D', 1000 + n, 40 + n %% 17, (1000 + n) * (40 + n %% 17), 0, 50000, 49000, -2,
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
    """Stores an issuer with so many trades, all of them those of `ONE_INSIDER` too, and returns its CIK."""
    filings = trades // 2
    Issuer.objects.create(cik=ISSUER, name="Many Trades Inc. (FICTIONAL)", ticker="MANY")
    names = {FIRST_INSIDER + n: f"Insider {n} (FICTIONAL)" for n in range(INSIDERS)}
    names[ONE_INSIDER] = "Insider of all (FICTIONAL)"
    Insider.objects.bulk_create([Insider(cik=cik, name=name) for cik, name in names.items()])
    InsiderName.objects.bulk_create(
        [InsiderName(insider_id=cik, name=name, last_accession=FIRST_ACCESSION) for cik, name in names.items()]
    )
    values: dict[str, int | str] = {
        "first": FIRST_ACCESSION, "issuer": ISSUER, "insider": FIRST_INSIDER, "insiders": INSIDERS, "filings": filings,
        "one": ONE_INSIDER, "until": UNTIL, "mechanics": 1 << REASONS.index("mechanics"),
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in (_FILINGS, _OWNERS, _BOTH, _LINES, _READINGS, _TRADES, _DETAILS):
            cursor.execute(statement, values)
        cursor.execute("ANALYZE")
    return f"{ISSUER:010}"
