"""What is an insider's own: habits, the class of each year, plans, and the stake after each trade, reconciled.

Promises: all of it from standing trades, each event once; where a trade begins from another number than the one before
left, that is said and not smoothed. One query.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from django.db.models import BigIntegerField
from django.db.models.functions import Cast

from filings.models import Insider
from filings.models.fields import dashed
from form4site.kit.charts import Chart, OwnershipLine, PositionChart, Report, Sparkbar, TinyBars
from signals.addresses import filing_address
from signals.choice import ADJUSTED, Choice
from signals.detectors.classes import UNCLASSIFIED, status_of
from signals.models import Signal, Trade
from signals.readings.explain.words import number
from signals.readings.habits import Deed, Habit, habits_of
from signals.readings.splits import NO_SPLITS, Splits
from signals.readings.vocabulary import MARKET
from signals.selectors.seats import Seat
from signals.selectors.timelines import SHOWN_ROWS, Scope, names_told_apart, split_words

CLASS_YEARS = 3  # those before, as in the study
SHOWN_CLASSES = 6
MONTHS = 36
LINKED = 100  # reports of the chart of stakes that lead to their filing, as its dots and its table do
SHOWN_GAPS = 3
_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Deal(NamedTuple):
    """A standing trade as this page needs it. `filing` is its number in the database: few of them are shown."""

    issuer: str
    on: date
    kind: str
    code: str | None
    table: str
    value: Decimal | None
    counted: bool
    plan_status: str
    plan_adopted_on: date | None
    security_class: str
    stake_before: Decimal | None
    stake_after: Decimal | None
    filing: int


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


def insider_scope(insider: Insider, seats: Sequence[Seat]) -> Scope:
    """All trades of an insider, a lane for each issuer."""
    return Scope(
        trades=Trade.objects.filter(owners__contains=[insider.cik]),
        signals=Signal.objects.filter(insider_ciks__contains=[insider.cik]),
        lane="issuer_id",
        names=issuer_names(seats),
        lane_title="At each company",
    )


def issuer_names(seats: Iterable[Seat]) -> dict[str, str]:
    return names_told_apart({seat.issuer.cik: seat.issuer.name or seat.issuer.cik for seat in seats})


def insider_along(insider: Insider, seats: Sequence[Seat], choice: Choice) -> InsiderAlong:
    """One query."""
    rows = (
        Trade.objects.filter(owners__contains=[insider.cik], standing=True, traded_on__isnull=False)
        .order_by("traded_on", "filing", "number")
        .annotate(at=Cast("issuer", BigIntegerField()), told_by=Cast("filing", BigIntegerField()))
        .values_list(
            "at", "traded_on", "kind", "code", "table", "value", "counted", "plan_status", "plan_adopted_on",
            "security_class", "stake_before", "stake_after", "told_by",
        )
    )  # fmt: skip
    issuers = {int(seat.issuer.cik): seat.issuer.cik for seat in seats}
    deals = [Deal(issuers.get(at) or f"{at:010}", *row) for at, *row in rows]
    names = issuer_names(seats)
    market = [deal for deal in deals if deal.counted and deal.kind in MARKET]
    splits = {seat.issuer.cik: seat.splits for seat in seats}
    position, gaps = _position(deals, names, splits, choice)
    return InsiderAlong(
        habits=[habit_row(place, habit, names) for place, habit in enumerate(habits_of(map(_deed, market)))],
        classes=_classes(deals, names),
        plans=_plans(market),
        position=position,
        gaps=gaps,
        split_words=split_words(
            {names[cik]: known for cik, known in splits.items() if known or len(splits) == 1}, choice
        )
        if any(splits.values()) or len(splits) == 1
        else (),
    )


def _deed(deal: Deal) -> Deed:
    side = "bought" if deal.kind in ("buy", "planned_buy") else "sold"
    return Deed(deal.issuer, side, deal.on, deal.value, deal.kind.startswith("planned_"))


def habit_row(place: int, habit: Habit, names: Mapping[str, str]) -> HabitRow:
    months = Counter((on.year, on.month) for on, _ in habit.days)
    last = habit.last.year * 12 + habit.last.month - 1
    counts = tuple(months[number // 12, number % 12 + 1] for number in range(last - MONTHS + 1, last + 1))
    told = [name for name, days in zip(_NAMES, habit.months, strict=True) if days]
    known = [value for _, value in habit.days]
    return HabitRow(
        habit=habit,
        issuer_name=names.get(habit.issuer, habit.issuer),
        when=Sparkbar(f"habit-{place}", counts, habit.last, noun="day"),
        months=TinyBars(
            habit.months,
            "By month of the year: " + ", ".join(f"{name} {n}" for name, n in zip(_NAMES, habit.months, strict=True)),
        ),
        sizes=TinyBars(
            tuple(known),
            f"Dollars a day, the last {min(len(known), 24)} of {len(known)} days"
            + (", with a break before the latest" if habit.broken else ""),
            habit.broken,
        ),
        months_told="every month" if len(told) == 12 else ", ".join(told),
    )  # fmt: skip


def _classes(deals: Iterable[Deal], names: Mapping[str, str]) -> list[ClassRow]:
    """The newest years of each issuer; open-market trades, planned ones too, as in the study."""
    months: dict[str, set[tuple[int, int]]] = {}
    for deal in deals:
        if deal.code in ("P", "S") and deal.table == "I":
            months.setdefault(deal.issuer, set()).add((deal.on.year, deal.on.month))
    rows = []
    for issuer, traded in months.items():
        newest = max(year for year, _ in traded)
        for year in range(newest + 1, newest + 1 - SHOWN_CLASSES, -1):
            status, common = status_of(traded, range(year - CLASS_YEARS, year))
            if status != UNCLASSIFIED or year == newest + 1:
                told = ", ".join(_NAMES[month - 1] for month in common)
                rows.append(ClassRow(issuer, names.get(issuer, issuer), year, status, told))
    return sorted(rows, key=lambda row: (-row.year, row.issuer_name, row.issuer))


def _plans(market: Sequence[Deal]) -> Plans:
    statuses = Counter(deal.plan_status for deal in market)
    return Plans(
        under=statuses["plan"] + statuses["plan_filing"],
        outside=statuses["not_plan"],
        unknown=statuses["unknown"],
        adopted=sorted({deal.plan_adopted_on for deal in market if deal.plan_adopted_on}, reverse=True),
    )


def _position(
    deals: Sequence[Deal], names: Mapping[str, str], known: Mapping[str, Splits], choice: Choice
) -> tuple[Chart | None, list[str]]:
    """The stake after each trade in the class with most of them, and where the numbers do not follow each other."""
    classes: dict[tuple[str, str], list[Deal]] = {}
    for deal in deals:
        if deal.table == "I" and deal.stake_after is not None:
            classes.setdefault((deal.issuer, deal.security_class), []).append(deal)
    if not classes:
        return None, []
    (issuer, name), main = max(classes.items(), key=lambda item: (len(item[1]), item[1][-1].on, item[0]))
    if len(main) < 2:
        return None, []
    splits = known.get(issuer, NO_SPLITS)
    adjusted = choice.prices == ADJUSTED and bool(splits)
    reports: dict[tuple[date, int], Decimal | None] = {}
    for deal in main:
        stake = deal.stake_after
        if adjusted and stake is not None:
            stake = splits.shares(stake, deal.on, date.max)
        reports[deal.on, deal.filing] = stake
    chart = PositionChart(
        ident="position",
        lines=(OwnershipLine(name, tuple(_reports(reports))),),
        shown_rows=SHOWN_ROWS,
        more_href=choice.rows(),
        title=f"{name} of {names.get(issuer, issuer)} after each trade",
        unit="all ways of holding together, "
        + ("on the scale of today’s shares" if adjusted else "as filed: not adjusted for splits"),
    )
    return chart, _gaps(main, splits)


def _reports(stakes: Mapping[tuple[date, int], Decimal | None]) -> Iterator[Report]:
    """In their order; the newest with the address of their filing, as the others are drawn as a line."""
    unlinked = len(stakes) - LINKED
    for place, ((on, filing), stake) in enumerate(stakes.items()):
        yield Report(on, stake, filing_address(dashed(filing)) if place >= unlinked else None)


def _gaps(deals: Sequence[Deal], splits: Splits) -> list[str]:
    """The newest places where a filing begins from another number than the one before it left.

    A split between the two is no gap.
    """
    found: list[str] = []
    for after, before in pairwise(reversed(deals)):
        if len(found) == SHOWN_GAPS:
            break
        if after.filing == before.filing or after.stake_before is None or before.stake_after is None:
            continue
        moved = after.stake_before - splits.shares(before.stake_after, before.on, after.on)
        if moved:
            found.append(
                f"Between {_day(before.on)} and {_day(after.on)} the stake {'grew' if moved > 0 else 'shrank'} by "
                f"{number(abs(moved))} without a trade here"
            )
    return found


def _day(on: date) -> str:
    return f"{on.day} {on:%b %Y}"
