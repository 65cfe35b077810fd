"""Names and what people type for them -> words that can be compared. Pure.

EDGAR conforms a person's name to LAST FIRST MIDDLE SUFFIX and an issuer's to capitals with abbreviations and a state
tag ("BANK OF AMERICA CORP /DE/"); filers write as they like; readers type "tim cook", "o'brien" or "J P Morgan".
`lexemes` gives what a name is found by and `Query` what a text asks for; both go through `words`, so that they meet.

Promises: any text is accepted; every word is letters and digits only, in lower case without accents, so nothing that
was typed can be read as an operator; no more than `MAX_WORDS` words of `MAX_LETTERS` characters are looked at.
Refuses: to guess at spelling. A name is found by its words, their beginnings, and the short forms in `_SHORT_FORMS`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from filings.ownership.tickers import tickers

MAX_TEXT = 300
MAX_WORDS = 8
MAX_NAME_WORDS = 24
MAX_LETTERS = 40
# A beginning shorter than this fits a large part of all names.
SHORT = 3
# The shortest word that a typed word may be a longer form of: "jensen" finds JEN.
_SHORTEST_CUT = 3

# Marks that set a key apart from the words of a name: no word holds one.
TICKER, FORMER_TICKER, WHOLE_NAME = "$", "~", "="

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_APOSTROPHES = re.compile(r"['’‘`´ʼ]")
# "/DE/", "/MN", "\NEW\": EDGAR's tags at the end of a conformed name, of a state or a namesake.
_TAG = re.compile(r"(?:\s[/\\]\s?[a-z]{2,4}|[/\\]\s?[a-z]{2,4}\s?[/\\])\s*$")
_ASIDE = re.compile(r"\([^()]*\)")
# "j.p.", "ph.d.", "l.l.c.", "e.l.f.": one word.
_DOTTED = re.compile(r"(?<![^\W_])(?:[^\W\d_]{1,2}\.){2,}(?:[^\W\d_](?![^\W_]))?")
# "at&t", "pg&e": one word; "barnes&noble" is two.
_AMPERSAND = re.compile(r"(?<![^\W_])([^\W_]{1,3})[&+]([^\W_]{1,3})(?![^\W_])")
_SPELLED_OUT = re.compile(r"\b(l l c|l l p|l p)$")
_WORD = re.compile(r"[^\W_]+")

# Words that do not tell one name from another.
_NOISE = {
    *("the", "and", "jr", "sr", "phd", "md", "esq", "cpa"),
    *("inc", "incorporated", "corp", "corporation", "co", "cos", "company", "companies", "ltd", "limited"),
    *("llc", "llp", "lp", "plc", "sa", "nv", "ag", "se", "na"),
}
_GENERATIONS = {"ii", "iii", "iv"}

# Everyday forms of given names that do not begin as the formal one does, and the commonest that do, so that
# "tim cook" ranks with "timothy cook".
_SHORT_FORMS = tuple(
    frozenset(group.split())
    for group in (
        "abigail abby",
        "albert al bert",
        "alexander alex",
        "alexandra alex",
        "andrew andy drew",
        "anthony tony",
        "barbara barb",
        "benjamin ben",
        "catherine katherine kathryn kathleen kathy cathy kate katie",
        "charles charlie chuck",
        "christopher chris",
        "christine christina chris tina",
        "daniel dan danny",
        "david dave",
        "deborah debra deb debbie",
        "donald don",
        "douglas doug",
        "edward ed eddie ted",
        "elizabeth liz beth betsy lisa",
        "eugene gene",
        "francis frank",
        "frederick fred",
        "gerald jerry gerry",
        "gregory greg",
        "henry harry hank",
        "jacob jake",
        "james jim jimmy jamie",
        "jeffrey geoffrey jeff geoff",
        "jennifer jen jenny",
        "john jack johnny",
        "jonathan jon",
        "joseph joe",
        "joshua josh",
        "kenneth ken",
        "lawrence laurence larry",
        "leonard len leo",
        "margaret maggie meg peggy",
        "matthew matt",
        "michael mike",
        "michelle shelly",
        "nicholas nick",
        "pamela pam",
        "patricia pat patty tricia",
        "patrick pat",
        "peter pete",
        "philip phillip phil",
        "rebecca becky",
        "richard rich rick dick",
        "robert rob bob bobby",
        "ronald ron",
        "samuel sam",
        "stanley stan",
        "stephen steven steve",
        "susan sue suzanne",
        "theodore ted theo",
        "thomas tom",
        "timothy tim",
        "victoria vicky",
        "vincent vince",
        "walter walt",
        "william will bill billy liam",
    )
)


def words(text: str) -> list[str]:
    """The words of a name or of a typed text, in order: "O'Brien-Smith, J.P." gives obrien, smith, jp."""
    folded = _fold(text)
    folded = _AMPERSAND.sub(r"\1\2", _DOTTED.sub(lambda dotted: dotted[0].replace(".", "") + " ", folded))
    found = _WORD.findall(folded.replace("&", " and "))
    spelled = _SPELLED_OUT.sub(lambda form: form[0].replace(" ", ""), " ".join(found))
    return [word[:MAX_LETTERS] for word in spelled.split()][:MAX_NAME_WORDS]


def symbol(text: str) -> str:
    """A ticker without the marks that are written in many ways: "BRK.B", "BRK-B" and "brk b" are brkb."""
    return "".join(_WORD.findall(_fold(text)))


def lexemes(
    name: str | None, *, person: bool, symbols: Iterable[str] = (), former_symbols: Iterable[str] = ()
) -> frozenset[str]:
    """What a name is found by: its words, neighbours joined, its symbols, and the keys of the whole name.

    `symbols` and `former_symbols` are as filed ("GOOG, GOOGL"). With `person`, initials and generations are no part
    of the whole name.
    """
    spoken = words(name or "")
    # "AT & T" is asked for as att: "and" comes between no neighbours.
    found = {*spoken, *_joined([word for word in spoken if word != "and"])}
    for mark, filed in ((TICKER, symbols), (FORMER_TICKER, former_symbols)):
        for text in filed:
            for ticker in map(symbol, tickers(text)):
                found |= {ticker, mark + ticker}
    telling = [word for word in words(_ASIDE.sub(" ", name or "")) if word not in _NOISE] or spoken
    if person:
        telling = _without_initials(telling)
    return frozenset(found | _whole(telling))


@dataclass(frozen=True, slots=True)
class Query:
    """What a typed text asks for. `words` are those that tell names apart, or all where none does."""

    words: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> Query:
        spoken = words(text[:MAX_TEXT])[:MAX_WORDS]
        return cls(tuple([word for word in spoken if word not in _NOISE] or spoken))

    @property
    def ticker(self) -> str:
        return "".join(self.words)

    @property
    def whole_names(self) -> frozenset[str]:
        """The keys of a name that is exactly these words, in any order."""
        return _whole(self.words) | _whole(_without_initials(self.words))

    @property
    def readings(self) -> list[tuple[str, ...]]:
        """The words as typed, then with neighbours joined: "j p morgan" may be jpmorgan, "black rock" blackrock."""
        typed = self.words
        if not typed:
            return []
        found = [typed]
        found += [(*typed[:at], typed[at] + typed[at + 1], *typed[at + 2 :]) for at in range(len(typed) - 1)]
        initials = _initials(typed)
        if initials:
            start, end = initials
            found.append((*typed[:start], "".join(typed[start : end + 1]), *typed[end + 1 :]))
        if 2 < len(typed) <= 4:
            found.append(("".join(typed),))
        return list(dict.fromkeys(found))


def short_forms(word: str) -> frozenset[str]:
    """Other everyday or formal forms of a given name: bill and will for william."""
    return frozenset().union(*(group for group in _SHORT_FORMS if word in group)) - {word}


def cuts(word: str) -> list[str]:
    """The shorter words that this one may be a longer form of: jensen gives jen, jens, jense."""
    return [word[:end] for end in range(_SHORTEST_CUT, len(word))] if len(word) > _SHORTEST_CUT + 1 else []


def _fold(text: str) -> str:
    """Lower case, without accents, apostrophes and EDGAR's tag."""
    decomposed = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _TAG.sub("", _APOSTROPHES.sub("", plain))


def _joined(spoken: Sequence[str]) -> set[str]:
    pairs = {left + right for left, right in pairwise(spoken)}
    initials = _initials(spoken)
    if initials:
        start, end = initials
        pairs |= {"".join(spoken[start:end]), "".join(spoken[start : end + 1])}
    return pairs


def _initials(spoken: Sequence[str]) -> tuple[int, int] | None:
    """Where the first run of two or more single letters starts and ends (past its last)."""
    start = 0
    while start < len(spoken):
        end = start
        while end < len(spoken) and len(spoken[end]) == 1:
            end += 1
        if end - start > 1:
            return start, end
        start = end + 1
    return None


def _whole(telling: Sequence[str]) -> frozenset[str]:
    if not telling:
        return frozenset()
    return frozenset({WHOLE_NAME + "".join(telling), WHOLE_NAME + "".join(sorted(telling))})


def _without_initials(telling: Sequence[str]) -> list[str]:
    kept = [word for word in telling if len(word) > 1 and word not in _GENERATIONS]
    return kept if len(kept) > 1 else list(telling)
