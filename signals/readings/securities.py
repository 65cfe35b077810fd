"""The title of a security as filed -> its class, so that a filer's spellings of one class are one.

Promises: "COMMON STOCK", "Common" and "Common Stock, par value $0.0001" are "Common Stock"; the letter or series of a
class stays; depositary shares are never the shares they stand for. A class is of one issuer: its key is the issuer's
CIK and the name. Pure and linear in the title's length.
Refuses to guess: what it does not know keeps its words, in one spelling.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

COMMON, DEPOSITARY, PREFERRED, OPTION, UNIT, WARRANT, NOTE, RIGHT, OTHER = (
    "common", "depositary", "preferred", "option", "unit", "warrant", "note", "right", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SecurityClass:
    """`family` is one of the words above; `home_ticker` the home-market symbol that the title itself names."""

    name: str
    family: str
    home_ticker: str | None = None

    @property
    def common_equity(self) -> bool:
        """Whether it is a share of the company, or a receipt for one."""
        return self.family in (COMMON, DEPOSITARY)


UNTITLED = SecurityClass("Untitled Security", OTHER)

# A symbol of a home market in brackets: a code, a dot and an exchange ("2330.TW").
_HOME_SYMBOL = re.compile(r"\(\s*([0-9A-Z]{1,8}\.[A-Z]{1,4})\s*\)")
_KEPT_BRACKETS = re.compile(r"\((?:right|obligation|option) to (?:buy|sell|purchase|acquire)\)")
_BRACKETS = re.compile(r"\([^()]{0,60}\)")
_PAR_VALUE = re.compile(
    r"[,;]?\s*(?:\$|us\$|€|£)\s?[.\d]+(?:\s*par(?:\s*value)?)?(?:\s*per\s*share)?"
    r"|[,;]?\s*(?:no\s+|without\s+)?par(?:\s+value)?(?:\s+(?:of\s+)?\$?[.\d]+)?(?:\s*per\s*share)?",
)
_LETTER = re.compile(r"\b(?:class|series)\s+([a-z0-9](?:-?\d{1,2})?|non-voting|voting)\b")
_COMMON = re.compile(r"\b(?:common|ordinary|capital)(?:\s+(?:stock?|stoc|sto|shares?|units?))?\b")
_PLAIN_COMMON = re.compile(r"(?:class [a-z0-9](?:-?\d{1,2})? )?(common|ordinary|capital)(?: (?:stock|stoc|shares?))?")
_BENEFICIAL = re.compile(r"\b(?:shares?|units?) of beneficial interest\b")
_DEPOSITARY = re.compile(r"\b(?:adss?|adrs?|american deposit[ao]ry|depositary (?:shares?|receipts?|units?))\b")
_PLURALS = {"share": "shares", "unit": "units", "option": "options", "warrant": "warrants", "note": "notes",
            "right": "rights", "receipt": "receipts"}  # fmt: skip
_RESTRICTED = re.compile(r"(?:time[- ]based |time[- ]vesting )?restricted (?:stock|share) units?(?: award)?s?")
_EMPLOYEE_OPTION = re.compile(
    r"(?:non-?\s?quali\w+ |incentive |employee |director |performance[- ]based |performance )*"
    r"(?:stock|share) options?(?: \((?:right|option) to (?:buy|purchase|acquire)\))?"
)
_FAMILIES = (
    (NOTE, re.compile(r"\bnotes?\b|\bdebentures?\b|\bbonds?\b|\bloans?\b")),
    (WARRANT, re.compile(r"\bwarrants?\b")),
    (OPTION, re.compile(r"\boptions?\b|\bcalls?\b|\bputs?\b|\bright to (?:buy|purchase|acquire|sell)\b")),
    (UNIT, re.compile(r"\brsus?\b|\bpsus?\b|\bphantom\b|\b(?:restricted|performance|deferred|stock|share) "
                      r"(?:stock |share )?(?:units?|awards?|shares?)\b|\brestricted stock\b")),
    (PREFERRED, re.compile(r"\bpreferred\b|\bpreference\b")),
    (RIGHT, re.compile(r"\brights?\b|\bswaps?\b|\bforwards?\b|\bcontracts?\b|\bobligation to\b")),
)  # fmt: skip


@lru_cache(maxsize=4096)
def security_class(title: str | None) -> SecurityClass:
    """The class that this title names."""
    if not title or not title.strip():
        return UNTITLED
    home = _HOME_SYMBOL.search(title.upper())
    words = _plain(title)
    family = _family(words)
    if family == COMMON:
        name = _common_name(words)
    elif family == DEPOSITARY:
        name = _depositary_name(words)
    elif family == UNIT and _RESTRICTED.fullmatch(words):
        name = "Restricted Stock Units"
    elif family == OPTION and _EMPLOYEE_OPTION.fullmatch(words):
        name = "Stock Options (Right to Buy)"
    else:
        name = _titled(words)
    return SecurityClass(name, family, home[1] if home else None)


def is_home_market(title: str | None, foreign_ticker: str | None) -> bool:
    """Whether the title names the symbol of a home market, as the issuer's own header gives it or by its shape."""
    if not title:
        return False
    named = bool(foreign_ticker) and str(foreign_ticker).upper() in title.upper()
    return named or security_class(title).home_ticker is not None


def is_written(title: str | None) -> bool:
    """Whether the title says that the holder owes: a written option, an obligation to sell or buy."""
    return bool(title) and bool(re.search(r"\bobligation to\b|\bwritten\b|\bshort (?:call|put)\b", str(title), re.I))


def _plain(title: str) -> str:
    words = title.lower()
    kept = _KEPT_BRACKETS.findall(words)
    words = _BRACKETS.sub(" ", words)
    words = _PAR_VALUE.sub(" ", words)
    words = " ".join([*words.replace(",", " ").split(), *kept])
    return words.strip(" .;:-") or "untitled security"


def _family(words: str) -> str:
    if _DEPOSITARY.search(words) and "preferred" not in words:
        return DEPOSITARY
    if _PLAIN_COMMON.fullmatch(words):
        return COMMON
    for family, pattern in _FAMILIES:
        if pattern.search(words):
            return family
    if _COMMON.search(words) or _BENEFICIAL.search(words) or re.fullmatch(r"class [a-z](?: shares?)?", words):
        return COMMON
    return OTHER


def _common_name(words: str) -> str:
    letter = _LETTER.search(words)
    prefix = f"Class {letter[1].upper()} " if letter else ""
    if _BENEFICIAL.search(words):
        return f"{prefix}Shares of Beneficial Interest"
    kind = _COMMON.search(words)
    word = kind[0].split()[0] if kind else "common"
    if re.search(r"\bunits?\b", words):
        return f"{prefix}{word.title()} Units"
    return prefix + {"ordinary": "Ordinary Shares", "capital": "Capital Stock"}.get(word, "Common Stock")


def _depositary_name(words: str) -> str:
    letter = _LETTER.search(words)
    suffix = f", Class {letter[1].upper()}" if letter else ""
    american = re.search(r"\bads|\badr|american", words)
    return f"{'American ' if american else ''}Depositary {'Units' if 'unit' in words else 'Shares'}{suffix}"


def _ends(parts: list[str], index: int) -> bool:
    """Whether the noun ends here: nothing follows, or brackets, or what the noun is for."""
    return index + 1 == len(parts) or parts[index + 1].startswith("(") or parts[index + 1] in _LITTLE


_LITTLE = frozenset({"of", "to", "the", "and", "in", "due", "per", "for", "or"})


def _titled(words: str) -> str:
    parts = words.split()
    last = max((index for index, part in enumerate(parts) if part in _PLURALS and _ends(parts, index)), default=None)
    if last is not None:
        parts[last] = _PLURALS[parts[last]]
    out = []
    for index, part in enumerate(parts):
        bare = part.lstrip("(")
        if index and bare in _LITTLE:
            out.append(part)
        elif part.startswith("("):
            out.append("(" + bare.capitalize())
        elif bare == "to" or not bare[:1].isalpha():
            out.append(part)
        else:
            out.append(bare.capitalize())
    return " ".join(out)
