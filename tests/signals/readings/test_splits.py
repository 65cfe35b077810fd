"""Splits: adjusting across them, and those that filings show without anybody listing them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.readings.history import History
from signals.readings.inferred_splits import RATIOS, inferred_splits
from signals.readings.prices import Prices
from signals.readings.splits import NO_SPLITS, Split, Splits
from signals.readings.trades import issuer_reading
from tests.signals.detectors.cases import KIM, PAT, SAM, Filings, find

BEFORE, ON, AFTER = date(2024, 11, 18), date(2024, 12, 4), date(2024, 12, 16)


def inferred(filings: Filings) -> tuple[Split, ...]:
    reading = issuer_reading(filings.forms)
    return inferred_splits(reading.history, Prices.of(reading))


def test_a_price_and_a_number_on_the_scale_of_another_day():
    splits = Splits([Split(ON, Decimal(4))])
    assert splits.price(Decimal(400), BEFORE, AFTER) == 100
    assert splits.shares(Decimal(10), BEFORE, AFTER) == 40
    assert splits.price(Decimal(100), AFTER, BEFORE) == 400
    assert splits.factor(BEFORE, ON) == 4
    assert splits.factor(ON, AFTER) == 1  # the day itself is at the new scale
    assert NO_SPLITS.price(Decimal(7), BEFORE, AFTER) == 7


def test_a_split_inferred_later_does_not_count_yet():
    told = datetime(2024, 12, 17, tzinfo=UTC)
    splits = Splits([Split(ON, Decimal(4), inferred=True, known_at=told)])
    assert splits.factor(BEFORE, AFTER, told - timedelta(seconds=1)) == 1
    assert splits.factor(BEFORE, AFTER, told) == 4


def test_a_ratio_of_nothing_is_refused():
    with pytest.raises(ValueError, match="more than nothing"):
        Splits([Split(ON, Decimal(0))])


@given(
    st.lists(st.tuples(st.dates(), st.sampled_from([Decimal(2), Decimal(3), Decimal("0.1")])), max_size=5, unique=True),
    st.dates(), st.dates(), st.dates(),
)  # fmt: skip
def test_factors_join(splits, one, two, three):
    known = Splits([Split(on, ratio) for on, ratio in splits])
    joined = known.factor(one, two) * known.factor(two, three)
    assert abs(joined / known.factor(one, three) - 1) < Decimal("1e-20")


# --- what filings show ------------------------------------------------------------------------------------------------


def drawn_down(*, prices=(400, 100), strikes=("61.05", "15.2625"), owners=(KIM,), sells: bool = True) -> Filings:
    filings = Filings()
    for on, strike, price in ((BEFORE, strikes[0], prices[0]), (AFTER, strikes[1], prices[1])):
        for number, owner in enumerate(owners):
            shares = 8_000 if on == BEFORE else 32_000
            ends = date(2027, 4, 1 + number)
            filings.exercises(
                owner, on, shares, strike=strike, sells=shares if sells else 0, price=price, expires_on=ends
            )
    return filings


def test_a_strike_and_prices_that_jump_alike():
    filings = drawn_down()
    assert inferred(filings) == (Split(AFTER, Decimal(4), inferred=True, known_at=filings.forms[-1].known_at),)


def test_prices_between_make_the_day_an_earlier_one():
    filings = drawn_down()
    filings.sells(SAM, ON, 100, price=101)
    assert [split.on for split in inferred(filings)] == [ON]


def test_two_options_need_no_prices_and_one_alone_is_not_enough():
    assert [split.ratio for split in inferred(drawn_down(owners=(KIM, PAT), sells=False))] == [4]
    assert inferred(drawn_down(sells=False)) == ()


def test_words_about_a_split_are_the_second_proof():
    filings = drawn_down(sells=False)
    filings.buys(SAM, AFTER, 100, price=99, notes={"F1": "Reflects a 4-for-1 stock split of the issuer's shares."})
    assert [split.ratio for split in inferred(filings)] == [4]


@pytest.mark.parametrize(
    ("prices", "strikes"),
    [
        ((400, 390), ("61.05", "15.2625")),  # the price did not jump
        ((400, 100), ("61.05", "16.00")),  # no split's ratio
        ((400, 100), ("61.05", "61.05")),  # the strike did not change
    ],
)
def test_what_is_no_split(prices, strikes):
    assert inferred(drawn_down(prices=prices, strikes=strikes)) == ()


def test_an_old_strike_that_comes_again_was_another_award():
    filings = drawn_down()
    filings.exercises(KIM, date(2025, 2, 3), 100, strike="61.05", sells=100, price=100, expires_on=date(2027, 4, 1))
    assert inferred(filings) == ()


def test_a_jump_over_two_splits_is_not_one_of_their_product():
    filings = drawn_down()  # 4 for 1, shown by prices
    for on, strike, price in ((BEFORE, "120.00", 400), (date(2025, 12, 1), "15.00", 90)):
        filings.exercises(PAT, on, 800, strike=strike, sells=800, price=price, expires_on=date(2029, 1, 1))
    assert [split.ratio for split in inferred(filings)] == [4]
    filings.exercises(
        KIM, date(2025, 12, 2), 64_000, strike="7.63125", sells=64_000, price=50, expires_on=date(2027, 4, 1)
    )
    assert [split.ratio for split in inferred(filings)] == [4, 2]


def test_a_reverse_split():
    filings = drawn_down(prices=(2, 20), strikes=("1.50", "15.00"))
    assert [split.ratio for split in inferred(filings)] == [Decimal("0.1")]
    assert Decimal("0.1") in RATIOS


def test_a_plan_is_seen_across_a_split_that_only_filings_show():
    filings = drawn_down()
    for on in (date(2025, 1, 16), date(2025, 2, 18)):
        filings.exercises(KIM, on, 32_000, strike="15.2625", sells=32_000, price=100, expires_on=date(2027, 4, 1))
    [signal] = find(filings, "inferred_plan")
    marks = {mark["mark"]: mark for mark in signal.evidence["marks"]}
    assert (marks["constant_strike"]["days"], marks["fixed_quantity"]["days"]) == (4, 4)
    assert "inferred_split" in signal.tags
    assert find(filings, "inferred_plan", splits=[Split(ON, Decimal(4))])[0].tags == ()


def test_nothing_filed_shows_nothing():
    assert inferred_splits(History(()), Prices({})) == ()
