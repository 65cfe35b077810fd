"""What one cell of a line has to say beyond its value; nothing where the value says it all.

Promises: a cell's words rest on that cell, its footnotes, and what other readings make of its row: the timeliness of
its date, the plan behind its code, the ledger behind its balance. Holder names and terms are quoted from the notes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from filings.ownership.codes import CODES
from filings.ownership.document import Line
from signals.readings.explain.deeds import paid_with
from signals.readings.explain.things import noun
from signals.readings.explain.words import count, day, number, percent, possible, price, spoken
from signals.readings.history import FiledForm
from signals.readings.notes.fact import NoteFact
from signals.readings.position import FOLLOWS, GAP, OPENS, RESTATES, Entry
from signals.readings.row_notes import facts_of, row_notes
from signals.readings.securities import DEPOSITARY, NOTE, OPTION, PREFERRED, UNIT, WARRANT, is_written, security_class
from signals.readings.timeliness import Timeliness
from signals.readings.trade import Trade

_NEAR_EXPIRY = timedelta(days=90)
_FAMILIES = {
    OPTION: "A right to buy or sell shares at a set price until a set day.",
    WARRANT: "A right to buy shares at a set price, usually sold or given with another security.",
    UNIT: "A promise of shares, or of their worth, that is usually kept when it vests.",
    DEPOSITARY: "Receipts that stand for shares of a foreign company; one may stand for several, or for part of one.",
    PREFERRED: "Shares that rank before common stock; many can be converted into it.",
    NOTE: "A debt of the company that can be turned into shares.",
}
_PAYS = {
    "tax": "The footnote says: for tax.",
    "exercise_price": "The footnote says: to pay the exercise price.",
    "both": "The footnote says: for tax and the exercise price.",
}
_OWN_HEAD = {"D": "Held directly, in the filer’s own name.", "I": "Held indirectly, through somebody else."}


@dataclass(frozen=True, slots=True)
class Row:
    """A line with what other readings say of it. `timeliness` is of a transaction, `entry` its place in the ledger."""

    form: FiledForm
    line: Line
    trade: Trade | None = None
    timeliness: Timeliness | None = None
    entry: Entry | None = None

    def facts(self, *fields: str) -> list[NoteFact]:
        return [fact for text in self.form.notes_on(self.line, *fields) for fact in facts_of(text)]

    def reasons(self, *names: str) -> list[str]:
        return [item.text for item in self.trade.exclusions if item.reason in names] if self.trade else []


def cell_words(row: Row) -> dict[str, str]:
    """The words of every cell of this line that has something to say, by field."""
    found = {name: " ".join(words for words in of(row) if words) for name, of in _CELLS.items()}
    return {name: words for name, words in found.items() if words}


def _title(row: Row) -> list[str]:
    security = security_class(row.line.security_title)
    said = []
    if is_written(row.line.security_title):
        said.append("The holder owes: the other side has the right.")
    elif security.family in _FAMILIES:
        said.append(_FAMILIES[security.family])
    if row.reasons("home_market"):
        said.append("It is traded in a home market, in another currency than dollars.")
    rights = [fact for fact in row.facts("security_title") if fact.kind == "other" and fact.about == "right"]
    return said + [f"The note says what it gives: “{fact.words}”." for fact in rights[:1]]


def _traded_on(row: Row) -> list[str]:
    said = [spoken(row.timeliness.reason)] if row.timeliness else []
    on = row.line.transaction_date
    if on is not None and not possible(on, row.form.filed_on):
        said = said if row.timeliness else [f"A transaction on {on.isoformat()} cannot be."]
    return said


def _deemed(row: Row) -> list[str]:
    if row.line.deemed_execution_date is None:
        return []
    return ["The day that counts as that of execution. A plan trade whose broker tells the insider late may count later"
            ", by three business days at most (Rule 16a-3(g))."]  # fmt: skip


def _code(row: Row) -> list[str]:
    letter = row.line.code
    if not letter:
        return []
    code = CODES.get(letter)
    if code is None:
        return [f"{letter} is no official code."]
    said = [code.plain]
    if (letter, row.line.acquired_disposed) in (("P", "D"), ("S", "A")):
        said.append("The row contradicts itself: this code has the other direction.")
    if letter == "F" and (pays := paid_with(row.form, row.line)):
        said.append(_PAYS[pays])
    if row.line.equity_swap:
        said.append("K: the row is marked as an equity swap or a similar contract.")
    said.append(f"It does not tell: {code.does_not_tell[:1].lower()}{code.does_not_tell[1:]}")
    return said + _plan(row)


def _plan(row: Row) -> list[str]:
    plan = row.trade.plan if row.trade else None
    if plan is None or row.line.code not in ("P", "S", "M", "G"):
        return []
    told = {
        "plan": "Under a Rule 10b5-1 plan",
        "plan_filing": "The box for a Rule 10b5-1 plan is ticked; the form does not say which row it means",
        "not_plan": "Under no Rule 10b5-1 plan, as the form says",
        "unknown": "Whether a Rule 10b5-1 plan was behind it is not known",
    }[plan.status]
    if plan.adopted_on:
        told += f", adopted on {day(plan.adopted_on)}"
        if plan.age_days is not None and plan.age_days >= 0:
            told += f", {count(plan.age_days, 'day')} before the trade"
    return [f"{told}."]


def _early(row: Row) -> list[str]:
    if row.form.family == "4" and row.line.form_type == "5":
        return ["V: it could have waited for the yearly Form 5 and was reported early by choice."]
    return {"L": ["The filer marks it as late."], "E": ["The filer marks it as early."]}.get(
        row.line.timeliness or "", []
    )


def _shares(row: Row) -> list[str]:
    trade, line = row.trade, row.line
    if trade is None:
        return []
    if line.shares is None and line.total_value is not None:
        return ["Given as a sum in dollars, not as a number of securities."]
    same = [ref for ref in trade.lines if ref[0] == line.table]
    if line.shares and trade.shares and len(same) == len(trade.lines) > 1 and line.shares < trade.shares:
        share = percent(line.shares / trade.shares * 100)
        return [f"{share} of one decision that fills {count(len(same), 'row')}: {number(trade.shares)} together."]
    return []


def _price(row: Row) -> list[str]:
    line, trade = row.line, row.trade
    if trade is None:
        return []
    notes = row_notes(row.form, line)
    said = []
    if notes.lows:
        low, high = min(notes.lows), max(notes.highs)
        said.append(f"An average: the footnote gives a range from {price(low)} to {price(high)}.")
    elif notes.averaged:
        said.append("An average of several prices, as the footnote says.")
    if line.price is None and line.code in ("P", "S"):
        if notes.spelled_price is not None:
            said.append(f"The cell is empty; the footnote gives {price(notes.spelled_price)}.")
        else:
            said.append("No price is given.")
    if line.price is not None and line.code == "F":
        said.append("It values what was kept back; nothing was sold at it.")
    if line.price and line.code == "A":
        said.append("The price values an award; nothing was paid.")
    if line.price == 0 and line.code in ("G", "A", "M"):
        said.append("Zero means that nothing was paid, not that it was cheap.")
    if notes.currency:
        said.append(f"In {notes.currency}, not in dollars: “{notes.currency_words}”.")
    return said + row.reasons("bad_price", "bad_value")


def _after(row: Row) -> list[str]:
    entry = row.entry
    if entry is None:
        return []
    if entry.status == OPENS:
        return ["The first balance of this line in the filings read here."]
    if entry.status == FOLLOWS:
        return [f"It follows from the {number(entry.before)} before." if entry.moved else "As it was before."]
    if entry.status == GAP and entry.gap:
        lead = "It does not follow from what the filings before give. " if entry.gap.cause != "written" else ""
        return [lead + entry.gap.text]
    return [entry.gap.text] if entry.status == RESTATES and entry.gap else []


def _ownership(row: Row) -> list[str]:
    head = _OWN_HEAD.get(row.line.ownership or "")
    return [head] if head else []


def _nature(row: Row) -> list[str]:
    if not row.line.nature_of_ownership:
        return []
    said = []
    facts = row.facts("nature_of_ownership", "ownership", "shares_owned_following", "shares", "security_title")
    holders = [fact.holder for fact in facts if fact.kind in ("trust", "entity_holder") and fact.holder]
    if holders:
        names = list(dict.fromkeys(holders))
        shown = "; ".join(names[:4]) + (f" and {count(len(names) - 4, 'other')}" if len(names) > 4 else "")
        said.append(f"The footnote names the holder: {shown}.")
    elif any(fact.kind == "trust" for fact in facts):
        said.append("The footnote speaks of a trust.")
    if any(fact.kind == "spouse" and fact.about != "former" for fact in facts):
        said.append("The footnote speaks of the spouse.")
    if any(fact.kind == "trust" and fact.trustee for fact in facts):
        said.append("A trustee is named: whoever is one votes and sells for others.")
    if any(fact.kind == "disclaimer" for fact in facts):
        said.append("The filer disclaims owning it, or all of it, in the money sense.")
    if any(fact.kind == "pledge" and not fact.denied for fact in facts):
        said.append("The footnote speaks of a pledge.")
    return said or [f"The form’s words for how it is held: “{row.line.nature_of_ownership}”."]


def _strike(row: Row) -> list[str]:
    line = row.line
    family = security_class(line.security_title).family
    if line.conversion_or_exercise_price:
        what = "To be paid for each share when the right is used."
        if family in (PREFERRED, NOTE):
            what = "The price at which it converts."
        return [what]
    if family == UNIT:
        return ["Nothing is paid: units turn into shares by vesting."]
    if line.footnotes.get("conversion_or_exercise_price"):
        return ["No number; the footnote says how it converts."]
    return []


def _exercisable(row: Row) -> list[str]:
    facts = row.facts("exercise_date", "expiration_date", "security_title", "shares")
    vesting = [fact for fact in facts if fact.kind == "vesting"]
    if vesting:
        said = [f"The footnote gives a schedule: “{vesting[0].words}”"]
        if any(fact.performance for fact in vesting):
            said.append("It depends on performance.")
        return said
    on = row.line.exercise_date
    if on is None:
        return []
    return [f"Can be used {'since' if on <= row.form.filed_on else 'from'} {day(on)}."]


def _expires(row: Row) -> list[str]:
    line, trade = row.line, row.trade
    if line.expiration_date is None or trade is None or trade.traded_on is None or trade.kind != "exercise":
        return []
    left = line.expiration_date - trade.traded_on
    if timedelta(0) <= left <= _NEAR_EXPIRY:
        return [f"Exercised {count(left.days, 'day')} before it would have expired: the calendar asked for it."]
    if left > timedelta(days=365):
        return [f"It had {number_of_years(left)} left when it was exercised."]
    return []


def number_of_years(span: timedelta) -> str:
    years = span.days // 365
    return f"more than {count(years, 'year')}"


def _underlying(row: Row) -> list[str]:
    line = row.line
    if line.underlying_shares is None or not line.shares or line.underlying_shares == line.shares:
        return []
    each = line.underlying_shares / line.shares
    return [f"{number(each.quantize(each.__class__('0.0001')))} {noun(security_class(line.underlying_title).name)}"
            " for each one."]  # fmt: skip


_CELLS: dict[str, Callable[[Row], list[str]]] = {
    "security_title": _title,
    "conversion_or_exercise_price": _strike,
    "transaction_date": _traded_on,
    "deemed_execution_date": _deemed,
    "code": _code,
    "timeliness": _early,
    "shares": _shares,
    "price": _price,
    "exercise_date": _exercisable,
    "expiration_date": _expires,
    "underlying_shares": _underlying,
    "shares_owned_following": _after,
    "ownership": _ownership,
    "nature_of_ownership": _nature,
}
