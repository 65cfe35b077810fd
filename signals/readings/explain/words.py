"""Figures, days and lists as they stand in a sentence. The one place where an explanation spells a number.

Promises: shares keep every digit that was filed; a price keeps its digits from the cent on; sums are rounded for
reading and only there. Days read "3 March 2024"; a day that cannot be keeps the spelling of the form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from decimal import Context as Arithmetic

# Figures may be filed with 60 digits; rounding one must not fail.
_WIDE = Arithmetic(prec=400, rounding=ROUND_HALF_EVEN)
_MILLION, _BILLION = Decimal(1_000_000), Decimal(1_000_000_000)
_TENTH, _CENT, _ONE = Decimal("0.1"), Decimal("0.01"), Decimal(1)
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
FIRST_YEAR = 1990


def number(amount: Decimal) -> str:
    """Every digit, with commas, without zeros at the end: "1,234.5"."""
    text = f"{amount:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def price(amount: Decimal) -> str:
    """Dollars a share: cents at least, further digits as filed: "$6.24", "$118.0125"."""
    text = f"{amount:,f}"
    whole, _, cents = text.partition(".")
    cents = cents.rstrip("0")
    return f"${whole}" if not cents else f"${whole}.{cents:0<2}"


def rounded(average: Decimal) -> Decimal:
    """A computed average to the cent; below a dollar as it is."""
    return average.quantize(_CENT, context=_WIDE) if average >= 1 else average


def money(amount: Decimal) -> str:
    """A sum, rounded for reading: "$950", "$41,474", "$14.2 million", "$1.33 billion"."""
    if abs(amount) >= _BILLION:
        return f"${_WIDE.divide(amount, _BILLION).quantize(_CENT, context=_WIDE):,f} billion"
    if abs(amount) >= _MILLION:
        return f"${_WIDE.divide(amount, _MILLION).quantize(_TENTH, context=_WIDE):,f} million"
    step = _CENT if abs(amount) < 10 else _ONE
    return f"${amount.quantize(step, context=_WIDE):,f}"


def percent(amount: Decimal) -> str:
    """Percent to two figures or so: "0.03%", "4.3%", "62%"; what is not nothing never reads 0."""
    size = abs(amount)
    if 0 < size < _CENT:
        return "less than 0.01%"
    step = _CENT if size < 1 else _TENTH if size < 10 else _ONE
    return f"{number(size.quantize(step, context=_WIDE))}%"


def day(on: date) -> str:
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


_ISO = re.compile(r"(?<![\w-])((?:19|20)\d\d)-(\d\d)-(\d\d)(?![\w-])")


def short_day(on: date) -> str:
    """As lists print it: "5 Mar 2024"."""
    return f"{on.day} {_MONTHS[on.month - 1][:3]} {on.year}"


def spoken(text: str, said_as: Callable[[date], str] = day) -> str:
    """Words of another reading with their dates as a reader says them; what is no day stays."""

    def said(found: re.Match[str]) -> str:
        try:
            return said_as(date(int(found[1]), int(found[2]), int(found[3])))
        except ValueError:
            return found[0]

    return _ISO.sub(said, text)


def days(first: date, last: date) -> str:
    """One day, or the first and the last: "from 3 to 5 March 2024" shares what it can."""
    if first == last:
        return f"on {day(first)}"
    if (first.year, first.month) == (last.year, last.month):
        return f"from {first.day} to {day(last)}"
    if first.year == last.year:
        return f"from {first.day} {_MONTHS[first.month - 1]} to {day(last)}"
    return f"from {day(first)} to {day(last)}"


def possible(on: date, filed_on: date) -> bool:
    """Whether something reported on `filed_on` can have happened then."""
    return on.year >= FIRST_YEAR and on <= filed_on


def count(of: int, one: str, many: str | None = None) -> str:
    """A small count in words with its noun: "one row", "12 rows"."""
    spelled = _SMALL[of] if of < len(_SMALL) else f"{of:,}"
    return f"{spelled} {one if of == 1 else many or one + 's'}"


def joined(parts: Iterable[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    items = list(parts)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def sentence(text: str) -> str:
    """The words with a capital at their head and a full stop at their end."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text[-1:] in ".?!”" else ".")
