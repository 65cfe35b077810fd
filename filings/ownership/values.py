"""The words of one value -> a number, a date, a flag, a CIK. Pure.

Promises: a value is what its words spell, or None; nothing is guessed. Each reading also tells whether the words are
spelled just as the value prints, so that any other spelling can be kept beside it.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from filings.errors import BadDocument

# Long enough for any real figure (16 digits, 4 decimals), short enough to be stored and shown.
MAX_DIGITS = 60
FLAG_WORDS = {
    "1": True, "true": True, "y": True, "yes": True, "t": True,
    "0": False, "false": False, "n": False, "no": False, "f": False,
}  # fmt: skip

plain_number = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?").fullmatch
plain_day = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch
_ANY_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)").fullmatch
_ZONE = re.compile(r"(?:T[0-9:.]{1,16})?(?:Z|[+-][0-9]{2}:[0-9]{2})?").fullmatch
_CIK = re.compile(r"[0-9]{1,10}").fullmatch


def number(words: str) -> tuple[Decimal | None, bool]:
    """The number that these words spell and whether they are spelled just as the number prints."""
    if len(words) > MAX_DIGITS:
        return None, False
    if plain_number(words):
        return Decimal(words), True
    return (Decimal(words) if _ANY_NUMBER(words) else None), False


def day(words: str) -> tuple[date | None, bool]:
    """The date that these words begin with (a time zone is cut off, never applied), and whether that is all."""
    start = words[:10]
    if plain_day(start) and (start == words or _ZONE(words[10:])):
        found = calendar_day(start)
        return found, found is not None and start == words
    return None, False


def calendar_day(words: str) -> date | None:
    """The day of ten characters YYYY-MM-DD; None if the calendar has no such day."""
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def padded_cik(words: str | None, path: str, stage: str = "document") -> str:
    """A CIK in its ten digits. Raises `BadDocument` at `path` if these words are none."""
    if words is None or not _CIK(words) or not words.strip("0"):
        raise BadDocument(stage, path, f"not a CIK: {words!r:.60}" if words else "the CIK is missing")
    return words.zfill(10)


def single_spaced(text: str) -> str:
    """The words with one space between them. Long texts are mostly so already, which is cheaper to see than to do."""
    if (
        text.isascii()
        and "  " not in text
        and "\n" not in text
        and "\t" not in text
        and "\r" not in text
        and text.strip() == text
    ):
        return text
    return " ".join(text.split())
