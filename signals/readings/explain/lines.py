"""One row of Table I or II in a plain sentence: what it says by itself, and of which trade it is a part."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from filings.ownership.codes import CODES
from filings.ownership.document import Line
from signals.readings.explain.headline import NO_SECURITIES
from signals.readings.explain.things import noun, of_line
from signals.readings.explain.words import count, day, number, percent, possible, price, sentence
from signals.readings.history import FiledForm
from signals.readings.securities import security_class

_ONE = Decimal(1)


class Event(Protocol):
    """What a row's sentence needs to know of its trade: its rows as (table, row), and how many shares they come to."""

    @property
    def lines(self) -> tuple[tuple[str, int], ...]: ...

    @property
    def shares(self) -> Decimal | None: ...


def line_sentence(line: Line, form: FiledForm, trade: Event | None) -> str:
    """The row in plain English; `trade` is the one it belongs to, None for a holding."""
    if line.kind == "holding":
        return _holding(line, form)
    text = _deed(line) + _when(line, form) + _terms(line)
    tail = _after(line) + _part_of(line, trade)
    return sentence(text) + tail


def _deed(line: Line) -> str:
    code = CODES.get(line.code or "")
    if code is None:
        verb = {"A": "Acquired", "D": "Disposed of"}.get(line.acquired_disposed or "", "Changed")
        aside = f" (code {line.code}, which is no official one)" if line.code else " (no code given)"
    elif line.equity_swap:
        verb, aside = "Equity swap over", f" (code {line.code}/K)"
    elif (line.code, line.acquired_disposed) in (("P", "D"), ("S", "A")):
        verb, aside = f"Marked ({line.acquired_disposed}) against its code {line.code}:", ""
    else:
        verb, aside = code.verb(line.acquired_disposed), f" (code {line.code})"
    what = f"{verb}: {of_line(line.security_title, line.shares, line.total_value)}{aside}"
    if line.price:
        return f"{what} at {price(line.price)} each"
    if line.price is None and line.code in ("P", "S"):
        return f"{what}, price not given"
    return what


def _when(line: Line, form: FiledForm) -> str:
    if line.transaction_date is None:
        filed = line.as_filed.get("transaction_date") if line.as_filed else None
        return f", dated “{filed}”" if filed else ", undated"
    if not possible(line.transaction_date, form.filed_on):
        return f", dated {line.transaction_date.isoformat()}, which cannot be"
    return f", {day(line.transaction_date)}"


def _terms(line: Line) -> str:
    """The terms of a derivative: for what, at which price, until when."""
    if line.table != "II":
        return ""
    parts = []
    if line.underlying_shares is not None:
        parts.append(f"for {of_line(line.underlying_title, line.underlying_shares)}")
    if line.conversion_or_exercise_price:
        parts.append(f"at {price(line.conversion_or_exercise_price)} each")
    if line.expiration_date is not None:
        parts.append(f"expiring on {day(line.expiration_date)}")
    return f", {' '.join(parts)}" if parts else ""


def _after(line: Line) -> str:
    how = _how(line)
    if line.shares_owned_following is not None:
        held = number(line.shares_owned_following)
        if line.shares_owned_following == 0:
            return f" Nothing is held after it on this line, {how}."
        return f" After it the line holds {held}, {how}."
    if line.value_owned_following is not None:
        return f" After it the line holds ${number(line.value_owned_following)} worth, {how}."
    return ""


def _how(line: Line) -> str:
    if line.ownership == "D":
        return "directly"
    nature = " ".join((line.nature_of_ownership or "").split())
    if line.ownership == "I":
        return f"indirectly (“{nature}”)" if nature else "indirectly, how is not said"
    return "directly or not is not said"


def _part_of(line: Line, trade: Event | None) -> str:
    if trade is None or len(trade.lines) < 2:
        return ""
    same = [ref for ref in trade.lines if ref[0] == line.table]
    if len(same) == len(trade.lines):
        share = ""
        if trade.shares and line.shares is not None and line.shares < trade.shares:
            share = f", {percent(line.shares / trade.shares * 100)} of it"
        return f" One of {count(len(same), 'row')} of one decision{share}."
    return f" With {count(len(trade.lines) - 1, 'other row')} it tells of one event, in both tables."


def _holding(line: Line, form: FiledForm) -> str:
    if (line.security_title or "").strip().lower() == NO_SECURITIES:
        return "The form says that no securities are owned."
    name = security_class(line.security_title).name
    if line.shares_owned_following is not None:
        held = line.shares_owned_following
        what = f"{number(held)} {noun(name, held == _ONE)}"
    elif line.value_owned_following is not None:
        what = f"${number(line.value_owned_following)} worth of {noun(name)}"
    elif line.underlying_shares is not None:
        what = noun(name)
    else:
        what = f"{noun(name)} (no amount given)"
    text = f"Holds {what}{_terms(line)}, {_how(line)}"
    moved = "" if form.family == "3" else " Nothing was traded on this line."
    return sentence(text) + moved
