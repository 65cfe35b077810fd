"""python -m tests.bench_size.multiply YEARS SETS : a loaded, read archive multiplied in SQL, to ten million trades.

For a database of its own whose last year was loaded from `make archive` and read by the site: readings, trades, signals
and filings with their owners are copied so many years back (by 364 days, so that weekdays stay) and for so many sets of
companies, under numbers of their own. What refers to a row refers to its copy; an insider is the same person for four
years. Data sets know no industries, and hardly a trade of an invented archive scores high: both are invented first, so
that screens of these find what they would. Lines and footnotes are copied for the first set of companies alone,
documents and the ledger not at all: no list reads them, and they would fill the disk. The commands for the whole of it
stand in docs/operations.md.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "form4site.settings")
django.setup()

from django.db import connection  # noqa: E402

from accounts.services.evaluate import evaluate_owed  # noqa: E402
from signals.services.read import draw_undrawn, seat_unseated  # noqa: E402

# Of one copy: {d} days back, {y} years back, {f} is added to accession numbers, {i} to issuers', {p} to people's
# numbers, {t} to keys of trades; {c} names the copy and {s} its set of companies.
PEOPLE_STAY_YEARS = 4
_KEYS = 10_000_000
_OF_FIRST_SET = ("filings_line", "filings_footnote")
AT_ONCE = 2
_MOVED = {
    "filings_filing": {
        "accession": "accession + {f}",
        "period_of_report": "period_of_report - {d}",
        "date_of_original_submission": "date_of_original_submission - {d}",
        "filed_on": "filed_on - {d}",
        "published_at": "published_at - {d} * interval '1 day'",
        "issuer_id": "issuer_id + {i}",
        "issuer_name": "issuer_name || {s}",
    },
    "filings_filingowner": {"filing_id": "filing_id + {f}", "insider_id": "insider_id + {p}"},
    "filings_line": {
        "filing_id": "filing_id + {f}",
        "transaction_date": "transaction_date - {d}",
        "exercise_date": "exercise_date - {d}",
        "expiration_date": "expiration_date - {d}",
    },
    "filings_footnote": {"filing_id": "filing_id + {f}"},
    "signals_reading": {
        "filing_id": "filing_id + {f}",
        "issuer_id": "issuer_id + {i}",
        "known_at": "known_at - {d} * interval '1 day'",
        "facts_at": "facts_at - {d} * interval '1 day'",
        "amends": "amends + {f}",
    },
    "signals_trade": {
        "id": "id + {t}",
        "filing_id": "filing_id + {f}",
        "issuer_id": "issuer_id + {i}",
        "decision_maker": "decision_maker + {p}",
        "owners": "ARRAY(SELECT owner + {p} FROM unnest(owners) AS owner)",
        "known_at": "known_at - {d} * interval '1 day'",
        **{
            name: name + " - {d}" for name in ("filed_on", "traded_on", "plan_adopted_on", "plan_modified_on", "due_on")
        },
    },
    "signals_tradedetail": {"trade_id": "trade_id + {t}"},
    "signals_citation": {
        "trade_id": "trade_id + {t}",
        "filing_id": "filing_id + {f}",
        "filed_on": "filed_on - {d}",
    },
    "signals_linereading": {
        "filing_id": "filing_id + {f}",
        "issuer_id": "issuer_id + {i}",
        "trade_id": "trade_id + {t}",
        "owners": "ARRAY(SELECT owner + {p} FROM unnest(owners) AS owner)",
        "filed_on": "filed_on - {d}",
        "transaction_date": "transaction_date - {d}",
        **{name: name + " + {f}" for name in ("superseded_by", "withdrawn_by", "repeats")},
    },
    "signals_signal": {
        "key": "key || {c}",
        "issuer_id": "issuer_id + {i}",
        "insider_ciks": "ARRAY(SELECT insider + {p} FROM unnest(insider_ciks) AS insider)",
        "known_at": "known_at - {d} * interval '1 day'",
        "provisional": "false",
        "settles_on": "settles_on - {d}",
        "window_from": "window_from - {d}",
        "window_to": "window_to - {d}",
        # Accessions as the SEC spells them: the copy's number, and the year; an archive's last year spans two.
        "trades": "replace(replace(replace(trades::text, '\"9980000', '\"9980{n:03}'), '-{a:02}-', '-{a_then:02}-'),"
        " '-{b:02}-', '-{b_then:02}-')::jsonb",
    },
    "accounts_evaluation": {
        "accession": "accession + {f}",
        "amenders": "ARRAY(SELECT amender + {f} FROM unnest(amenders) AS amender)",
    },
    "accounts_signalevaluation": {"key": "key || {c}", "issuer": "issuer + {i}"},
}
# Once for each set of companies, or of people; what is there already stays.
_OF_COMPANIES = {
    "filings_issuer": {"cik": "cik + {i}", "name": "name || {s}", "ticker": "ticker || {g}"},
    "filings_issuername": {
        "issuer_id": "issuer_id + {i}",
        "name": "name || {s}",
        "ticker": "ticker || {g}",
        "last_accession": "last_accession + {f}",
    },
    "signals_issuerstate": {"issuer_id": "issuer_id + {i}", "seated": "NULL"},
}
_OF_PEOPLE = {
    "filings_insider": {"cik": "cik + {p}"},
    "filings_insidername": {
        "insider_id": "insider_id + {p}",
        "first_on": "first_on - {d}",
        "last_on": "last_on - {d}",
        "last_accession": "last_accession + {f}",
    },
}
_ORIGINAL = {
    "filings_filing": "accession < 998000100000000000",
    "signals_trade": f"id <= {_KEYS}",
    "signals_tradedetail": f"trade_id <= {_KEYS}",
    "signals_citation": f"trade_id <= {_KEYS}",
    "signals_signal": "key !~ '#'",
    "accounts_evaluation": "accession < 998000100000000000",
    "accounts_signalevaluation": "key !~ '#'",
    "filings_issuer": "cik < 9980100000",
    "filings_issuername": "issuer_id < 9980100000",
    "signals_issuerstate": "issuer_id < 9980100000",
    "filings_insider": "cik < 9982000000",
    "filings_insidername": "insider_id < 9982000000",
}


def main(years: int, sets: int) -> None:
    began = time.monotonic()

    def tell(what: str) -> None:
        sys.stdout.write(f"{time.monotonic() - began:6.0f} s: {what}\n")
        sys.stdout.flush()

    def copy(year: int, company: int) -> None:
        with bulk_connection() as cursor:
            if not present(cursor, year, company):
                one_copy(cursor, year, company)
                tell(f"{year} years back, companies {company}")

    def make(definition: str) -> None:
        with bulk_connection() as cursor:
            cursor.execute(definition)
            tell(definition[:100])

    while evaluate_owed().left:  # or the copies would be news
        pass
    with connection.cursor() as cursor:
        invent_sectors_and_scores(cursor)
        indexes = without_indexes(cursor)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        copies = [(year, company) for year in range(years) for company in range(sets)]
        list(pool.map(lambda one: copy(*one), copies))
        list(pool.map(make, indexes))
    with connection.cursor() as cursor:
        for table in (*_MOVED, *_OF_COMPANIES, *_OF_PEOPLE):
            cursor.execute(f"VACUUM ANALYZE {table}")
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('signals_trade', 'id'), (SELECT max(id) FROM signals_trade))"
        )
        cursor.execute("UPDATE signals_issuerstate SET seated = NULL")
        cursor.execute("DELETE FROM signals_issuersheet")
    while seat_unseated() or draw_undrawn():
        pass
    tell("done")


def invent_sectors_and_scores(cursor: Any) -> None:
    """Once: an eighth of the companies are in 2830 to 2836, and a twentieth of the scores are 60 or more."""
    cursor.execute("SELECT EXISTS (SELECT FROM signals_trade WHERE sic IS NOT NULL)")
    if not cursor.fetchone()[0]:
        sic = "CASE WHEN issuer_id % 8 = 0 THEN 2830 + issuer_id / 8 % 7 ELSE 100 + issuer_id * 37 % 8900 END"
        cursor.execute(f"UPDATE signals_signal SET sic = {sic}")
        cursor.execute(f"UPDATE signals_trade SET sic = {sic}, score = least(score * 4, 100)")


@contextmanager
def bulk_connection() -> Iterator[Any]:
    """In the connection of this thread, which is closed afterwards; keys hold by the way the copies are made."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SET maintenance_work_mem = '1GB'")
        try:
            yield cursor
        finally:
            connection.close()


def without_indexes(cursor: Any) -> list[str]:
    """Drops the indexes that hold no constraint; how to make them again, which survives a stop in a table."""
    cursor.execute("CREATE TABLE IF NOT EXISTS bench_size_indexes (name text PRIMARY KEY, definition text NOT NULL)")
    cursor.execute(
        """
        INSERT INTO bench_size_indexes
        SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
         WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisunique
        ON CONFLICT DO NOTHING
        """,
        [[*_MOVED, *_OF_COMPANIES, *_OF_PEOPLE]],
    )
    cursor.execute("SELECT name, definition FROM bench_size_indexes ORDER BY 1")
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f"DROP INDEX IF EXISTS {name}")
    return [definition for _, definition in found]


def numbers(year: int, company: int) -> dict[str, Any]:
    copy = year * 10 + company
    people = year // PEOPLE_STAY_YEARS + 5 * company
    return {
        "d": 364 * year,
        "y": year,
        "n": copy,
        "f": copy * 1_000 * 10**8 - year * 10**6,
        "i": company * 100_000,
        "p": people * 1_000_000,
        "t": copy * _KEYS,
        "c": f"'#{copy}'",
        "s": f"' {chr(64 + company)}'" if company else "''",
        "g": f"'{chr(64 + company)}'" if company else "''",
        "a": 25,
        "a_then": 25 - year,
        "b": 26,
        "b_then": 26 - year,
    }


def present(cursor: Any, year: int, company: int) -> bool:
    first = (9_980_000_000 + (year * 10 + company) * 1_000) * 10**8
    cursor.execute(
        "SELECT EXISTS (SELECT FROM filings_filing WHERE accession BETWEEN %s AND %s)", [first, first + 999 * 10**8]
    )
    return bool(cursor.fetchone()[0])


def one_copy(cursor: Any, year: int, company: int) -> None:
    words = numbers(year, company)
    cursor.execute("BEGIN")
    for table, moved in _MOVED.items():
        if company == 0 or table not in _OF_FIRST_SET:
            insert(cursor, table, moved, words)
    for group in (_OF_COMPANIES, _OF_PEOPLE):
        for table, moved in group.items():
            insert(cursor, table, moved, words)
    cursor.execute("COMMIT")


def insert(cursor: Any, table: str, moved: dict[str, str], words: dict[str, Any]) -> None:
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attgenerated = '' ORDER BY attnum",
        [table],
    )
    names = [name for (name,) in cursor.fetchall() if name != "id" or "id" in moved]
    values = [moved.get(name, f'"{name}"').format_map(words) for name in names]
    original = _ORIGINAL.get(table, "filing_id < 998000100000000000")
    columns = ", ".join(f'"{name}"' for name in names)
    cursor.execute(
        f"INSERT INTO {table} ({columns}) SELECT {', '.join(values)} FROM {table} WHERE {original}"
        # Once for each set: what an earlier copy made stays. For all rows it would cost a lock a row.
        + (" ON CONFLICT DO NOTHING" if table in (_OF_COMPANIES | _OF_PEOPLE) else "")
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
