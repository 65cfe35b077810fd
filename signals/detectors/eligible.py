"""Which purchases and sales are somebody's own decision in the open market, and why the others are not.

Promises: a trade is eligible, or there is a reason in words; the reasons rest on the trade's own filing and on what
readings say of it. Planned trades, private deals, allocations of plans, sales for tax or out of an exercise, and what
cannot be believed are not.
"""

from __future__ import annotations

import re

from filings.ownership.document import Line
from signals.readings.history import FiledForm
from signals.readings.row_notes import OF_THE_TRADE, facts_of
from signals.readings.securities import COMMON, DEPOSITARY
from signals.readings.trade import Trade
from signals.readings.vocabulary import ACQUIRED, DISPOSED

_COMMON = (COMMON, DEPOSITARY)
_FORCED_SALES = {
    "sell_to_cover": "sold to cover tax",
    "tax": "sold for tax",
    "pledge": "sold under a pledge or margin loan",
    "forward": "delivered under a forward contract, no new sale",
    "collar": "delivered under a collar, no new sale",
    "swap": "part of a swap",
}
_OTHER_SALES = {
    "divorce": "moved by a domestic relations order",
    "merger": "part of a merger or tender",
    "inheritance": "sold for an estate",
    "estate_planning": "part of estate planning",
}
# Words that the readers of notes have no kind for.
_WORDS = re.compile(
    r"\b(withh(?:eld|olding)|foreclos\w+|margin (?:call|loan)|tendered|tender offer|underwritten)\b", re.I
)


def why_not_bought(trade: Trade, form: FiledForm, lines: tuple[Line, ...]) -> str | None:
    """Why this purchase is not eligible; None if it is. `lines` are the rows of the trade."""
    if trade.code != "P":
        return "not a purchase (code P)"
    reason = _unfit(trade, form, lines, ACQUIRED)
    if reason:
        return reason
    after = [line.shares_owned_following for line in lines if line.shares_owned_following is not None]
    if after and trade.shares is not None and trade.shares > max(after):
        return "more was bought than the same line then held"
    return None


def why_not_sold(trade: Trade, form: FiledForm, lines: tuple[Line, ...], *, from_exercise: bool) -> str | None:
    """Why this sale is not eligible; None if it is."""
    if trade.code != "S":
        return "not a sale (code S)"
    reason = _unfit(trade, form, lines, DISPOSED)
    if reason:
        return reason
    if from_exercise:
        return "sold out of an exercise of the same days"
    if trade.sold_to_cover:
        return _FORCED_SALES["sell_to_cover"]
    return _forced(form, lines)


def _unfit(trade: Trade, form: FiledForm, lines: tuple[Line, ...], direction: str) -> str | None:
    """What disqualifies a purchase as it does a sale."""
    if trade.kind == "swap" or any(line.equity_swap for line in lines):
        return "an equity swap is involved"
    if trade.table != "I" or trade.family not in _COMMON:
        return "not shares of common stock"
    if form.family == "5" and any(line.form_type != "4" for line in lines):
        return "reported on Form 5 as a small or exempt transaction"
    if trade.exclusions:
        return trade.exclusions[0].text.rstrip(".")
    if trade.direction != direction or not trade.price or not trade.shares or trade.traded_on is None:
        return "without a price, a number of shares or a date"
    if trade.planned:
        return "made under a Rule 10b5-1 plan"
    return None


def _forced(form: FiledForm, lines: tuple[Line, ...]) -> str | None:
    texts = {text: None for line in lines if line.footnotes for text in form.notes_on(line, *OF_THE_TRADE)}
    for text in texts:
        for fact in facts_of(text):
            if fact.denied or fact.intended:
                continue
            if fact.kind in _FORCED_SALES:
                return _FORCED_SALES[fact.kind]
            if fact.kind == "offering" and fact.took_part:
                return "sold in an offering"
            if fact.kind == "other" and fact.about in _OTHER_SALES:
                return _OTHER_SALES[fact.about]
        if words := _WORDS.search(text):
            return f"the note says “{words[0].lower()}”"
    return None
