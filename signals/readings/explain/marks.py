"""The words of a footnote that matter, marked: what each says, and whether the note can be read at all.

Promises: the pieces joined are the text; no piece is marked twice, of words inside other words the longer stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from signals.readings.explain.words import day, number, price
from signals.readings.notes.fact import NoteFact
from signals.readings.row_notes import facts_of

_NAMES = {
    "price_range": "range of prices", "weighted_average": "average price", "plan": "Rule 10b5-1 plan",
    "vesting": "vesting", "trust": "a trust", "spouse": "the spouse", "entity_holder": "who holds",
    "sell_to_cover": "sold to pay tax or the exercise price", "tax": "withheld for tax",
    "espp": "employee purchase plan", "k401": "retirement plan", "drip": "reinvested dividends", "gift": "a gift",
    "pledge": "a pledge", "forward": "a forward contract", "collar": "a collar", "swap": "a swap",
    "offering": "an offering", "lockup": "a lock-up", "private": "a private deal",
    "disclaimer": "ownership disclaimed", "late": "a late report", "error": "an error", "conversion": "a conversion",
}  # fmt: skip
_ABOUT = {
    "right": "what a unit gives", "distribution": "a distribution", "merger": "a merger",
    "repurchase": "bought back", "inheritance": "an inheritance", "divorce": "a divorce",
    "estate_planning": "estate planning", "transfer": "a transfer", "split": "a share split",
    "open_market": "the open market", "option_written": "a written option", "voting_trust": "a voting trust",
    "depositary_shares": "what a depositary share stands for", "earn_out": "a contingent payment",
    "forfeiture": "forfeited", "left_office": "left office", "confidential": "kept confidential",
    "currency": "another currency", "translated": "converted from another currency",
    "split_report": "a report in several parts", "no_trade": "no transaction", "continued": "continued elsewhere",
    "exempt": "exempt", "net_exercise": "a net exercise", "exercise_price": "pays the exercise price",
    "exercise_paid_in_cash": "exercise price paid in cash", "dividend_equivalent": "dividend equivalents",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a note; `says` is what they state, "" for words between."""

    text: str
    says: str = ""


def marked(text: str) -> tuple[Piece, ...]:
    """The note cut into pieces, those that state something with what they state."""
    pieces: list[Piece] = []
    at = 0
    for fact in _apart(facts_of(text)):
        if fact.start > at:
            pieces.append(Piece(text[at : fact.start]))
        pieces.append(Piece(text[fact.start : fact.end], says(fact)))
        at = fact.end
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return tuple(pieces)


def _apart(facts: tuple[NoteFact, ...]) -> list[NoteFact]:
    """Facts whose words do not overlap: of two that do, the longer."""
    kept: list[NoteFact] = []
    for fact in sorted(facts, key=lambda one: (one.start - one.end, one.start)):
        if all(fact.end <= other.start or fact.start >= other.end for other in kept) and fact.end > fact.start:
            kept.append(fact)
    return sorted(kept, key=lambda one: one.start)


def says(fact: NoteFact) -> str:
    """What a fact states, in a few words with its values."""
    name = _ABOUT.get(fact.about or "", "") if fact.kind == "other" else _NAMES[fact.kind]
    name = name or (fact.about or "something").replace("_", " ")
    if fact.denied:
        name = f"not: {name}"
    values = _values(fact)
    return f"{name}: {values}" if values else name


def _values(fact: NoteFact) -> str:
    if fact.low is not None and fact.high is not None:
        if fact.currency:
            return f"{fact.currency} {number(fact.low)} to {number(fact.high)}"
        return f"{price(fact.low)} to {price(fact.high)}"
    told = [
        f"{word} {_shown(value)}"
        for word, value in (
            ("adopted on", fact.adopted_on),
            ("changed on", fact.modified_on),
            ("ended on", fact.terminated_on),
        )
        if value
    ]
    if fact.holder:
        told.append(fact.holder)
    if fact.recipient:
        told.append(f"to {fact.recipient.replace('_', ' ')}")
    if fact.installments:
        told.append(f"{fact.installments} installments")
    if fact.performance:
        told.append("depends on performance")
    return ", ".join(told)


def _shown(value: date | Decimal) -> str:
    return day(value) if isinstance(value, date) else number(value)
