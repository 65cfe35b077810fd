"""Who and when in the invented archive: companies and people that nobody could take for real ones, and its days.

A CIK or an accession number is the archive's exactly when it lies in these ranges: the SEC numbers filers upwards from
1 and stands near two million. Every name says "(Archive)", and every symbol has more letters than any exchange lists.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate

from filings.ownership.calendar import edgar_open

MARK = "(Archive)"
AGENTS = 64
FIRST_AGENT = 9_980_000_001
FIRST_ISSUER = 9_980_001_001
FIRST_INSIDER = 9_981_000_001
# Of one issuer: its people's CIKs lie together.
PEOPLE_EACH = 200

# The last quarter of every archive, so that equal arguments give equal archives whenever they are run.
LAST_QUARTER = (2026, 3)
FILINGS_A_YEAR = 200_000
ISSUERS_A_YEAR = 4_500
LEAST_QUARTERS = 14

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
# Filings a day by month: the year of 2025 had 1,130 in February, 1,025 in March and 425 in October.
_SEASONS = (0.8, 1.5, 1.4, 0.75, 1.05, 0.95, 0.7, 0.95, 0.8, 0.55, 0.95, 0.9)

_LEFT = (
    *("Amber", "Birch", "Cedar", "Delta", "Ember", "Fjord", "Granite", "Harbor", "Indigo", "Juniper", "Kestrel"),
    *("Larch", "Meadow", "Nimbus", "Opal", "Pewter", "Quarry", "Raven", "Saffron", "Tundra", "Umber", "Vesper"),
    *("Willow", "Xenon", "Yarrow", "Zephyr"),
)
_MIDDLE = ("Anvil", "Beacon", "Compass", "Dynamo", "Engine", "Furnace", "Gear", "Hinge", "Lantern", "Mill", "Relay")
_RIGHT = ("Corp", "Inc", "Holdings Inc", "Therapeutics Inc", "Bancorp", "Group Ltd", "Technologies Inc", "Energy Corp")
_FAMILY = (
    *("ASHDOWN", "BRACKEN", "CALLOWAY", "DRUMMOND", "ELLERY", "FAIRWEATHER", "GALLOW", "HOLLIS", "INGLEBY", "JARROW"),
    *("KENTMERE", "LOCKWOOD", "MARLOWE", "NETHERBY", "OAKSHOTT", "PEMBER", "QUILLER", "RAVENSCROFT", "STANNARD"),
    *("THORNE", "UNDERHAY", "VANCE", "WETHERBY", "YARDLEY", "ZELLNER"),
)
_GIVEN = (
    *("ADA", "BRUNO", "CLARA", "DESMOND", "EDITH", "FELIX", "GRETA", "HUGO", "IRIS", "JONAS", "KARIN", "LEON"),
    *("MABEL", "NORA", "OSCAR", "PETRA", "QUENTIN", "ROSA", "SIMON", "TESSA", "URSULA", "VICTOR", "WINONA"),
)

# What issuers call the share that they report most, by how many of 3,175 issuers do: SECURITY_TITLE of NONDERIV_HOLDING
# and UNDLYNG_SEC_TITLE of both DERIV tables, SEC Insider Transactions Data Set of 2024 Q3, counted in November 2026. A
# partnership's common units are read as common; the last five lines are of the families that are not. One title stands
# for many that few issuers have: Class I for the other classes, Subordinate Voting and those below for their families.
_SHARES = {
    "Common Stock": 2230, "Common Shares": 106, "Common Stock, par value $0.01 per share": 212,
    "Class A Common Stock": 380, "Class B Common Stock": 32, "Class C Common Stock": 7, "Class I Common Stock": 25,
    "Ordinary Shares": 73, "Class A Ordinary Shares": 29,
    "Common Units": 17, "Common Shares of Beneficial Interest": 14,
    "Subordinate Voting Shares": 29,
    "Series B Preferred Stock": 9,
    "Restricted Stock": 5,
    "American Depositary Shares": 4,
    "Senior Secured Notes": 3,
}  # fmt: skip
_TITLES, _UP_TO = tuple(_SHARES), tuple(accumulate(_SHARES.values()))
_GOLDEN = 0.6180339887498949


def share_title(number: int) -> str:
    """An issuer's title for its share, for good. Steps of the golden section keep the shares true of a few too."""
    return _TITLES[bisect_right(_UP_TO, (number + 0.5) * _GOLDEN % 1 * _UP_TO[-1])]


def issuer_name(number: int) -> str:
    left, rest = number % len(_LEFT), number // len(_LEFT)
    middle, rest = rest % len(_MIDDLE), rest // len(_MIDDLE)
    count = f" {rest // len(_RIGHT) + 1}" if rest >= len(_RIGHT) else ""
    return f"{_LEFT[left]} {_MIDDLE[middle]}{count} {_RIGHT[rest % len(_RIGHT)]} {MARK}"


def ticker(number: int) -> str:
    letters = ""
    for _ in range(4):
        number, letter = divmod(number, 26)
        letters = chr(65 + letter) + letters
    return f"ARC{letters}"


def person_name(draw: random.Random) -> str:
    return f"{draw.choice(_FAMILY)} {draw.choice(_GIVEN)} {chr(65 + int(draw.random() * 26))} {MARK}"


def fund_name(draw: random.Random) -> str:
    return f"{draw.choice(_LEFT)} {draw.choice(('Capital', 'Partners', 'Growth Fund'))} LP {MARK}"


@dataclass(frozen=True)
class Calendar:
    """The business days of an archive, with how much is filed on each, spelled as the tables spell them."""

    quarters: tuple[tuple[int, int], ...]
    days: tuple[date, ...] = ()
    words: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()  # cumulative
    starts: tuple[int, ...] = ()  # the first day of each quarter
    years: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, filings: int) -> Calendar:
        year, quarter = LAST_QUARTER
        count = min(82, max(LEAST_QUARTERS, -(-filings * 4 // FILINGS_A_YEAR)))
        last = year * 4 + quarter - 1
        quarters = tuple(divmod(number, 4) for number in range(last - count + 1, last + 1))
        day = date(quarters[0][0], quarters[0][1] * 3 + 1, 1)
        end = date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
        days = []
        while day < end:
            if edgar_open(day):
                days.append(day)
            day += timedelta(days=1)
        weights, total = [], 0.0
        for day in days:
            total += _SEASONS[day.month - 1] * (2.0 if day.weekday() == 1 and day.day < 8 and day.month == 3 else 1.0)
            weights.append(total)
        firsts = [date(year, quarter * 3 + 1, 1) for year, quarter in quarters]
        return cls(
            quarters=tuple((year, quarter + 1) for year, quarter in quarters),
            days=tuple(days),
            words=tuple(spelled(day) for day in days),
            weights=tuple(weights),
            starts=tuple(next(i for i, day in enumerate(days) if day >= first) for first in firsts),
        )

    def quarter_of(self, day: int) -> int:
        return bisect_right(self.starts, day) - 1


def spelled(day: date) -> str:
    return f"{day.day:02d}-{_MONTHS[day.month - 1]}-{day.year}"


def issuers_for(filings: int, quarters: int) -> int:
    """As many as file in a year, and some that come and go."""
    return max(3, round(ISSUERS_A_YEAR * filings / (FILINGS_A_YEAR * quarters / 4)))


def shares_of(filings: int, issuers: int) -> list[int]:
    """How many filings each issuer has: skewed as symbols are, every one at least one, and together all of them."""
    weights = [1.0 / (rank + 8) ** 0.75 for rank in range(issuers)]
    scale = (filings - issuers) / sum(weights)
    found, carried = [], 0.0
    for weight in weights:
        carried += weight * scale
        whole = int(carried)
        carried -= whole
        found.append(1 + whole)
    found[0] += filings - sum(found)
    return found
