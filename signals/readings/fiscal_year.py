"""The end of a fiscal year, as the SEC's header writes it."""

from __future__ import annotations


def month_and_day(words: str | None) -> tuple[int, int] | None:
    """ "1231" is 31 December; None where the words are no day."""
    digits = (words or "").strip()
    if len(digits) != 4 or not (digits.isascii() and digits.isdigit()):
        return None
    month, day = int(digits[:2]), int(digits[2:])
    return (month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None
