"""Words of an amendment that take something back: a whole report, or single rows of it.

Promises: the exact words; a report that was merely corrected ("to correct an error in the price") is not withdrawn; a
sentence that says "not withdrawn" withdraws nothing. Every pattern is bounded, so time is linear in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from filings.ownership.document import Line
from signals.readings.history import FiledForm

_REPORT = r"(?:form\s?[345](?:\s?/\s?a)?s?|reports?|filings?|statements?|submissions?)"
_ROW = (
    r"(?:transactions?|purchases?|sales?|acquisitions?|dispositions?|lines?|rows?|entr(?:y|ies)|gifts?|grants?|awards?"
    r"|exercises?|holdings?)"
)
_BACK = (
    r"(?:withdrawn|rescinded|retracted|void(?:ed)?|nullified|filed\s(?:in\serror|erroneously|inadvertently|by\smistake)"
    r"|(?:inadvertently|erroneously|mistakenly)\s(?:re-?)?filed)"
)
_WHOLE = (
    re.compile(rf"\b{_REPORT}\b[^.;]{{0,120}}?\b{_BACK}", re.I),
    re.compile(
        rf"\b(?:withdraws?|rescinds?|retracts?|withdrawing|to\s(?:withdraw|rescind|void))\b[^.;]{{0,60}}?\b{_REPORT}\b",
        re.I,
    ),
    re.compile(rf"\b{_REPORT}\b[^.;]{{0,80}}?\bduplicates?\b", re.I),
    re.compile(rf"\bduplicates?\b[^.;]{{0,30}}?\b{_REPORT}\b", re.I),
)  # fmt: skip
_SOME_ROWS = re.compile(
    rf"\b{_ROW}\b[^.;]{{0,120}}?\b(?:withdrawn|rescinded|(?:did\snot|never)\s(?:occur|occurred|take\splace|took\splace)"
    r"|(?:reported|included|listed)\s(?:in\serror|erroneously|inadvertently|twice|by\smistake)"
    r"|(?:inadvertently|erroneously|mistakenly)\s(?:reported|included|listed)|was\sa\sduplicate|is\sa\sduplicate)"
    rf"|\bduplicate\s{_ROW}\b",
    re.I,
)  # fmt: skip
_DENIED = re.compile(r"\b(?:not|never)\s(?:\w+\s){0,2}(?:withdrawn|rescinded|void(?:ed)?|retracted|withdraw)\b", re.I)
_TRIGGER = re.compile(
    r"withdr|rescind|retract|void|nullif|error|erroneous|inadvertent|mistake|duplicate|did not|never|twice", re.I
)
_LEFT_OUT = re.compile(
    r"\b(?:(?:was|were|been|is)\s(?:\w+\s)?(?:omitted|left\sout|not\s(?:\w+\s)?(?:reported|included|listed))"
    r"|(?:omitted|left\sout)\s(?:of|from|in|by)|(?:inadvertently|erroneously|mistakenly)\s(?:omitted|left\sout|excluded)"
    r"|fail(?:ed|s)\sto\s(?:report|include|list)|not\s(?:previously|originally)\s(?:reported|included))\b",
    re.I,
)  # fmt: skip

WHOLE, ROWS = "whole", "rows"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """`scope` is "whole" for a report and "rows" for the rows that the words hang on."""

    scope: str
    words: str


def withdrawal_of(text: str | None) -> Withdrawal | None:
    """What this footnote, or these remarks, take back; None if nothing."""
    if not text or not _TRIGGER.search(text):
        return None
    for sentence in _sentences(text):
        if _DENIED.search(sentence):
            continue
        if any(pattern.search(sentence) for pattern in _WHOLE):
            return Withdrawal(WHOLE, sentence)
        if _SOME_ROWS.search(sentence):
            whole = next(
                (s for s in _sentences(text) if any(p.search(s) for p in _WHOLE) and not _DENIED.search(s)), None
            )
            return Withdrawal(WHOLE, whole) if whole else Withdrawal(ROWS, sentence)
    return None


def report_withdrawn(form: FiledForm) -> Withdrawal | None:
    """What an amendment's remarks or any of its footnotes say of the report as a whole."""
    for text in (form.remarks, *form.footnotes.values()):
        found = withdrawal_of(text)
        if found and found.scope == WHOLE:
            return found
    return None


def row_withdrawn(form: FiledForm, line: Line) -> Withdrawal | None:
    """What the footnotes on this row say of the row alone."""
    for text in form.notes_on(line):
        found = withdrawal_of(text)
        if found and found.scope == ROWS:
            return found
    return None


def says_left_out(form: FiledForm, line: Line) -> bool:
    """Whether a footnote on the row says that the first report did not have it."""
    return any(_LEFT_OUT.search(text) for text in form.notes_on(line))


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.;])\s+", text) if part.strip()]
