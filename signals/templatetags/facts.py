"""How facts are printed: quantities, dollars, dates, shapes. The one place where a number gets its commas."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal

from django import template

from filings.ownership.submission import EASTERN

register = template.Library()

SHAPES = {"bought": "▲", "sold": "▼", "mechanics": "◇", "unknown": "○"}


@register.filter
def shape(tone: str) -> str:
    """The mark of a kind of trade; colour never speaks alone."""
    return SHAPES.get(tone, SHAPES["unknown"])


@register.filter
def quantity(number: Decimal) -> str:
    """A number of shares, with the digits it has."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def dollars(amount: Decimal) -> str:
    """A computed amount in whole dollars, in cents below ten."""
    step = Decimal("0.01") if abs(amount) < 10 else Decimal(1)
    return f"${amount.quantize(step, rounding=ROUND_HALF_EVEN):,f}"


@register.filter
def note_number(ref: str) -> str:
    """The number that a footnote bears on the form: "F12" is 12."""
    return ref[1:] if ref[:1] in "Ff" and ref[1:].isdigit() else ref


@register.inclusion_tag("signals/_check.html")
def check(flag: bool | None, label: str) -> dict[str, str]:
    """A box of the form with its label. A flag that the filing leaves out is not an empty box."""
    state = {True: "checked", False: "not checked", None: "not stated"}[flag]
    return {"state": state, "mark": {"checked": "✕", "not checked": "", "not stated": "?"}[state], "label": label}


@register.filter
def eastern(instant: datetime) -> str:
    """An instant as EDGAR's clock showed it."""
    return f"{instant.astimezone(EASTERN):%-d %B %Y %H:%M} Eastern"


@register.filter
def hex(content: bytes) -> str:
    return bytes(content).hex()
