"""Footnotes by their words: PostgreSQL's full text over every footnote of the archive, the latest taken in first.

Promises: one query within a time limit, however many footnotes hold the words (`TooBroad` beyond it); whatever is typed
is words, never an operator that fails; quotes keep words together and a minus leaves some out.
Refuses to rank: among ten million notes the newest are of more use than those that say a word most often.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchVector

from filings.models import Footnote
from signals.selectors.matching import within

PAGE = 20
MILLISECONDS = 3_000
LONGEST = 200
# No XML may hold these, so no footnote does.
_START, _STOP = "\x02", "\x03"


@dataclass(frozen=True, slots=True)
class FoundNote:
    """A footnote that holds the words. `pieces` are a part of it, each with whether it is one of the words."""

    accession: str
    ref: str
    form: str
    filed_on: date | None
    issuer: str | None
    headline: str | None
    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class NotesPage:
    """`older` is the key of the next page, None on the last."""

    notes: Sequence[FoundNote]
    older: int | None


def footnotes_with(text: str, before: int | None = None) -> NotesPage:
    """The footnotes that hold these words, in the order in which they were taken in, the latest first."""
    words = "".join(letter for letter in text[:LONGEST] if letter.isprintable())
    query = SearchQuery(words, config="english", search_type="websearch")
    found = Footnote.objects.annotate(vector=SearchVector("text", config="english")).filter(vector=query)
    if before is not None:
        found = found.filter(pk__lt=before)
    shown = SearchHeadline(
        "text", query, config="english", start_sel=_START, stop_sel=_STOP, max_words=60, min_words=30, max_fragments=2
    )
    columns = ("pk", "filing_id", "ref", "filing__form", "filing__listed_on", "filing__issuer_name",
               "filing__reading__headline", "shown")  # fmt: skip
    with within(MILLISECONDS):
        rows = list(found.annotate(shown=shown).order_by("-pk").values_list(*columns)[: PAGE + 1])
    notes = [
        FoundNote(accession, ref, form, on, issuer, headline, _pieces(text))
        for _, accession, ref, form, on, issuer, headline, text in rows[:PAGE]
    ]
    return NotesPage(notes, rows[PAGE - 1][0] if len(rows) > PAGE else None)


def _pieces(shown: str) -> tuple[tuple[str, bool], ...]:
    """The text between the marks, in order."""
    found: list[tuple[str, bool]] = []
    for place, part in enumerate(shown.split(_START)):
        if not place:
            found.append((part, False))
            continue
        word, _, rest = part.partition(_STOP)
        found += [(word, True), (rest, False)]
    return tuple(piece for piece in found if piece[0])
