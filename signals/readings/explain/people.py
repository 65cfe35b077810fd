"""Who filed, in the order in which names are read: "HUANG JEN HSUN" of the data is "Jen Hsun Huang".

EDGAR conforms a person's name to LAST FIRST MIDDLE SUFFIX, often in capitals. Promises: words are put in another
order and another case, none is added or left out but EDGAR's tag of a state; a title is quoted as filed.
Refuses to turn round what may be no person's name: an entity, a name of one word, a name with a comma.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from filings.ownership.document import Owner
from signals.readings.explain.words import count
from signals.readings.roles import is_entity, roles

_TAG = re.compile(r"(?:\s[/\\]\s?[A-Za-z]{2,4}|[/\\]\s?[A-Za-z]{2,4}\s?[/\\])\s*$")
_ASIDE = re.compile(r"\s*\([^()]{1,30}\)\s*$")
_SUFFIXES = {"jr", "sr", "ii", "iii", "iv", "phd", "md", "esq", "cpa"}
# Words that belong to the last name that follows: "VAN DER BERG JAN".
_PARTICLES = {
    "van", "von", "der", "den", "de", "la", "las", "los", "del", "della", "di", "da", "dos", "du", "el", "al", "ter",
    "st", "st.", "mc", "mac", "vander", "san", "santa",
}  # fmt: skip
_LITTLE = {"of", "and", "the", "for", "in", "at", "by", "on", "to", "van", "von", "der", "den", "de", "la", "del", "di"}
_KEPT_CAPITALS = re.compile(r"[A-Z&.]{1,3}|[^AEIOUY]+|(?:[IVX]+)|(?:[A-Z]\.)+[A-Z]?\.?")
_SHORT_WORDS = {"INC": "Inc", "LTD": "Ltd", "CO": "Co", "COS": "Cos", "CORP": "Corp", "PTE": "Pte", "PTY": "Pty",
                "JR": "Jr", "SR": "Sr", "ST": "St", "BANC": "Banc", "JPMORGAN": "JPMorgan", "BOFA": "BofA"}  # fmt: skip


@lru_cache(maxsize=16_384)
def reading_name(name: str | None) -> str:
    """A name as it is read aloud; "an owner without a name" where the form gives none."""
    if not name or not name.strip():
        return "an owner without a name"
    plain = " ".join(_TAG.sub("", name).split()) or name.strip()
    aside = _ASIDE.search(plain)
    bare = plain[: aside.start()] if aside else plain
    if is_entity(bare):
        told = _cased(bare, person=False)
    elif "," in bare or len(bare.split()) < 2 or "&" in bare:
        told = _cased(bare, person=True)
    else:
        told = _turned(bare)
    return told + (plain[aside.start() :] if aside else "")


def _turned(name: str) -> str:
    """LAST FIRST MIDDLE SUFFIX -> First Middle Last Suffix."""
    words = name.split()
    at = 1
    while at < len(words) - 1 and words[at - 1].lower() in _PARTICLES:
        at += 1
    last, rest = words[:at], words[at:]
    suffixes = [word for word in rest if word.lower().strip(".") in _SUFFIXES]
    given = [word for word in rest if word not in suffixes]
    if not given:
        return _cased(name, person=True)
    return _cased(" ".join([*given, *last, *suffixes]), person=True)


def _cased(name: str, *, person: bool) -> str:
    """Capitals become ordinary letters; a name that has both keeps them."""
    letters = [letter for letter in name if letter.isalpha()]
    if any(letter.islower() for letter in letters):
        return name
    return " ".join(_word(word, person) for word in name.split())


def _word(word: str, person: bool) -> str:
    bare = word.strip(".,()")
    if bare in _SHORT_WORDS:
        return word.replace(bare, _SHORT_WORDS[bare])
    if bare.lower() in _SUFFIXES and bare.lower() not in ("jr", "sr"):
        return word
    if bare.lower() in _LITTLE:
        return word.lower()
    parts = word.split("-")
    told = "-".join(
        part if not person and _KEPT_CAPITALS.fullmatch(part.strip(".,()")) else part.capitalize() for part in parts
    )
    told = re.sub(r"\bMc([a-z])", lambda found: "Mc" + found[1].upper(), told)
    return re.sub(r"\b([OD])['’]([a-z])", lambda found: f"{found[1]}’{found[2].upper()}", told)


_ROLE_WORDS = {"director": "director", "ten_percent": "10% owner", "other": "other"}
_SEE = re.compile(r"\b(?:see|in)\b.{0,12}\b(?:remarks?|footnotes?|below|explanation)", re.IGNORECASE)
_SLUG_WORDS = {
    "chair": "chair", "ceo": "chief executive", "cfo": "chief financial officer", "coo": "chief operating officer",
    "president": "president", "gc": "general counsel", "vp": "vice president", "officer": "officer",
}  # fmt: skip


def role_words(owner: Owner, remarks: str | None = None) -> str:
    """What the owner is to the company: the title as filed, else what the boxes say; "" where nothing is said."""
    return _role_words(
        owner.officer_title, owner.other_text, owner.is_director, owner.is_officer, owner.is_ten_percent_owner,
        owner.is_other, remarks if _SEE.search(f"{owner.officer_title} {owner.other_text}") else None,
    )  # fmt: skip


@lru_cache(maxsize=16_384)
def _role_words(
    title: str | None, other: str | None, director: bool | None, officer: bool | None, tenth: bool | None,
    is_other: bool | None, remarks: str | None,
) -> str:  # fmt: skip
    said = " ".join((title or "").split())
    parts: list[str] = []
    if said and not _SEE.search(said):
        parts.append(_title(said))
    elif said or officer:
        slugs = roles(Owner("", is_officer=officer, officer_title=title, other_text=other), remarks)
        named = [_SLUG_WORDS[slug] for slug in slugs if slug in _SLUG_WORDS]
        parts.append(" and ".join(name for name in named if name != "officer") or "officer")
    if director and "director" not in said.lower():
        parts.append("director")
    if tenth:
        parts.append("10% owner")
    if is_other or other:
        words = " ".join((other or "").split())
        if words and not _SEE.search(words):
            parts.append(_title(words))
        elif not parts:
            slugs = roles(Owner("", is_other=True, other_text=other), remarks)
            named = [_SLUG_WORDS[slug] for slug in slugs if slug in _SLUG_WORDS and slug != "officer"]
            parts.append(" and ".join(named) or "other")
    return ", ".join(dict.fromkeys(parts))


def _title(words: str) -> str:
    return _cased(words, person=False)


def lead_owner(owners: Sequence[Owner]) -> Owner | None:
    """The owner to name first: a person with a seat or an office, a person, whoever stands first."""
    people = [owner for owner in owners if not is_entity(owner.name)]
    seated = [owner for owner in people if owner.is_officer or owner.is_director]
    return next(iter([*seated, *people, *owners]), None)


def who(owners: Sequence[Owner], remarks: str | None = None) -> str:
    """The filers as the subject of a sentence: "Jen Hsun Huang (president and CEO) and two other filers"."""
    lead = lead_owner(owners)
    if lead is None:
        return "an unnamed owner"
    name, role = reading_name(lead.name), role_words(lead, remarks)
    told = f"{name} ({role})" if role else name
    others = len(owners) - 1
    return f"{told} and {count(others, 'other filer')}" if others else told
