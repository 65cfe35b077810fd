"""Specimens of what stands along time on a party's page. Invented figures, no archive, no clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from types import SimpleNamespace as Shape
from typing import Any

from form4site.kit.charts.examples import EXAMPLES
from signals.choice import BOUGHT, FILINGS, HOLDINGS, LINES, TRADES, Choice
from signals.readings.habits import Deed, habits_of
from signals.selectors.insiders import ClassRow, Plans, habit_row
from signals.selectors.ledgers import Entry, Ledger, LeftOut
from signals.selectors.seats import LastAction
from signals.selectors.timelines import KindRow, Punctuality, Side, Timeline

SINCE, UNTIL = date(2023, 11, 20), date(2026, 11, 20)
ACCESSION = "9990000001-26-000001"

Given = tuple[str, str, dict[str, Any]]


def timelines() -> Iterator[Given]:
    """Template, state and context of each specimen."""
    choice = Choice(years=5)
    links = {"choice": choice, "shown": choice.shown(FILINGS, TRADES, LINES, HOLDINGS), "all_trades": "?show=trades"}
    yield "signals/_timeline.html", "three years", {**links, "timeline": _timeline(choice)}
    yield "signals/_timeline.html", "nothing dated", {**links, "timeline": None}
    yield "signals/_timeline.html", "nothing", {**links, "timeline": _empty(choice)}
    yield "signals/_ledger.html", "what was bought", {
        **links, "ledger": _ledger(BOUGHT), "first_page": True, "choice": Choice(side=BOUGHT),
        "request": Shape(path="/"),
    }  # fmt: skip
    yield "signals/_ledger.html", "nothing", {
        **links, "ledger": Ledger("All trades", 0, None, 0, [], [], None, False), "first_page": True,
    }  # fmt: skip
    people = {
        "party": Shape(shown=[_seat(True), _seat(False)], seats=[1, 2, 3]), "choice": choice,
        "everybody": "?people=all",
    }  # fmt: skip
    yield "signals/_insiders.html", "with and without a trade", people
    yield "signals/_issuer_sheet.html", "nothing dated", {**people, "timeline": None}


def _timeline(choice: Choice) -> Timeline:
    charts = [one.chart for one in EXAMPLES if one.chart.ident in ("trades-prices", "months")][:2]
    return Timeline(
        choice, SINCE, UNTIL, charts, Side(3, Decimal(1_240_000), 1, 12), Side(14, Decimal(88_000_500), 0, 1),
        [
            KindRow("buy", "Bought", "acquired", 3, 3, Decimal(1_240_000)),
            KindRow("vest", "Vested", "acquired", 9, 0, None),
        ],
        Punctuality(240, 6, 3),
        price_words=("The line has 41 days on which an insider filed a price.",),
    )  # fmt: skip


def _empty(choice: Choice) -> Timeline:
    return Timeline(choice, SINCE, UNTIL, (), Side(), Side(2, None, 2, 0), (), Punctuality())


def _ledger(side: str) -> Ledger:
    counted = _trade("Ada Specimen (Demo) bought 1,000 shares at $12.34 each.", True)
    left = _trade("Ada Specimen (Demo) received 400 shares from an award.", False)
    return Ledger(
        "What was bought from 1 to 30 November 2026", 3, Decimal(1_240_000), 1,
        [LeftOut("no purchase or sale in a market", 11), LeftOut("no price", 1)],
        [Entry(counted, ()), Entry(left, ("An award from the company is no purchase.",))], None, side == BOUGHT,
    )  # fmt: skip


def _trade(sentence: str, counted: bool) -> Any:
    return Shape(
        filing_id=ACCESSION, traded_on=UNTIL if counted else None, timeliness="late" if counted else "on_time",
        issuer_id="9990000101", issuer=Shape(ticker="SPECDEMO", name="Specimen Works Inc. (Demo)"),
        detail=Shape(sentence=sentence), value=Decimal(12340) if counted else None, counted=counted,
    )  # fmt: skip


def _seat(traded: bool) -> Shape:
    owner = Shape(
        insider_id="9990001001", name="Specimen Ada (Demo)", filing_id=ACCESSION, officer_title=None, is_officer=False,
        is_director=True, is_ten_percent_owner=False, is_other=False, other_text=None,
    )  # fmt: skip
    last = LastAction("buy", UNTIL, Decimal(1000), ACCESSION, Decimal(12000), Decimal(48000)) if traded else None
    return Shape(owner=owner, last=last, filings=3, first_on=SINCE, last_on=UNTIL)


def insiders() -> Iterator[Given]:
    """What stands on an insider's page alone."""
    days = [(date(2026, month, 3), Decimal(90_000 + 1_000 * month)) for month in range(1, 10)]
    deeds = [Deed("9990000101", "sold", on, value, planned=True) for on, value in days]
    silent = [*deeds[:5], Deed("9990000101", "bought", UNTIL, None)]
    silent += [Deed("9990000101", "bought", date(2023, 1, day), Decimal(1_000)) for day in (3, 5, 9)]
    names = {"9990000101": "Specimen Works Inc. (Demo)"}
    for state, given in (("under a plan", deeds), ("broken, value not known", silent)):
        yield "signals/_habits.html", state, {"habits": [habit_row(0, one, names) for one in habits_of(given)]}
    rows = [
        ClassRow("9990000101", "Specimen Works Inc. (Demo)", 2026, "routine", "Mar, Jun"),
        ClassRow("9990000101", "Specimen Works Inc. (Demo)", 2025, "opportunistic", ""),
    ]
    yield "signals/_classes.html", "both classes", {"classes": rows}
    inferred = Shape(key="inferred_plan:1", evidence={"score": 65}, sentence="Sales on 12 days look like a plan’s.")
    adopted = [date(2025, month, 4) for month in range(1, 7)]
    yield "signals/_plans.html", "inferred too", {"plans": Plans(12, 2, 1, adopted), "inferred": [inferred]}
    yield "signals/_plans.html", "nothing known", {"plans": Plans(0, 0, 0, []), "inferred": []}
