"""What the boxes above the tables have to say: the plan box, who files, what the date means, what is amended."""

from __future__ import annotations

from filings.ownership.document import Owner
from signals.readings.amendments import Amendment
from signals.readings.explain.people import role_words
from signals.readings.explain.spans import FORM, Cell
from signals.readings.explain.words import count, day
from signals.readings.history import FiledForm, History
from signals.readings.plan import BOX_SINCE
from signals.readings.roles import is_entity, roles
from signals.readings.timeliness import Timeliness

_UNUSUAL = {
    "chair": "leads the board", "ceo": "runs the company", "cfo": "keeps its money", "gc": "is its chief lawyer",
    "coo": "runs its operations",
}  # fmt: skip


def box_words(form: FiledForm, amendment: Amendment | None, history: History) -> dict[Cell, str]:
    """The words of every box that has something to say."""
    found = {
        Cell(FORM, "aff10b5_one"): _plan_box(form),
        Cell(FORM, "not_subject_to_section16"): _left(form),
        Cell(FORM, "period_of_report"): _period(form),
        Cell(FORM, "date_of_original_submission"): _original(form, amendment, history),
        Cell(FORM, "joint"): _joint(form),
    }
    for place, owner in enumerate(form.owners, start=1):
        found[Cell(f"owner-{place}", "role")] = _role(owner, form.remarks)
    return {cell: words for cell, words in found.items() if words}


def timely_words(found: Timeliness | None) -> str:
    """Due when, and in time or not, in a few words; "" where nothing was due."""
    if found is None:
        return ""
    due = f"due {day(found.due_on)}" if found.due_on else ""
    late = found.late_business_days
    told = {
        "on_time": "filed in time",
        "late": f"{count(late or 0, 'business day')} late",
        "self_declared_late": "late by its own words",
        "extension_possible": "after that day, perhaps within an extension",
        "not_judged": "no deadline to judge it by",
        "unknown": "in time or not is not known",
    }[found.status]
    return f"{due}, {told}" if due else told


def _plan_box(form: FiledForm) -> str:
    if form.family == "3":
        return ""
    if form.aff10b5_one:
        return (
            "Some transaction on this form was made under a plan meant to satisfy Rule 10b5-1(c). The box is one for"
            " the whole form; footnotes may say which row it means, and when the plan was adopted."
        )
    if form.aff10b5_one is False:
        since = "" if form.filed_on >= BOX_SINCE else " The box was new when this was filed."
        return (
            "The box is empty. It does not apply to plans adopted before 27 February 2023, which the footnotes may"
            f" still name.{since}"
        )
    if form.filed_on < BOX_SINCE:
        return "The form had no such box when this was filed; only footnotes could speak of a plan."
    return "The filing does not answer the box, so nothing is known from it."


def _left(form: FiledForm) -> str:
    if not form.not_subject_to_section16:
        return ""
    return "The filer need not report under Section 16 any more, but for what is left over from the time before."


def _period(form: FiledForm) -> str:
    if form.family == "3":
        return "The day on which the filer became somebody who must report; the form is due ten days later."
    if form.family == "5":
        return "The end of the company’s fiscal year; the form is due 45 days later."
    return "The day of the earliest transaction on this form; the others may be later."


def _original(form: FiledForm, amendment: Amendment | None, history: History) -> str:
    if amendment is None:
        return ""
    named = form.date_of_original_submission
    if amendment.original is None:
        told = f" filed on {day(named)}" if named else ""
        return f"The original report{told} was not found in the filings here."
    filed_on = history.form(amendment.original).filed_on
    if named and named != filed_on:
        return (
            f"The report that it amends, {amendment.original}, was filed on {day(filed_on)}: the date here is another."
        )
    return f"It amends {amendment.original}."


def _joint(form: FiledForm) -> str:
    if len(form.owners) < 2:
        return ""
    entities = sum(is_entity(owner.name) for owner in form.owners)
    people = len(form.owners) - entities
    who = [count(people, "person", "people")] * bool(people) + [count(entities, "entity", "entities")] * bool(entities)
    return f"One filing of {' and '.join(who)}: what it reports is counted once, not for each of them."


def _role(owner: Owner, remarks: str | None) -> str:
    if is_entity(owner.name) and owner.is_director:
        return "An entity ticks this box when somebody whom it sent sits on the board."
    slugs = roles(owner, remarks)
    said = [_UNUSUAL[slug] for slug in slugs if slug in _UNUSUAL]
    if said:
        return f"{role_words(owner, remarks)}: {' and '.join(said)}."
    if owner.is_officer:
        return (
            "An officer in the sense of Rule 16a-1(f): president, finance or accounting chief, head of a principal"
            " unit, or whoever makes policy."
        )
    if owner.is_ten_percent_owner and not owner.is_director:
        return "Holds more than a tenth of a class of the company’s registered equity; no seat or office is claimed."
    if owner.is_other and not owner.is_director:
        return "None of the usual relationships; the words beside the box say which."
    return ""
