"""When a row was due, and whether it came in time: one of six statuses with the two dates and a plain sentence.

Promises: business days are EDGAR's; the filing date is the SEC's own; nothing is called late that a rule may excuse:
plan trades and discretionary transactions whose execution may be deemed later (`extension_possible`), rows that could
have waited for Form 5 (`not_judged`), dates that cannot be (`unknown`).
Sources: Exchange Act §16(a)(2)(C), two business days since 29 August 2002; Rule 16a-3(g), deemed execution on the third
business day after the trade at the latest; Release 33-11138, gifts given away on Form 4 since 27 February 2023; Rule
0-3, a last day that is closed moves to the next open one; Rule 16a-3(f), Form 5 within 45 days of the fiscal year end.
Refuses: to judge a corrected row of an amendment without its original, which decided; and holdings, except on Form 3.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from filings.ownership.calendar import business_days_after, business_days_between
from filings.ownership.codes import ACQUIRED
from filings.ownership.document import Line
from signals.readings.footnotes import facts
from signals.readings.history import FiledForm
from signals.readings.row_notes import OF_THE_TRADE

TWO_DAYS_SINCE = date(2002, 8, 29)
GIFTS_SINCE = date(2023, 2, 27)
FOREIGN_SINCE = date(2026, 3, 18)  # insiders of foreign private issuers file
FOREIGN_GRACE = date(2026, 4, 1)  # staff tolerated their first Forms 3 until then
EARLIEST = date(1990, 1, 1)
DUE, DEEMED, EXTENSION = 2, 3, 3  # business days
FORM3_DAYS, FORM5_DAYS = 10, 45  # calendar days


@dataclass(frozen=True, slots=True)
class Timeliness:
    """`late_business_days` is 0 on time, None where it was not counted; `due_on` None where no day was due."""

    status: str
    due_on: date | None
    late_business_days: int | None
    reason: str

    def as_json(self) -> dict[str, Any]:
        return {
            "status": self.status,
            "due_on": self.due_on and self.due_on.isoformat(),
            "late_business_days": self.late_business_days,
            "reason": self.reason,
        }


def judge(
    form: FiledForm, line: Line, *, planned: bool = False, original: Timeliness | None = None, addition: bool = False
) -> Timeliness:
    """Whether this row of this form was filed in time.

    `planned` says that the row is (or by the form's box may be) a plan trade. On an amendment, `original` is the
    verdict on the row that this one corrects, and `addition` says that it corrects none: then it is judged by itself.
    """
    if form.is_amendment and not addition:
        if original is None:
            return _unknown("This amendment restates a row, and the original report that decides is not here.")
        return replace(original, reason=f"The original report decides. {original.reason}")
    if form.family == "3":
        return _form3(form)
    if line.kind != "transaction":
        if form.family == "5" and line.form_type == "3":
            return Timeliness(
                "self_declared_late", None, None, "The filer says that this holding should have been on a Form 3."
            )
        return _not_judged("A holding is a position, not a transaction, and has no deadline of its own.")
    if form.family == "4" and line.form_type == "5":
        return _not_judged("It could have waited for the yearly Form 5 and was reported early by choice (V).")
    return _transaction(form, line, planned)


def _transaction(form: FiledForm, line: Line, planned: bool) -> Timeliness:
    traded_on = line.transaction_date
    declared = _declared(form, line)
    if traded_on is None or not EARLIEST <= traded_on <= form.filed_on:
        problem = _impossible(form, line)
        return Timeliness("self_declared_late", None, None, declared) if declared else _unknown(problem)
    if declared:
        if form.family == "5" and line.form_type != "4":  # late for the Form 5 of some earlier year
            return Timeliness("self_declared_late", None, None, declared)
        due_on = _due(traded_on, _deemed(line, traded_on))
        return Timeliness("self_declared_late", due_on, business_days_between(due_on, form.filed_on), declared)
    if traded_on < TWO_DAYS_SINCE:
        return _not_judged(f"Before {TWO_DAYS_SINCE} reports were due after the end of the month.")
    given = line.code == "G" and line.acquired_disposed != ACQUIRED and traded_on >= GIFTS_SINCE
    if form.family == "5" and not given:
        return _form5(form)
    if line.code in ("L", "W") or (line.code == "G" and not given):
        return _not_judged(
            "Small purchases, inheritances, gifts received, and gifts before 2023-02-27 may wait for Form 5."
        )
    return _form4(form, line, traded_on, planned)


def _form4(form: FiledForm, line: Line, traded_on: date, planned: bool) -> Timeliness:
    deemed_on = _deemed(line, traded_on)
    due_on = _due(traded_on, deemed_on)
    late = business_days_between(due_on, form.filed_on)
    executed = f"deemed executed on {deemed_on}" if deemed_on else f"executed on {traded_on}"
    lead = f"It was {executed} and due on {due_on}, two business days later; it was filed on {form.filed_on}"
    if late == 0:
        return Timeliness("on_time", due_on, 0, f"{lead}.")
    if late <= EXTENSION and deemed_on is None and (planned or line.code == "I"):
        which = "a plan trade" if planned else "a discretionary transaction"
        excuse = f"for {which} that the broker reported to the insider late, Rule 16a-3(g) allows up to three days more"
        return Timeliness("extension_possible", due_on, late, f"{lead}; {excuse}.")
    return Timeliness("late", due_on, late, f"{lead}, {_days(late)} late.")


def _due(traded_on: date, deemed_on: date | None) -> date:
    return business_days_after(deemed_on or traded_on, DUE)


def _deemed(line: Line, traded_on: date) -> date | None:
    """The deemed execution date, no later than the rule allows; None where none is given or it precedes the trade."""
    if line.deemed_execution_date is None or line.deemed_execution_date <= traded_on:
        return None
    return min(line.deemed_execution_date, business_days_after(traded_on, DEEMED))


def _form5(form: FiledForm) -> Timeliness:
    year_end = form.period_of_report
    if year_end is None or not EARLIEST <= year_end <= form.filed_on:
        return _unknown(f"The fiscal year end as filed ({year_end or 'none'}) cannot be.")
    due_on = business_days_after(year_end + timedelta(days=FORM5_DAYS), 0)
    late = business_days_between(due_on, form.filed_on)
    lead = f"Form 5 was due on {due_on}, {FORM5_DAYS} days after the fiscal year ended on {year_end}"
    return _verdict(form, due_on, late, lead)


def _form3(form: FiledForm) -> Timeliness:
    event = form.period_of_report
    if event is None or not EARLIEST <= event <= form.filed_on + timedelta(days=FORM5_DAYS):
        return _unknown(f"The date of the event as filed ({event or 'none'}) cannot be.")
    if event > form.filed_on:  # common at an IPO: filed on the eve of the registration's effectiveness
        return Timeliness("on_time", event, 0, f"It was filed on {form.filed_on}, before the event of {event}.")
    due_on = business_days_after(event + timedelta(days=FORM3_DAYS), 0)
    late = business_days_between(due_on, form.filed_on)
    if late == 0 and form.filed_on > event and _at_ipo(form):
        reason = "At an initial public offering a Form 3 is due when the registration takes effect, a day the form"
        return Timeliness("unknown", None, None, f"{reason} does not give for sure.")
    lead = f"Form 3 was due on {due_on}, {FORM3_DAYS} days after the event of {event}"
    if late and event == FOREIGN_SINCE and form.filed_on <= FOREIGN_GRACE:
        grace = f"staff tolerated first reports of foreign issuers' insiders until {FOREIGN_GRACE}"
        return Timeliness("extension_possible", due_on, late, f"{lead}; it was filed on {form.filed_on}, and {grace}.")
    return _verdict(form, due_on, late, lead)


def _at_ipo(form: FiledForm) -> bool:
    texts = (*form.footnotes.values(), form.remarks)
    return any(fact.kind == "offering" and fact.about == "ipo" for text in texts for fact in facts(text))


def _verdict(form: FiledForm, due_on: date, late: int, lead: str) -> Timeliness:
    if late:
        return Timeliness("late", due_on, late, f"{lead}; it was filed on {form.filed_on}, {_days(late)} late.")
    return Timeliness("on_time", due_on, 0, f"{lead}; it was filed on {form.filed_on}.")


def _declared(form: FiledForm, line: Line) -> str | None:
    """The filer's own words that the row is late: its timeliness, the form it belongs on, a note on the row."""
    if line.timeliness == "L":
        return "The filer marks this transaction as late (L)."
    if form.family == "5" and line.form_type == "4":
        return "The filer says that this transaction should have been on a Form 4."
    for note in form.notes_on(line, *OF_THE_TRADE, "timeliness"):
        if said := next((fact for fact in facts(note) if fact.kind == "late"), None):
            return f"A footnote says so: “{said.words}”."
    said = next((fact for fact in facts(form.remarks) if fact.kind == "late"), None)
    return f"The remarks say so: “{said.words}”." if said else None


def _impossible(form: FiledForm, line: Line) -> str:
    traded_on = line.transaction_date
    if traded_on is None:
        filed = line.as_filed.get("transaction_date")
        return f"The transaction date as filed ({filed}) is no date." if filed else "The row gives no transaction date."
    if traded_on > form.filed_on:
        return f"The transaction date as filed, {traded_on}, lies after the filing of {form.filed_on}."
    return f"The transaction date as filed, {traded_on}, cannot be."


def _days(count: int) -> str:
    return f"{count:,} business day{'' if count == 1 else 's'}"


def _unknown(reason: str) -> Timeliness:
    return Timeliness("unknown", None, None, reason)


def _not_judged(reason: str) -> Timeliness:
    return Timeliness("not_judged", None, None, reason)
