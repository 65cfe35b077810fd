"""What footnotes and remarks say about reports themselves: late, wrong, withdrawn, duplicate, split over several."""

from __future__ import annotations

import re

from signals.readings.notes.dates import sentences
from signals.readings.notes.fact import Note

_I = re.IGNORECASE
_LATE = re.compile(
    r"\b(?:being|was|were|is|are|been)\s(?:being\s)?(?:filed|reported|submitted)\s(?:on\s(?:this\s)?form\s[0-9]\s)?(?:\w{1,12}\s)?late\b"
    r"|\b(?:filed|reported|submitted)\s(?:\w{1,12}\s)?(?:late|untimely)\b|\blate\s(?:filing|filed|report(?:ed|ing)?|form|due\sto)\b"
    r"|\buntimely\b|\bnot\s(?:been\s)?(?:timely\s(?:filed|reported)|(?:filed|reported)\s(?:timely|on\stime))\b|\bfail(?:ed|ure)\sto\s(?:timely\s)?(?:file|report)\b"
    r"|\bshould\shave\sbeen\s(?:reported|filed|included|disclosed)\b|\bdelinquent\b",
    _I,
)
_REPORT = re.compile(r"\b(?:report(?:s|ed|ing)?|forms?|filings?|filed|amendments?|statements?|original|transactions?|lines?|purchase|sale)\b", _I)
_WITHDRAWN = re.compile(r"\b(?:is\s|are\s|was\s|were\s)?(?:hereby\s)?(?:withdraws?|withdrawn|withdrawing|rescind(?:s|ed)|retract(?:s|ed))\b", _I)
_ELSEWHERE = re.compile(r"\b(?:withdrawn?|withdraws?|withdrawing)\s(?:from|out\sof)\s(?:the|a)\s(?:voting\s|stock\s)?(?:trust|fund|plan|account)", _I)
_DUPLICATE = re.compile(r"\bduplicat(?:e|es|ed|ive|ion)\b", _I)
_ERROR = re.compile(
    r"\bin\serror\b|\berroneous(?:ly)?\b|\bmistakenly\b|\bby\smistake\b|\bmis-?(?:reported|stated|calculated)\b|\b(?:clerical|administrative|typographical|computational|"
    r"scrivener['’]?s|ministerial|technical|mathematical|rounding|filing|reporting)\serrors?\b|\bincorrect(?:ly)?\b|\binadvertent(?:ly)?\b"
    r"|\bstated\s(?:\w{1,12}\s){1,5}too\s(?:high|low|early|late|many|few)\b",
    _I,
)
_OMITTED = re.compile(r"\bomit(?:s|ted|ting)?\b|\bleft\s(?:out|off)\b|\bnot\sincluded\b|\bunreported\b|\bomission\b", _I)
_CORRECTS = re.compile(
    r"\b(?:to|solely\sto)\scorrect\b|\bcorrects\b|\bhereby\scorrected\b|\bcorrected\sto\b|\bamend(?:ed|s|ing|ment)?\b(?:\s\S{1,20}){0,8}?\s(?:form\s[345]|correct\w*|report|original\sfiling|the\s(?:price|number|date|lines?|two|amount))\b"
    r"|\bamendment\sis\sbeing\sfiled\b|\bre-?fil(?:ed|ing)\sto\b|\bamendment\sfiled\sto\b|\bfiled\s(?:only\s|solely\s)?to\s(?:tick|check|include|reflect|add)\b",
    _I,
)
_OUR_SPLIT = re.compile(
    r"\b(?:first|second|third|fourth|fifth|sixth|one|two|three|four|five|1|2|3|4|5)\sof\s(?:two|three|four|five|six|seven|[2-9])\b(?=[^.;]{0,40}?\b(?:forms?|reports?|filings?|filed)\b)"
    r"|\b(?:form|report|filing)s?\s(?:4\s)?(?:filing\s)?(?:[1-9]|one|two|three)\sof\s(?:[2-9]|two|three|four)\b|\bcontinuation\sreport\b|\bline\sitem\slimitation\b|\bsplit\sinto\s\w+\sfilings\b",
    _I,
)
_NO_TRADE = re.compile(r"\bnot\ssubject\sto\sa\sparticular\stransaction\b|\bnot\sbeing\sfiled\sin\sconnection\swith\sthe\sacquisition\b", _I)
_CONTINUED = re.compile(r"\bcontinued\s(?:from|in)\s(?:next\s)?foot-?\s?note\b|\bcontinued\sin\snext\b", _I)
_EXEMPT = re.compile(r"\bexempt\s(?:from|under|transaction|pursuant)\b[^.;]{0,70}", _I)
_PLAIN = (
    ("split_report", ("of two", "of three", "of four", "of five", "of 2", "of 3", "of 4", "of 5", "continuation report", "limitation", "split into"), _OUR_SPLIT),
    ("no_trade", ("not subject to a particular", "not being filed in"), _NO_TRADE),
    ("continued", ("continued",), _CONTINUED),
    ("exempt", ("exempt",), _EXEMPT),
)  # fmt: skip


def read(note: Note) -> None:
    if note.has("late", "untimely", "timely", "should have been", "failed to", "failure to", "delinquent"):
        for match in _LATE.finditer(note.text):
            note.add("late", match.start(), match.end())
    if note.has("error", "erron", "mistak", "mis", "incorrect", "inadvert", "too ", "omit", "left o", "withdr", "rescind", "retract", "duplicat", "amend", "correct", "re-fil", "refil", "unreported", "not included", "filed"):  # fmt: skip
        for start, end in sentences(note.text):
            _error(note, start, end)
    for about, triggers, pattern in _PLAIN:
        if note.has(*triggers) and (match := pattern.search(note.text)):
            note.add("other", match.start(), match.end(), about=about)


def _error(note: Note, start: int, end: int) -> None:
    """The gravest thing that a sentence says of a report: withdrawn, duplicate, omitted, corrected, or just an error."""
    text = note.text
    about_reports = _REPORT.search(text, start, end) is not None
    withdrawn = _WITHDRAWN.search(text, start, end) if about_reports else None
    if withdrawn and not _ELSEWHERE.search(text, start, end):
        note.add("error", start, end, about="withdrawn")
    elif about_reports and (found := _DUPLICATE.search(text, start, end)):
        note.add("error", found.start(), end, about="duplicate")
    elif (error := _ERROR.search(text, start, end)) or (_OMITTED.search(text, start, end) and about_reports):
        if _OMITTED.search(text, start, end):
            note.add("error", start, end, about="omitted")
        elif _CORRECTS.search(text, start, end):
            note.add("error", start, end, about="corrected")
        elif error:
            note.add("error", error.start(), error.end())
    elif found := _CORRECTS.search(text, start, end):
        note.add("error", found.start(), end, about="corrected")
