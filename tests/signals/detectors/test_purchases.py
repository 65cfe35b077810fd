"""Large and first purchases, purchases after a fall."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from signals.detectors.thresholds import Thresholds
from signals.readings.splits import Close, Split
from tests.signals.detectors.cases import FUND, KIM, PAT, SAM, Filings, bought, find, sold

START = date(2024, 3, 4)


def day(number: int) -> date:
    return START + timedelta(days=number)


# --- large purchase ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shares", "price", "after", "fires"),
    [
        (100_000, 10, 10_000_000, True),  # a million
        (99_999, 10, 10_000_000, False),
        (10_000, 10, 60_000, True),  # $100,000 and a fifth more
        (10_000, 10, 60_001, False),
        (9_999, 10, 20_000, False),
        (10_000, 10, 10_000, True),  # from nothing
    ],
)
def test_large_in_dollars_or_for_the_stake(shares, price, after, fires):
    filings = Filings()
    filings.buys(PAT, day(0), shares, price=price, after=after)
    assert bool(find(filings, "large_purchase")) is fires


@pytest.mark.parametrize(("shares", "fires"), [(300, True), (299, False)])
def test_large_by_the_own_habit(shares, fires):
    filings = Filings()
    for number, count in enumerate((90, 100, 110)):
        filings.buys(PAT, day(40 * number), count, after=100_000)
    filings.buys(PAT, day(200), shares, after=100_000)
    assert bool(find(filings, "large_purchase")) is fires


def test_two_earlier_purchases_are_no_habit():
    filings = Filings()
    for number in range(2):
        filings.buys(PAT, day(40 * number), 100, after=100_000)
    filings.buys(PAT, day(200), 3_000, after=100_000)
    assert find(filings, "large_purchase") == []


def test_one_decision_over_two_ownership_lines_is_summed_and_known_when_it_became_large():
    filings = Filings()
    trust = {"ownership": "I", "nature_of_ownership": "By trust"}
    filings.buys(PAT, day(0), 60_000, after=5_000_000)
    filings.add(bought(40_000, 5_000_000, on=day(0), **trust), by=PAT, filed_on=day(9))
    [signal] = find(filings, "large_purchase")
    assert signal.evidence["value"] == 1_000_000
    assert signal.known_at == filings.forms[1].known_at
    assert len(signal.trades) == 2


def test_a_fund_alone_is_left_out():
    filings = Filings()
    filings.buys(FUND, day(0), 1_000_000)
    assert find(filings, "large_purchase") == []


# --- first purchase ---------------------------------------------------------------------------------------------------


def on_file(years: int = 4) -> Filings:
    filings = Filings()
    filings.joins(PAT, date(START.year - years, 3, 1))
    return filings


def test_first_purchase_says_how_far_back_the_filings_reach():
    filings = on_file(4)
    filings.buys(PAT, day(0), 1_000)
    [signal] = find(filings, "first_purchase")
    assert signal.evidence["first_in_years"] == 3
    assert "the first in at least 3 years" in signal.sentence
    shorter = on_file(2)
    shorter.buys(PAT, day(0), 1_000)
    [signal] = find(shorter, "first_purchase")
    assert signal.evidence["first_in_years"] is None
    assert "the first on record since 1 Mar 2022" in signal.sentence


def test_a_newcomer_a_token_sum_and_a_second_purchase_are_none():
    newcomer = Filings()
    newcomer.joins(PAT, date(2023, 3, 20))
    newcomer.buys(PAT, day(0), 1_000)
    assert find(newcomer, "first_purchase") == []
    token = on_file()
    token.buys(PAT, day(0), 999)
    assert find(token, "first_purchase") == []
    second = on_file()
    second.buys(PAT, day(0), 500)
    second.buys(PAT, day(30), 5_000)
    assert find(second, "first_purchase") == []


def test_an_earlier_purchase_reported_late_undoes_it():
    filings = on_file()
    filings.buys(PAT, day(0), 1_000)
    assert find(filings, "first_purchase")
    filings.buys(PAT, day(-100), 1_000, filed_on=day(50))
    assert START not in [signal.window[0] for signal in find(filings, "first_purchase")]


def test_the_tenure_is_what_was_known_then():
    filings = Filings()
    filings.buys(PAT, day(0), 1_000)
    filings.add(by=PAT, filed_on=day(30), kind="3", period_of_report=date(2020, 1, 1))
    assert find(filings, "first_purchase") == []


def test_insiders_of_foreign_issuers_have_no_first_purchase_before_2029():
    filings = on_file()
    filings.buys(PAT, day(0), 1_000, foreign_ticker="2330.TW")
    assert find(filings, "first_purchase") == []


# --- purchases after a fall -------------------------------------------------------------------------------------------


def fell(to: object, high: object = 20) -> Filings:
    filings = Filings()
    filings.sells(SAM, day(-100), 1_000, price=high, after=50_000)
    filings.buys(PAT, day(0), 1_000, price=to)
    return filings


@pytest.mark.parametrize(("price", "fires"), [(16, True), (Decimal("16.01"), False), (6, False), (7, True)])
def test_a_fifth_below_the_highest_filed_price_unless_a_split_may_explain_it(price, fires):
    signals = find(fell(price), "dip_buy")
    assert bool(signals) is fires
    assert all(signal.evidence["source"] == "filed prices" for signal in signals)


def test_known_splits_are_taken_out():
    assert find(fell(5), "dip_buy", splits=[Split(day(-50), Decimal(4))]) == []
    [signal] = find(fell(4), "dip_buy", splits=[Split(day(-50), Decimal(4))])
    assert signal.evidence["ways"] == ["filed_high"]


def test_a_price_filed_later_is_not_looked_at():
    filings = Filings()
    filings.buys(PAT, day(0), 1_000, price=16)
    filings.sells(SAM, day(-100), 1_000, price=20, after=50_000, filed_on=day(40))
    assert find(filings, "dip_buy") == []


def test_averaging_down():
    filings = Filings()
    filings.buys(PAT, day(-500), 1_000, price=20)
    filings.buys(PAT, day(0), 1_000, price=16)
    [signal] = find(filings, "dip_buy")
    assert signal.evidence["ways"] == ["averaging_down"]


def closes(*, last: list[float], before: float = 100.0, count: int = 260) -> list[Close]:
    """So many weekdays of closes up to the day before START, the newest of them `last`."""
    days, on = [], START
    while len(days) < count:
        on -= timedelta(days=1)
        if on.weekday() < 5:
            days.append(on)
    days.reverse()
    prices = [before] * (count - len(last)) + last
    return [Close(on, Decimal(str(price))) for on, price in zip(days, prices, strict=True)]


@pytest.mark.parametrize(
    ("last", "fires"),
    [
        ([80.0], True),  # at 80% of the high, 20% below where it stood 20 days ago
        ([81.0], False),
        ([75.0] * 40, False),  # low, but it did not fall lately
    ],
)
def test_by_closes_low_and_falling(last, fires):
    filings = Filings()
    filings.buys(PAT, START, 1_000, price=50)
    signals = find(filings, "dip_buy", closes={"": closes(last=last)})
    assert bool(signals) is fires
    assert all(signal.evidence["source"] == "closes" for signal in signals)


def test_the_close_of_the_day_itself_says_nothing():
    filings = Filings()
    filings.buys(PAT, START, 1_000, price=50)
    given = [*closes(last=[100.0]), Close(START, Decimal(50))]
    assert find(filings, "dip_buy", closes={"": given}) == []


def test_too_few_closes_fall_back_on_filed_prices():
    signals = find(fell(16), "dip_buy", closes={"": closes(last=[100.0], count=50)})
    assert [signal.evidence["source"] for signal in signals] == ["filed prices"]


# --- sales after a rise -----------------------------------------------------------------------------------------------


def rose(to: object, earlier: int = 3, **more) -> Filings:
    filings = Filings()
    for number in range(earlier):
        filings.buys(SAM, day(-300 + 20 * number), 100, price=10 + number, after=9_000)
    filings.sells(KIM, day(0), 1_000, price=to, after=50_000, **more)
    return filings


@pytest.mark.parametrize(
    ("price", "earlier", "fires"), [("14.3", 3, True), ("14.29", 3, False), ("14.3", 2, False),
                                                         (40, 3, False)])  # fmt: skip
def test_above_the_median_of_filed_prices(price, earlier, fires):
    assert bool(find(rose(price, earlier), "sale_after_runup")) is fires


@pytest.mark.parametrize(
    ("last", "fires"),
    [
        ([100.0] * 62 + [130.0], True),
        ([100.0] * 62 + [129.0], True),  # at the high, and a fifth above the month before
        ([100.0] * 62 + [119.0], False),
        ([100.0] * 40 + [150.0] * 5 + [100.0] * 18 + [125.0], False),  # a fifth up, but far from the high
    ],
)
def test_by_closes_after_a_run(last, fires):
    filings = Filings()
    filings.sells(KIM, START, 1_000, price=130, after=50_000)
    assert bool(find(filings, "sale_after_runup", closes={"": closes(last=last)})) is fires


def test_a_planned_sale_after_a_rise_is_none():
    assert find(rose("14.3", aff10b5_one=True), "sale_after_runup") == []


# --- large unscheduled sale -------------------------------------------------------------------------------------------


def sale(shares=25_000, price=20, after=100_000, **more) -> Filings:
    filings = Filings()
    filings.sells(KIM, day(0), shares, price=price, after=after, **more)
    return filings


@pytest.mark.parametrize(
    ("filings", "fires"),
    [
        (sale(), True),
        (sale(after=100_001), False),  # just below a fifth of the stake
        (sale(shares=24_999, after=90_000), False),  # just below half a million
        (sale(aff10b5_one=True), False),
        (sale(aff10b5_one=None), False),  # after 2023 silence is not enough
    ],
)
def test_large_for_the_stake_and_in_dollars_without_a_plan(filings, fires):
    assert bool(find(filings, "unscheduled_large_sale")) is fires


@pytest.mark.parametrize(("back", "fires"), [(180, False), (181, True)])
def test_after_half_a_year_without_any_sale(back, fires):
    filings = Filings()
    filings.add(sold(10, 125_000, price=19, on=day(-back)), by=KIM, aff10b5_one=True)
    filings.sells(KIM, day(0), 25_000, price=20, after=100_000)
    assert bool(find(filings, "unscheduled_large_sale")) is fires


def test_before_2023_a_form_without_a_note_is_weaker():
    old = Filings()
    old.sells(KIM, date(2019, 3, 4), 25_000, price=20, after=100_000, aff10b5_one=None)
    [weaker], [full] = find(old, "unscheduled_large_sale"), find(sale(), "unscheduled_large_sale")
    assert weaker.evidence["weaker"] is True
    assert weaker.strength < full.strength


def test_own_thresholds_for_sales():
    assert find(sale(), "unscheduled_large_sale", thresholds=Thresholds({"unscheduled_large_sale.stake": 21})) == []
