"""Numbers and dates as a chart says them, and how wide words will be.

Promises: short forms for ticks ("$1.2M", "300k"), exact forms for tables, dashes and minus signs as printed, and a
width that errs on the wide side. Refuses to measure real glyphs: only the reader's browser knows its system face.
"""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from functools import lru_cache

Number = int | float | Decimal

NOT_REPORTED = "not reported"

MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONG_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_UNITS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))
_NARROW = frozenset("iljtfrI.,:;'|!()[] -·▲▼◇")
_BROAD = frozenset("mwMWQGO@%…—")


def short(value: Number, *, money: bool = False, step: Number | None = None, largest: Number | None = None) -> str:
    """A number for a tick. `step` fixes the decimals and `largest` the unit, so that the ticks of one axis agree.

    Without them the number stands alone and keeps two or three significant digits: 1234567 is "1.2M".
    """
    number = float(value)
    if number == 0:
        return "$0" if money else "0"
    scale, unit = _unit(abs(float(largest if largest is not None else number)))
    if step is not None:
        decimals = _decimals(float(step) / scale)
    else:
        decimals = 1 if unit and abs(number) / scale < 99.95 else 0 if unit or abs(number) >= 100 else 2
    digits = f"{abs(number) / scale:,.{decimals}f}"
    if step is None and "." in digits:
        digits = _trimmed(digits, keep_cents=money and not unit)
    if step is None and unit and digits == "1,000":  # 999,960 rounds up into the next unit
        return short(math.copysign(scale * 1000, number), money=money)
    sign = "−" if number < 0 and digits.strip("0.,") else ""
    return f"{sign}{'$' if money else ''}{digits}{unit}"


def exact(value: Number | None, *, money: bool = False) -> str:
    """A number for a table, every digit as given; money with at least two decimals. None is "not reported"."""
    if value is None:
        return NOT_REPORTED
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    digits = f"{abs(number):,f}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    if money:
        whole, _, cents = digits.partition(".")
        digits = f"${whole}.{cents.ljust(2, '0')}"
    return f"−{digits}" if number < 0 else digits


def day(on: date) -> str:
    return f"{on.day} {MONTH_NAMES[on.month - 1]} {on.year:04}"


def month_name(on: date, *, long: bool = False) -> str:
    """As `%b` or `%B` in English, at a tenth of what they take."""
    return (_LONG_MONTHS if long else MONTH_NAMES)[on.month - 1]


def month_of(on: date) -> str:
    """ "March 2024"."""
    return f"{_LONG_MONTHS[on.month - 1]} {on.year}"


def span(first: date, last: date) -> str:
    return day(first) if first == last else f"{day(first)} – {day(last)}"


@lru_cache(maxsize=4096)  # the same ticks and names stand on most charts
def width(text: str, size: float) -> float:
    """How wide `text` may be at most at this font size, for common system faces. An estimate, on the wide side."""
    return size * sum(_advance(character) for character in text)


def cut(text: str, size: float, room: float) -> str:
    """`text`, or as much of it as fits into `room`, with an ellipsis."""
    if width(text, size) <= room:
        return text
    fits, reached = 0, 0.0
    for place, character in enumerate(text, start=1):
        reached += _advance(character)
        if size * (reached + _ELLIPSIS) > room:
            break
        fits = place
    kept = text[:fits]
    return f"{kept.rstrip()}…" if kept.strip() else "…"


def plural(count: int, one: str, many: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _unit(magnitude: float) -> tuple[float, str]:
    if magnitude >= 1e16:
        exponent = math.floor(math.log10(magnitude))
        return 10.0**exponent, f"e{exponent}"
    for scale, unit in _UNITS:
        if magnitude >= scale * 0.9999:
            return scale, unit
    return 1.0, ""


def _decimals(step: float) -> int:
    """How many decimals tell two neighbouring ticks apart; nice steps have one significant digit."""
    return 0 if step >= 1 else max(0, math.ceil(-math.log10(step) - 1e-9))


def _trimmed(digits: str, *, keep_cents: bool) -> str:
    whole, _, fraction = digits.partition(".")
    fraction = fraction.rstrip("0")
    if not fraction:
        return whole
    return f"{whole}.{fraction.ljust(2, '0') if keep_cents else fraction}"


def _advance(character: str) -> float:
    if character in _NARROW:
        return 0.42
    if character in _BROAD:
        return 1.0
    if ord(character) > 0x2E7F:  # wide scripts and symbols
        return 1.2
    if character.isupper():
        return 0.76
    return 0.64


_ELLIPSIS = _advance("…")
