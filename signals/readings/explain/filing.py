"""Everything that the page of one filing says of it, from the readings of its issuer. Pure; for one page at a time.

Promises: each sentence knows its cells, each cell its words; equal readings give equal explanations; nothing here
looks at a clock: `as_of` is the day on which the page is read. Costs a few milliseconds beyond the readings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from filings.ownership.document import Line
from signals.readings.exercise import stories
from signals.readings.explain.amending import AmendmentWords, amendment_words
from signals.readings.explain.boxes import box_words, timely_words
from signals.readings.explain.cells import Row, cell_words
from signals.readings.explain.ledgers import Counting, Position, counting, positions
from signals.readings.explain.lines import line_sentence
from signals.readings.explain.marks import Piece, marked
from signals.readings.explain.spans import Cell, Sentence, anchor, trade_words
from signals.readings.explain.stories import StoryWords, story_words
from signals.readings.explain.weighing import Case, Reason, why_it_may_matter, why_it_may_not
from signals.readings.history import FiledForm
from signals.readings.timeliness import Timeliness, judge
from signals.readings.trades import IssuerReading
from signals.readings.whole import FilingReading, TradeReading, reading_of

# From worst to best: what the whole filing is called by.
_WORST = ("late", "self_declared_late", "extension_possible", "unknown", "on_time", "not_judged")


@dataclass(frozen=True, slots=True)
class TradeWords:
    """A trade of the filing: its sentence in spans, and the anchors of its rows."""

    reading: TradeReading
    sentence: Sentence
    anchors: tuple[str, ...]

    @property
    def tone(self) -> str:
        """Bought, sold or mechanics, by what was done: a swap or a row that contradicts itself is neither."""
        return {"buy": "bought", "planned_buy": "bought", "sell": "sold", "planned_sell": "sold"}.get(
            self.reading.trade.kind, "mechanics"
        )


@dataclass(frozen=True, slots=True)
class LineWords:
    """A row: its sentence, and the place of its trade among the trades, None for a holding."""

    sentence: str
    trade: int | None


@dataclass(frozen=True, slots=True)
class FilingExplanation:
    """`later` are the accessions that restate or take back rows of this one. `in_time` judges the filing as a whole."""

    form: FiledForm
    headline: str
    trades: tuple[TradeWords, ...]
    lines: Mapping[str, LineWords]
    cells: Mapping[Cell, str]
    notes: Mapping[str, tuple[Piece, ...]]
    remarks: tuple[Piece, ...]
    matters: tuple[Reason, ...]
    matters_not: tuple[Reason, ...]
    stories: tuple[StoryWords, ...]
    counting: tuple[Counting, ...]
    positions: tuple[Position, ...]
    amendment: AmendmentWords | None
    later: tuple[str, ...]
    in_time: Timeliness | None

    @property
    def timely(self) -> str:
        return timely_words(self.in_time)


def explain_filing(reading: IssuerReading, accession: str, *, as_of: date, whole: bool = True) -> FilingExplanation:
    """What this filing says, read among the others of its issuer; `whole` says that none of them is missing."""
    form = reading.history.form(accession)
    told = reading_of(reading, accession)
    parts_of = tuple(story for story in stories(reading, as_of=as_of) if accession in story.accessions)
    case = Case(reading, form, told.trades, parts_of, whole)
    rows = _rows(reading, form, told)
    return FilingExplanation(
        form=form,
        headline=told.headline,
        trades=tuple(_trade(item, form) for item in told.trades),
        lines={anchor(row.line): _line(row, told) for row in rows},
        cells=_cells(reading, form, rows),
        notes={ref: marked(text) for ref, text in form.footnotes.items()},
        remarks=marked(form.remarks or ""),
        matters=why_it_may_matter(case),
        matters_not=why_it_may_not(case),
        stories=tuple(story_words(story, accession) for story in parts_of),
        counting=counting([item.trade for item in told.trades], form),
        positions=positions(reading, form),
        amendment=amendment_words(reading.history, reading.amendments, accession),
        later=_later(reading, accession),
        in_time=_in_time(form, told),
    )


def _trade(item: TradeReading, form: FiledForm) -> TradeWords:
    anchors = tuple(f"{table}-t-{row}" for table, row in item.trade.lines)
    return TradeWords(item, trade_words(item.trade, form), anchors)


def _rows(reading: IssuerReading, form: FiledForm, told: FilingReading) -> list[Row]:
    of_row = {ref: item for item in told.trades for ref in item.trade.lines}
    rows = []
    for line in form.lines:
        item = of_row.get((line.table, line.row)) if line.kind == "transaction" else None
        rows.append(
            Row(
                form,
                line,
                item.trade if item else None,
                _judged(form, line, item),
                reading.ledger.entries.get(form.ref(line)),
            )
        )
    return rows


def _judged(form: FiledForm, line: Line, item: TradeReading | None) -> Timeliness | None:
    """The verdict on a row: its trade's, but that of its own deemed date where rows of a trade differ in it."""
    if item is None:
        return None
    if form.is_amendment or line.deemed_execution_date is None:
        return item.timeliness
    planned = item.trade.plan is not None and item.trade.plan.planned
    return judge(form, line, planned=planned)


def _line(row: Row, told: FilingReading) -> LineWords:
    place = next((place for place, item in enumerate(told.trades, start=1) if item.trade is row.trade), None)
    return LineWords(line_sentence(row.line, row.form, row.trade), place)


def _cells(reading: IssuerReading, form: FiledForm, rows: list[Row]) -> dict[Cell, str]:
    found = dict(box_words(form, reading.amendments.by_accession.get(form.accession), reading.history))
    for row in rows:
        found |= {Cell(anchor(row.line), name): words for name, words in cell_words(row).items()}
    return found


def _later(reading: IssuerReading, accession: str) -> tuple[str, ...]:
    by = {item for ref, item in reading.amendments.superseded.items() if ref.accession == accession}
    by |= {taken.by for ref, taken in reading.amendments.withdrawn.items() if ref.accession == accession}
    return tuple(sorted(by - {accession}, key=lambda other: reading.history.form(other).order))


def _in_time(form: FiledForm, told: FilingReading) -> Timeliness | None:
    """The worst verdict on any trade; a Form 3 has one of its own, a report without trades none."""
    if form.family == "3":
        return judge(form, form.lines[0] if form.lines else Line("I", "holding", 0), addition=True)
    verdicts = [item.timeliness for item in told.trades]
    return min(verdicts, key=lambda verdict: _WORST.index(verdict.status), default=None)
