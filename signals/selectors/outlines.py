"""What is stored of an issuer, as far as reading a new filing of some of its insiders needs it. Facts only
of filings whose trades do not tell what a row says.

Promises: `stored` is None where what is stored cannot be built on: something else is owed, or was read by other rules,
under other names, or as of an earlier day.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
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
from signals.readings.rows import QUOTED, date_problem, prices_in
from signals.readings.splits import Split
from signals.readings.tape import Quote, Told
from signals.readings.whole import READER_VERSION
from signals.selectors.histories import facts_among

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
    SELECT filing_id, number, kind, code, "table", security_class, traded_on, price, value,
           stake_before, known_at, standing, reasons, owners, decision_maker, roles, counted, score
      FROM signals_trade WHERE issuer_id = %s AND code = ANY(%s) AND traded_on IS NOT NULL
"""
# Purchases, sales and withholdings of shares, with what tells whether a row's own price is known: where a note gives
# the first row its price, that of the whole trade stands there, and on later rows none.
_TOLD = """
    SELECT l.trade_id, l.filing_id, l."row", l.code, t.security_class, l.transaction_date, l.filed_on, l.price,
           l.shares, l.superseded_by IS NULL AND l.withdrawn_by IS NULL AND l.repeats IS NULL,
           t.value IS NULL, t.reasons & %s <> 0, t.unpriced_lines, t.price_min = t.price_max, l.price = t.price
      FROM signals_linereading l JOIN signals_trade t ON t.id = l.trade_id
     WHERE l.issuer_id = %s AND l.code = ANY(%s) AND l."table" = 'I' AND l.transaction_date IS NOT NULL
     ORDER BY l.trade_id, l."row"
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
    signals = Signal.objects.filter(issuer=issuer, kind__in=OF_MANY).values_list("kind", "window_to", "insiders")
    clusters = [(kind, last or today) for kind, last, _ in signals]
    named = {(party["cik"], party["name"]) for _, _, insiders in signals for party in insiders}
    standing = Standing(newest, first, bool(foreign), state.splits_open_until, clusters, named)
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


def told_prices(issuer: str) -> list[Told]:
    """The prices of an issuer that are on the tape or held against it, as they are stored.

    Where that does not tell what a row says, the filing's facts are asked.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, [_REASONS.bits({"home_market"}), int(issuer), list(QUOTED)])
        rows = cursor.fetchall()
    found: list[Told] = []
    unsure: dict[str, dict[int, bool]] = {}
    for _, group in groupby(rows, key=itemgetter(0)):
        of_trade = list(group)
        if _price_is_known(of_trade):
            found += filter(None, map(_told, of_trade))
        else:
            unsure.setdefault(_accession(of_trade[0][1]), {}).update((row[2], row[9]) for row in of_trade)
    for history in facts_among(unsure).histories.values() if unsure else ():
        for form in history:
            stands = unsure[form.accession]
            found += (
                Told(quote, line.code or "", line.shares, stands[line.row])
                for line, quote in prices_in(form)
                if line.row in stands
            )
    return found


def _price_is_known(rows: Sequence[tuple[Any, ...]]) -> bool:
    """Whether the stored prices of these rows of a trade are what each row says, and it is known in which currency."""
    *_, no_value, at_home, unpriced, at_one_price, first_as_trade = rows[0]
    priced = [row for row in rows if row[7] is not None]
    if no_value and not at_home and any(row[8] is None for row in priced):
        return False  # without shares there is no value in any currency
    return len(rows) - len(priced) == unpriced and (len(rows) == 1 or at_one_price or not first_as_trade)


def _told(row: tuple[Any, ...]) -> Told | None:
    """None where the price is not one in dollars: of such a trade no value is stored."""
    _, filing, _, code, name, on, filed_on, price, shares, stands, no_value, *_ = row
    if not price or no_value or date_problem(on, filed_on):
        return None
    return Told(Quote(name, on, _accession(filing), price), code, shares, stands)


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
