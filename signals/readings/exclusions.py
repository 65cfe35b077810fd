"""Why a trade is in no total: one reason a fact, each in plain words, with the accession or the footnote behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from signals.readings.duplicates import FORM_5_REPEATS, SENT_TWICE
from signals.readings.gap_causes import MISSTATED
from signals.readings.position import Ledger
from signals.readings.rows import Row
from signals.readings.trade import MARKET, MECHANICS, Exclusion, Trade

MOST_VALUE = Decimal(1_000_000_000)
# So many decision-makers with one price on one day are a plan's allocation, not so many decisions.
ALLOCATION = 5


def of_rows(trade: Trade, rows: list[Row], book: Ledger) -> tuple[Exclusion, ...]:
    """The reasons that the trade's own rows and versions give."""
    found = [*_versions(rows[0])]
    if trade.kind not in MARKET:
        found.append(Exclusion("mechanics", MECHANICS[trade.kind]))
        found += _date(rows)
        return tuple(found)
    if trade.table == "II":
        found.append(Exclusion("derivative", "A derivative was traded; its price is no price of a share."))
    if rows[0].foreign:
        text = "Traded in a home market or priced in another currency: kept apart from totals in dollars."
        found.append(Exclusion("home_market", text, words=rows[0].notes.currency_words))
    if rows[0].notes.private:
        sort, words = rows[0].notes.private
        found.append(Exclusion("private", f"Not traded in the open market: {sort}.", words=words))
    if rows[0].form.issuer_cik in trade.owners:
        found.append(Exclusion("issuer_is_owner", "The owner is the company itself."))
    found += _date(rows)
    found += _figures(trade, rows, book)
    return tuple(found)


def _versions(row: Row) -> Iterable[Exclusion]:
    if row.superseded_by:
        yield Exclusion("superseded", f"The amendment {row.superseded_by} states this again.", row.superseded_by)
    if row.withdrawn:
        yield Exclusion("withdrawn", f"Taken back by {row.withdrawn.by}.", row.withdrawn.by, row.withdrawn.words)
    if row.duplicate:
        of = row.duplicate.of.accession
        texts = {
            SENT_TWICE: f"The same report was filed before, as {of}.",
            FORM_5_REPEATS: f"Reported before on Form 4, {of}.",
        }
        text = texts.get(row.duplicate.how, f"The same event, first reported in {of} by another owner.")
        yield Exclusion("duplicate", text, of)


def _date(rows: list[Row]) -> list[Exclusion]:
    problem = rows[0].date_problem
    return [Exclusion("bad_date", problem)] if problem else []


def _figures(trade: Trade, rows: list[Row], book: Ledger) -> list[Exclusion]:
    """What is wrong with prices, shares and balances of a purchase or sale."""
    found: list[Exclusion] = []
    doubt = next((row.doubt for row in rows if row.doubt), None)
    if not trade.price:
        found.append(Exclusion("no_price", "No price is given, so there is nothing to add up."))
    if doubt:
        found.append(Exclusion("bad_price", f"The price cannot be one of a share: {doubt}"))
    problem = _bad_value(trade, rows, book)
    if problem:
        found.append(Exclusion("bad_value", problem))
    return found


def _bad_value(trade: Trade, rows: list[Row], book: Ledger) -> str | None:
    line = rows[0].line
    if trade.shares is None or trade.shares <= 0:
        return "No number of shares is given."
    if (line.code, line.acquired_disposed) in (("P", "D"), ("S", "A")):
        return f"The row contradicts itself: code {line.code} with ({line.acquired_disposed})."
    for row in rows:
        entry = book.entries.get(row.ref)
        if entry is not None and entry.gap is not None and entry.gap.cause == MISSTATED:
            return entry.gap.text
    large = any(owner.is_ten_percent_owner for owner in rows[0].form.owners)
    if trade.value is not None and trade.value > MOST_VALUE and not large and trade.table == "I":
        return f"${trade.value:,.0f} is more than an insider without a tenth of the company trades."
    return None


def plan_allocations(trades: list[Trade], makers: Mapping[str, str]) -> tuple[Trade, ...]:
    """Marks purchases that five or more decision-makers made on one day at one price; trades in the order given."""
    same: dict[tuple[str, date, Decimal], list[int]] = {}
    for index, trade in enumerate(trades):
        if trade.code == "P" and trade.table == "I" and trade.standing and trade.price and trade.traded_on:
            same.setdefault((trade.security_class, trade.traded_on, trade.price), []).append(index)
    marked = list(trades)
    for (_, _, price), indexes in same.items():
        fifth = _fifth([trades[index] for index in indexes], makers)
        if fifth is None:
            continue
        count = len({makers[cik] for index in indexes for cik in trades[index].owners})
        text = f"{count} decision-makers acquired on this day at {price:f}: a plan's allocation, not so many decisions."
        for index in indexes:
            reason = Exclusion("plan_allocation", text, fifth)
            marked[index] = replace(trades[index], exclusions=(*trades[index].exclusions, reason))
    return tuple(marked)


def _fifth(trades: list[Trade], makers: Mapping[str, str]) -> str | None:
    """The accession with which the purchases became those of five decision-makers; None if they never did."""
    seen: set[str] = set()
    for trade in sorted(trades, key=lambda item: (item.known_at, item.accession)):
        seen |= {makers[cik] for cik in trade.owners}
        if len(seen) >= ALLOCATION:
            return trade.accession
    return None
