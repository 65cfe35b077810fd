"""A typed text -> the issuers, insiders and filings that it may mean, the likeliest first.

`search` never raises, whatever is typed, and asks the database at most three times. An accession number (dashed, as
18 digits, or inside an address) is that filing; a CIK is whoever has it. Everything else is words, in any order, of
which the last may be unfinished; where that finds too little, every word may be the beginning of one in the name, or
a longer form of it. An exact ticker comes first, then a whole name, then by `SearchName.rank`.

Short beginnings fit too many names to be looked for everywhere. One or two letters find, as a beginning, the leading
names (`search_index.appoint_leaders`; all of them lead while there are few), and any other name that a longer word of
the same search finds. Words that are all shorter than four letters are beginnings of leading names only, but for the
last of three. Whole words of any length find every name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db import connection

from filings.models import Filing
from filings.names import FORMER_TICKER, SHORT, TICKER, Query, cuts, short_forms

MAX_HITS = 100
_MAX_TEXT = 2_000

_DASHED = re.compile(r"(?<![0-9])([0-9]{10})-([0-9]{2})-([0-9]{6})(?![0-9])")
_UNDASHED = re.compile(r"(?<![0-9])([0-9]{10})([0-9]{2})([0-9]{6})(?![0-9])")
_CIK = re.compile(r"\s*(?:cik)?\s*[:#=]?\s*([0-9]{1,10})\s*", re.IGNORECASE)
_CIK_IN_ADDRESS = re.compile(r"(?:\bcik=?|/data/|/issuers/|/insiders/)([0-9]{1,10})(?![0-9])", re.IGNORECASE)

# How well a name fits, the best first.
_CIK_ITSELF, _ITS_TICKER, _WHOLE_NAME, _FORMER_TICKER, _WHOLE_WORDS, _BEGINNINGS, _LOOSELY = range(7)

_COLUMNS = "kind, cik, title, detail, former_name, rank"
# Each arm is ordered and cut by itself, so that none hands on more than a page of hits.
_ARM = f"""(
    SELECT {_COLUMNS}, {{level}} AS level FROM filings_searchname WHERE {{condition}}
     ORDER BY level, rank DESC, kind DESC, cik, former_name NULLS FIRST LIMIT %(rows)s)"""
_BY_CIK = _ARM.format(level=_CIK_ITSELF, condition="cik = %(cik)s AND former_name IS NULL")
_BY_KEY = _ARM.format(
    level=f"""CASE WHEN lexemes @@ %(ticker)s::tsquery THEN {_ITS_TICKER}
                   WHEN lexemes @@ %(whole)s::tsquery THEN {_WHOLE_NAME} ELSE {_FORMER_TICKER} END""",
    condition="lexemes @@ %(keys)s::tsquery",
)
_LEVEL = f"""CASE WHEN lexemes @@ %(complete)s::tsquery THEN {_WHOLE_WORDS}
                  WHEN lexemes @@ %(strict)s::tsquery THEN {_BEGINNINGS} ELSE {_LOOSELY} END"""
_AMONG_LEADING = _ARM.format(level=_LEVEL, condition="is_leading AND lexemes @@ %(loose)s::tsquery")
# As a function, the second condition is no business of the index, which would read every name that begins so.
_AMONG_ALL = _ARM.format(
    level=_LEVEL, condition="lexemes @@ %(anchor)s::tsquery AND ts_match_vq(lexemes, %(wanted)s::tsquery)"
)

Found = tuple[str, int, str, str, str | None, int, int]


@dataclass(frozen=True, slots=True)
class Hit:
    """One issuer, insider or filing.

    `key` is its CIK (10 digits) or its dashed accession number. `detail` is the ticker of an issuer, the latest role
    and issuer of an insider, form and date of a filing; "" where there is none. `former_name` is the name that was
    found where it is not the present one, else None.
    """

    kind: Literal["issuer", "insider", "filing"]
    key: str
    title: str
    detail: str
    former_name: str | None = None


def search(query: str, limit: int = 10) -> list[Hit]:
    """At most `limit` hits (and at most `MAX_HITS`), the likeliest first; the order is total."""
    limit = min(limit, MAX_HITS)
    text = query[:_MAX_TEXT]
    if limit < 1:
        return []
    accession = _accession(text)
    if accession:
        return _filings(accession)
    cik = _cik(text)
    asked = Query.read(text)
    if not asked.words and cik is None:
        return []
    return [_hit(row) for row in _names(asked, cik, limit)]


def _accession(text: str) -> str | None:
    found = _DASHED.search(text) or _UNDASHED.search(text)
    return "-".join(found.groups()) if found else None


def _cik(text: str) -> int | None:
    found = _CIK.fullmatch(text) or _CIK_IN_ADDRESS.search(text)
    return int(found[1]) if found else None


def _filings(accession: str) -> list[Hit]:
    filings = Filing.objects.filter(accession=accession).select_related("issuer")
    return [
        Hit(
            "filing",
            filing.accession,
            filing.issuer_name or filing.issuer.name or "Unnamed issuer",
            ", ".join(filter(None, (f"Form {filing.form}", filing.listed_on and filing.listed_on.isoformat()))),
        )
        for filing in filings
    ]


def _names(asked: Query, cik: int | None, limit: int) -> list[Found]:
    """The best rows, one a party: keys and leading names first, then all names as far as it takes."""
    terms = _Terms(asked)
    ticker, former_ticker = _lexeme(TICKER + asked.ticker), _lexeme(FORMER_TICKER + asked.ticker)
    whole = _any(map(_lexeme, sorted(asked.whole_names)))
    parameters: dict[str, str | int | None] = {
        "cik": cik,
        "rows": 4 * limit,
        "ticker": ticker,
        "whole": whole,
        "keys": _any([ticker, former_ticker, whole]),
        "complete": terms.complete,
        "strict": terms.strict,
        "loose": terms.loose,
    }
    arms = [_BY_CIK] if cik is not None else []
    if asked.words:
        arms += [_BY_KEY, _AMONG_LEADING]
    rows = _best(_fetch(" UNION ALL ".join(arms), parameters))
    if not asked.words or _is_enough(rows, _WHOLE_WORDS if terms.complete else _BEGINNINGS, limit):
        return rows[:limit]
    # Enough leading names begin so: of the others only whole words can come before them.
    wanted = "complete" if _is_enough(rows, _BEGINNINGS, limit) else "strict"
    anchored = {"anchor": getattr(terms, f"{wanted}_anchor"), "wanted": parameters[wanted]}
    rows = _best([*rows, *_fetch(_AMONG_ALL, parameters | anchored)])
    if not _is_enough(rows, _BEGINNINGS, limit) and terms.loose_anchor:
        anchored = {"anchor": terms.loose_anchor, "wanted": terms.loose}
        rows = _best([*rows, *_fetch(_AMONG_ALL, parameters | anchored)])
    return rows[:limit]


def _fetch(statement: str, parameters: Mapping[str, str | int | None]) -> list[Found]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def _best(rows: Iterable[Found]) -> list[Found]:
    """One row a party, its best, in order."""

    def order(row: Found) -> tuple[object, ...]:
        kind, cik, _, _, former_name, rank, level = row
        return level, -rank, kind != "issuer", cik, former_name or ""

    found: dict[tuple[str, int], Found] = {}
    for row in sorted(rows, key=order):
        found.setdefault((row[0], row[1]), row)
    return list(found.values())


def _is_enough(rows: list[Found], level: int, limit: int) -> bool:
    return sum(row[-1] <= level for row in rows) >= limit


def _hit(row: Found) -> Hit:
    kind, cik, title, detail, former_name, _, _ = row
    return Hit("issuer" if kind == "issuer" else "insider", f"{cik:010d}", title, detail, former_name)


class _Terms:
    """A query's words as PostgreSQL's text queries. Words are letters and digits, so quoting them is all it takes.

    `strict` lets the last word be unfinished, `complete` none, `loose` all. `complete` is "" where the last word is
    short: one that is being typed. An `_anchor` is the part of it that the index over all names is asked, without the
    short beginnings; "" where nothing is left to ask.
    """

    def __init__(self, asked: Query) -> None:
        self._may_be_a_person = len(asked.words) > 1
        readings = asked.readings
        is_typing = not asked.words or len(asked.words[-1]) < SHORT
        self.complete = "" if is_typing else _any(_all(map(self._whole, words)) for words in readings)
        self.complete_anchor = self.complete
        self.strict = _any(map(self._strictly, readings))
        self.strict_anchor = _any(map(self._strictly_anchored, readings))
        self.loose = _any([self._loosely(asked.words), *map(self._strictly, readings[1:])])
        long = [word for word in asked.words if len(word) >= SHORT]
        tells_enough = self._may_be_a_person and any(len(word) > SHORT for word in long)
        self.loose_anchor = self._loosely(long) if tells_enough else ""

    def _forms(self, word: str) -> list[str]:
        return [word, *sorted(short_forms(word))] if self._may_be_a_person else [word]

    def _whole(self, word: str) -> str:
        return _any(map(_lexeme, self._forms(word)))

    def _begun(self, word: str) -> str:
        return _any([_lexeme(word) + ":*", *map(_lexeme, self._forms(word)[1:])])

    def _loosely(self, words: Sequence[str]) -> str:
        longer_forms = cuts if self._may_be_a_person else lambda word: []
        return _all(_any([self._begun(word), *map(_lexeme, longer_forms(word))]) for word in words)

    def _strictly(self, words: Sequence[str]) -> str:
        return _all([*map(self._whole, words[:-1]), *map(self._begun, words[-1:])])

    def _strictly_anchored(self, words: Sequence[str]) -> str:
        if len(words[-1]) >= SHORT:
            return self._strictly(words)
        if any(len(word) >= SHORT for word in words[:-1]):
            return _all(map(self._whole, words[:-1]))
        return _all(map(self._whole, words))


def _lexeme(word: str) -> str:
    return f"'{word}'"


def _all(terms: Iterable[str]) -> str:
    return " & ".join(f"({term})" for term in terms if term)


def _any(terms: Iterable[str]) -> str:
    return " | ".join(f"({term})" for term in terms if term)
