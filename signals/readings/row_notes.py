"""What the footnotes on one row say that decides how its trade is priced and whether it is counted.

The facts themselves come from `footnotes`; here is only which of them speak of the trade. A note on the balance after
it ("includes shares bought under the employee plan") describes the stock that is held and decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from filings.ownership.document import Line
from signals.readings.footnotes import NoteFact, facts
from signals.readings.history import FiledForm

# The cells whose notes speak of the trade itself.
OF_THE_TRADE = ("security_title", "transaction_date", "code", "shares", "total_value", "price", "acquired_disposed")
_PRIVATE_PURCHASE = {"espp": "an employee purchase plan", "k401": "a retirement plan", "drip": "dividends put back"}
_SPELLED_PRICE = re.compile(
    r"\bat\s(?:a\sprice\sof\s|an\saverage\sprice\sof\s)?\$\s?([0-9][0-9,]{0,12}(?:\.[0-9]{1,6})?)\s(?:per|a|each)\b"
)


@dataclass(frozen=True, slots=True)
class RowNotes:
    """`private` is (what sort, words); `currency` an ISO code where the price is not in dollars.

    `spelled_price` is the one price in dollars that a note spells out where the price cell holds no number.
    """

    private: tuple[str, str] | None = None
    currency: str | None = None
    currency_words: str | None = None
    in_dollars: bool = False
    lows: tuple[Decimal, ...] = ()
    highs: tuple[Decimal, ...] = ()
    averaged: bool = False
    spelled_price: Decimal | None = None
    sold_to_cover: bool = False


SILENT = RowNotes()


@lru_cache(maxsize=16_384)
def facts_of(text: str) -> tuple[NoteFact, ...]:
    """The facts of a footnote; the same words stand in many filings."""
    return facts(text)


def row_notes(form: FiledForm, line: Line) -> RowNotes:
    """What the notes on the row's own cells say of the trade."""
    if not line.footnotes or not form.footnotes:
        return SILENT
    texts = form.notes_on(line, *OF_THE_TRADE)
    if not texts:
        return SILENT
    return _joined(texts, line.code, line.price is None)


@lru_cache(maxsize=16_384)
def _joined(texts: tuple[str, ...], code: str | None, unpriced: bool) -> RowNotes:
    found = [fact for text in texts for fact in facts_of(text)]
    ranges = [fact for fact in found if fact.kind == "price_range" and not fact.currency and fact.low and fact.high]
    foreign = next((f for f in found if f.kind == "other" and f.about in ("currency", "translated")), None)
    return RowNotes(
        private=_private(found, code),
        currency=foreign.currency if foreign and foreign.about == "currency" else None,
        currency_words=foreign.words if foreign else None,
        in_dollars=bool(foreign and foreign.about == "translated"),
        lows=tuple(fact.low for fact in ranges if fact.low is not None),
        highs=tuple(fact.high for fact in ranges if fact.high is not None),
        averaged=any(fact.kind == "weighted_average" for fact in found),
        spelled_price=_spelled(texts) if unpriced else None,
        sold_to_cover=any(fact.kind == "sell_to_cover" for fact in found),
    )


def _private(found: Iterable[NoteFact], code: str | None) -> tuple[str, str] | None:
    """Why a purchase or sale was none of the market's, unless a note says that it was in the open market."""
    said = [fact for fact in found if not fact.denied and not fact.intended]
    if any(fact.kind == "other" and fact.about == "open_market" for fact in said):
        return None
    for fact in said:
        if code == "P" and fact.kind in _PRIVATE_PURCHASE:
            return _PRIVATE_PURCHASE[fact.kind], fact.words
        if fact.kind == "offering" and fact.took_part:
            return "an offering", fact.words
        if fact.kind == "private":
            return "a private deal", fact.words
        if code == "S" and fact.kind == "other" and fact.about == "repurchase":
            return "a repurchase by the issuer", fact.words
    return None


def _spelled(texts: tuple[str, ...]) -> Decimal | None:
    prices = {Decimal(match[1].replace(",", "")) for text in texts for match in _SPELLED_PRICE.finditer(text)}
    return prices.pop() if len(prices) == 1 else None
