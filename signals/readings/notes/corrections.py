"""What footnotes and remarks say about reports themselves: late, wrong, withdrawn, duplicate, split over several."""

from __future__ import annotations

from signals.readings.notes.fact import Note
from signals.readings.notes.spot import Topic, spot

_LATE = spot(
    r"\b(?:being|was|were|is|are|been)\s(?:being\s)?(?:filed|reported|submitted)\s(?:on\s(?:this\s)?form\s[0-9]\s)?(?:\w{1,12}\s)?late\b",
    r"\b(?:filed|reported|submitted)\s(?:\w{1,12}\s)?(?:late|untimely)\b",
    r"\blate\s(?:filing|filed|report(?:ed|ing)?|form|due\sto)\b",
    r"\buntimely\b",
    r"\bnot\s(?:been\s)?(?:timely\s(?:filed|reported)|(?:filed|reported)\s(?:timely|on\stime))\b",
    r"\bfail(?:ed|ure)\sto\s(?:timely\s)?(?:file|report)\b",
    r"\bshould\shave\sbeen\s(?:reported|filed|included|disclosed)\b",
    r"\bdelinquent\b",
)
_REPORT = spot(
    r"\b(?:report(?:s|ed|ing)?|forms?|filings?|filed|amendments?|statements?|original|transactions?|lines?|purchase|sale)\b"
)
_WITHDRAWN = spot(
    r"\b(?:is\s|are\s|was\s|were\s)?(?:hereby\s)?(?:withdraws?|withdrawn|withdrawing|rescind(?:s|ed)|retract(?:s|ed))\b"
)
_ELSEWHERE = spot(
    r"\b(?:withdrawn?|withdraws?|withdrawing)\s(?:from|out\sof)\s(?:the|a)\s(?:voting\s|stock\s)?(?:trust|fund|plan|account)"
)
_DUPLICATE = spot(r"\bduplicat(?:e|es|ed|ive|ion)\b")
_ERROR = spot(
    r"\bin\serror\b",
    r"\berroneous(?:ly)?\b",
    r"\bmistakenly\b",
    r"\bby\smistake\b",
    r"\bmis-?(?:reported|stated|calculated)\b",
    r"\b(?:clerical|administrative|typographical|computational|scrivener['’]?s|ministerial|technical|mathematical|rounding|filing|reporting)\serrors?\b",
    r"\bincorrect(?:ly)?\b",
    r"\binadvertent(?:ly)?\b",
    r"\bstated\s(?:\w{1,12}\s){1,5}too\s(?:high|low|early|late|many|few)\b",
)
_OMITTED = spot(r"\bomit(?:s|ted|ting)?\b|\bleft\s(?:out|off)\b|\bunreported\b|\bomission\b")
_CORRECTS = spot(
    r"\b(?:to|solely\sto)\scorrect\b",
    r"\bcorrects\b",
    r"\bhereby\scorrected\b",
    r"\bcorrected\sto\b",
    r"\bamend(?:ed|s|ing|ment)?\b(?:\s\S{1,20}){0,8}?\s(?:form\s[345]|correct\w{0,20}|report|original\sfiling|the\s(?:price|number|date|lines?|two|amount))\b",
    r"\bamendment\sis\sbeing\sfiled\b",
    r"\bre-?fil(?:ed|ing)\sto\b",
    r"\bamendment\sfiled\sto\b",
    r"\bfiled\s(?:only\s|solely\s)?to\s(?:tick|check|include|reflect|add)\b",
)
_OUR_SPLIT = spot(
    r"\b(?:first|second|third|fourth|fifth|sixth|one|two|three|four|five|1|2|3|4|5)\sof\s(?:two|three|four|five|six|seven|[2-9])\b(?=[^.;]{0,40}?\b(?:forms?|reports?|filings?|filed)\b)",
    r"\b(?:form|report|filing)s?\s(?:4\s)?(?:filing\s)?(?:[1-9]|one|two|three)\sof\s(?:[2-9]|two|three|four)\b",
    r"\bcontinuation\sreport\b",
    r"\bline\sitem\slimitation\b",
    r"\bsplit\sinto\s\w{1,24}\sfilings\b",
)
_NO_TRADE = spot(
    r"\bnot\ssubject\sto\sa\sparticular\stransaction\b",
    r"\bnot\sbeing\sfiled\sin\sconnection\swith\sthe\sacquisition\b",
)
_CONTINUED = spot(r"\bcontinued\s(?:from|in)\s(?:next\s)?foot-?\s?note\b|\bcontinued\sin\snext\b")
_EXEMPT = spot(r"\bexempt\s(?:from|under|transaction|pursuant)\b[^.;]{0,70}")
_PLAIN: tuple[Topic, ...] = (
    (
        "split_report",
        (
            "of two",
            "of three",
            "of four",
            "of five",
            "of 2",
            "of 3",
            "of 4",
            "of 5",
            "continuation report",
            "limitation",
            "split into",
        ),
        _OUR_SPLIT,
    ),
    ("no_trade", ("not subject to a particular", "not being filed in"), _NO_TRADE),
    ("continued", ("continued",), _CONTINUED),
    ("exempt", ("exempt",), _EXEMPT),
)


def read(note: Note) -> None:
    if note.has("late", "untimely", "timely", "should have been", "failed to", "failure to", "delinquent"):
        for match in _LATE.finditer(note.low):
            note.add("late", match.start(), match.end())
    if note.has(
        "error",
        "erron",
        "mistak",
        "misre",
        "misst",
        "misca",
        "mis-",
        "correct",
        "inadvert",
        " too ",
        "omit",
        "omission",
        "left o",
        "withdr",
        "rescind",
        "retract",
        "duplicat",
        "amend",
        "re-fil",
        "refil",
        "unreported",
        "filed to",
        "filed only",
        "filed solely",
    ):
        for start, end in note.sentences():
            _error(note, start, end)
    for about, triggers, pattern in _PLAIN:
        if note.has(*triggers) and (said := pattern.search(note.low)):
            note.add("other", said.start(), said.end(), about=about)


def _error(note: Note, start: int, end: int) -> None:
    """The gravest thing that a sentence says of a report: withdrawn, duplicate, omitted, corrected, an error."""
    text = note.low
    about_reports = _REPORT.search(text, start, end) is not None and "schedule 13" not in text[start:end]
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
    elif (found := _CORRECTS.search(text, start, end)) and "schedule 13" not in text[start:end]:
        note.add("error", found.start(), end, about="corrected")
