"""The SEC's file of tickers and exchanges -> `IssuerTicker`, dated.

Promises: what the file says today is current, what it says no more is closed, nothing is deleted; reading the same file
twice changes no row of it. A file that is no such file, or has lost most of its rows, is not believed. The file is not
complete (the SEC says so), and a filing's own symbol comes first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from filings.edgar import addresses
from filings.edgar.budget import Lane
from filings.edgar.client import Kind, fetch
from filings.errors import BadDocument, EdgarError
from filings.models import IssuerTicker, TickerFile
from filings.ownership.submission import EASTERN
from filings.services.alone import alone
from filings.services.retrying import next_try

EVERY = timedelta(hours=23)
LONGEST_PAUSE = timedelta(hours=1)
SLOT_PATIENCE = 5.0
# A file with fewer rows than this share of the current ones is taken for damaged.
LEAST_SHARE = 0.5


class Listed(NamedTuple):
    cik: str
    ticker: str
    exchange: str | None


def parse_ticker_file(content: bytes) -> frozenset[Listed]:
    """The rows of company_tickers_exchange.json. Raises `BadDocument("tickers", ...)`. Pure."""
    try:
        table = json.loads(content)
        places = {name: table["fields"].index(name) for name in ("cik", "ticker", "exchange")}
        rows = [(row[places["cik"]], row[places["ticker"]], row[places["exchange"]]) for row in table["data"]]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise BadDocument("tickers", "", f"not the file of tickers: {type(error).__name__} {error!s:.80}") from error
    return frozenset(_once(_listed(place, *row) for place, row in enumerate(rows)))


def _listed(place: int, cik: object, ticker: object, exchange: object) -> Listed | None:
    if ticker is None or ticker == "":
        return None
    where = f"data[{place}]"
    if isinstance(cik, bool) or not isinstance(cik, int) or not 0 < cik < 10**10:
        raise BadDocument("tickers", where, f"not a CIK: {cik!r:.40}")
    if not isinstance(ticker, str) or len(ticker) > 20 or not ticker.isprintable():
        raise BadDocument("tickers", where, f"not a ticker: {ticker!r:.40}")
    if exchange is not None and not (isinstance(exchange, str) and len(exchange) <= 40 and exchange.isprintable()):
        raise BadDocument("tickers", where, f"not an exchange: {exchange!r:.40}")
    return Listed(f"{cik:010d}", ticker.strip().upper(), exchange or None)


def _once(rows: Iterable[Listed | None]) -> Iterable[Listed]:
    """One row for each CIK and ticker, the first that has an exchange."""
    found: dict[tuple[str, str], Listed] = {}
    for row in rows:
        if row and (row[:2] not in found or found[row[:2]].exchange is None):
            found[row[:2]] = row
    return found.values()


def read_tickers_owed(*, now: datetime | None = None) -> int | None:
    """Reads the file if a day has passed since; the number of its rows, None if nothing was to be done or had."""
    if not settings.EDGAR_USER_AGENT.strip():
        return None
    now = now or timezone.now()
    with alone("tickers") as mine:
        look, _ = TickerFile.objects.get_or_create(only=True)
        due = look.due_at <= now if look.due_at else look.read_at is None or now - look.read_at >= EVERY
        if not mine or not due:
            return None
        try:
            url = addresses.tickers_with_exchange(settings.EDGAR_BASE_URL)
            answer = fetch(url, lane=Lane.HISTORIC, kind=Kind.TICKERS, patience=SLOT_PATIENCE)
            return take_in_tickers(listed=parse_ticker_file(answer.content), now=now)
        except (EdgarError, BadDocument) as error:
            attempts = min(look.attempts + 1, 32000)
            due_at = next_try(attempts=attempts, now=now, longest=LONGEST_PAUSE)
            TickerFile.objects.update(looked_at=now, reason=str(error)[:500], attempts=attempts, due_at=due_at)
            return None


@transaction.atomic
def take_in_tickers(*, listed: frozenset[Listed], now: datetime) -> int:
    """Makes these the current ones. Raises `BadDocument` where too few are left to be believed."""
    TickerFile.objects.bulk_create([TickerFile(only=True)], ignore_conflicts=True)
    look = TickerFile.objects.select_for_update().get()
    today = now.astimezone(EASTERN).date()
    current = {(row.cik, row.ticker): row for row in IssuerTicker.objects.filter(until=None)}
    if len(listed) < LEAST_SHARE * len(current):
        raise BadDocument("tickers", "data", f"{len(listed):,} rows, where {len(current):,} were known: not believed")
    exchanges = {row[:2]: row.exchange for row in listed}
    ended = [
        row.pk
        for key, row in current.items()
        if key not in exchanges or (exchanges[key] != row.exchange and exchanges[key] is not None)
    ]
    kept = {key for key, row in current.items() if row.pk not in set(ended)}
    IssuerTicker.objects.filter(pk__in=ended, since__gt=today).delete()  # a clock that was set back
    IssuerTicker.objects.filter(pk__in=ended).update(until=today)
    IssuerTicker.objects.bulk_create(
        [IssuerTicker(**row._asdict(), since=today) for row in sorted(listed, key=repr) if row[:2] not in kept]
    )
    look.looked_at = look.read_at = now
    look.reason, look.due_at, look.attempts, look.rows = None, None, 0, len(listed)
    look.save()
    return len(listed)
