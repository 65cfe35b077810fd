"""Whether a row was traded under a Rule 10b5-1 plan: four states, each with its evidence.

`plan` where a note on the row says so, or where the box is ticked and one trade is all it can mean; `plan_filing` where
the box is ticked and the form does not say which row it means; `not_plan` where a note denies it, or the box existed
and was left empty; `unknown` otherwise. A missing box is unknown, never false.

Promises: only notes on the cells of the trade itself speak of it (a note on the balance does not), unless the words say
that they cover the sales, purchases or transactions of the whole form; where box and words disagree, both are shown.
Sources: SEC Release 33-11138 (effective 27 February 2023; on Forms 4 and 5 from 1 April 2023), staff C&DI 120.31 of 25
August 2023 (the box does not apply to plans adopted before 27 February 2023).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from filings.ownership.document import Line, Owner
from signals.readings.footnotes import NoteFact, facts
from signals.readings.history import FiledForm, RowRef
from signals.readings.row_notes import OF_THE_TRADE
from signals.readings.vocabulary import NOT_PLAN, PLAN, PLAN_FILING, UNKNOWN

RULE_SINCE = date(2023, 2, 27)  # plans adopted from here on have a cooling-off period
BOX_SINCE = date(2023, 4, 1)  # forms filed from here on must answer the box
OFFICER_DAYS, OFFICER_LIMIT, OTHER_DAYS = 90, 120, 30

TICKED = "The box for a Rule 10b5-1(c) plan is ticked."
NOT_TICKED = "The box for a Rule 10b5-1(c) plan is not ticked."

# The cells that describe the trade; a note on the balance or its nature describes what is held.
_SPEAKING = frozenset({*OF_THE_TRADE, "deemed_execution_date", "timeliness"})
# What a plan can do; awards, withholding and inheritances are nobody's plan trades, whatever "transactions" covers.
_PLANNABLE = frozenset("PSGMXOCJK")
_IN_BOTH_TABLES = frozenset("MXOC")
_SOLD, _BOUGHT = frozenset("SG"), frozenset("P")


@dataclass(frozen=True, slots=True)
class Evidence:
    """`source` is "box" or "footnote"; `footnote` its id, None for the box and for the remarks."""

    source: str
    footnote: str | None
    words: str


@dataclass(frozen=True, slots=True)
class CoolingOff:
    """How many days lay between the plan (or its latest change) and this trade, and what the rule of that day asked.

    `status`: "satisfied", "too_soon", "depends" (90 to 120 days: enough only if the quarter's report was out two
    business days), "no_rule" or "unknown". It is of this trade; the rule looks at a plan's first one.
    """

    status: str
    days: int | None
    required_days: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class PlanEvidence:
    """A row's plan status. `age_days` runs from the first adoption to the trade, negative where the dates clash."""

    status: str
    adopted_on: date | None = None
    modified_on: date | None = None
    age_days: int | None = None
    cooling_off: CoolingOff | None = None
    disagreement: bool = False
    evidence: tuple[Evidence, ...] = ()

    @property
    def planned(self) -> bool:
        return self.status in (PLAN, PLAN_FILING)

    def as_json(self) -> dict[str, Any]:
        return {
            "status": self.status,
            "adopted_on": self.adopted_on and self.adopted_on.isoformat(),
            "modified_on": self.modified_on and self.modified_on.isoformat(),
            "disagreement": self.disagreement,
            "evidence": [{"source": e.source, "footnote": e.footnote, "words": e.words} for e in self.evidence],
        }


Spoken = dict[RowRef, list[tuple[str | None, NoteFact]]]


def evidence(form: FiledForm) -> dict[RowRef, PlanEvidence]:
    """The plan status of every transaction row of the form."""
    said = _Said.of(form)
    rows = [line for line in form.lines if line.kind == "transaction"]
    if not said.notes and not form.aff10b5_one:  # as most forms are: then every row is what the empty box makes it
        box = form.aff10b5_one
        status = NOT_PLAN if box is False and form.filed_on >= BOX_SINCE else UNKNOWN
        alike = PlanEvidence(status, evidence=() if box is None else (Evidence("box", None, NOT_TICKED),))
        return dict.fromkeys(map(form.ref, rows), alike)
    spoken = _with_pairs(form, rows, {form.ref(line): said.about(line) for line in rows})
    affirmed = {ref for ref, notes in spoken.items() if any(_affirms(fact, form) for _, fact in notes)}
    denied = {ref for ref, notes in spoken.items() if any(fact.denied for _, fact in notes)}
    clear = _clear_rows(form, rows, affirmed, denied) if form.aff10b5_one and not said.box_denied else set()
    case = _Case(form, said, affirmed, denied, clear, _open(form, rows, affirmed, denied))
    return {form.ref(line): case.row(line, spoken[form.ref(line)]) for line in rows}


def _with_pairs(form: FiledForm, rows: list[Line], spoken: Spoken) -> Spoken:
    """An exercise or conversion stands in both tables; what a note says of one row it says of the other."""
    paired: dict[tuple[date | None, str], list[tuple[str | None, NoteFact]]] = {}
    for line in rows:
        if line.code in _IN_BOTH_TABLES and (notes := spoken[form.ref(line)]):
            paired.setdefault((line.transaction_date, line.code), notes)
    return {
        form.ref(line): spoken[form.ref(line)] or paired.get((line.transaction_date, line.code or ""), [])
        for line in rows
    }


@dataclass(frozen=True, slots=True)
class _Said:
    """The plan facts of a form by where they stand; remarks stand under None."""

    notes: Mapping[str | None, tuple[NoteFact, ...]]

    @classmethod
    def of(cls, form: FiledForm) -> _Said:
        texts: list[tuple[str | None, str]] = [*form.footnotes.items()]
        if form.remarks:
            texts.append((None, form.remarks))
        found = ((note, tuple(fact for fact in facts(text) if fact.kind == "plan")) for note, text in texts)
        return cls({note: plans for note, plans in found if plans})

    @property
    def box_denied(self) -> bool:
        return any(fact.about == "box" and fact.denied for fact in self.all())

    def all(self) -> Iterable[NoteFact]:
        return (fact for plans in self.notes.values() for fact in plans)

    def about(self, line: Line) -> list[tuple[str | None, NoteFact]]:
        """What speaks of this row: notes on its trade's cells, or else words that cover rows like it anywhere."""
        ids = dict.fromkeys(note for cell, notes in line.footnotes.items() if cell in _SPEAKING for note in notes)
        bound: list[tuple[str | None, NoteFact]] = [(note, fact) for note in ids for fact in self.notes.get(note, ())]
        if any(_speaks(fact) for _, fact in bound):
            return bound
        return [(note, fact) for note, plans in self.notes.items() for fact in plans if _covers(fact, line)]


def _speaks(fact: NoteFact) -> bool:
    """The words speak of the row's own trade: not of the tick, a plan's end, other people or the future."""
    return fact.about not in ("box", "ended") and fact.adopter != "others" and not fact.intended


def _affirms(fact: NoteFact, form: FiledForm) -> bool:
    """A trading plan that does not name the rule counts only beside a ticked box."""
    return _speaks(fact) and not fact.denied and bool(fact.names_rule or form.aff10b5_one)


def _covers(fact: NoteFact, line: Line) -> bool:
    code = line.code or ""
    if not _speaks(fact) or fact.scope is None:
        return False
    return code in {"sales": _SOLD, "purchases": _BOUGHT}.get(fact.scope, _PLANNABLE)


def _trade_key(line: Line) -> tuple[Any, ...]:
    """Rows with equal keys are tranches of one trade."""
    return (
        line.table, line.security_title, line.transaction_date, line.code, line.acquired_disposed, line.ownership,
        line.nature_of_ownership,
    )  # fmt: skip


def _clear_rows(
    form: FiledForm, rows: list[Line], affirmed: set[RowRef], denied: set[RowRef]
) -> set[RowRef]:  # fmt: skip
    """Silent rows that a ticked box must mean: tranches of a noted trade, or the one trade that the form reports."""
    keys = {_trade_key(line) for line in rows if form.ref(line) in affirmed}
    candidates = [line for line in rows if line.code in ("P", "S")] or rows
    if not affirmed and not denied and len({_trade_key(line) for line in candidates}) == 1:
        keys |= {_trade_key(line) for line in candidates}
    return {form.ref(line) for line in rows if _trade_key(line) in keys} - denied


def _open(form: FiledForm, rows: list[Line], affirmed: set[RowRef], denied: set[RowRef]) -> bool:
    """Some row that the box may mean: one with a note for a plan, or a purchase or sale without any."""
    return bool(affirmed) or any(line.code in ("P", "S") and form.ref(line) not in denied for line in rows)


@dataclass(frozen=True, slots=True)
class _Case:
    form: FiledForm
    said: _Said
    affirmed: set[RowRef]
    denied: set[RowRef]
    clear: set[RowRef]
    open: bool

    def row(self, line: Line, notes: list[tuple[str | None, NoteFact]]) -> PlanEvidence:
        ref, ticked = self.form.ref(line), self.form.aff10b5_one
        shown = tuple(Evidence("footnote", note, fact.words) for note, fact in notes if _speaks(fact))
        if ref in self.affirmed and ref in self.denied:
            return PlanEvidence(UNKNOWN, disagreement=True, evidence=shown + self.box())
        if ref in self.denied:
            clash = bool(ticked) and not self.open
            return PlanEvidence(NOT_PLAN, disagreement=clash, evidence=shown + (self.box() if ticked else ()))
        if ref in self.affirmed:
            return self.planned(PLAN, line, notes, shown)
        if self.said.box_denied:
            words = next(fact.words for fact in self.said.all() if fact.about == "box" and fact.denied)
            return PlanEvidence(NOT_PLAN, evidence=(*self.box(), Evidence("footnote", None, words)))
        if ticked and ref not in self.clear and line.code not in ("P", "S") and (self.affirmed or self.clear):
            # the box has its trade, and nothing says that it means this vesting, withholding or gift as well
            return PlanEvidence(UNKNOWN, evidence=self.box())
        if ticked:
            return self.planned(PLAN if ref in self.clear else PLAN_FILING, line, notes, ())
        if ticked is False and self.form.filed_on >= BOX_SINCE and not self.affirmed and not self.hinted():
            return PlanEvidence(NOT_PLAN, evidence=self.box())
        return PlanEvidence(UNKNOWN, evidence=self.box() if ticked is False else ())

    def hinted(self) -> bool:
        """Some words of the form tell of a plan, though not of this row: then an empty box settles nothing."""
        return any(_affirms(fact, self.form) for fact in self.said.all())

    def box(self) -> tuple[Evidence, ...]:
        ticked = self.form.aff10b5_one
        return () if ticked is None else (Evidence("box", None, TICKED if ticked else NOT_TICKED),)

    def planned(
        self, status: str, line: Line, notes: list[tuple[str | None, NoteFact]], shown: tuple[Evidence, ...]
    ) -> PlanEvidence:  # fmt: skip
        adopted_on, modified_on, adopter = self.dates(notes)
        ticked, traded_on = self.form.aff10b5_one, line.transaction_date
        latest = max(filter(None, (adopted_on, modified_on)), default=None)
        clash = ticked is False and self.form.filed_on >= BOX_SINCE and not (latest and latest < RULE_SINCE)
        return PlanEvidence(
            status,
            adopted_on=adopted_on,
            modified_on=modified_on,
            age_days=(traded_on - adopted_on).days if traded_on and adopted_on else None,
            cooling_off=cooling_off(adopted_on, modified_on, traded_on, self.form.owners, adopter),
            disagreement=clash,
            evidence=shown + (self.box() if ticked or clash else ()),
        )

    def dates(self, notes: list[tuple[str | None, NoteFact]]) -> tuple[date | None, date | None, str | None]:
        """First adoption and latest change by the row's own notes; without any, by the only plan the form speaks of."""
        ids = {note for note, fact in notes if _affirms(fact, self.form)}
        found = [fact for note in ids for fact in self.said.notes[note] if not fact.denied and not fact.intended]
        if not any(fact.adopted_on for fact in found):
            others = [fact for fact in self.said.all() if not fact.denied and fact.adopter != "others"]
            if len({fact.adopted_on for fact in others if fact.adopted_on}) == 1:
                found = found + others
        adopted_on = min((fact.adopted_on for fact in found if fact.adopted_on), default=None)
        modified_on = max((fact.modified_on for fact in found if fact.modified_on), default=None)
        if adopted_on and modified_on and modified_on < adopted_on:
            modified_on = None
        return adopted_on, modified_on, next((fact.adopter for fact in found if fact.adopter), None)


def cooling_off(
    adopted_on: date | None,
    modified_on: date | None,
    traded_on: date | None,
    owners: Iterable[Owner],
    adopter: str | None = None,
) -> CoolingOff:
    """Judge the days before this trade by the rule in force when the plan was adopted, or last changed.

    A change of amount, price or timing is a new adoption. Directors and officers wait for the later of 90 days and
    two business days after the report on the quarter of adoption, 120 days at most; others wait 30 days.
    """
    since = max(filter(None, (adopted_on, modified_on)), default=None)
    if since is None or traded_on is None:
        missing = "adoption date of the plan" if since is None else "date of the trade"
        return CoolingOff("unknown", None, None, f"The form does not give the {missing}.")
    days = (traded_on - since).days
    what = "was changed" if modified_on and since == modified_on else "was adopted"
    if days < 0:
        return CoolingOff("unknown", days, None, f"The plan {what} on {since}, after the trade of {traded_on}.")
    if since < RULE_SINCE:
        return CoolingOff("no_rule", days, None, f"The plan {what} before {RULE_SINCE}; no rule asked for a wait.")
    if adopter == "issuer":
        return CoolingOff("no_rule", days, None, "The plan is the issuer's own, and the rule asks issuers for no wait.")
    lead = f"The trade came {days} days after the plan {what}"
    if not any(owner.is_director or owner.is_officer for owner in owners):
        status = "satisfied" if days >= OTHER_DAYS else "too_soon"
        return CoolingOff(status, days, OTHER_DAYS, f"{lead}; the rule asks for {OTHER_DAYS}.")
    if days < OFFICER_DAYS:
        status = "too_soon"
    else:
        status = "satisfied" if days > OFFICER_LIMIT else "depends"
    asks = f"the rule asks directors and officers for at least {OFFICER_DAYS}, and never for more than {OFFICER_LIMIT}"
    return CoolingOff(status, days, OFFICER_DAYS, f"{lead}; {asks}.")
