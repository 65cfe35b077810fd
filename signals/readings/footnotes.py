"""One footnote -> the typed facts it states, each with its exact words. Pure, and linear in the text's length.

Promises: the same text gives the same facts, in the order of their words; `text[fact.start:fact.end] == fact.words`;
at most a dozen facts of a kind and topic. Words that say nothing we know give no fact: silence is not "none".
Refuses: to read one footnote in the light of another, or of the row it hangs on.
"""

from __future__ import annotations

from signals.readings.notes import awards, corrections, dealings, holders, plans, prices
from signals.readings.notes.fact import KINDS, Note, NoteFact, Reader

__all__ = ["KINDS", "NoteFact", "facts"]

_READERS: tuple[Reader, ...] = (prices.read, plans.read, awards.read, holders.read, dealings.read, corrections.read)


def facts(text: str | None) -> tuple[NoteFact, ...]:
    """What this footnote (or the remarks) says, ordered by where it says so; nothing for no text."""
    if not text or text.isspace():
        return ()
    note = Note(text)
    for read in _READERS:
        read(note)
    return tuple(sorted(note.found, key=lambda fact: (fact.start, fact.end, KINDS.index(fact.kind), fact.about or "")))
