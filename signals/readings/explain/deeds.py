"""What was done, in a verb and its object, for each kind of trade: "sold 120,000 shares".

Promises: *bought* and *sold* are said of codes P and S only, and only where the row does not contradict its code;
whatever kind and code a trade has, it gets words. The trade sentence, the headline and the line share these.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from filings.ownership.document import Line
from signals.readings.explain.things import amount, noun, right
from signals.readings.explain.words import price
from signals.readings.history import FiledForm
from signals.readings.row_notes import facts_of
from signals.readings.securities import COMMON, OPTION, OTHER, UNIT, WARRANT, security_class
from signals.readings.trade import Trade
from signals.readings.vocabulary import ACQUIRED, DISPOSED

SEVERAL = "several classes"
_AWARDS = (UNIT, OPTION, WARRANT)
_EVENTS = {
    "distribution": "a distribution", "merger": "a merger", "split": "a share split", "repurchase": "a repurchase",
    "divorce": "a divorce", "forfeiture": "a forfeiture",
}  # fmt: skip


class Deed(NamedTuple):
    """What one or several trades of a kind come to.

    `of` is the class that went for it where one did, and `gone` how many. `pays` is what withheld shares paid: "tax",
    "exercise_price" or "both"; `sale_noted` that a footnote speaks of a sale of them all the same. `strikes` are the
    different prices of an exercise, lowest first. `about` is what a footnote calls an event of code J.
    """

    kind: str
    code: str | None
    direction: str | None
    name: str
    shares: Decimal | None
    total: Decimal | None = None
    table: str = "I"
    of: str | None = None
    gone: Decimal | None = None
    pays: str | None = None
    strikes: tuple[Decimal, ...] = ()
    family: str = COMMON
    about: str | None = None
    sale_noted: bool = False


def told(deed: Deed) -> str:
    """The verb and its object in the past tense, for a subject in the third person."""
    if deed.code in ("P", "S") and _contradicts(deed):
        what = {"P": "a purchase (code P)", "S": "a sale (code S)"}[deed.code]
        marked = "disposed of (D)" if deed.code == "P" else "acquired (A)"
        return f"reported {what} of {_what(deed)} and marked it as {marked}"
    return _WORDS.get(deed.kind, _other)(deed)


def _contradicts(deed: Deed) -> bool:
    return (deed.code, deed.direction) in (("P", DISPOSED), ("S", ACQUIRED)) and deed.kind != "swap"


def _what(deed: Deed) -> str:
    return amount(deed.shares, deed.name, deed.total)


def _plain(acquired: str, disposed: str) -> Callable[[Deed], str]:
    """The same words for all, with the object where "{}" stands."""

    def words(deed: Deed) -> str:
        return (disposed if deed.direction == DISPOSED else acquired).format(_what(deed))

    return words


def _exercise(deed: Deed) -> str:
    at = _at(deed.strikes)
    if deed.table == "II":
        if deed.direction == ACQUIRED:
            return f"received {_what(deed)} by exercising a right{at}"
        return f"exercised {_what(deed)}{at}"
    if deed.direction == DISPOSED:
        return f"gave up {_what(deed)} in an exercise{at}"
    behind = right(deed.of) if deed.of else "rights"
    odd = " although out of the money" if deed.code == "O" else ""
    return f"exercised {behind} for {_what(deed)}{at}{odd}"


def _at(strikes: tuple[Decimal, ...]) -> str:
    if not strikes:
        return ""
    lowest, highest = price(strikes[0]), price(strikes[-1])
    return f" at {lowest} each" if lowest == highest else f" at {lowest} to {highest} each"


def _grant(deed: Deed) -> str:
    if deed.direction == DISPOSED:
        return f"reported {_what(deed)} as disposed of under code A, which is for awards"
    if deed.family in _AWARDS:
        return f"was awarded {_what(deed)}"
    return f"received {_what(deed)} from the company"


def _vest(deed: Deed) -> str:
    if deed.of and deed.direction != DISPOSED and security_class(deed.of).family not in (*_AWARDS, OTHER):
        return f"received {_what(deed)} in place of {noun(deed.of)} (code M)"
    if deed.direction == DISPOSED:
        return f"had {_what(deed)} vest or settle" if deed.table == "II" else f"gave up {_what(deed)} in a settlement"
    return f"received {_what(deed)} from an award that vested or was settled"


def _withholding(deed: Deed) -> str:
    if deed.direction == ACQUIRED:
        return f"received {_what(deed)} back from what was withheld"
    purpose = {
        "tax": "for tax",
        "exercise_price": "to pay the exercise price",
        "both": "for tax and the exercise price",
    }
    if deed.sale_noted:
        return f"gave up {_what(deed)} for tax under code F, where a footnote speaks of a sale"
    return f"had {_what(deed)} withheld {purpose.get(deed.pays or '', 'for tax or the exercise price')}"


def _conversion(deed: Deed) -> str:
    verb, into = ("exchanged", "for") if deed.code == "J" else ("converted", "into")
    if deed.direction == DISPOSED:
        return f"{verb} {_what(deed)}" if deed.table == "II" else f"gave up {_what(deed)} in a conversion"
    if deed.of and deed.gone is not None:
        return f"{verb} {amount(deed.gone, deed.of)} {into} {_what(deed)}"
    if deed.of:
        return f"{verb} {noun(deed.of)} {into} {_what(deed)}"
    return f"received {_what(deed)} by conversion"


def _expiry(deed: Deed) -> str:
    if deed.code == "E":
        return f"had {_what(deed)}, written for others, expire"
    return f"had {_what(deed)} end for value, by expiry or cancellation"


def _swap(deed: Deed) -> str:
    way = {ACQUIRED: "acquiring side", DISPOSED: "disposing side"}.get(deed.direction or "", "side not given")
    what = "an equity swap" if "swap" in deed.name.lower() else f"an equity swap over {_what(deed)}"
    return f"reported {what} ({way})"


def _other(deed: Deed) -> str:
    verb = {ACQUIRED: "acquired", DISPOSED: "disposed of"}.get(deed.direction or "", "reported a change in")
    if deed.code == "J" and deed.about:
        return f"{verb} {_what(deed)} in what a footnote calls {deed.about} (code J)"
    if deed.code == "J":
        return f"{verb} {_what(deed)} in a way that only a footnote explains (code J)"
    if deed.code is None:
        return f"{verb} {_what(deed)} without a transaction code"
    return f"{verb} {_what(deed)} under the code {deed.code}, which is no official one"


_WORDS: dict[str, Callable[[Deed], str]] = {
    "buy": _plain("bought {}", "bought {}"),
    "planned_buy": _plain("bought {}", "bought {}"),
    "sell": _plain("sold {}", "sold {}"),
    "planned_sell": _plain("sold {}", "sold {}"),
    "grant": _grant,
    "exercise": _exercise,
    "vest": _vest,
    "withholding": _withholding,
    "gift": _plain("received {} as a gift", "gave {} as a gift"),
    "conversion": _conversion,
    "issuer_disposition": _plain("took back {} from the company", "returned {} to the company"),
    "expiry": _expiry,
    "inheritance": _plain("inherited {}", "passed on {} by will or inheritance"),
    "small_acquisition": _plain("acquired {} in a small amount (code L)", "disposed of {} in a small amount (code L)"),
    "voting_trust": _plain("took {} out of a voting trust", "put {} into a voting trust"),
    "tender": _plain("received {} in a takeover", "tendered {} in a takeover"),
    "plan_switch": _plain(
        "moved {} into an employee plan by own choice", "moved {} out of an employee plan by own choice"
    ),
    "swap": _swap,
    "other": _other,
}


def deed_of(trade: Trade, form: FiledForm, rows: dict[tuple[str, int], Line]) -> Deed:
    """The deed of one trade; `rows` are the form's transactions by table and row."""
    turned = trade.kind in ("exercise", "vest", "conversion") and trade.direction == ACQUIRED
    went = [rows[ref] for ref in trade.lines if rows[ref].acquired_disposed == "D"] if turned else []
    gone = [line.shares for line in went if line.shares is not None]
    classes = list(dict.fromkeys(security_class(line.security_title).name for line in went))
    families = {security_class(line.security_title).family for line in went}
    one = len(classes) == 1 or (trade.kind == "exercise" and len(families) == 1)
    priced = sorted({line.conversion_or_exercise_price for line in went if line.conversion_or_exercise_price})
    strikes = tuple(priced) or ((trade.strike,) if trade.strike else ())
    first = rows[trade.lines[0]]
    return Deed(
        kind=trade.kind,
        code=trade.code,
        direction=trade.direction,
        name=trade.security_class,
        shares=trade.shares,
        total=first.total_value,
        table=trade.table,
        of=classes[0] if one else SEVERAL if classes and trade.kind == "conversion" else None,
        gone=sum(gone, Decimal(0)) if len(classes) == 1 and gone and len(gone) == len(went) else None,
        strikes=strikes,
        family=trade.family,
        about=_about(form, first) if trade.code == "J" else None,
        sale_noted=trade.kind == "withholding" and trade.sold_to_cover,
        pays=paid_with(form, first) if trade.kind == "withholding" else None,
    )


def _about(form: FiledForm, line: Line) -> str | None:
    """What a footnote on a row of code J calls the event; None where it is none that we know, or several."""
    texts = form.notes_on(line, "code", "shares", "security_title", "price", "transaction_date")
    found = {fact.about for text in texts for fact in facts_of(text) if fact.kind == "other" and not fact.denied}
    named = [words for slug, words in _EVENTS.items() if slug in found]
    return named[0] if len(named) == 1 else None


def paid_with(form: FiledForm, line: Line) -> str | None:
    """What withheld shares paid, by the notes on the row: "tax", "exercise_price" or "both"; None if none says."""
    said = {
        fact.pays
        for text in form.notes_on(line, "security_title", "code", "shares", "price", "transaction_date")
        for fact in facts_of(text)
        if fact.pays
    }
    return said.pop() if len(said) == 1 else "both" if said else None
