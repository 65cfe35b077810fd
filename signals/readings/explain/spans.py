"""Sentences that know what they rest on: each span of words with the cells and the words of footnotes behind it.

A cell is a line's anchor ("I-t-3", as on the page) and a field; the boxes above the tables have the anchors "form" and
"owner-1". Promises: the spans joined are the sentence; a span that rests on nothing filed has no cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from filings.ownership.document import Line
from signals.readings.explain.trades import DEED, DOUBT, HELD, PLANNED, PRICE, STAKE, WHO, Part, trade_parts
from signals.readings.history import FiledForm
from signals.readings.notes.fact import NoteFact
from signals.readings.row_notes import facts_of
from signals.readings.trade import Trade

FORM = "form"


class Cell(NamedTuple):
    """One cell of the form: the anchor of its line or box, and the field."""

    anchor: str
    field: str

    @property
    def id(self) -> str:
        return f"{self.anchor}-{self.field}"


class Words(NamedTuple):
    """The exact words of a footnote, or of the remarks where `ref` is None, that say a thing."""

    ref: str | None
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Span:
    text: str
    cells: tuple[Cell, ...] = ()
    words: tuple[Words, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """What lights up with it: cells, then footnotes, by the names of their elements on the page."""
        return (*(cell.id for cell in self.cells), *(f"footnote-{word.ref}" for word in self.words if word.ref))


@dataclass(frozen=True, slots=True)
class Sentence:
    spans: tuple[Span, ...]

    @classmethod
    def of(cls, text: str, cells: Iterable[Cell] = (), words: Iterable[Words] = ()) -> Sentence:
        return cls((Span(text, tuple(cells), tuple(words)),))

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)

    def __str__(self) -> str:
        return self.text


def anchor(line: Line) -> str:
    return f"{line.table}-{line.kind[0]}-{line.row}"


# Which facts of the footnotes on a part's own cells it rests on; the rest of a note speaks of something else.
_KINDS = {
    PRICE: {"price_range", "weighted_average"},
    HELD: {"trust", "spouse", "entity_holder", "disclaimer"},
    DEED: {
        "gift", "espp", "k401", "drip", "offering", "private", "conversion", "tax", "sell_to_cover", "vesting",
        "forward", "collar", "swap", "pledge",
    },
    STAKE: {"espp", "k401", "drip", "vesting"},
    DOUBT: {"error", "late"},
}  # fmt: skip


def trade_words(trade: Trade, form: FiledForm) -> Sentence:
    """The sentence of a trade with the cells and footnotes behind each of its parts."""
    lines = lines_of(trade, form)
    spans = []
    for part in trade_parts(trade, form):
        if part.about == WHO:
            spans.append(Span(part.text, _owner_cells(form)))
        elif part.about == PLANNED:
            spans.append(Span(part.text, *_plan(trade, form)))
        else:
            spans.append(Span(part.text, _cells(part, lines), _words(part, lines, form)))
    return Sentence(tuple(spans))


def lines_of(trade: Trade, form: FiledForm) -> list[Line]:
    """The trade's rows, Table I first."""
    rows = {(line.table, line.row): line for line in form.lines if line.kind == "transaction"}
    return [rows[ref] for ref in trade.lines]


def _owner_cells(form: FiledForm) -> tuple[Cell, ...]:
    return tuple(Cell(f"owner-{place}", "name") for place in range(1, len(form.owners) + 1))


def _cells(part: Part, lines: Sequence[Line]) -> tuple[Cell, ...]:
    own = lines if part.about == DEED else [line for line in lines if line.table == lines[0].table]
    if part.about == STAKE:
        own = own[-1:]
    return cells_of(own, *part.fields)


def cells_of(lines: Iterable[Line], *fields: str) -> tuple[Cell, ...]:
    """The cells of these fields that hold something. Table II has no cell for (A) or (D): the column says it."""
    return tuple(
        Cell(anchor(line), name)
        for line in lines
        for name in fields
        if getattr(line, name) is not None and not (line.table == "II" and name == "acquired_disposed")
    )


def _words(part: Part, lines: Sequence[Line], form: FiledForm) -> tuple[Words, ...]:
    kinds = _KINDS.get(part.about)
    if not kinds:
        return ()
    refs = dict.fromkeys(ref for line in lines for name in part.fields for ref in line.footnotes.get(name, ()))
    return tuple(word for ref in refs for word, fact in words_in(form, ref) if fact.kind in kinds)


def words_in(form: FiledForm, ref: str) -> list[tuple[Words, NoteFact]]:
    """Every fact of a footnote with the words that state it."""
    return [(Words(ref, fact.start, fact.end, fact.words), fact) for fact in facts_of(form.footnotes.get(ref, ""))]


def _plan(trade: Trade, form: FiledForm) -> tuple[tuple[Cell, ...], tuple[Words, ...]]:
    """The box and the words that the plan status rests on."""
    shown = trade.plan.evidence if trade.plan else ()
    cells = tuple(Cell(FORM, "aff10b5_one") for item in shown if item.source == "box")[:1]
    words = []
    for item in shown:
        if item.source == "footnote" and item.footnote is not None:
            words += [word for word, _ in words_in(form, item.footnote) if word.words == item.words][:1]
    return cells, tuple(words)
