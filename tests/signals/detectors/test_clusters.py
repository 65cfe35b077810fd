"""Clusters of purchases and of sales: what fires, what does not, and when it became known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.detectors.thresholds import Thresholds
from tests.signals.detectors.cases import FUND, JO, KIM, LEE, PAT, PEOPLE, SAM, Filings, bought, find, sold

START = date(2024, 3, 4)  # a Monday


def day(number: int) -> date:
    return START + timedelta(days=number)


def three_buy(days=(0, 7, 14), shares=(4_000, 4_000, 4_000), owners=(PAT, SAM, LEE)) -> Filings:
    filings = Filings()
    for owner, on, count in zip(owners, days, shares, strict=True):
        filings.buys(owner, day(on), count)
    return filings


# --- purchases --------------------------------------------------------------------------------------------------------


def test_three_decision_makers_within_fourteen_days_both_ends_included():
    filings = three_buy()
    [signal] = find(filings, "cluster_buy")
    assert signal.known_at == filings.forms[-1].known_at
    assert signal.window == (day(0), day(14))
    assert [one.cik for one in signal.insiders] == [PAT.cik, SAM.cik, LEE.cik]
    assert len(signal.trades) == 3
    assert all(test["met"] for test in signal.evidence["tests"])


@pytest.mark.parametrize(
    ("days", "shares", "owners"),
    [
        ((0, 7, 15), (4_000,) * 3, (PAT, SAM, LEE)),  # a day too long
        ((0, 7, 14), (4_000,) * 3, (PAT, SAM, PAT)),  # two people
        ((0, 7, 14), (9_001, 999, 2_000), (PAT, SAM, LEE)),  # one below $10,000
        ((0, 7, 14), (3_000, 3_000, 3_999), (PAT, SAM, LEE)),  # $99,990 together
        ((0, 7, 14), (4_000,) * 3, (PAT, SAM, FUND)),  # a 10% owner is no officer or director
    ],
)
def test_the_nearest_cases_are_no_cluster(days, shares, owners):
    assert find(three_buy(days, shares, owners), "cluster_buy") == []


def test_planned_purchases_do_not_count():
    filings = Filings()
    filings.buys(PAT, day(0), 4_000)
    filings.buys(SAM, day(1), 4_000)
    filings.buys(LEE, day(2), 4_000, aff10b5_one=True)
    assert find(filings, "cluster_buy") == []


def test_private_purchases_are_left_out_with_the_reason():
    filings = three_buy()
    filings.add(
        bought(9_000, 9_000, on=day(5), footnotes={"price": ("F1",)}),
        by=JO,
        notes={"F1": "Purchased in a private placement directly from the issuer."},
    )
    [signal] = find(filings, "cluster_buy")
    assert [(one.accession, one.reason) for one in signal.excluded] == [
        (filings.forms[-1].accession, "Not traded in the open market: a private deal")
    ]
    assert JO.cik not in [one.cik for one in signal.insiders]


def test_a_fund_and_its_director_are_one_decision():
    filings = Filings()
    filings.add(bought(9_000, 90_000, on=day(0)), by=(FUND, PAT))
    filings.buys(PAT, day(1), 9_000)
    filings.buys(SAM, day(1), 9_000)
    assert find(filings, "cluster_buy") == []
    filings.buys(LEE, day(2), 9_000)
    [signal] = find(filings, "cluster_buy")
    assert signal.evidence["insiders"] == 3
    assert len(signal.trades) == 4


def test_five_at_one_price_are_an_employee_plan():
    filings = Filings()
    for owner in PEOPLE:
        filings.buys(owner, day(0), 4_000)
    assert find(filings, "cluster_buy") == []


def test_an_extended_cluster_keeps_the_moment_of_the_third_and_says_when_it_grew():
    filings = three_buy()
    [before] = find(filings, "cluster_buy")
    filings.buys(JO, day(28), 4_000)
    [after] = find(filings, "cluster_buy")
    assert (after.key, after.known_at) == (before.key, before.known_at)
    assert after.window == (day(0), day(28))
    assert after.evidence["grew_at"] == filings.forms[-1].known_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert after.strength > before.strength


def test_after_a_gap_of_more_than_fourteen_days_there_is_another_cluster():
    filings = three_buy()
    for owner in (PAT, SAM, JO):
        filings.buys(owner, day(29), 5_000, price=11)
    assert [signal.window for signal in find(filings, "cluster_buy")] == [(day(0), day(14)), (day(29), day(29))]


@pytest.mark.parametrize(
    ("days", "tags"),
    [((0, 0, 10), ("tight", "chain")), ((0, 1, 10), ("tight", "chain")), ((0, 2, 10), ("tight",)), ((0, 3, 10), ())],
)
def test_tight_and_chain(days, tags):
    [signal] = find(three_buy(days), "cluster_buy")
    assert signal.tags == tags


def test_friday_and_monday_are_consecutive_trading_days():
    [signal] = find(three_buy((4, 7, 14)), "cluster_buy")
    assert signal.tags == ("tight", "chain")


def test_a_late_report_makes_the_cluster_known_when_it_comes():
    filings = three_buy()
    late = Filings()
    late.buys(PAT, day(0), 4_000)
    late.buys(SAM, day(7), 4_000, filed_on=day(60))
    late.buys(LEE, day(14), 4_000)
    [signal] = find(late, "cluster_buy")
    assert signal.known_at == late.forms[1].known_at > find(filings, "cluster_buy")[0].known_at


def test_own_thresholds():
    filings = three_buy((0, 7, 15))
    [signal] = find(filings, "cluster_buy", thresholds=Thresholds({"cluster_buy.days": 15}))
    assert signal.evidence["tests"][0]["needed"] == 3
    assert find(three_buy(), "cluster_buy", thresholds=Thresholds({"cluster_buy.insiders": 4})) == []


purchases = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.integers(0, 60), st.integers(500, 20_000), st.integers(1, 9)),
    min_size=1, max_size=14,
)  # fmt: skip


def made(rows) -> Filings:
    filings = Filings()
    for owner, on, shares, delay in rows:
        # prices differ by person, so that no plan's allocation is seen in equal ones
        filings.buys(owner, day(on), shares, price=10 + PEOPLE.index(owner), filed_on=day(on + delay))
    return filings


@given(purchases, st.data())
@settings(max_examples=60, deadline=None)
def test_more_purchases_never_lower_a_cluster(rows, data):
    fewer = data.draw(st.lists(st.sampled_from(rows), unique_by=id, max_size=len(rows)))
    fewer = [row for row in rows if row in fewer]
    small, large = find(made(fewer), "cluster_buy"), find(made(rows), "cluster_buy")
    for one in small:
        start, end = one.window
        over = [other for other in large if other.window[0] <= start and end <= other.window[1]]
        assert over
        assert max(other.strength for other in over) >= one.strength
        assert min(other.known_at for other in over) <= one.known_at


@given(purchases, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_arrival_does_not_matter(rows, random):
    forms = made(rows).forms
    shuffled = random.sample(forms, len(forms))
    assert find(forms, "cluster_buy") == find(shuffled, "cluster_buy")


# --- sales ------------------------------------------------------------------------------------------------------------


def three_sell(filings: Filings, days=(0, 7, 14), after=(50_000,) * 3, owners=(PAT, SAM, LEE), price=20) -> Filings:
    for owner, on, left in zip(owners, days, after, strict=True):
        filings.sells(owner, day(on), 6_000, price=price + on, after=left)
    return filings


def test_three_sell_a_good_part_of_their_stakes():
    [signal] = find(three_sell(Filings()), "cluster_sell")
    assert signal.evidence["insiders"] == 3
    assert signal.evidence["usual_left_out"] is True
    assert "too few quarters" in signal.sentence


@pytest.mark.parametrize(
    ("days", "after"), [((0, 7, 15), (50_000,) * 3), ((0, 7, 14), (50_000, 50_000, 200_000))]
)  # fmt: skip
def test_too_far_apart_or_too_small_a_part(days, after):
    assert find(three_sell(Filings(), days, after), "cluster_sell") == []


def test_all_on_one_day_at_one_price_is_an_offering():
    filings = Filings()
    for owner in (PAT, SAM, LEE):
        filings.sells(owner, day(0), 6_000, price=20, after=50_000)
    assert find(filings, "cluster_sell") == []


def test_as_many_as_usual_is_no_cluster():
    usual = Filings()
    usual.joins(PAT, day(-900))
    for back in range(1, 50):
        for number, owner in enumerate((PAT, SAM)):
            usual.add(sold(200, 50_000 - 200 * (50 - back), on=day(-15 * back + number)), by=owner)
    usual.forms.sort(key=lambda one: one.filed_on)
    assert find(three_sell(usual), "cluster_sell") == []
    quiet = Filings()
    quiet.joins(PAT, day(-900))
    quiet.sells(JO, day(-300), 500, after=90_000)
    [signal] = find(three_sell(quiet), "cluster_sell")
    assert signal.evidence["usual_from_quarters"] == 8
    assert 0 < signal.evidence["usual_insiders"] < 0.1


def test_planned_tax_and_exercise_sales_are_left_out_with_the_reason():
    filings = three_sell(Filings())
    filings.sells(JO, day(3), 6_000, price=21, aff10b5_one=True)
    filings.add(
        sold(6_000, 9_000, price=22, on=day(4), footnotes={"shares": ("F1",)}),
        by=KIM, notes={"F1": "Shares sold to cover tax withholding obligations upon vesting."},
    )  # fmt: skip
    filings.exercises(JO, day(5), 5_000, sells=5_000)
    [signal] = find(filings, "cluster_sell")
    assert signal.evidence["insiders"] == 3
    assert sorted(one.reason for one in signal.excluded) == [
        "made under a Rule 10b5-1 plan", "sold out of an exercise of the same days", "sold to cover tax",
    ]  # fmt: skip
