"""How facts are printed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from signals.templatetags import facts
from tests.pages.reading import Page


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_a_quantity_loses_nothing_but_idle_zeros(number):
    assert Decimal(facts.quantity(number).replace(",", "")) == number


@pytest.mark.parametrize(
    ("number", "words"),
    [("1000", "1,000"), ("100", "100"), ("1234567.50", "1,234,567.5"), ("0.000", "0"), ("1E+3", "1,000")],
)
def test_a_quantity_has_commas(number, words):
    assert facts.quantity(Decimal(number)) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("1234567.49", "$1,234,567"),
        ("9.994", "$9.99"),
        ("0.005", "$0.00"),
        ("10.5", "$10"),
        ("11.5", "$12"),
        ("-34", "-$34"),
    ],
)
def test_dollars_are_whole_from_ten_up(amount, words):
    assert facts.dollars(Decimal(amount)) == words


def test_dollars_of_any_size_are_printed():
    assert facts.dollars(Decimal("9" * 40)) == "$" + f"{int('9' * 40):,}"


def test_each_kind_of_trade_has_a_shape_of_its_own():
    shapes = [facts.shape(tone) for tone in ("bought", "sold", "mechanics", "unknown")]
    assert len(set(shapes)) == 4
    assert facts.shape("anything else") == facts.shape("unknown")


@pytest.mark.parametrize(("ref", "number"), [("F1", "1"), ("F12", "12"), ("f3", "3"), ("FN", "FN"), ("F", "F")])
def test_a_footnote_bears_the_number_of_its_id(ref, number):
    assert facts.note_number(ref) == number


@pytest.mark.parametrize(
    ("flag", "mark", "state"), [(True, "✕", "checked"), (False, "", "not checked"), (None, "?", "not stated")]
)
def test_a_box_has_three_states_and_each_is_said_in_words(flag, mark, state):
    page = Page(render_to_string("signals/_check.html", facts.check(flag, "Director")))
    assert page.text == f"{mark}Director ({state})"


def test_an_instant_shows_as_edgars_clock_did():
    assert facts.eastern(datetime(2025, 3, 6, 22, 15, tzinfo=UTC)) == "6 March 2025 17:15 Eastern"
    assert facts.eastern(datetime(2025, 7, 6, 22, 15, tzinfo=UTC)) == "6 July 2025 18:15 Eastern"


def test_a_day_stands_in_words_and_as_the_form_prints_it_with_a_year_of_four_digits():
    assert facts.long_dated(date(2026, 3, 9)) == '<time datetime="2026-03-09">9 March 2026</time>'
    assert facts.form_dated(date(26, 3, 9)) == '<time datetime="0026-03-09">03/09/0026</time>'
