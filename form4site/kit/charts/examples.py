"""Every chart in every state, for the gallery and the tests. Invented numbers from a fixed seed; no clock.

`EXAMPLES` holds (title, what to look for, chart); `examples()` makes them anew. The people and prices are nobody's.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .drawing import Chart
from .histogram import Band, Histogram
from .monthly import Month, MonthlyBars
from .position import OwnershipLine, PositionChart, Report
from .spark import Sparkbar
from .trade import BOUGHT, MECHANICS, OUTSIDE_PLAN, PLAN_UNKNOWN, PLANNED, SOLD, UNKNOWN, Episode, Price, Trade
from .trades import TradesChart

FIRST, LAST = date(2023, 1, 3), date(2025, 12, 30)
PEOPLE = (
    "Rosalind Achterberg",
    "Ignatius Quill",
    "Nerys Vandermolen-Oyelaran",
    "Tobias Fenwick",
    "Palmgrove Holdings LP",
)
_HREF = "#example"


@dataclass(frozen=True, slots=True)
class Example:
    title: str
    look_for: str
    chart: Chart


def examples() -> tuple[Example, ...]:
    return (*_positions(), *_trades(), *_lanes(), *_months(), *_histograms(), *_sparks())


def trades(
    count: int, seed: int, *, lanes: tuple[str, ...] = ("",), years: int = 3, planned: float = 0.3
) -> tuple[Trade, ...]:
    """Invented trades: values over four orders of magnitude, in bursts as after results."""
    dice = random.Random(seed)
    made = []
    for _ in range(count):
        quarter = FIRST + timedelta(days=91 * dice.randrange(4 * years) + 33)
        on = quarter + timedelta(days=min(60, int(dice.expovariate(1 / 14))))
        kind = dice.choices((BOUGHT, SOLD, MECHANICS, UNKNOWN), (3, 5, 1.2, 0.2))[0]
        value = None if kind == UNKNOWN else Decimal(round(10 ** dice.uniform(3.6, 6.6), 2)).quantize(Decimal("0.01"))
        plan = PLANNED if kind == SOLD and dice.random() < planned else OUTSIDE_PLAN
        who = dice.choice(lanes)
        made.append(_trade(on, kind, value, plan, who, dice.random() < 0.5))
    return tuple(made)


def prices(seed: int, first: date = FIRST, last: date = LAST) -> tuple[Price, ...]:
    """A made-up price walk over the working days, with a stretch without any."""
    dice, price, made = random.Random(seed), 42.0, []
    for offset in range((last - first).days + 1):
        on = first + timedelta(days=offset)
        price *= math.exp(dice.gauss(0.0003, 0.018))
        if on.weekday() < 5 and not date(2024, 2, 10) < on < date(2024, 5, 20):
            made.append(Price(on, Decimal(f"{price:.2f}")))
    return tuple(made)


def _trade(on: date, kind: str, value: Decimal | None, plan: str, who: str, acquired: bool) -> Trade:
    worth = "for an amount not reported" if value is None else f"for ${value:,.0f}"
    verb = {BOUGHT: "bought", SOLD: "sold", MECHANICS: "received or gave up shares", UNKNOWN: "traded"}[kind]
    sentence = f"{who or 'An insider'} {verb} {worth} on {on.day} {on:%b %Y}" + (
        ", under a plan" if plan == PLANNED else ""
    )
    return Trade(on, kind, value, sentence, _HREF, plan, who, acquired if kind == MECHANICS else None)


def _walk(seed: int, count: int, start: int, *, missing: bool = False, years: int = 3) -> tuple[Report, ...]:
    dice, owned, reports = random.Random(seed), start, []
    sway = 0.2 if count < 100 else 0.03
    for place in range(count):
        on = FIRST + timedelta(days=round(place * 365 * years / count) + dice.randrange(9))
        owned = max(0, owned + round(owned * dice.uniform(-sway, sway)))
        gap = missing and count * 0.4 < place < count * 0.55
        reports.append(Report(on, None if gap else Decimal(owned), _HREF))
    return tuple(reports)


def _positions() -> tuple[Example, ...]:
    direct = OwnershipLine("Direct", _walk(1, 14, 412_000))
    trust = OwnershipLine("By the Achterberg Family Trust", _walk(2, 6, 160_000))
    spouse = OwnershipLine("By spouse", _walk(3, 4, 38_000))
    many = tuple(
        OwnershipLine(name, _walk(20 + n, 7, 900_000 // (n + 1)))
        for n, name in enumerate(
            (
                "Direct",
                "By spouse",
                "By 401(k)",
                "By Palmgrove Holdings LP",
                "By trust for children",
                "By foundation",
                "By IRA",
                "By daughter",
            )
        )
    )
    gaps = (OwnershipLine("Direct", _walk(5, 16, 75_000, missing=True)),)
    return (
        Example(
            "Position, three lines",
            "Names at the line ends, zero strong, a dot for each report.",
            PositionChart("position-three", (direct, trust, spouse)),
        ),
        Example("Position, empty", "A sentence in place of a chart.", PositionChart("position-empty", ())),
        Example(
            "Position, one point",
            "A dot, and no line that nobody reported.",
            PositionChart("position-one", (OwnershipLine("Direct", (Report(date(2024, 2, 29), 125_000, _HREF),)),)),
        ),
        Example(
            "Position, equal values",
            "A flat line.",
            PositionChart(
                "position-equal", (OwnershipLine("Direct", tuple(Report(date(2024, m, 1), 5000) for m in range(1, 9))),)
            ),
        ),
        Example("Position, gaps", "Nothing is drawn where nothing was reported.", PositionChart("position-gaps", gaps)),
        Example(
            "Position, more than six lines", "Six lines and the rest added up.", PositionChart("position-many", many)
        ),
        Example(
            "Position, 5,000 reports",
            "Thinned without losing the extremes, and said.",
            PositionChart("position-dense", (OwnershipLine("Direct", _walk(9, 5000, 1_000_000)),)),
        ),
    )


def _trades() -> tuple[Example, ...]:
    cluster = Episode(date(2024, 8, 5), date(2024, 8, 30), "three insiders bought from 5 to 30 Aug 2024")
    unknown = tuple(_trade(date(2024, m, 12), SOLD, Decimal(90_000 * m), PLAN_UNKNOWN, "", False) for m in range(1, 12))
    same_day = tuple(
        _trade(date(2024, 2, 29), SOLD, Decimal(20_000 * n), PLANNED if n % 2 else OUTSIDE_PLAN, "", False)
        for n in range(1, 17)
    )
    return (
        Example(
            "Trades with prices",
            "Price in its own panel on the same days; totals in words.",
            TradesChart("trades-prices", trades(90, 4), prices=prices(4), episodes=(cluster,)),
        ),
        Example("Trades, empty", "A sentence in place of a chart.", TradesChart("trades-empty", ())),
        Example("Trades, one", "One mark in two months of time.", TradesChart("trades-one", trades(1, 12))),
        Example(
            "Trades, all on a leap day", "Equal dates stack; hollow under a plan.", TradesChart("trades-day", same_day)
        ),
        Example("Trades, plan not known", "Dotted outlines.", TradesChart("trades-unknown", unknown)),
        Example(
            "Trades, 5,000", "Merged, and the caption says so.", TradesChart("trades-dense", trades(5000, 6, years=5))
        ),
    )


def _lanes() -> tuple[Example, ...]:
    return (
        Example(
            "Swimlanes",
            "One lane for each insider, the name beside it.",
            TradesChart("lanes", trades(60, 7, lanes=PEOPLE), title="Trades by insider", lanes=PEOPLE),
        ),
        Example(
            "Swimlanes, dense",
            "Merged lane by lane.",
            TradesChart("lanes-dense", trades(1500, 8, lanes=PEOPLE), title="Trades by insider", lanes=PEOPLE),
        ),
    )


def _months() -> tuple[Example, ...]:
    dice = random.Random(10)

    def month(number: int, *, planned: float = 0.0, known: bool = True) -> Month:
        on = date(2023 + number // 12, number % 12 + 1, 1)
        bought = Decimal(round(dice.random() ** 3 * 2_500_000)) if dice.random() < 0.6 else Decimal(0)
        sold = Decimal(round(dice.random() ** 2 * 4_000_000)) if dice.random() < 0.8 else Decimal(0)
        if not known:
            return Month(on, None, None)
        return Month(on, bought, sold, sold_planned=round(sold * Decimal(planned)), href=_HREF)

    usual = tuple(month(n) for n in range(36))
    planned = tuple(month(n, planned=dice.random()) for n in range(18))
    gaps = tuple(month(n, known=not 8 <= n <= 12) for n in range(24))
    long = tuple(
        Month(date(1990 + n // 12, n % 12 + 1, 1), Decimal(n * 1000), Decimal((n * 7919) % 500_000)) for n in range(420)
    )
    return (
        Example("Months", "Bars from a strong zero line.", MonthlyBars("months", usual)),
        Example("Months, empty", "A sentence in place of a chart.", MonthlyBars("months-empty", ())),
        Example("Months, one", "One bar.", MonthlyBars("months-one", (Month(date(2024, 2, 1), Decimal(250_000), 0),))),
        Example("Months, planned", "The part under a plan is hollow.", MonthlyBars("months-planned", planned)),
        Example("Months, gaps", "Dotted where nothing is known.", MonthlyBars("months-gaps", gaps)),
        Example("Months, 35 years", "Drawn by quarter or year, and said.", MonthlyBars("months-dense", long)),
    )


def _histograms() -> tuple[Example, ...]:
    edges = ("0", "30", "60", "90", "120", "180", "365+")
    words = [f"from {edge} days" for edge in edges]

    def bands(*counts: int) -> tuple[Band, ...]:
        return tuple(Band(edge, said, count) for edge, said, count in zip(edges, words, counts, strict=True))

    def chart(ident: str, marked: tuple[int, str] | None, *counts: int) -> Histogram:
        return Histogram(ident, bands(*counts), "Plans by age", "plans", thing="plan", marked=marked)

    return (
        Example("Bands", "One edge is named.", chart("bands", (3, "90 days: least wait"), 12, 3, 0, 840, 1210, 90, 4)),
        Example("Bands, empty", "A sentence in place of a chart.", chart("bands-empty", None, 0, 0, 0, 0, 0, 0, 0)),
        Example("Bands, one", "One bar, and ticks of whole numbers.", chart("bands-one", None, 0, 0, 0, 0, 0, 0, 1)),
    )


def _sparks() -> tuple[Example, ...]:
    dice = random.Random(11)
    return (
        Example(
            "Strip of counts",
            "Two years of filings.",
            Sparkbar("spark", tuple(dice.randrange(9) for _ in range(24)), LAST),
        ),
        Example("Strip, empty", "A line alone.", Sparkbar("spark-empty", (), LAST)),
        Example("Strip, one", "One bar.", Sparkbar("spark-one", (3,), LAST)),
        Example(
            "Strip, gaps", "Months without coverage stay empty.", Sparkbar("spark-gaps", (4, None, None, 2, 0, 7), LAST)
        ),
    )


EXAMPLES = examples()
