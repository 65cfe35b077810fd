"""Who holds the shares, by the footnotes: trusts, spouses, companies and funds; and who disclaims owning them.

Promises: a holder's name is given where the note spells one, as spelled there. A voting trust, a trust company and an
investment trust are no family's trust.
"""

from __future__ import annotations

import re

from signals.readings.notes.fact import Note
from signals.readings.notes.spot import spot

_TRUST = spot(
    r"\b(?:trusts?|GRATs?|grantor\sretained\sannuity(?!\strust))\b(?!\s(?:company|aggregator|ii?\b|fund|agreement|,\snational))(?!,\s(?:national|N\.A))"
)
_NO_TRUST = spot(
    r"\b(?:voting|investment|business|statutory|income|municipal|unit|deposit|wilmington|northern|indenture|royalty)\s\Z"
)
_TRUSTEE = spot(r"\b(?:co-?)?trustees?\b")
_NAME_STOPS = {
    "The",
    "the",
    "A",
    "a",
    "An",
    "an",
    "of",
    "by",
    "Trustee",
    "Trustees",
    "Co-Trustee",
    "Co-Trustees",
    "By",
    "to",
    "for",
    "in",
}
_NAME_WORD = re.compile(r"[A-Z][\w.'’&-]{0,30}|[0-9]{4}|and|&|u/a/d|No\.|[0-9]{1,2}")

_SPOUSE = spot(r"\b(?P<former>(?:former|ex-?)\s?)?(?:spouse|wife|husband|domestic\spartner)(?:['’]s)?\b")

_HELD = spot(
    r"\b(?:held|owned|beneficially\sowns?|acquired|purchased|bought|sold)\s(?:of\srecord\s|directly\s|indirectly\s|solely\s|beneficially\s)?(?:by|through|in|for)\s"
)
_SUFFIX = (
    r"(?:LLC|L\.L\.C\.?|LLP|LP|L\.P\.?|Inc\b\.?|Ltd\b\.?|LTD\b\.?|PLC|Limited|Corp\b\.?|Corporation|Company|N\.A\.|NA|AG|S\.A\.|GmbH|B\.V\.|"
    r"Fund|Funds|Partners|Holdings|Partnership|Foundation|Capital|Investments|Ventures|Management)"
)
_WORD = r"[A-Z0-9][\w.'’&()/-]{0,40}"
_PROPER = re.compile(
    rf"(?:[Tt]he\s|each\sof\s(?:[Tt]he\s)?)?(?P<name>(?:(?:{_WORD}|of|and|&),?\s){{0,9}}{_SUFFIX}(?:\s(?:[IVX]{{1,4}}|[0-9]{{1,2}}))?(?:,?\s(?:LLC|LP|L\.P\.?|Inc\.?|Ltd\.?|N\.A\.))?)(?!\w)"
)
_SHORT = re.compile(
    rf"(?:[Tt]he\s)?(?P<name>(?:{_WORD}\s){{0,4}}(?:[A-Z]{{0,12}}[0-9][\w-]{{0,24}}|[A-Z]{{2,24}}[\w-]{{0,24}})"
    rf"(?:\s{_WORD}){{0,2}})(?=[\s.,;]|\Z)"
)
_GENERIC = spot(
    r"(?:an?|the|one)\s(?:[a-z-]{1,24}\s){0,2}?(?:limited\sliability\scompan(?:y|ies)|limited\spartnerships?|partnership|foundation|company|corporation|LLC|master\sfund|fund|"
    r"holding\scompany|subsidiar(?:y|ies)|entit(?:y|ies))\b(?!['’]s)",
)
_LEGAL_FORM = re.compile(
    r"(?:(?<=[\s,])|\A)(?:LLC|L\.L\.C\.?|LLP|LP|L\.P\.?|Inc\.?|Ltd\.?|PLC|N\.A\.)(?=[.,]?\s|[.,]?\Z)"
)
_NOT_A_HOLDER = spot(r"\b(?:issuer|company)\b")
_SECURITY = spot(r"\b(?:stock|shares?|rsus?|units?|options?|table|form|rule|section)\b")
_DISCLAIMS = spot(
    r"\bdisclaim(?:s|ed|ing)?\b(?:[^.;]{0,60}?\b(?:ownership|group\sstatus|power))?",
    r"\b(?:(?:shall|should)\s?not\s?be|neither\b[^.;]{0,60}\bbe)\s(?:deemed|construed)\s(?:to\sbe\s|as\s)?an\sadmission\b",
    r"\bis\sno\sadmission\b",
    r"\bwithout\sconceding\b",
)
_PECUNIARY = spot(r"\bpecuniary\b")


def read(note: Note) -> None:
    if note.has("trust", "grat", "annuity"):
        _trusts(note)
    if note.has("spouse", "wife", "husband", "domestic partner"):
        for match in _SPOUSE.finditer(note.low):
            note.add("spouse", match.start(), match.end(), about="former" if match["former"] else None)
    if note.has("held", "own", "acquired by", "purchased by", "bought by", "sold by"):
        _entities(note)
    if note.has("disclaim", "admission", "conceding"):
        for match in _DISCLAIMS.finditer(note.low):
            near = _PECUNIARY.search(note.low, match.end(), min(len(note.low), match.end() + 200))
            note.add("disclaimer", match.start(), match.end(), about="except_pecuniary" if near else None)


def _trusts(note: Note) -> None:
    trustee = True if _TRUSTEE.search(note.low) else None
    shouted = note.text.isupper()
    seen: set[str] = set()
    for match in _TRUST.finditer(note.low):
        if _NO_TRUST.search(note.low, max(0, match.start() - 14), match.start()):
            continue
        start = match.start() if shouted or note.text[match.start()] != "T" else _name_start(note.text, match.start())
        name = " ".join(note.text[start : match.end()].split()) if start < match.start() else None
        if (name or "") in seen:
            continue
        seen.add(name or "")
        if len(seen) > 40:
            return
        note.add("trust", start, match.end(), holder=name, trustee=trustee)


def _name_start(text: str, at: int) -> int:
    """Where the name that ends with this "Trust" begins, at most twelve words and 120 characters before it."""
    floor, start = max(0, at - 120), at
    for _ in range(12):
        gap = start
        while gap > floor and text[gap - 1].isspace():
            gap -= 1
        word_start = gap
        while word_start > floor and not text[word_start - 1].isspace():
            word_start -= 1
        word = text[word_start:gap]
        if gap == start or word in _NAME_STOPS or not _NAME_WORD.fullmatch(word.strip('"“(')):
            break
        start = word_start + (len(word) - len(word.lstrip('"“(')))
        if start != word_start:
            break
    while (first := text[start:at].split(maxsplit=1)) and first[0] in ("and", "&"):
        start = text.index(first[0], start) + len(first[0])
        start += len(text[start:at]) - len(text[start:at].lstrip())
    return start


def _first_name(words: str) -> str:
    """The first complete name of these words: "Alpha LP" of "Alpha LP, Beta Fund" and of "Alpha LP. Each of Beta"."""
    if complete := _LEGAL_FORM.search(words):
        words = words[: complete.end()]
    return words.partition(". ")[0].strip(" ,") if not complete else words.strip(" ,")


def _entities(note: Note) -> None:
    if note.text.isupper():
        return
    seen: set[str] = set()
    for match in _HELD.finditer(note.low):
        found = (
            _PROPER.match(note.text, match.end())
            or _GENERIC.match(note.low, match.end())
            or _SHORT.match(note.text, match.end())
        )
        if found is None:
            continue
        name = _first_name(found["name"]) if found.re is not _GENERIC else None
        if name and (_SECURITY.search(name) or name.lower() in ("company", "issuer") or name.endswith(" Trust")):
            continue
        if found.re is _GENERIC and _NOT_A_HOLDER.fullmatch(found[0].split()[-1]) and len(found[0].split()) == 2:
            continue
        if (name or "") in seen:
            continue
        seen.add(name or "")
        if len(seen) > 40:
            return
        end = found.start("name") + len(name) if name else found.end()
        note.add("entity_holder", match.start(), end, holder=" ".join(name.split()) if name else None)
