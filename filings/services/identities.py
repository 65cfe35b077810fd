"""Who issuers and insiders are, derived from all their filings, so that the order of arrival cannot matter.

The callers hold the rows of these issuers and insiders (`rows.lock`), so that of two publications at once the later
one sees the filings of the earlier.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from filings.models import Insider, Issuer, SearchName
from filings.ownership.tickers import first_ticker
from filings.services.search_index import index_insiders, index_issuers

_NAMES_IN_FILINGS = """
    INSERT INTO filings_issuername (issuer_id, name, ticker, foreign_ticker, first_on, last_on, last_accession)
    SELECT issuer_id, issuer_name, issuer_ticker, issuer_foreign_ticker, min(listed_on), max(listed_on),
           (array_agg(accession ORDER BY listed_on DESC NULLS LAST, accession DESC))[1]
      FROM filings_filing WHERE %s
     GROUP BY 1, 2, 3, 4
"""
_ISSUER_NAMES = f"""
    {_NAMES_IN_FILINGS % "issuer_id = ANY(%(ciks)s)"}
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
_OWNERS_IN_FILINGS = """
    INSERT INTO filings_insidername (insider_id, name, first_on, last_on, last_accession)
    SELECT o.insider_id, o.name, min(f.listed_on), max(f.listed_on),
           (array_agg(f.accession ORDER BY f.listed_on DESC NULLS LAST, f.accession DESC))[1]
      FROM filings_filingowner o JOIN filings_filing f ON f.accession = o.filing_id
     WHERE %s
     GROUP BY 1, 2
"""
_INSIDER_NAMES = f"""
    {_OWNERS_IN_FILINGS % "o.insider_id = ANY(%(ciks)s)"}
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
# New filings only add to what names are known: no other filing of these parties need be looked at. A date that is not
# known comes before every other, as it does above.
_ADDED = """
    DO UPDATE SET first_on = least({table}.first_on, excluded.first_on),
                  last_on = greatest({table}.last_on, excluded.last_on),
                  last_accession = CASE WHEN (coalesce(excluded.last_on, '-infinity'), excluded.last_accession)
                                           > (coalesce({table}.last_on, '-infinity'), {table}.last_accession)
                                        THEN excluded.last_accession ELSE {table}.last_accession END
"""
_ADD_ISSUER_NAMES = f"""
    {_NAMES_IN_FILINGS % "accession = ANY(%(filings)s)"}
    ON CONFLICT (issuer_id, name, ticker, foreign_ticker) {_ADDED.format(table="filings_issuername")}
"""
_ADD_INSIDER_NAMES = f"""
    {_OWNERS_IN_FILINGS % "o.filing_id = ANY(%(filings)s)"}
    ON CONFLICT (insider_id, name) {_ADDED.format(table="filings_insidername")}
"""
_LATEST_ISSUER_NAMES = """
    SELECT DISTINCT ON (issuer_id) issuer_id, name, ticker FROM filings_issuername WHERE issuer_id = ANY(%(ciks)s)
     ORDER BY issuer_id, last_on DESC NULLS LAST, last_accession DESC
"""
_NAME_ISSUERS = """
    UPDATE filings_issuer i SET name = latest.name, ticker = latest.ticker
      FROM unnest(%(ciks)s::bigint[], %(names)s::text[], %(tickers)s::text[]) AS latest (cik, name, ticker)
     WHERE i.cik = latest.cik AND (i.name, i.ticker) IS DISTINCT FROM (latest.name, latest.ticker)
"""
_TO_INDEX = """
    INSERT INTO filings_partytoindex (kind, cik) SELECT %(kind)s, unnest(%(ciks)s::bigint[]) ON CONFLICT DO NOTHING
"""


def add_names(*, filings: Sequence[int], issuers: Sequence[int], insiders: Sequence[int]) -> None:
    """Adds the names in these new filings (of no header fields) to those of their parties, as settling them would.

    The cost follows from these filings alone, however many there are of their parties. What searches find is left for
    `search_index.index_owed`.
    """
    parameters = {"filings": list(filings)}
    with connection.cursor() as cursor:
        cursor.execute(_ADD_ISSUER_NAMES, parameters)
        cursor.execute(_LATEST_ISSUER_NAMES, {"ciks": list(issuers)})
        latest = cursor.fetchall()
        columns: dict[str, list[Any]] = {
            "ciks": [cik for cik, _, _ in latest],
            "names": [name for _, name, _ in latest],
            "tickers": [first_ticker(ticker) for _, _, ticker in latest],
        }
        cursor.execute(_NAME_ISSUERS, columns)
        cursor.execute(_ADD_INSIDER_NAMES, parameters)
        cursor.execute(_INSIDERS, {"ciks": list(insiders)})
        cursor.execute(_TO_INDEX, {"kind": SearchName.Kind.ISSUER.value, "ciks": sorted(issuers)})
        cursor.execute(_TO_INDEX, {"kind": SearchName.Kind.INSIDER.value, "ciks": sorted(insiders)})


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
