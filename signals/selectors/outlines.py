"""What is stored of an issuer, as far as reading a new filing of some of its insiders needs it. No facts.

Promises: `stored` is None where what is stored cannot be built on: something else is owed, or was read by other rules,
under other names, or as of an earlier day.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from filings.models import FilingOwner, Issuer
from signals.detectors.engine import OF_MANY
from signals.detectors.reach import Standing
from signals.detectors.signal import VERSION
from signals.models import IssuerState, Signal, Trade
from signals.models.fields import SlugSetField
from signals.readings.history import FiledForm
from signals.readings.outline import CODES, Outline, filings_around, is_scored
from signals.readings.roles import is_entity
from signals.readings.splits import Split
from signals.readings.whole import READER_VERSION

_ROLES: SlugSetField = Trade._meta.get_field("roles")
_REASONS: SlugSetField = Trade._meta.get_field("reasons")

# How far the readings of an issuer have come: filings without one, readings of this reader that still hold, others.
_READ = """
    SELECT array_agg(f.accession) FILTER (WHERE r.filing_id IS NULL),
           count(r.filing_id),
           (SELECT count(*) FROM signals_reading o WHERE o.issuer_id = %(issuer)s),
           count(*) FILTER (WHERE r.facts_at IS DISTINCT FROM f.published_at OR r.reader_version <> %(version)s),
           max(r.known_at),
           (array_agg(f.filed_on ORDER BY r.known_at, f.form LIKE '%%/A', f.accession)
             FILTER (WHERE r.filing_id IS NOT NULL))[1],
           bool_or(r.filing_id IS NOT NULL AND f.issuer_foreign_ticker <> '')
      FROM filings_filing f
      LEFT JOIN signals_reading r ON r.filing_id = f.accession
     WHERE f.issuer_id = %(issuer)s AND NOT f.partial
"""
_OUTLINES = """
    SELECT filing_id, number, kind, code, "table", security_class, traded_on, price, price_min, price_max, value,
           stake_before, known_at, standing, reasons, owners, decision_maker, roles, counted, score
      FROM signals_trade WHERE issuer_id = %s AND code = ANY(%s) AND traded_on IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """An issuer whose readings are all there save those of the `new` filings."""

    new: tuple[str, ...]
    standing: Standing
    splits_shown: tuple[Split, ...]


def stored(issuer: Issuer, today: date, fewest: int) -> Stored | None:
    """None too where fewer than so many filings are read."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, {"issuer": int(issuer.cik), "version": READER_VERSION})
        row: tuple[Any, ...] = cursor.fetchone()
    new, read, of_issuer, stale, newest, first, foreign = row
    if not new or read < fewest or read != of_issuer or stale > len(new) or first is None:
        return None
    state = IssuerState.objects.filter(issuer=issuer).first()
    if state is None or state.read_on != today or state.detector_version != VERSION or state.reason is not None:
        return None
    if state.read_as != read_as(issuer):
        return None
    signals = Signal.objects.filter(issuer=issuer, kind__in=OF_MANY).values_list("kind", "window_to")
    clusters = [(kind, last or today) for kind, last in signals]
    standing = Standing(newest, first, bool(foreign), state.splits_open_until, clusters)
    shown = tuple(Split.shown(one) for one in state.inferred_splits)
    return Stored(tuple(sorted(_accession(key) for key in new)), standing, shown)


def read_as(issuer: Issuer) -> list[str | None]:
    """What is said of the issuer itself wherever its trades and signals are read."""
    return [issuer.ticker, issuer.sic, issuer.fiscal_year_end]


def outlines(issuer: str) -> list[Outline]:
    """The trades of an issuer that others may rest on."""
    with connection.cursor() as cursor:
        cursor.execute(_OUTLINES, [int(issuer), list(CODES)])
        return [_outline(row) for row in cursor.fetchall()]


def _outline(row: tuple[Any, ...]) -> Outline:
    filing, number, kind, *same, reasons, owners, maker, roles, counted, score = row
    return Outline._make((
        _accession(filing), number, kind, *same, frozenset(_REASONS.to_python(reasons) or ()),
        tuple(f"{cik:010d}" for cik in owners), f"{maker:010d}", frozenset(_ROLES.to_python(roles) or ()),
        is_scored(kind, counted, score),
    ))  # fmt: skip


class Circles:
    """Which filings of an issuer must be read together: see `filings_around`."""

    def __init__(self, issuer: str, new: Sequence[FiledForm]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT o.filing_id, o.insider_id FROM filings_filing f"
                " JOIN filings_filingowner o ON o.filing_id = f.accession"
                " WHERE f.issuer_id = %s AND NOT f.partial",
                [int(issuer)],
            )
            owners: dict[int, list[int]] = {}
            for filing, cik in cursor.fetchall():
                owners.setdefault(filing, []).append(cik)
            cursor.execute(
                "SELECT DISTINCT filing_id, repeats FROM signals_linereading"
                " WHERE issuer_id = %s AND repeats IS NOT NULL",
                [int(issuer)],
            )
            one_event = cursor.fetchall()
        self._owners = {_accession(filing): [str(cik) for cik in ciks] for filing, ciks in owners.items()}
        self._one_event = [(_accession(one), _accession(other)) for one, other in one_event]
        self._one_event += _alike(issuer, new)

    def around(self, filings: Collection[str]) -> set[str]:
        return filings_around(filings, self._owners, self._one_event)


def _alike(issuer: str, new: Sequence[FiledForm]) -> list[tuple[str, str]]:
    """Filings with a row that may tell an event of a new one, an entity being among the owners of either."""
    deals: dict[tuple[Any, ...], set[str]] = {}
    for form in new:
        for line in form.lines:
            if line.kind == "transaction":
                deals.setdefault((line.transaction_date, line.code, line.shares), set()).add(form.accession)
    days = list({on for on, _, _ in deals if on is not None})
    if not days:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT filing_id, transaction_date, code, shares FROM signals_linereading"
            " WHERE issuer_id = %s AND transaction_date = ANY(%s)",
            [int(issuer), days],
        )
        found = [(_accession(filing), deals.get(tuple(deal), set())) for filing, *deal in cursor.fetchall()]
    pairs = [(filing, other) for filing, others in found for other in others]
    entities = {form.accession for form in new if any(is_entity(owner.name) for owner in form.owners)}
    old = {filing for filing, _ in pairs}
    names = FilingOwner.objects.filter(filing__in=old).values_list("filing_id", "name") if old else ()
    entities |= {filing for filing, name in names if is_entity(name)}
    return [(one, other) for one, other in pairs if one in entities or other in entities]


def _accession(key: int) -> str:
    digits = f"{key:018d}"
    return f"{digits[:10]}-{digits[10:12]}-{digits[12:]}"
