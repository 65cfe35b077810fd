"""One trade in a plain sentence or two, part by part, so that each part can point at the cells it rests on.

Promises: only what the trade and its form hold is said; a figure that cannot be is given as filed with the reason why
it is in no total; a price in another currency is never called dollars. Cheap: no more than string work.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from filings.ownership.document import Line
from signals.readings.exclusions import PRIVATE_LEAD
from signals.readings.explain.deeds import deed_of, told
from signals.readings.explain.people import who
from signals.readings.explain.things import noun
from signals.readings.explain.words import (
    count,
    day,
    money,
    number,
    percent,
    possible,
    price,
    rounded,
    sentence,
    spoken,
)
from signals.readings.history import FiledForm
from signals.readings.row_notes import row_notes
from signals.readings.trade import Trade
from signals.readings.vocabulary import DISPOSED, MARKET, PLAN, PLAN_FILING

# What a part of a sentence speaks of; the page lights other footnote words for each.
WHO, DEED, PRICE, DAY, HELD, PLANNED, STAKE, DOUBT = (
    "who", "deed", "price", "day", "held", "plan", "stake", "doubt",
)  # fmt: skip


class Part(NamedTuple):
    """Some words of a sentence, what they speak of, and the fields of the trade's lines that they rest on."""

    text: str
    about: str
    fields: tuple[str, ...] = ()


_PRICED = (*MARKET, "withholding", "grant", "issuer_disposition", "tender", "small_acquisition", "other")
_STAKED = (*MARKET, "gift", "tender", "small_acquisition")
_PLANNABLE = (*MARKET, "gift", "exercise")
# Reasons that say that something is wrong, or that the trade no longer stands; the others are said in the sentence.
_SAID = (
    "plan_allocation", "duplicate", "superseded", "withdrawn", "bad_price", "bad_value", "issuer_is_owner",
)  # fmt: skip


def trade_sentence(trade: Trade, form: FiledForm) -> str:
    """The trade in plain English, whole sentences with their subject."""
    return "".join(part.text for part in trade_parts(trade, form))


def trade_parts(trade: Trade, form: FiledForm) -> list[Part]:
    """The same in parts; joined they are the sentence."""
    rows = {(line.table, line.row): line for line in form.lines if line.kind == "transaction"}
    first = rows[trade.lines[0]]
    subject = who(form.owners, form.remarks)
    parts = [
        Part(subject[:1].upper() + subject[1:], WHO, ("owners",)),
        Part(f" {told(deed_of(trade, form, rows))}", DEED, ("code", "shares", "acquired_disposed", "security_title")),
        *_private(trade),
        *_day(trade, form, first),
        *_price(trade, form, first),
        *_held(trade),
        *_plan(trade),
    ]
    parts.append(Part(".", DEED))
    parts += _stake(trade, form)
    parts += _doubts(trade)
    return parts


def _private(trade: Trade) -> list[Part]:
    for item in trade.exclusions:
        if item.reason == "private":
            sort = item.text.removeprefix(PRIVATE_LEAD).rstrip(".")
            return [Part(f" by way of {sort} (not the open market)", DEED, ("code",))]
    return []


def _day(trade: Trade, form: FiledForm, line: Line) -> list[Part]:
    fields = ("transaction_date",)
    if trade.traded_on is None:
        filed = line.as_filed.get("transaction_date") if line.as_filed else None
        return [Part(f" on a date filed as “{filed}”" if filed else ", on a date that is not given", DAY, fields)]
    if possible(trade.traded_on, form.filed_on):
        return [Part(f" on {day(trade.traded_on)}", DAY, fields)]
    problem = "lies after the filing" if trade.traded_on > form.filed_on else "cannot be"
    return [Part(f" on a date given as {trade.traded_on.isoformat()}, which {problem}", DAY, fields)]


def _price(trade: Trade, form: FiledForm, line: Line) -> list[Part]:
    if trade.kind not in _PRICED:
        return []
    if not trade.price:
        if trade.kind not in MARKET:
            return []
        given = " at a price given as $0" if trade.price is not None else " at a price that is not given"
        return [Part(given, PRICE, ("price",))]
    if _foreign(trade):
        currency = row_notes(form, line).currency
        named = (
            f"{currency} {number(trade.price)}" if currency else f"{number(trade.price)} in a home market’s currency"
        )
        return [Part(f" at {named} each, which is not counted in dollars", PRICE, ("price", "security_title"))]
    lead = " at" if trade.kind in MARKET else " valued at" if trade.kind == "withholding" else " at"
    text = f"{lead} {_each(trade)}"
    if trade.value is not None and not _doubted(trade) and trade.kind in (*MARKET, "tender", "issuer_disposition"):
        text += f", {money(trade.value)} in all"
    if trade.unpriced_lines:
        text += f" ({count(trade.unpriced_lines, 'row gives', 'rows give')} no price)"
    return [Part(text, PRICE, ("price",))]


def _each(trade: Trade) -> str:
    assert trade.price is not None
    low, high = trade.price_min, trade.price_max
    if low is None or high is None or low == high:
        each = f"{price(trade.price)} each"
    else:
        each = f"{price(low)} to {price(high)} each ({price(rounded(trade.price))} on average)"
    return f"{each} by the footnote" if trade.price_from_note else each


def _foreign(trade: Trade) -> bool:
    return any(item.reason == "home_market" for item in trade.exclusions)


def _doubted(trade: Trade) -> bool:
    return any(item.reason in ("bad_price", "bad_value") for item in trade.exclusions)


def _held(trade: Trade) -> list[Part]:
    if trade.ownership != "I":
        return []
    nature = " ".join((trade.nature or "").split())
    words = f", held indirectly (“{nature}”)" if nature else ", held indirectly"
    return [Part(words, HELD, ("ownership", "nature_of_ownership"))]


def _plan(trade: Trade) -> list[Part]:
    plan = trade.plan
    if plan is None or trade.kind not in _PLANNABLE:
        return []
    if plan.status == PLAN:
        adopted = f" adopted on {day(plan.adopted_on)}" if plan.adopted_on else ""
        return [Part(f", under a Rule 10b5-1 plan{adopted}", PLANNED, ("code",))]
    if plan.status == PLAN_FILING and trade.kind in MARKET:
        return [Part(", on a form whose box for a Rule 10b5-1 plan is ticked", PLANNED)]
    return []


def held_before(trade: Trade, form: FiledForm) -> str:
    """ "held before", or "held in all before" where the stake is more than the line that the trade's own rows state."""
    stated = {
        line.shares_owned_following
        for line in form.lines
        if line.kind == "transaction" and (line.table, line.row) in trade.lines
    } - {None}
    return "held before" if not stated or trade.stake_after in stated else "held in all before"


def _stake(trade: Trade, form: FiledForm) -> list[Part]:
    """What part of the holding the trade was, over all lines of the class."""
    before, after, change = trade.stake_before, trade.stake_after, trade.stake_change_pct
    if trade.kind not in _STAKED or trade.table != "I" or before is None or after is None or _doubted(trade):
        return []
    things, fields = noun(trade.security_class), ("shares_owned_following",)
    held = held_before(trade, form)
    if trade.direction == DISPOSED:
        if after == 0:
            return [Part(f" Nothing of the {number(before)} {things} {held} is left.", STAKE, fields)]
        if change is None:
            return []
        return [Part(f" That was {percent(change)} of the {things} {held}; {number(after)} are left.", STAKE, fields)]
    if not before:
        return [Part(f" No {things} were {held}; {number(after)} are held now.", STAKE, fields)]
    if change is None:
        return []
    return [Part(f" That adds {_grown(change)} to the {number(before)} {things} {held}.", STAKE, fields)]


def _grown(change: Decimal) -> str:
    return percent(change) if change < 1000 else f"{number((change / 100).quantize(Decimal(1)))} times as many"


def _doubts(trade: Trade) -> list[Part]:
    return [
        Part(f" {sentence(spoken(item.text))}", DOUBT, ("shares", "price") if item.reason.startswith("bad") else ())
        for item in trade.exclusions
        if item.reason in _SAID
    ]
