"""Why a trade is in no total: one reason a fact, each in plain words, with the accession or the footnote behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from signals.readings.duplicates import FORM_5_REPEATS, SENT_TWICE
from signals.readings.gap_causes import MISSTATED
from signals.readings.position import Ledger
from signals.readings.rows import Row
from signals.readings.trade import MECHANICS, Exclusion, Trade
from signals.readings.vocabulary import MARKET

MOST_VALUE = Decimal(1_000_000_000)
# So many decision-makers with one price on one day are a plan's allocation, not so many decisions.
ALLOCATION = 5
# Before the sort of private deal; the explanation of the trade names the sort alone.
PRIVATE_LEAD = "Not traded in the open market: "


class Figures(NamedTuple):
    """What the rows of a trade come to."""

    shares: Decimal | None
    price: Decimal | None
    value: Decimal | None


def of_rows(rows: list[Row], figures: Figures, book: Ledger) -> tuple[Exclusion, ...]:
    """The reasons that a trade's own rows and their versions give."""
    first = rows[0]
    found = [*_versions(first)]
    if first.kind not in MARKET:
        found.append(Exclusion("mechanics", MECHANICS[first.kind]))
        found += _date(rows)
        return tuple(found)
    if first.line.table == "II":
        found.append(Exclusion("derivative", "A derivative was traded; its price is no price of a share."))
    if first.foreign:
        text = "Traded in a home market or priced in another currency: kept apart from totals in dollars."
        found.append(Exclusion("home_market", text, words=first.notes.currency_words))
    if first.notes.private:
        sort, words = first.notes.private
        found.append(Exclusion("private", f"{PRIVATE_LEAD}{sort}.", words=words))
    if first.form.issuer_cik in first.form.owner_ciks:
        found.append(Exclusion("issuer_is_owner", "The owner is the company itself."))
    found += _date(rows)
    found += _figures(figures, rows, book)
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


def _figures(figures: Figures, rows: list[Row], book: Ledger) -> list[Exclusion]:
    """What is wrong with prices, shares and balances of a purchase or sale."""
    found: list[Exclusion] = []
    doubt = next((row.doubt for row in rows if row.doubt), None)
    if not figures.price:
        found.append(Exclusion("no_price", "No price is given, so there is nothing to add up."))
    if doubt:
        found.append(Exclusion("bad_price", f"The price cannot be one of a share: {doubt}"))
    problem = _bad_value(figures, rows, book)
    if problem:
        found.append(Exclusion("bad_value", problem))
    return found


def _bad_value(figures: Figures, rows: list[Row], book: Ledger) -> str | None:
    line = rows[0].line
    if figures.shares is None or figures.shares <= 0:
        return "No number of shares is given."
    if (line.code, line.acquired_disposed) in (("P", "D"), ("S", "A")):
        return f"The row contradicts itself: code {line.code} with ({line.acquired_disposed})."
    if line.acquired_disposed not in ("A", "D"):
        return "The row does not say whether the shares were acquired or disposed of."
    for row in rows:
        entry = book.entries.get(row.ref)
        if entry is not None and entry.gap is not None and entry.gap.cause == MISSTATED:
            return entry.gap.text
    large = any(owner.is_ten_percent_owner for owner in rows[0].form.owners)
    if figures.value is not None and figures.value > MOST_VALUE and not large and line.table == "I":
        return f"${figures.value:,.0f} is more than an insider without a tenth of the company trades."
    return None


def plan_allocations(trades: list[Trade], makers: Mapping[str, str]) -> tuple[Trade, ...]:
    """Marks purchases that five or more decision-makers made on one day at one price; trades in the order given."""
    same: dict[tuple[str, date, Decimal], list[int]] = {}
    for index, trade in enumerate(trades):
        if trade.code == "P" and trade.table == "I" and trade.standing and trade.price and trade.traded_on:
            same.setdefault((trade.security_class, trade.traded_on, trade.price), []).append(index)
    marked = list(trades)
    for (_, _, price), indexes in same.items():
        if sum(len(trades[index].owners) for index in indexes) < ALLOCATION:
            continue
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
