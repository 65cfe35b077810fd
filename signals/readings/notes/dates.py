"""Dates in running text, in every spelling that filers use, and the sentences they stand in. Linear time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from signals.readings.notes.spot import spot

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ORDINAL = r"(?:st|nd|rd|th)?"
_DATE = spot(
    # March 3, 2026; March 3rd 2026; MARCH 03,2026; and, without a year, one day of a list that shares it
    rf"\b(?P<m1>{_MONTH}),?\s{{1,4}}(?P<d1>[0-9]{{1,2}}){_ORDINAL}(?![0-9/])(?:\s{{0,2}},?\s{{0,4}}(?P<y1>[0-9]{{4}})(?![0-9]))?"
    # 3 March 2026; the 3rd day of March, 2026
    rf"|(?<![0-9/.,$])(?P<d2>[0-9]{{1,2}}){_ORDINAL}[\s-]{{1,3}}(?:day\sof\s)?(?P<m2>{_MONTH})(?:,?[\s-]{{1,4}}|,)(?P<y2>[0-9]{{4}})(?![0-9])"
    # 3/3/26, 03-03-2026
    r"|(?<![0-9/.$-])(?P<m3>[0-9]{1,2})(?P<sep>[/-])(?P<d3>[0-9]{1,2})(?P=sep)(?P<y3>[0-9]{4}|[0-9]{2})(?![0-9/-])"
    # 2026-03-03
    r"|(?<![0-9-])(?P<y4>[0-9]{4})-(?P<m4>[0-9]{2})-(?P<d4>[0-9]{2})(?![0-9-])",
)
_MORE_YEARS = re.compile(r"\s{0,2}(?:,\s{0,2}and|,|and|&)\s{0,2}([0-9]{4})(?![0-9,])")
_LIST_GAP = re.compile(r"\s{0,2}(?:,\s{0,2}and|,|and|&|or)?\s{0,2}(?:of\s)?\s{0,2}")


@dataclass(frozen=True, slots=True)
class Dated:
    """A date and where its words stand."""

    start: int
    end: int
    day: date


def dates_in(text: str, start: int = 0, end: int | None = None) -> tuple[Dated, ...]:
    """Every date between the offsets of this lower-case text that the calendar knows, in order.

    "June 15, September 15 and December 15, 2026" are three dates, "January 15, 2023, 2024 and 2025" too. A two-digit
    year below 80 is of this century.
    """
    end = len(text) if end is None else end
    found: list[Dated] = []
    waiting: list[tuple[int, int, int, int]] = []  # days of a list whose year comes at its end
    for match in _DATE.finditer(text, start, end):
        if match["m1"] and not match["y1"]:
            if waiting and not _LIST_GAP.fullmatch(text, waiting[-1][1], match.start()):
                waiting = []
            waiting.append((match.start(), match.end(), _month(match["m1"]), int(match["d1"])))
            continue
        year, month, day = _parts(match)
        if waiting and _LIST_GAP.fullmatch(text, waiting[-1][1], match.start()):
            for first, last, its_month, its_day in waiting:
                _keep(found, first, last, year, its_month, its_day)
        waiting = []
        _keep(found, match.start(), match.end(), year, month, day)
        at = match.end()
        while match["m1"] and (more := _MORE_YEARS.match(text, at, end)):
            _keep(found, at, more.end(), int(more[1]), month, day)
            at = more.end()
    return tuple(found)


def _keep(found: list[Dated], start: int, end: int, year: int, month: int, day: int) -> None:
    try:
        found.append(Dated(start, end, date(year, month, day)))
    except ValueError:  # 31 June, month 13: words that look like a date and are none
        return


def _parts(match: re.Match[str]) -> tuple[int, int, int]:
    if match["m1"]:
        return int(match["y1"]), _month(match["m1"]), int(match["d1"])
    if match["m2"]:
        return int(match["y2"]), _month(match["m2"]), int(match["d2"])
    if match["m3"]:
        year = int(match["y3"])
        if len(match["y3"]) == 2:
            year += 2000 if year < 80 else 1900
        return year, int(match["m3"]), int(match["d3"])
    return int(match["y4"]), int(match["m4"]), int(match["d4"])


def _month(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1


_STOP = re.compile(r"[.;!?](?=[\s\"”)\]]{1,3}[A-Z0-9(\"“\[]|\s{0,3}\Z)")
_ABBREVIATED = spot(
    r"(?:\b(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|approx|inc|mr|mrs|ms|dr|jr|sr|no|nos|ltd|corp|co|st|vs|messrs|[a-z])|\.[a-z])\Z"
)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence starts and ends. A full stop after "Inc", "Mr" or an initial ends none."""
    start = 0
    for stop in _STOP.finditer(text):
        at = stop.start()
        if text[at] == "." and at + 1 < len(text) and _ABBREVIATED.search(text[max(start, at - 8) : at].lower()):
            continue
        yield start, at + 1
        start = at + 1
    if start < len(text):
        yield start, len(text)
