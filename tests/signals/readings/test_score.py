"""The conviction score: the five worked examples of InsiderTradeFlow's guide, and each of its points."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filings.ownership.document import Owner
from signals.readings import score as points
from signals.readings.score import CORRECTIONS, Score, scores
from signals.readings.trades import issuer_reading
from tests.signals.detectors.cases import DAY, JO, LEE, PAT, SAM, Filings, holding, row, sold

SMITH = Owner("0009300001", "Smith Example", is_officer=True, officer_title="Chief Executive Officer")
DOE = Owner("0009300002", "Doe Example", is_officer=True, officer_title="Chief Financial Officer")
WILSON = Owner("0009300003", "Wilson Example", is_officer=True, officer_title="Chief Operating Officer")
CHEN = Owner("0009300004", "Chen Example", is_officer=True, officer_title="Vice President")
TORRES = Owner("0009300005", "Torres Example", is_director=True)


def scored(filings: Filings) -> dict[str, Score]:
    """By kind of trade, of the last filing."""
    reading = issuer_reading(filings.forms)
    found = scores(reading)
    last = filings.forms[-1].accession
    return {
        trade.kind: found[trade.accession, trade.lines]
        for trade in reading.of(last)
        if (trade.accession, trade.lines) in found
    }


def parts(score: Score) -> list[int]:
    return [part.points for part in score.parts]


# --- the guide's five -------------------------------------------------------------------------------------------------


def test_example_1_a_chief_executive_buys_for_over_a_million():
    filings = Filings()
    filings.buys(SMITH, DAY, 25_000, price="42.15", after=500_000)
    score = scored(filings)["buy"]
    # +10 a purchase, +5 for $1,053,750, +3 CEO, no earlier price is known, +2 the box says no plan
    assert (score.total, parts(score)) == (20, [10, 5, 3, 0, 2])
    assert "$1,053,750" in score.parts[1].reason


def test_example_2_an_award_is_filtered_out():
    filings = Filings()
    filings.add(row("A", "A", 50_000, 90_000, price=0), by=DOE)
    assert scored(filings) == {}


def test_example_3_a_vesting_and_tax_are_filtered_out():
    filings = Filings()
    filings.add(row("A", "A", 10_000, 90_000, price=0), row("F", "D", 3_800, 86_200, price=30), by=WILSON)
    assert scored(filings) == {}


def test_example_4_exercised_and_sold_at_once_is_one_below_nothing():
    filings = Filings()
    filings.exercises(CHEN, DAY, 20_000, strike=25, sells=20_000, price=48)
    found = scored(filings)
    assert found["exercise"].total == -1
    # the guide gives one score to both rows; here the sale says that it is scored with the exercise
    assert (found["sell"].total, len(found["sell"].parts)) == (0, 1)


def test_example_5_exercised_and_kept():
    filings = Filings()
    filings.exercises(TORRES, DAY, 15_000, strike=30)
    assert scored(filings)["exercise"].total == 3


# --- the points -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("price", "more"), [(50, 0), ("50.01", 5)])
def test_more_than_half_a_million(price, more):
    filings = Filings()
    filings.buys(PAT, DAY, 10_000, price=price, after=500_000)
    assert scored(filings)["buy"].total == 12 + more


@pytest.mark.parametrize(("box", "kind", "total"), [(False, "buy", 12), (None, "buy", 10), (True, "planned_buy", 10)])
def test_unknown_is_not_no_plan(box, kind, total):
    filings = Filings()
    filings.buys(PAT, DAY, 1_000, after=500_000, aff10b5_one=box)
    assert scored(filings)[kind].total == total


@pytest.mark.parametrize(("price", "more"), [(16, 3), ("16.01", 0), (6, 0)])
def test_after_a_fall_unless_it_may_be_a_split(price, more):
    filings = Filings()
    filings.sells(SAM, DAY - timedelta(days=90), 100, price=20)
    filings.buys(PAT, DAY, 1_000, price=price, after=500_000)
    assert scored(filings)["buy"].total == 12 + more


@pytest.mark.parametrize(
    ("after", "box", "kind", "total"),
    [
        (3_000, False, "sell", -2),
        (2_999, False, "sell", -7),
        (2_999, True, "planned_sell", -4),
        (90_000, True, "planned_sell", 1),
    ],
)
def test_a_sale_by_its_part_of_the_holding_and_its_plan(after, box, kind, total):
    filings = Filings()
    filings.sells(PAT, DAY, 1_000, after=after, aff10b5_one=box)
    assert scored(filings)[kind].total == total


def test_one_of_three_sellers():
    filings = Filings()
    for number, owner in enumerate((SAM, LEE, JO)):
        filings.sells(owner, DAY + timedelta(days=7 * number), 100, price=10 + number, after=90_000)
    assert scored(filings)["sell"].total == -7
    apart = Filings()
    for number, owner in enumerate((SAM, LEE, JO)):
        filings = apart
        filings.sells(owner, DAY + timedelta(days=8 * number), 100, price=10 + number, after=90_000)
    assert scored(apart)["sell"].total == -2


def test_partly_sold_and_sold_later():
    part = Filings()
    part.exercises(PAT, DAY, 1_000, sells=500)
    assert scored(part)["exercise"].total == 0
    later = Filings()
    later.exercises(PAT, DAY, 1_000)
    held = later.forms[0].accession
    later.sells(PAT, DAY + timedelta(days=20), 900, after=100)
    reading = issuer_reading(later.forms)
    assert next(score for (accession, _), score in scores(reading).items() if accession == held).total == 0


def test_private_purchases_have_no_points_and_corrected_rows_no_score():
    filings = Filings()
    note = {"F1": "Purchased in a private placement directly from the issuer."}
    filings.add(row("P", "A", 100_000, 200_000, price=20, footnotes={"price": ("F1",)}), by=SMITH, notes=note)
    [score] = scored(filings).values()
    assert (score.total, len(score.parts)) == (0, 1)
    filings.add(*filings.forms[0].lines, by=SMITH, kind="4/A", filed_on=DAY + timedelta(days=9),
                date_of_original_submission=filings.forms[0].filed_on)  # fmt: skip
    found = scores(issuer_reading(filings.forms))
    assert filings.forms[0].accession not in {accession for accession, _ in found}


@given(
    st.lists(
        st.tuples(st.sampled_from("PSM"), st.integers(1, 60_000), st.integers(1, 90), st.integers(0, 300)), max_size=8
    )
)
@settings(max_examples=40, deadline=None)
def test_a_score_is_the_sum_of_its_parts_and_each_has_its_reason(rows):
    filings = Filings()
    filings.add(holding(900_000), kind="3", filed_on=date(2023, 1, 3), period_of_report=date(2023, 1, 3))
    for code, shares, price, days in rows:
        on = DAY + timedelta(days=days)
        if code == "M":
            filings.exercises(PAT, on, shares, sells=shares // 2, price=price)
        elif code == "P":
            filings.buys(PAT, on, shares, price=price)
        else:
            filings.add(sold(shares, 900_000, price=price, on=on))
    names = "BUY BIG_BUY LEADER FALLEN UNPLANNED SELL BIG_SELL CLUSTERED PLANNED HELD PART_SOLD SOLD_AT_ONCE"
    allowed = {getattr(points, name) for name in names.split()}
    for score in scores(issuer_reading(filings.forms)).values():
        assert score.total == sum(part.points for part in score.parts)
        assert score.parts
        assert all(part.reason and part.points in allowed for part in score.parts)
        assert score.as_json()["total"] == score.total


def test_where_the_guide_is_not_followed_is_said():
    assert len(CORRECTIONS) >= 8
