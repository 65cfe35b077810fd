"""Patterns for lower-case text: half the time of matching without regard to case.

Every pattern of these modules keeps to three rules, so that no text takes more than linear time: a repetition is
bounded, a gap has an upper length and stops at a full stop or semicolon, and what may start anywhere starts with
something rare or fixed.
"""

from __future__ import annotations

import re

# A topic: its slug, the words of which a note must hold one to be looked at, and its pattern.
Topic = tuple[str, tuple[str, ...], re.Pattern[str]]

_KEEP = re.compile(r"\\.|\(\?P|[^\\(]+|\(")


def spot(*alternatives: str) -> re.Pattern[str]:
    """These alternatives for lower-case text: their letters are lowered, their escapes (`\\S`, `\\Z`) are not."""
    pattern = "|".join(alternatives)
    return re.compile(_KEEP.sub(lambda piece: piece[0] if piece[0][0] in "\\(" else piece[0].lower(), pattern))
