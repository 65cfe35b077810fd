"""Inferred plans, and how soon and how often declared plans traded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from signals.detectors.docket import midnight_after
from signals.detectors.thresholds import Thresholds
from signals.readings.splits import Split
from tests.signals.detectors.cases import FUND, KIM, LATER, PAT, PEOPLE, Filings, find, row, sold

MONTHLY = tuple(date(2024, month, 16) for month in (1, 2, 4, 5, 7))
EXPIRY = date(2032, 1, 1)


def plan_like(days=MONTHLY, shares=1_000, **more) -> Filings:
    filings = Filings()
    for on in days:
        filings.exercises(KIM, on, shares, sells=shares, price=20, **more)
    return filings


def marks(signal) -> dict[str, int]:
    return {mark["mark"]: mark["points"] for mark in signal.evidence["marks"] if mark["holds"]}


# --- inferred plans ---------------------------------------------------------------------------------------------------


def test_one_strike_one_number_and_even_dates():
    filings = plan_like()
    [signal] = find(filings, "inferred_plan")
    assert signal.evidence["level"] == "plan_like"
    assert marks(signal) | {"blackout_trading": 10} == {
        "constant_strike": 25, "fixed_quantity": 25, "calendar": 30, "blackout_trading": 10,
    }  # fmt: skip
    assert signal.known_at == filings.forms[3].known_at  # the fourth day


def test_three_days_or_a_short_time_are_too_little():
    assert find(plan_like(MONTHLY[:3]), "inferred_plan") == []
    fortnightly = [date(2024, 1, 2) + timedelta(days=14 * number) for number in range(5)]
    assert find(plan_like(fortnightly), "inferred_plan") == []  # 56 days
    assert find(plan_like([*fortnightly, date(2024, 3, 12)]), "inferred_plan")


def test_lumpy_sales_are_none():
    filings = Filings()
    for on, shares, strike in ((date(2024, 1, 5), 1_000, 4), (date(2024, 2, 20), 2_345, 5), (date(2024, 5, 30), 777, 6),
                               (date(2024, 6, 4), 9_000, 7)):  # fmt: skip
        filings.exercises(KIM, on, shares, strike=strike, sells=shares)
    assert find(filings, "inferred_plan") == []


def test_strike_and_expiry_must_both_be_equal():
    filings = Filings()
    for number, on in enumerate(MONTHLY):
        filings.exercises(KIM, on, 1_000, sells=1_000, expires_on=EXPIRY + timedelta(days=number))
    [signal] = find(filings, "inferred_plan")
    assert "constant_strike" not in marks(signal)


def test_a_split_between_changes_neither_strike_nor_number():
    filings = plan_like(MONTHLY[:2])
    for on in MONTHLY[2:4]:
        filings.exercises(KIM, on, 4_000, strike=1, sells=4_000, price=20)  # filed prices show no split
    without, with_split = (
        find(filings, "inferred_plan", splits=splits)
        for splits in ((), [Split(date(2024, 5, 1), Decimal(4))])
    )  # fmt: skip
    assert marks(with_split[0])["constant_strike"] == 25
    assert marks(with_split[0])["fixed_quantity"] == 25
    assert [signal.evidence["level"] for signal in without] == ["some_regularity"]


def test_what_the_filer_said_stands_beside_it():
    filings = plan_like(aff10b5_one=True)
    [signal] = find(filings, "inferred_plan")
    assert signal.evidence["said_by_filer"] == {"plan": 5, "plan_filing": 0, "not_plan": 0, "unknown": 0}


def test_the_company_selling_for_everybodys_tax_is_no_plan():
    filings = Filings()
    for on in MONTHLY:
        for number, owner in enumerate(PEOPLE):
            filings.add(
                row("M", "A", 2_000, 9_000, price=0, on=on),
                sold(1_000, 8_000, price=20 + number, on=on),
                row("M", "D", 2_000, 0, price=0, on=on, table="II", title="Restricted Stock Units"),
                by=owner,
            )
    found = find(filings, "inferred_plan")
    assert all(signal.evidence["level"] != "plan_like" for signal in found)


def test_sales_that_a_note_explains_by_tax_are_not_looked_at():
    filings = Filings()
    for on in MONTHLY:
        filings.add(
            sold(1_000, 8_000, price=20, on=on, footnotes={"shares": ("F1",)}),
            by=KIM, notes={"F1": "Shares sold to cover tax withholding obligations upon vesting."},
        )  # fmt: skip
    assert find(filings, "inferred_plan") == []


def test_a_ladder_of_prices_is_worth_nothing_by_default():
    filings = plan_like(tranches=8)
    assert marks(find(filings, "inferred_plan")[0]).get("price_ladder", 0) == 0
    own = Thresholds({"inferred_plan.ladder_points": 50})
    assert marks(find(filings, "inferred_plan", thresholds=own)[0]).get("price_ladder", 0) <= 10


def test_the_fiscal_year_decides_when_a_quarter_ends():
    days = [date(2024, 2, 20), date(2024, 5, 21), date(2024, 8, 20), date(2024, 11, 19)]
    january = find(plan_like(days), "inferred_plan", fiscal_year_end=(1, 31))
    december = find(plan_like(days), "inferred_plan")
    assert "blackout_trading" in marks(january[0])
    assert "blackout_trading" not in marks(december[0])


# --- the wait before a plan's first trade -----------------------------------------------------------------------------


def planned(owner, adopted: date, *days: date, noted: bool = True, **more) -> Filings:
    filings = Filings()
    note = f"This sale was made under a Rule 10b5-1 trading plan adopted on {adopted:%B} {adopted.day}, {adopted.year}."
    for number, on in enumerate(days):
        line = sold(1_000, 50_000 - 1_000 * number, price=20, on=on, footnotes={"code": ("F1",)} if noted else {})
        filings.add(line, by=owner, aff10b5_one=True, notes={"F1": note} if noted else {}, **more)
    return filings


@pytest.mark.parametrize(
    ("owner", "adopted", "days", "tag"),
    [
        (KIM, date(2024, 1, 2), 89, "red"),
        (KIM, date(2024, 1, 2), 90, "amber"),
        (KIM, date(2024, 1, 2), 120, "amber"),
        (KIM, date(2024, 1, 2), 121, None),
        (FUND, date(2024, 1, 2), 29, "red"),
        (FUND, date(2024, 1, 2), 30, None),
        (KIM, date(2023, 2, 26), 29, "red"),  # before the rule
        (KIM, date(2023, 2, 26), 30, "amber"),
        (KIM, date(2023, 2, 26), 59, "amber"),
        (KIM, date(2023, 2, 26), 60, None),
        (KIM, date(2023, 2, 27), 60, "red"),
    ],
)
def test_days_from_adoption_to_the_first_trade(owner, adopted, days, tag):
    first = adopted + timedelta(days=days)
    filings = planned(owner, adopted, first, first + timedelta(days=30))
    found = [signal for signal in find(filings, "cooling_off") if "single_trade" not in signal.tags]
    assert [signal.tags for signal in found] == ([(tag,)] if tag else [])
    for signal in found:
        assert signal.known_at == filings.forms[0].known_at
        assert signal.evidence["days"] == days


def test_a_plan_of_one_trade_is_provisional_for_twelve_months():
    filings = planned(KIM, date(2023, 3, 1), date(2023, 9, 1))
    [signal] = find(filings, "cooling_off", now=datetime(2024, 3, 1, tzinfo=UTC))
    assert (signal.tags, signal.provisional) == (("single_trade",), True)
    assert signal.settles_on == date(2024, 8, 31)
    [settled] = find(filings, "cooling_off", now=midnight_after(date(2024, 8, 31)))
    assert (settled.provisional, settled.key) == (False, signal.key)
    twice = planned(KIM, date(2023, 3, 1), date(2023, 9, 1), date(2023, 10, 2))
    assert find(twice, "cooling_off") == []


def test_two_single_trade_plans_in_twelve_months_are_red():
    filings = planned(KIM, date(2023, 3, 1), date(2023, 9, 1))
    more = planned(KIM, date(2023, 9, 15), date(2024, 2, 1))
    note = more.forms[0].footnotes
    filings.add(sold(1_000, 40_000, price=20, on=date(2024, 2, 1), footnotes={"code": ("F1",)}), by=KIM,
                aff10b5_one=True, notes=dict(note))  # fmt: skip
    assert [signal.tags for signal in find(filings, "cooling_off")] == [("single_trade",), ("red", "single_trade")]


def test_a_box_without_a_date():
    filings = planned(KIM, date(2024, 1, 2), date(2024, 6, 3), noted=False)
    [signal] = find(filings, "cooling_off", now=LATER)
    assert signal.tags == ("date_missing",)
    unticked = Filings()
    unticked.sells(PAT, date(2024, 6, 3), 100)
    assert find(unticked, "cooling_off") == []


def test_a_date_after_the_trade_accuses_nobody():
    filings = planned(KIM, date(2024, 7, 1), date(2024, 6, 3))
    [signal] = find(filings, "cooling_off")
    assert signal.tags == ("date_missing",)
    assert "lies after the trade" in signal.sentence
