"""What was dealt in, as it reads after a number: "120,000 shares", "500 stock options", "1 Class A share".

Promises: a class keeps its letter and series; a title that we do not know by heart is quoted as the reading of the
class spells it; one of something is singular.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from signals.readings.explain.words import number
from signals.readings.glance import of_title
from signals.readings.securities import COMMON, OPTION, WARRANT, security_class

_ONE = Decimal(1)
_COMMON_CLASS = re.compile(r"(?:(Class \S+) )?(?:Common Stock|Capital Stock)")
_ORDINARY = re.compile(r"(?:(Class \S+) )?Ordinary Shares")
_PLURAL = re.compile(r"^(.*?)(shares|units|options|warrants|notes|rights|receipts)\b(.*)$", re.IGNORECASE)


@lru_cache(maxsize=4096)
def noun(name: str, one: bool = False) -> str:
    """The class as a noun in the plural, or of one: "Class A shares", "restricted stock unit"."""
    if found := _COMMON_CLASS.fullmatch(name):
        many = f"{found[1]} shares" if found[1] else "shares"
    elif found := _ORDINARY.fullmatch(name):
        many = f"{found[1]} ordinary shares" if found[1] else "ordinary shares"
    elif name == "Stock Options (Right to Buy)":
        many = "stock options"
    elif name == "Restricted Stock Units":
        many = "restricted stock units"
    elif name == "Untitled Security":
        many = "of a security without a title"
    else:
        many = of_title(name)
    return _single(many) if one else many


def _single(many: str) -> str:
    found = _PLURAL.match(many)
    return f"{found[1]}{found[2][:-1]}{found[3]}" if found else many


def amount(shares: Decimal | None, name: str, total: Decimal | None = None) -> str:
    """So many of them; without a number, what there is to say: a total in dollars, or that no amount is given."""
    if shares is not None:
        return f"{number(shares)} {noun(name, shares == _ONE)}"
    if total is not None:
        return f"${number(total)} worth of {noun(name)}"
    return f"{noun(name)} (no amount given)"


def of_line(title: str | None, shares: Decimal | None, total: Decimal | None = None) -> str:
    """The same for a title as filed."""
    return amount(shares, security_class(title).name, total)


@lru_cache(maxsize=4096)
def right(title: str | None) -> str:
    """What is exercised: "options", "warrants", or the title's own words."""
    family = security_class(title).family
    return {OPTION: "options", WARRANT: "warrants"}.get(family, noun(security_class(title).name))


def is_common(title: str | None) -> bool:
    return security_class(title).family == COMMON
