"""Signals of one issuer -> rows, and only where they differ from what is stored.

A signal that is found again keeps its row, whatever it has grown by; one that later facts or the clock undo is gone.
`read` holds the transaction and the issuer's lock.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import blake2b
from typing import TypeAlias

from django.db.models import QuerySet

from form4site.kit import transactions
from signals.detectors.signal import Signal as Found
from signals.models import Signal
from signals.readings.trade import Trade
from signals.readings.trades import EXACT, IssuerReading

_COMPARED = (
    "kind", "tags", "issuer_id", "known_at", "provisional", "settles_on", "window_from", "window_to", "strength",
    "insider_ciks", "roles", "value", "sic", "insiders", "trades", "evidence", "excluded", "sentence", "caveat",
    "detector_version",
)  # fmt: skip


# Trades by their filing and their rows there, as signals cite them.
ByLines: TypeAlias = Mapping[tuple[str, tuple[tuple[str, int], ...]], Trade]


@dataclass(frozen=True, slots=True)
class Among:
    """The kinds that were looked for, and the insiders of whom all are among these; None where among all."""

    kinds: Collection[str]
    insiders: Collection[str] | None = None


def by_lines(*readings: IssuerReading) -> ByLines:
    return {(trade.accession, trade.lines): trade for reading in readings for trade in reading.trades}


def write(
    issuers: Iterable[str],
    found: Iterable[Found],
    trades: ByLines,
    sics: Mapping[str, int | None],
    now: datetime,
    *,
    among: Among | None = None,
) -> list[str]:
    """Stores what was found for these issuers; the keys of the signals that are new, another than before, or gone.

    With `among`, signals of other kinds or insiders are left as they are.
    """
    made = [_row(one, trades, sics.get(one.issuer_cik), now) for one in found]
    stored = {
        key: (bytes(digest), pk, revision)
        for key, digest, pk, revision in _stored(issuers, among).values_list("key", "digest", "pk", "revision")
    }
    kept = {row.key for row in made}
    new = [row for row in made if row.key not in stored]
    other = [row for row in made if row.key in stored and stored[row.key][0] != row.digest]
    gone = [key for key in stored if key not in kept]
    if new or other:
        changed_in = transactions.own()
        for row in (*new, *other):
            row.changed_in = changed_in
    for row in other:
        row.revision = stored[row.key][2] + 1
    Signal.objects.bulk_create(new)
    # All of an issuer's change where the detectors did; UPDATE takes ten times as long to say what each becomes.
    Signal.objects.bulk_create(
        other,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=[*_COMPARED, "digest", "revision", "changed_in", "changed_at"],
    )
    if gone:
        Signal.objects.filter(pk__in=[stored[key][1] for key in gone]).delete()
    return [*(row.key for row in (*new, *other)), *gone]


def _stored(issuers: Iterable[str], among: Among | None) -> QuerySet[Signal]:
    rows = Signal.objects.filter(issuer__in=list(issuers))
    if among is not None:
        rows = rows.filter(kind__in=among.kinds)
        if among.insiders is not None:
            rows = rows.filter(insider_ciks__overlap=sorted(among.insiders))
    return rows


def _row(one: Found, trades: ByLines, sic: int | None, now: datetime) -> Signal:
    as_json = one.as_json()
    row = Signal(
        key=one.key,
        kind=one.kind,
        tags=list(one.tags),
        issuer_id=one.issuer_cik,
        known_at=one.known_at,
        provisional=one.provisional,
        settles_on=one.settles_on,
        window_from=one.window[0],
        window_to=one.window[1],
        strength=one.strength,
        insider_ciks=[party.cik for party in one.insiders],
        roles=tuple(sorted({party.role for party in one.insiders if party.role})),
        value=_worth(one, trades),
        sic=sic,
        insiders=as_json["insiders"],
        trades=as_json["trades"],
        evidence=as_json["evidence"],
        excluded=as_json["excluded"],
        sentence=one.sentence,
        caveat=one.caveat,
        detector_version=one.detector_version,
        changed_at=now,
    )
    words = repr([one.key, one.known_at, one.provisional, row.value, sic, row.insider_ciks, sorted(row.roles)])
    row.digest = blake2b((words + json.dumps(as_json, sort_keys=True)).encode(), digest_size=16).digest()
    return row


def _worth(one: Found, trades: ByLines) -> Decimal | None:
    """Dollars of the trades that were counted; None where none has any."""
    total: Decimal | None = None
    for cited in one.trades:
        trade = trades.get((cited.accession, cited.lines))
        if trade is not None and trade.value is not None:
            total = trade.value if total is None else EXACT.add(total, trade.value)
    return total
