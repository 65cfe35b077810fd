"""Figures, days and lists in sentences."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.readings.explain import words


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        ("0", "$0.00"),
        ("9.5", "$9.50"),
        ("41474", "$41,474"),
        ("999999.4", "$999,999"),
        ("14210000", "$14.2 million"),
        ("1330000000", "$1.33 billion"),
    ],
)
def test_a_sum_is_rounded_for_reading(amount, told):
    assert words.money(Decimal(amount)) == told


@pytest.mark.parametrize(
    ("amount", "told"), [("200", "$200"), ("28.5", "$28.50"), ("297.9444", "$297.9444"), ("0.0001", "$0.0001")]
)
def test_a_price_keeps_the_digits_it_was_filed_with(amount, told):
    assert words.price(Decimal(amount)) == told


@pytest.mark.parametrize(
    ("share", "told"),
    [("0.0001", "less than 0.01%"), ("0.123", "0.12%"), ("4.34", "4.3%"), ("61.7", "62%"), ("-12.2", "12%")],
)
def test_a_percentage_is_never_more_exact_than_it_helps(share, told):
    assert words.percent(Decimal(share)) == told


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=Decimal(10) ** 58, places=6))
def test_no_filed_figure_is_too_long_to_say(amount):
    assert Decimal(words.number(amount).replace(",", "")) == amount
    assert words.price(amount).startswith("$")
    assert words.money(amount).startswith("$")


def test_days_share_what_they_can():
    assert words.days(date(2024, 3, 4), date(2024, 3, 4)) == "on 4 March 2024"
    assert words.days(date(2024, 3, 4), date(2024, 3, 6)) == "from 4 to 6 March 2024"
    assert words.days(date(2024, 3, 4), date(2024, 4, 6)) == "from 4 March to 6 April 2024"
    assert words.days(date(2023, 12, 30), date(2024, 1, 2)) == "from 30 December 2023 to 2 January 2024"


def test_a_sentence_has_a_head_and_an_end():
    assert words.sentence("the note says: “so.”") == "The note says: “so.”"
    assert words.sentence("a row") == "A row."
    assert words.joined(["a", "b", "c"]) == "a, b and c"
    assert words.count(1, "row") == "one row"
    assert words.count(12, "entry", "entries") == "12 entries"
