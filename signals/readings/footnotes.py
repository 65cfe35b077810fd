"""One footnote -> the typed facts it states, each with its exact words. Pure, and linear in the text's length.

Promises: the same text gives the same facts, in the order of their words; `text[fact.start:fact.end] == fact.words`;
at most a dozen facts of a kind and topic. Words that say nothing we know give no fact: silence is not "none".
Refuses: to read one footnote in the light of another, or of the row it hangs on.
"""

from __future__ import annotations

from functools import lru_cache

from signals.readings.notes import awards, corrections, dealings, holders, plans, prices
from signals.readings.notes.fact import KINDS, Note, NoteFact, Reader

__all__ = ["KINDS", "NoteFact", "facts", "read"]

_READERS: tuple[Reader, ...] = (prices.read, plans.read, awards.read, holders.read, dealings.read, corrections.read)
_USUAL_LENGTH = 2_000  # EDGAR takes 1,000 characters a footnote and 2,000 of remarks; what is longer is not remembered


def facts(text: str | None) -> tuple[NoteFact, ...]:
    """What this footnote (or the remarks) says, ordered by where it says so; nothing for no text."""
    if not text or text.isspace():
        return ()
    return _remembered(text) if len(text) <= _USUAL_LENGTH else read(text)


def read(text: str) -> tuple[NoteFact, ...]:
    """The same, always read anew."""
    note = Note(text)
    for reader in _READERS:
        reader(note)
    return tuple(sorted(note.found, key=lambda fact: (fact.start, fact.end, KINDS.index(fact.kind), fact.about or "")))


# The plan, the timeliness and the page ask for the same note, and many filers share their boilerplate.
_remembered = lru_cache(maxsize=2_048)(read)
