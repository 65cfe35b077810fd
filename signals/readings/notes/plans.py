"""What footnotes say about Rule 10b5-1 plans: named or denied, adopted, modified or ended when, by whom, for what.

Promises: "Rule 10b-5" (the rule against fraud) names no plan; a plan that somebody may enter into, or that others
have, is marked as such; a denial is a denial only where "not" or "no" governs the plan and not some other word of
the sentence. Each sentence that speaks of a plan gives one fact; all of them together tell the plan.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from signals.readings.notes.dates import Dated, dates_in
from signals.readings.notes.fact import Note
from signals.readings.notes.spot import spot

_DASH = r"[-‐-―−]"
RULE = spot(
    rf"(?:\brules?\s{{1,3}})?\b10b\s{{0,2}}(?:{_DASH}\s{{0,2}})?5\s{{0,2}}(?:(?:{_DASH}|\()\s{{0,2}})1(?![0-9]|[.,][0-9])(?:\s?\(c\)(?:\(1\))?)?"
    rf"|(?:\brules?\s{{1,3}})?\b10b{_DASH}?5\s?1(?![0-9]|[.,][0-9])(?:\s?\(c\)(?:\(1\))?)?",
)
_TRADING_PLAN = spot(
    r"\b(?:(?:pre-?\s?arranged|pre-?\s?determined|pre-?\s?existing|written|automatic|stock|share)\s){0,3}"
    r"(?:trading|selling|sales?|disposition|diversification)\s(?:plan|program|programme|arrangement)\b",
)
_THE_PLAN = spot(
    r"\b(?:the|this|such|said|that|these|his|her|their|its|person's)\s(?:\w{1,12}\s){0,3}?(?:plans?|program|arrangement)\b",
)
_PAY_PLAN = spot(r"\b(?:incentive|equity|award|purchase|savings|deferral|compensation|bonus|401|option|retirement)\b")

_DENIED = spot(
    r"\b(?:"
    r"(?:not|never|neither|nor)\s(?:(?:been|being|be|is|are|\w{1,20}ly)\s){0,2}"
    r"(?:(?:made|effected|executed|sold|purchased|bought|conducted|completed|carried\sout|undertaken|done|subject|covered|governed)\b"
    r"|(?:pursuant\sto|under|part\sof|in\saccordance\swith|in\sconnection\swith|as\spart\sof|through|a|an|any)\b)"
    r"|(?:no|none|neither)\s(?:of\s)?(?:(?:the|these|those|such|this)\s)?(?:\w{1,12}\s)?"
    r"(?:portions?|parts?|shares?|sales?|transactions?|purchases?|trades?|dispositions?)\b[^.;:]{0,50}\b(?:pursuant\sto|under|part\sof|in\saccordance\swith)"
    r"|(?:outside(?:\sof)?|without|absent|other\sthan|independent(?:ly)?\sof|apart\sfrom)"
    r"|(?:has|have|had|does|do|did|is|are)(?:\snot|n['’]t)\s(?:currently\s|yet\s)?(?:have|had|adopt(?:ed)?|enter(?:ed)?\sinto|maintain(?:ed)?|use[d]?|utilized?|rely|relied)"
    r"|no\s(?:(?:such|written|existing|active|current|pre-?arranged)\s)?(?:rule\s)?\Z"
    r")"
    r"(?P<rest>[^.;:]{0,70})\Z",
)
_TURNS = spot(r"\b(?:but|rather|instead|which|and\s(?:was|were|is|are)|aware|possession|only|solely)\b")
_NON = spot(r"\bnon-?\s?\Z|\bno\s(?:rule\s)?\Z")
_DENIED_AFTER = spot(
    r"\A[^.;,]{0,60}?\b(?:(?:was|were|is|are|did|does|do)\snot\s(?:applicable|apply|used|in\s(?:effect|place)|cover|relate)|not\sapplicable)\b",
)
_INTENDED = spot(
    r"\b(?:may|might|will|would|could|considering|contemplates?|(?:intends?|plans|expects?|anticipates?|proposes?)\sto)\s"
    r"(?:(?:to|in|the|future|also|from|time|be)\s){0,5}(?:adopt|enter|establish|implement|execute|sell|purchase|trade|sold|made|effected)",
)
_OTHERS = spot(
    r"\b(?:other|another|certain|several|additional)\s(?:\w{1,12}\s)?"
    r"(?:officers?|directors?|insiders?|executives?|employees?|stockholders?|shareholders?|persons?)\b",
)
_BOX = spot(r"\b(?:box|check-?\s?box|check\s?mark|indicator|indication|tick\s?box)\b")
_BOX_WRONG = spot(
    r"\b(?:inadvertently|erroneously|mistakenly|incorrectly)\s(?:been\s)?(?:checked|ticked|marked)",
    r"\b(?:checked|ticked|marked)\s(?:in\serror|by\smistake|inadvertently|erroneously|mistakenly|incorrectly)",
)
_TRADES = spot(
    r"\b(?:sales?|sold|sell|purchases?|purchased|bought|transactions?|trades?|dispositions?|disposed|acquired|effected|executed|"
    r"made|gift|distribution|conversion|exercises?d?)\b",
)
_WHOLE_FORM = spot(
    r"\b(?P<what>sales|purchases|transactions|trades|dispositions|acquisitions)\b[^.;]{0,25}?\b(?:form|herein|report|statement|above|below|table)\b",
    r"\ball\s(?:of\s)?(?:the\s|these\s)?(?:reported\s)?(?P<all>sales|purchases|transactions|trades|dispositions)\b",
)
_SCOPES = {"sales": "sales", "dispositions": "sales", "purchases": "purchases", "acquisitions": "purchases"}
_UNDER = spot(
    r"(?:pursuant\sto|under|in\s(?:accordance|compliance|connection)\swith|as\spart\sof|by)\s(?:\S{1,24}\s){0,7}\Z"
)
_STRICTLY_UNDER = spot(r"\b(?:pursuant\sto|under|in\s(?:accordance|compliance)\swith)\s(?:\S{1,24}\s){0,7}\Z")
_PLAN_WORD = spot(r"[^.;,]{0,40}?\b(?:plans?|program|arrangement|instructions?|box)\b")

_ADOPTED = spot(
    r"\b(?:adopt|enter(?:ed|ing)?\sinto|establish|institut|set\sup|put\sin(?:to)?\splace|sign(?:ed|ing)\b|creat(?:ed|ion))"
)
_DATED = spot(r"\b(?:dated?|dtd|effective|executed|entered)\b")
_MODIFIED = spot(r"\b(?:modif|amend|revis|restat)")
_ENDED = spot(r"\b(?:terminat|expir|cancel|complet|ceas|end(?:ed|s|ing)?\b)")
_ADOPTER = spot(
    r"\b(?:adopted|entered\sinto|established|instituted)\s(?:in\sgood\sfaith\s)?by\s(?P<who>[^.;()]{1,90}?)(?=\s(?:on|in|as\sof|dated|effective|pursuant|for|under)\b|[.;(]|,\s(?:and|as|which)\b|\Z)",
)
_WHO = (
    ("spouse", spot(r"\b(?:spouse|wife|husband)\b")),
    ("trust", spot(r"\btrust\b(?!\saggregator)|\btrustees?\b")),
    ("reporting_person", spot(r"\breporting\s(?:persons?|owners?|individual)\b|\bhim\b|\bher\b|\bhimself\b")),
    ("issuer", spot(r"\b(?:issuer|company|corporation)\b")),
    ("holder", spot(r"\b(?:holder|stockholder|shareholder)\b")),
    ("entity", spot(r"\b(?:llc|l\.l\.c|lp|l\.p|inc|ltd|fund|foundation|partners)\b")),
)


def read(note: Note) -> None:
    if not note.has("10b", "trading plan", "selling plan", "sales plan", "sale plan"):
        return
    named = RULE.search(note.low) is not None
    for start, end in note.sentences():
        rule = RULE.search(note.low, start, end)
        mention = _mention(note.low, start, end, rule)
        if mention is None and named:
            mention = _other_plan_sentence(note.low, start, end)
        if mention is not None:
            _sentence(note, start, end, mention, rule, named)


def _mention(text: str, start: int, end: int, rule: re.Match[str] | None) -> re.Match[str] | None:
    """Where the sentence first names the plan: "a trading plan ... intended to satisfy Rule 10b5-1" starts early."""
    if rule is None:
        return _TRADING_PLAN.search(text, start, end)
    return _TRADING_PLAN.search(text, max(start, rule.start() - 150), rule.start()) or rule


def _other_plan_sentence(text: str, start: int, end: int) -> re.Match[str] | None:
    """ "The plan was adopted on ..." beside a sentence that names the rule; an equity plan is another thing."""
    found = _THE_PLAN.search(text, start, end)
    if found is None or _PAY_PLAN.search(text, found.start(), found.end()):
        return None
    return found if any(verb.search(text, start, end) for verb in (_ADOPTED, _MODIFIED, _ENDED)) else None


def _sentence(
    note: Note, start: int, end: int, mention: re.Match[str], rule: re.Match[str] | None, named: bool
) -> None:
    text = note.low
    since = max(start, mention.start() - 200)
    before = text[since : mention.start()]
    after = text[mention.end() : min(end, mention.end() + 120)]
    denial = _denial(before, after)
    if denial is None and rule is not None and rule is not mention:  # "a trading plan that is not a Rule 10b5-1 plan"
        denial = _denial(text[since : rule.start()], text[rule.end() : min(end, rule.end() + 120)])
    begin, finish = _span(text, start, end, mention)
    if rule is not None:
        finish = max(finish, rule.end())
    days, last = _plan_days(text, start, end, mention)
    if denial is not None:
        begin = min(begin, since + denial)
    whole = _WHOLE_FORM.search(text, start, mention.start())
    scope = _SCOPES.get((whole["what"] or whole["all"]).lower(), "transactions") if whole else None
    boxed = _BOX.search(text, start, end) is not None
    note.add(
        "plan",
        begin,
        max(finish, last),
        about=_about(text, start, end, mention, boxed, days),
        denied=denial is not None or (boxed and _BOX_WRONG.search(text, start, end) is not None),
        intended=_INTENDED.search(before) is not None,
        names_rule=named,
        scope=scope,
        adopter=_adopter(text, start, end, before),
        **days,
    )


def _denial(before: str, after: str) -> int | None:
    """Where in `before` the denial starts; None where the plan is not denied."""
    if found := _NON.search(before):
        return found.start()
    if (found := _DENIED.search(before)) and not _TURNS.search(found["rest"]):
        return found.start()
    return len(before) if _DENIED_AFTER.match(after) else None


def _about(text: str, start: int, end: int, mention: re.Match[str], boxed: bool, days: dict[str, Any]) -> str | None:
    """ "box" where the sentence speaks of the tick, "dates" where it only tells of the plan and of no trade."""
    if boxed and not _STRICTLY_UNDER.search(text, max(start, mention.start() - 80), mention.start()):
        return "box"
    if _TRADES.search(text, start, mention.start()) or _UNDER.search(
        text, max(start, mention.start() - 80), mention.start()
    ):
        return None
    if days.get("terminated_on") or _ENDED.search(text, start, mention.start()):
        return "ended"
    return "dates" if mention.re is _THE_PLAN or _ADOPTED.search(text, start, mention.start()) else None


def _span(text: str, start: int, end: int, mention: re.Match[str]) -> tuple[int, int]:
    under = _UNDER.search(text, max(start, mention.start() - 80), mention.start())
    plan = _PLAN_WORD.match(text, mention.end(), end)
    return under.start() if under else mention.start(), plan.end() if plan else mention.end()


def _plan_days(text: str, start: int, end: int, mention: re.Match[str]) -> tuple[dict[str, Any], int]:
    """The plan's dates by the nearest verb before each, and the end of the last one used.

    A date with "dated" or "effective" counts after the mention only: before it, the trade may be what was dated.
    """
    adopted: list[date] = []
    other: dict[str, date] = {}
    last, since = start, start
    for dated in dates_in(text, start, end):
        which = _which(text, max(since, dated.start - 90), dated, mention, end, bool(adopted or other))
        since = dated.end
        if which == "adopted":
            adopted.append(dated.day)
        elif which == "modified_on":
            other[which] = max(dated.day, other.get(which, dated.day))
        elif which:
            other[which] = dated.day
        if which:
            last = max(last, dated.end)
    values: dict[str, Any] = dict(other)
    if adopted:
        values["adopted_on"] = min(adopted)
        values["dates"] = tuple(adopted) if len(adopted) > 1 else ()
    return values, last


def _which(text: str, since: int, dated: Dated, mention: re.Match[str], end: int, more: bool) -> str | None:
    verbs = {
        "adopted": _last(_ADOPTED, text, since, dated.start),
        "modified_on": _last(_MODIFIED, text, since, dated.start),
    }
    verbs["terminated_on"] = _last(_ENDED, text, since, dated.start)
    if dated.start > mention.start():
        verbs["adopted"] = max(verbs["adopted"], _last(_DATED, text, max(since, mention.start()), dated.start))
    nearest = max(verbs, key=lambda name: verbs[name])
    if verbs[nearest] >= 0:
        return nearest
    link = text[since : dated.start].strip(" ,").lower()
    if more and link in ("and", "and on", "or", ""):  # "adopted on A and B"
        return "adopted"
    if dated.start < mention.start() and text[max(0, dated.start - 12) : dated.start].endswith(
        ("on ", "effective ", "as of ")
    ):
        following = text[
            dated.end : min(mention.start(), dated.end + 150)
        ]  # "On D, the reporting person adopted a Rule 10b5-1 plan"
        for name, verb in (("adopted", _ADOPTED), ("modified_on", _MODIFIED), ("terminated_on", _ENDED)):
            if verb.search(following):
                return name
    return None


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    at = -1
    for found in pattern.finditer(text, start, end):
        at = found.start()
    return at


def _adopter(text: str, start: int, end: int, before: str) -> str | None:
    if _OTHERS.search(before):
        return "others"
    if found := _ADOPTER.search(text, start, end):
        if _OTHERS.search(found["who"]):
            return "others"
        who = found["who"].partition(" and ")[0]
        for slug, pattern in _WHO:
            if pattern.search(who):
                return slug
    return None
