"""What a reporting owner is to the issuer, from the boxes of item 5 and the title as really filed.

Promises: the head of a unit is an officer and no CEO of the issuer ("CEO CCB", "President, Technology"); neither is
who was, will be or assists one ("Former CEO", "Deputy CFO"). A vice president is no president and a vice chair no
chair. Titles cut at thirty characters are understood as far as they go. Chief legal officers count as general counsel.
Refuses: to guess a director or a ten percent owner from words; those are boxes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from filings.ownership.document import Owner
from signals.readings.vocabulary import SLUGS


def roles(owner: Owner, remarks: str | None = None) -> tuple[str, ...]:
    """The owner's roles in the order of `SLUGS`; none where the form ticks no box and says nothing.

    `remarks` are those of the form: a title may just say "See remarks".
    """
    return _roles(
        _title(owner.officer_title, remarks), _title(owner.other_text, remarks), owner.is_officer, owner.is_director,
        owner.is_ten_percent_owner, owner.is_other,
    )  # fmt: skip


# People file with the same boxes and words for years, and every trade asks.
@lru_cache(maxsize=8_192)
def _roles(
    title: str,
    other: str,
    is_officer: bool | None,
    is_director: bool | None,
    is_ten: bool | None,
    is_other: bool | None,
) -> tuple[str, ...]:
    found = set(_titles(title)) if is_officer is not False else set()
    said = _titles(other)
    found |= said
    if is_officer or said - {"chair"} or (_OFFICER.search(other) and not _NOT_NOW.search(other)):
        found.add("officer")  # "Chief Accounting Officer" under Other (specify) is an officer all the same
    found |= {
        slug for slug, ticked in (("director", is_director), ("ten_percent", is_ten), ("other", is_other)) if ticked
    }
    return tuple(slug for slug in SLUGS if slug in found)


_SEE_REMARKS = re.compile(r"\b(?:see|in)\b.{0,12}\b(?:remarks?|footnotes?|below|explanation)", re.IGNORECASE)
_TITLE_IN_REMARKS = re.compile(
    r"(?:\btitles?\b\s*(?:is|:|-)|\b(?:serves?|acts?|served)\s+as|\bis\s+(?:the|our|an?|its)\s|\bposition\s*(?:is|:|-))"
    r"\s*(?:(?:the|an?|our|its)\s+)?(?P<title>[^.;\n]{2,120})",
    re.IGNORECASE,
)
_SHORT_REMARKS = 90
_LONGEST = 200  # characters of a title; EDGAR takes thirty
_OFFICER = re.compile(r"\b(?:chief|principal)\s.{0,30}\boff", re.IGNORECASE)


def _title(words: str | None, remarks: str | None) -> str:
    words = (words or "")[:_LONGEST]
    if not _SEE_REMARKS.search(words):
        return words
    if not remarks:
        return ""
    if found := _TITLE_IN_REMARKS.search(remarks[:2_000]):
        return found["title"][:_LONGEST]
    return remarks if len(remarks) <= _SHORT_REMARKS else ""


_DOTS = re.compile(r"(?<=\b[A-Za-z])\.(?=[A-Za-z]\b|\s|$)|(?<=[a-z])\.(?=\s|$|,)")
_SPLIT = re.compile(r"(\s*(?:,|;|/|&|\+|\band\b|\s-\s|(?<=vp)-|(?<=ceo)-|–|—)\s*)", re.IGNORECASE)
_NOT_NOW = re.compile(
    r"\b(?:former(?:ly)?|ex|past|retired|prior|previous|emeritus|incoming|elect|designate|deputy|assistant|asst|associate|"
    r"assoc|advisor\s+to|adviser\s+to|assistant\s+to|to\s+the|office\s+of)\b",
    re.IGNORECASE,
)
_MODIFIERS = r"(?:(?:co|non|interim|acting|global|group|worldwide|corporate|executive|exec|our|the)[\s-]+)*"
_OF_THE_ISSUER = (
    r"(?:\s+(?:of|for|to)\s+(?:the\s+)?"
    r"(?:company|issuer|corporation|board(?:\s+of\s+directors)?|registrant|bd|board\s+of\s+dir\w*))?"
)
_VICE = r"(?:(?:executive|exec|senior|sr|group|first|corporate|regional|area|division|global)\s+)*"


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"{_MODIFIERS}(?:{pattern}){_OF_THE_ISSUER}", re.IGNORECASE)


# A title that stands alone in its part of the words ("CEO" in "President and CEO") is the issuer's.
_ALONE = (
    ("chair", _whole(r"chair(?:man|woman|person|mn)?(?:\s+of\s+(?:the\s+)?(?:board|bd)\b.{0,15})?")),
    ("ceo", _whole(r"ceo|chief\s+exec(?:utive)?(?:\s+off?\w*)?|principal\s+executive\s+off\w*")),
    ("cfo", _whole(r"cfo|chief\s+fin(?:ancial|ance|['’]?l)?(?:\s+off?\w*)?|principal\s+financial\s+off\w*")),
    ("coo", _whole(r"coo|chief\s+oper(?:ating|ations|['’]?g)?(?:\s+off?\w*)?|principal\s+operating\s+off\w*")),
    ("president", _whole(r"pres(?:ident)?")),
    ("gc", _whole(r"gc|clo|gen(?:eral|['’]?l)?\s+couns\w*|chief\s+legal(?:\s+off?\w*)?|chief\s+counsel")),
)
_VP = re.compile(rf"\b{_VICE}(?:vice[\s-]+pres(?:ident)?\b|v\s?p\b|[esafg]vp\b)", re.IGNORECASE)
# Words that end a title of their own; what else follows a title names the unit that it heads.
_OWN_TITLE = re.compile(
    r"\b(?:off\w*|director|dir|secretary|sec|secy|treasurer|treas|controller|comptroller|founder|architect|counsel|chair\w*|manager|"
    r"partner|advis[eo]r|scientist|president|pres|head|executive|member|owner|strategist|engineer|trustee|principal|cao|cto|cio|cmo|cso|"
    r"cpo|cro|cho|chro|cco|cdo|clo|ciso|gc|ceo|cfo|coo|[esaf]?vp|lead|leader|consultant|treasury|employee)\s*$",
    re.IGNORECASE,
)
_JOINED = ("&", "and", "/", "+")
_CUT_AT = 30


@lru_cache(maxsize=8_192)
def _titles(words: str) -> frozenset[str]:
    """The slugs that a title's own words give, without the boxes."""
    found: set[str] = set()
    parts = list(_parts(words))
    for number, (part, _joint) in enumerate(parts):
        if _NOT_NOW.search(part):
            continue
        if _VP.search(part):
            found.add("vp")
        slug = next((slug for slug, pattern in _ALONE if pattern.fullmatch(part)), None)
        if slug and not _heads_a_unit(slug, parts[number + 1 :], len(words)):
            found.add(slug)
    return frozenset(found)


def _heads_a_unit(slug: str, following: list[tuple[str, str]], length: int) -> bool:
    """ "President, Technology" heads Technology, "President and CEO of Bank" a bank; "President, Secretary" is both."""
    for part, joint in following:
        cut = length >= _CUT_AT and part == following[-1][0]
        if joint not in _JOINED:
            return not (_OWN_TITLE.search(part) or _VP.search(part) or (cut and len(part) < 4))
        if re.search(r"\bof\s+(?!the\s+(?:board|company|issuer)|board|company|issuer)", part, re.IGNORECASE):
            return slug in ("president", "ceo")
    return False


def _parts(words: str) -> Iterator[tuple[str, str]]:
    """The words between commas, ampersands and "and", each with the joint before it."""
    plain = " ".join(_DOTS.sub("", words).replace("(", ", ").replace(")", " ").split())
    pieces = _SPLIT.split(plain)
    joint = ""
    for index, piece in enumerate(pieces):
        if index % 2:
            joint = piece.strip().lower()
        elif piece.strip():
            yield piece.strip(), joint


_ENTITY_ANYWHERE = re.compile(
    r"\b(?:llc|llp|lllp|lp|inc|incorporated|corp|corporation|company|limited|ltd|plc|gmbh|sarl|pte|pty|trusts?|funds?|partners|"
    r"partnership|capital|holdings?|foundation|management|advis[eo]rs|advisory|ventures?|investments?|investors|associates|bancorp|bank|"
    r"ugp|equity|securities|enterprises|properties|pension|university|endowment|etf|group|estate\s+of|financial|industries|"
    r"international|technologies|acquisition|sponsor|global|government|ministry|republic|kingdom|esop)\b",
    re.IGNORECASE,
)
_DOTTED = re.compile(
    r"\b(?:l\.\s?l\.\s?c|l\.\s?p|l\.\s?l\.\s?p|n\.\s?a|s\.\s?a|n\.\s?v|b\.\s?v|s\.\s?p\.\s?a|k\.\s?k|a\.\s?g)\b",
    re.IGNORECASE,
)
# Short forms that are also given names or initials count only at the end of three words or more, or after "&".
_ENTITY_LAST = re.compile(
    r"(?:\S+\s+){2,}(?:co|na|sa|nv|bv|ag|ab|asa|oyj|se|as|spa|kk|gp|kg)\s*$|&\s*co\b|\bagc?\s*$", re.IGNORECASE
)
_SUFFIX = re.compile(r"\s*(?:/[A-Z]{2,4}/?|\(.{0,20}\))\s*$")


@lru_cache(maxsize=8_192)
def is_entity(name: str | None) -> bool:
    """The name says so (LLC, LP, Inc, Trust, Fund, Holdings, ...); a name that says nothing is a person's."""
    plain = _SUFFIX.sub("", (name or "")[:300])
    return any(pattern.search(plain) for pattern in (_ENTITY_ANYWHERE, _DOTTED, _ENTITY_LAST)) or " & " in plain
