"""What is an insider's own: habits, the class of each year, plans, and the stake after each trade, reconciled.

Promises: all of it from standing trades, each event once; where a trade begins from another number than the one before
left, that is said and not smoothed. One query.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from filings.models.fields import dashed
from form4site.kit.charts import Chart, OwnershipLine, PositionChart, Report, Sparkbar, TinyBars
from form4site.kit.charts.words import MONTH_NAMES
from form4site.kit.statements import Question, Rows, Statement, asked, in_words, selected
from signals.addresses import filing_address
from signals.choice import ADJUSTED, Choice
from signals.detectors.classes import UNCLASSIFIED, status_of
from signals.readings.explain.words import number
from signals.readings.habits import Days, Habit, habits_among
from signals.readings.splits import NO_SPLITS, Splits
from signals.readings.vocabulary import MARKET
from signals.selectors.seats import Seat
from signals.selectors.timelines import SHOWN_ROWS, Scope, names_told_apart, split_words

CLASS_YEARS = 3  # those before, as in the study
SHOWN_CLASSES = 6
MONTHS = 36
LINKED = 100  # reports of the chart of stakes that lead to their filing, as its dots and its table do
SHOWN_GAPS = 3


class Stakes(NamedTuple):
    """What each filing left of one class, in order: its day, the stake after its last trade, and before its first."""

    issuer: str
    security_class: str
    days: Sequence[date]
    after: Sequence[Decimal]
    before: Sequence[Decimal | None]
    filings: Sequence[int]


@dataclass(frozen=True, slots=True)
class HabitRow:
    """A habit with its three strips: when, in which months of the year, in what sizes."""

    habit: Habit
    issuer_name: str
    when: Sparkbar
    months: TinyBars
    sizes: TinyBars
    months_told: str


@dataclass(frozen=True, slots=True)
class ClassRow:
    """What the three years before a year make of it. `months` are those with a trade in all of them."""

    issuer: str
    issuer_name: str
    year: int
    status: str
    months: str


@dataclass(frozen=True, slots=True)
class Plans:
    """The counted trades by what is known of a plan, and the days on which plans were adopted as far as notes say."""

    under: int
    outside: int
    unknown: int
    adopted: Sequence[date]

    @property
    def trades(self) -> int:
        return self.under + self.outside + self.unknown


@dataclass(frozen=True, slots=True)
class InsiderAlong:
    habits: Sequence[HabitRow]
    classes: Sequence[ClassRow]
    plans: Plans
    position: Chart | None
    gaps: Sequence[str]
    split_words: Sequence[str]


def insider_scope(seats: Sequence[Seat]) -> Scope:
    """A lane for each issuer."""
    return Scope(issuer_names(seats), "At each company")


def issuer_names(seats: Iterable[Seat]) -> dict[str, str]:
    return names_told_apart({seat.issuer.cik: seat.issuer.name or seat.issuer.cik for seat in seats})


# One row for the days of each habit, the months of each issuer's open-market trades, the trades by what is known of a
# plan and of its day, and the stakes in the class with most of them; their numbers as arrays, so that thousands cost
# little to fetch.
_ALONG = f"""
WITH acted AS MATERIALIZED (
    SELECT issuer_id, traded_on, filing_id, number, kind, value, plan_status, plan_adopted_on, security_class,
           stake_before, stake_after, counted AND kind IN ({in_words(MARKET)}) AS market,
           "table" = 'I' AND code IN ('P', 'S') AS open_market, "table" = 'I' AND stake_after IS NOT NULL AS staked
      FROM signals_trade
     WHERE owners @> ARRAY[{selected("owner")}] AND standing AND traded_on IS NOT NULL
), daily AS (
    SELECT issuer_id, kind IN ('buy', 'planned_buy') AS bought, traded_on, sum(value) AS value,
           bool_or(kind IN ('planned_buy', 'planned_sell')) AS planned
      FROM acted WHERE market GROUP BY 1, 2, 3
), main AS (
    SELECT issuer_id, security_class
      FROM acted WHERE staked
     GROUP BY 1, 2 HAVING count(*) > 1
     ORDER BY count(*) DESC, max(traded_on) DESC, issuer_id DESC, security_class COLLATE "C" DESC LIMIT 1
), stakes AS (
    SELECT issuer_id, security_class, traded_on, filing_id, row_number() OVER told AS place,
           last_value(stake_after) OVER told AS after, first_value(stake_before) OVER told AS before
      FROM acted WHERE staked AND (issuer_id, security_class) = (SELECT issuer_id, security_class FROM main)
    WINDOW told AS (PARTITION BY traded_on, filing_id ORDER BY number
                    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
)
SELECT 'habit', issuer_id, CASE WHEN bought THEN 'bought' ELSE 'sold' END, array_agg(traded_on ORDER BY traded_on),
       array_agg(value ORDER BY traded_on), NULL::numeric[], NULL::bigint[], count(*) FILTER (WHERE planned)
  FROM daily GROUP BY issuer_id, bought
UNION ALL
SELECT 'months', issuer_id, '', array_agg(month), NULL, NULL, NULL, 0
  FROM (SELECT DISTINCT issuer_id, traded_on - extract(day FROM traded_on)::int + 1 AS month
          FROM acted WHERE open_market) months
 GROUP BY issuer_id
UNION ALL
SELECT 'plans', 0, plan_status, ARRAY[plan_adopted_on], NULL, NULL, NULL, count(*)
  FROM acted WHERE market GROUP BY plan_status, plan_adopted_on
UNION ALL
SELECT 'stakes', max(issuer_id), max(security_class), array_agg(traded_on), array_agg(after), array_agg(before),
       array_agg(filing_id), count(*)
  FROM (SELECT * FROM stakes WHERE place = 1 ORDER BY traded_on, filing_id) in_order HAVING count(*) > 0
"""


@asked
def along_of(insider: int) -> Question[Rows]:
    """What `insider_along` is made of, once it is known where they sit."""
    (rows,) = yield [Statement(_ALONG, {"owner": insider})]
    return rows


def insider_along(rows: Rows, seats: Sequence[Seat], choice: Choice) -> InsiderAlong:
    """`rows` are those of `along_of`."""
    issuers = {int(seat.issuer.cik): seat.issuer.cik for seat in seats}
    names = issuer_names(seats)
    splits = {seat.issuer.cik: seat.splits for seat in seats}
    days: list[Days] = []
    months: dict[str, set[tuple[int, int]]] = {}
    plans: Counter[str] = Counter()
    adopted: set[date] = set()
    stakes: Stakes | None = None
    for what, at, word, on, numbers, before, filings, count in rows:
        issuer = issuers.get(at) or f"{at:010}"
        if what == "habit":
            days.append(Days(issuer, word, tuple(zip(on, numbers, strict=True)), count))
        elif what == "months":
            months[issuer] = {(month.year, month.month) for month in on}
        elif what == "plans":
            plans[word] += count
            adopted.update(day for day in on if day)
        else:
            stakes = Stakes(issuer, word, on, numbers, before, filings)
    return InsiderAlong(
        habits=[habit_row(place, habit, names) for place, habit in enumerate(habits_among(days))],
        classes=_classes(months, names),
        plans=Plans(
            under=plans["plan"] + plans["plan_filing"],
            outside=plans["not_plan"],
            unknown=plans["unknown"],
            adopted=sorted(adopted, reverse=True),
        ),
        position=_position(stakes, names, splits.get(stakes.issuer, NO_SPLITS), choice) if stakes else None,
        gaps=_gaps(stakes, splits.get(stakes.issuer, NO_SPLITS)) if stakes else (),
        split_words=split_words(
            {names[cik]: known for cik, known in splits.items() if known or len(splits) == 1}, choice
        )
        if any(splits.values()) or len(splits) == 1
        else (),
    )


def habit_row(place: int, habit: Habit, names: Mapping[str, str]) -> HabitRow:
    months = Counter((on.year, on.month) for on, _ in habit.days)
    last = habit.last.year * 12 + habit.last.month - 1
    counts = tuple(months[number // 12, number % 12 + 1] for number in range(last - MONTHS + 1, last + 1))
    told = [name for name, days in zip(MONTH_NAMES, habit.months, strict=True) if days]
    known = [value for _, value in habit.days]
    return HabitRow(
        habit=habit,
        issuer_name=names.get(habit.issuer, habit.issuer),
        when=Sparkbar(f"habit-{place}", counts, habit.last, noun="day"),
        months=TinyBars(
            habit.months,
            "By month of the year: "
            + ", ".join(f"{name} {n}" for name, n in zip(MONTH_NAMES, habit.months, strict=True)),
        ),
        sizes=TinyBars(
            tuple(known),
            f"Dollars a day, the last {min(len(known), 24)} of {len(known)} days"
            + (", with a break before the latest" if habit.broken else ""),
            habit.broken,
        ),
        months_told="every month" if len(told) == 12 else ", ".join(told),
    )  # fmt: skip


def _classes(months: Mapping[str, set[tuple[int, int]]], names: Mapping[str, str]) -> list[ClassRow]:
    """The newest years of each issuer; open-market trades, planned ones too, as in the study."""
    rows = []
    for issuer, traded in months.items():
        newest = max(year for year, _ in traded)
        for year in range(newest + 1, newest + 1 - SHOWN_CLASSES, -1):
            status, common = status_of(traded, range(year - CLASS_YEARS, year))
            if status != UNCLASSIFIED or year == newest + 1:
                told = ", ".join(MONTH_NAMES[month - 1] for month in common)
                rows.append(ClassRow(issuer, names.get(issuer, issuer), year, status, told))
    return sorted(rows, key=lambda row: (-row.year, row.issuer_name, row.issuer))


def _position(stakes: Stakes, names: Mapping[str, str], splits: Splits, choice: Choice) -> Chart:
    """The stake after each filing."""
    adjusted = choice.prices == ADJUSTED and bool(splits)
    after = stakes.after
    if adjusted:
        after = [splits.shares(stake, on, date.max) for stake, on in zip(after, stakes.days, strict=True)]
    # The newest lead to their filing, as the others are drawn as a line.
    linked = [None] * (len(after) - LINKED) + [filing_address(dashed(one)) for one in stakes.filings[-LINKED:]]
    return PositionChart(
        ident="position",
        lines=(OwnershipLine(stakes.security_class, tuple(map(Report, stakes.days, after, linked))),),
        shown_rows=SHOWN_ROWS,
        more_href=choice.rows(),
        title=f"{stakes.security_class} of {names.get(stakes.issuer, stakes.issuer)} after each trade",
        unit="all ways of holding together, "
        + ("on the scale of today’s shares" if adjusted else "as filed: not adjusted for splits"),
    )


def _gaps(stakes: Stakes, splits: Splits) -> list[str]:
    """The newest places where a filing begins from another number than the one before it left.

    A split between the two is no gap.
    """
    found: list[str] = []
    for place in range(len(stakes.days) - 1, 0, -1):
        if len(found) == SHOWN_GAPS:
            break
        before = stakes.before[place]
        if stakes.filings[place] == stakes.filings[place - 1] or before is None:
            continue
        since, on = stakes.days[place - 1], stakes.days[place]
        moved = before - splits.shares(stakes.after[place - 1], since, on)
        if moved:
            found.append(
                f"Between {_day(since)} and {_day(on)} the stake {'grew' if moved > 0 else 'shrank'} by "
                f"{number(abs(moved))} without a trade here"
            )
    return found


def _day(on: date) -> str:
    return f"{on.day} {on:%b %Y}"
