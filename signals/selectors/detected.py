"""The signals of issuers: as they are stored, and computed anew as of a day or with somebody's own thresholds.

Promises: as of a day is what was known by the end of that day in New York, and no more: filings accepted by then, and
what the clock had settled by then. Computed signals are not stored. Both come in the JSON of the design.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from filings.models import Issuer
from signals.detectors.docket import midnight_after
from signals.detectors.engine import signals_of
from signals.detectors.signal import Signal as Found
from signals.detectors.thresholds import DEFAULTS, Thresholds
from signals.models import Signal
from signals.readings.fiscal_year import month_and_day
from signals.readings.outline import Beside
from signals.readings.splits import Close, Split
from signals.readings.trades import IssuerReading, issuer_reading
from signals.selectors.histories import facts_of
from signals.selectors.prices import closes_and_splits
from signals.selectors.trade_rows import instant

# Issuers whose filings are in memory together.
BATCH = 20
Imported = tuple[Mapping[str, Iterable[Close]], Iterable[Split]]
NOTHING_IMPORTED: Imported = ({}, ())


def stored_signals(*, issuer: Issuer | None = None) -> Iterator[dict[str, Any]]:
    """What is stored, in the order of knowledge, without holding all of it in memory."""
    rows = Signal.objects.select_related("issuer").order_by("known_at", "key")
    if issuer is not None:
        rows = rows.filter(issuer=issuer)
    for row in rows.iterator(chunk_size=500):
        yield signal_json(row)


def signals_as_of(day: date, issuers: Iterable[str], *, thresholds: Thresholds = DEFAULTS) -> Iterator[dict[str, Any]]:
    """The signals of these issuers as they were known by the end of that day, issuer by issuer."""
    moment = midnight_after(day) - timedelta(microseconds=1)
    wanted = list(issuers)
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        known = Issuer.objects.in_bulk(batch)
        imported = closes_and_splits(batch)
        for cik, history in sorted(facts_of(batch, known_until=moment).histories.items()):
            prices = imported.get(cik, NOTHING_IMPORTED)
            for signal in detect(known[cik], issuer_reading(history), prices, moment, thresholds=thresholds):
                yield signal.as_json()


def detect(
    issuer: Issuer,
    reading: IssuerReading,
    imported: Imported,
    now: datetime,
    *,
    thresholds: Thresholds = DEFAULTS,
    kinds: Iterable[str] | None = None,
    beside: Beside | None = None,
) -> tuple[Found, ...]:
    """The signals in this reading of the issuer, with the prices that were imported of it."""
    closes, splits = imported
    return signals_of(
        reading,
        now=now,
        thresholds=thresholds,
        closes=closes,
        splits=splits,
        ticker=issuer.ticker,
        fiscal_year_end=month_and_day(issuer.fiscal_year_end),
        kinds=kinds,
        beside=beside,
    )


def signal_json(row: Signal) -> dict[str, Any]:
    """A stored signal in the JSON of the design. Needs its issuer."""
    return {
        "kind": row.kind,
        "tags": list(row.tags),
        "issuer_cik": row.issuer_id,
        "ticker": row.issuer.ticker,
        "known_at": instant(row.known_at),
        "provisional": row.provisional,
        "settles_on": row.settles_on and row.settles_on.isoformat(),
        "window": {
            "from": row.window_from and row.window_from.isoformat(),
            "to": row.window_to and row.window_to.isoformat(),
        },
        "strength": row.strength,
        "insiders": row.insiders,
        "trades": row.trades,
        "evidence": row.evidence,
        "excluded": row.excluded,
        "sentence": row.sentence,
        "caveat": row.caveat,
        "detector_version": row.detector_version,
    }
