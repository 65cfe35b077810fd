"""Who issuers and insiders are, derived from all their filings, so that the order of arrival cannot matter.

The callers hold the rows of these issuers and insiders (`rows.lock`), so that of two publications at once the later
one sees the filings of the earlier.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from filings.models import Insider, Issuer
from filings.ownership.tickers import first_ticker
from filings.services.search_index import index_insiders, index_issuers

_ISSUER_NAMES = """
    INSERT INTO filings_issuername (issuer_id, name, ticker, foreign_ticker, first_on, last_on, last_accession)
    SELECT issuer_id, issuer_name, issuer_ticker, issuer_foreign_ticker, min(listed_on), max(listed_on),
           (array_agg(accession ORDER BY listed_on DESC NULLS LAST, accession DESC))[1]
      FROM filings_filing WHERE issuer_id = ANY(%(ciks)s)
     GROUP BY 1, 2, 3, 4
    ON CONFLICT (issuer_id, name, ticker, foreign_ticker) DO UPDATE
       SET first_on = excluded.first_on, last_on = excluded.last_on, last_accession = excluded.last_accession
     WHERE (filings_issuername.first_on, filings_issuername.last_on, filings_issuername.last_accession)
           IS DISTINCT FROM (excluded.first_on, excluded.last_on, excluded.last_accession)
"""
_STALE_ISSUER_NAMES = """
    DELETE FROM filings_issuername gone WHERE issuer_id = ANY(%(ciks)s) AND NOT EXISTS (
        SELECT FROM filings_filing f WHERE f.issuer_id = gone.issuer_id
           AND f.issuer_name IS NOT DISTINCT FROM gone.name
           AND f.issuer_ticker IS NOT DISTINCT FROM gone.ticker
           AND f.issuer_foreign_ticker IS NOT DISTINCT FROM gone.foreign_ticker)
"""
# The latest filing gives name and symbol; of the header's fields, the latest filing that has them.
_ISSUERS = """
    SELECT issuer_id,
           (array_agg(issuer_name ORDER BY listed_on DESC NULLS LAST, accession DESC))[1],
           (array_agg(issuer_ticker ORDER BY listed_on DESC NULLS LAST, accession DESC))[1],
           (array_agg(issuer_sic ORDER BY listed_on DESC NULLS LAST, accession DESC)
                FILTER (WHERE issuer_sic IS NOT NULL))[1],
           (array_agg(issuer_state_of_incorporation ORDER BY listed_on DESC NULLS LAST, accession DESC)
                FILTER (WHERE issuer_state_of_incorporation IS NOT NULL))[1],
           (array_agg(issuer_fiscal_year_end ORDER BY listed_on DESC NULLS LAST, accession DESC)
                FILTER (WHERE issuer_fiscal_year_end IS NOT NULL))[1]
      FROM filings_filing WHERE issuer_id = ANY(%(ciks)s) GROUP BY 1
"""
_INSIDER_NAMES = """
    INSERT INTO filings_insidername (insider_id, name, first_on, last_on, last_accession)
    SELECT o.insider_id, o.name, min(f.listed_on), max(f.listed_on),
           (array_agg(f.accession ORDER BY f.listed_on DESC NULLS LAST, f.accession DESC))[1]
      FROM filings_filingowner o JOIN filings_filing f ON f.accession = o.filing_id
     WHERE o.insider_id = ANY(%(ciks)s)
     GROUP BY 1, 2
    ON CONFLICT (insider_id, name) DO UPDATE
       SET first_on = excluded.first_on, last_on = excluded.last_on, last_accession = excluded.last_accession
     WHERE (filings_insidername.first_on, filings_insidername.last_on, filings_insidername.last_accession)
           IS DISTINCT FROM (excluded.first_on, excluded.last_on, excluded.last_accession)
"""
_STALE_INSIDER_NAMES = """
    DELETE FROM filings_insidername gone WHERE insider_id = ANY(%(ciks)s) AND NOT EXISTS (
        SELECT FROM filings_filingowner o
         WHERE o.insider_id = gone.insider_id AND o.name IS NOT DISTINCT FROM gone.name)
"""
_INSIDERS = """
    UPDATE filings_insider i SET name = latest.name
      FROM (SELECT DISTINCT ON (insider_id) insider_id, name FROM filings_insidername
             WHERE insider_id = ANY(%(ciks)s)
             ORDER BY insider_id, last_on DESC NULLS LAST, last_accession DESC, name) latest
     WHERE i.cik = latest.insider_id AND i.name IS DISTINCT FROM latest.name
"""


def settle_issuers(ciks: Sequence[str]) -> None:
    """Brings the names, symbols, header fields and search names of these issuers up to date with their filings."""
    parameters = {"ciks": [int(cik) for cik in ciks]}
    with connection.cursor() as cursor:
        cursor.execute(_ISSUER_NAMES, parameters)
        cursor.execute(_STALE_ISSUER_NAMES, parameters)
        cursor.execute(_ISSUERS, parameters)
        current = cursor.fetchall()
    Issuer.objects.bulk_update(
        [
            Issuer(
                cik=cik,
                name=name,
                ticker=first_ticker(ticker),
                sic=sic,
                state_of_incorporation=state,
                fiscal_year_end=year_end,
            )
            for cik, name, ticker, sic, state, year_end in current
        ],
        ["name", "ticker", "sic", "state_of_incorporation", "fiscal_year_end"],
    )
    _remove_without_filings(Issuer, ciks)
    index_issuers(ciks)


def settle_insiders(ciks: Sequence[str]) -> None:
    """Brings the names and search names of these insiders up to date with their filings."""
    parameters = {"ciks": [int(cik) for cik in ciks]}
    with connection.cursor() as cursor:
        cursor.execute(_INSIDER_NAMES, parameters)
        cursor.execute(_STALE_INSIDER_NAMES, parameters)
        cursor.execute(_INSIDERS, parameters)
    _remove_without_filings(Insider, ciks)
    index_insiders(ciks)


def _remove_without_filings(model: type[Issuer] | type[Insider], ciks: Sequence[str]) -> None:
    """A reparse can show that a filing names another party; one that no filing names any more is no fact."""
    relation = "filings" if model is Issuer else "filings_owned"
    model._default_manager.filter(cik__in=ciks, **{f"{relation}__isnull": True}).delete()
