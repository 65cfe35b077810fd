"""What a filing says at a glance: bought and sold of P and S only, and no total that hides what it leaves out."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from filings.ownership.codes import CODES
from filings.ownership.document import Line
from signals.readings.glance import of_title, phrases
from tests.pages.reading import Page
from tests.signals.lines import lines


def line(row=1, code="P", shares="10", price="2", **more):
    number = {name: Decimal(value) for name, value in (("shares", shares), ("price", price)) if value is not None}
    return Line("I", "transaction", row, **{"security_title": "Common Stock", "code": code, **number, **more})


def said(*some):
    found = phrases(some)
    context = {"phrases": found, "holdings": sum(line.kind == "holding" for line in some)}
    return Page(render_to_string("signals/_phrases.html", context)).text


@given(st.lists(lines(), max_size=12))
def test_bought_and_sold_are_said_of_p_and_s_only(some):
    for phrase in phrases(some):
        assert (phrase.tone == "bought") == (phrase.verb == "Bought") == (phrase.code == "P")
        assert (phrase.tone == "sold") == (phrase.verb == "Sold") == (phrase.code == "S")


@given(st.lists(lines(), max_size=12))
def test_every_transaction_is_in_one_phrase_and_no_holding_is(some):
    assert sum(phrase.lines for phrase in phrases(some)) == sum(line.kind == "transaction" for line in some)


@given(st.lists(lines(), max_size=12))
def test_the_shares_of_all_phrases_are_the_shares_of_all_transactions(some):
    filed = [line.shares for line in some if line.kind == "transaction" and line.shares is not None]
    assert sum(phrase.shares or 0 for phrase in phrases(some)) == sum(filed)


@given(st.lists(lines(), max_size=12))
def test_purchases_and_sales_come_first(some):
    tones = [phrase.tone == "mechanics" for phrase in phrases(some)]
    assert tones == sorted(tones)


@pytest.mark.parametrize("code", [code for code in CODES if code not in "PS"])
@pytest.mark.parametrize("direction", ["A", "D", None])
def test_no_other_code_reads_as_a_trade(code, direction):
    words = said(line(code=code, acquired_disposed=direction))
    assert "Bought" not in words
    assert "Sold" not in words
    assert "▲" not in words
    assert "▼" not in words


def test_lines_of_one_kind_are_added_up():
    assert said(line(1), line(2, shares="5", price="4")) == "▲ Bought 15 shares of Common Stock for $40"


def test_a_total_over_some_prices_says_how_many_are_missing():
    words = said(line(1, "S"), line(2, "S", price=None), line(3, "S", price=None))
    assert words == "▼ Sold 30 shares of Common Stock for $20 (2 of 3 lines without a price)"


def test_the_largest_figures_that_can_be_filed_are_multiplied_exactly():
    most = "9" * 60
    (phrase,) = phrases([line(1, shares=most, price=most), line(2, shares="1", price="1")])
    assert phrase.shares == Decimal(10) ** 60
    assert int(phrase.value) == int(most) ** 2 + 1
    assert said(line(shares=most, price=most)).endswith(f" for ${int(most) ** 2:,}")


def test_without_any_price_no_amount_of_money_is_named():
    assert said(line(price=None)) == "▲ Bought 10 shares of Common Stock"


def test_without_an_amount_no_number_is_named_and_none_counts_as_zero():
    assert said(line(shares=None)) == "▲ Bought Common Stock"
    assert phrases([line(shares=None)])[0].shares is None


def test_the_two_directions_of_one_code_stay_apart():
    words = said(
        line(1, "M", price=None, acquired_disposed="A"), line(2, "M", price=None, shares="7", acquired_disposed="D")
    )
    assert words == (
        "◇ Received by exercise or vesting 10 shares of Common Stock ◇ Exercised or settled 7 shares of Common Stock"
    )


def test_a_code_nobody_knows_is_named_by_its_direction_alone():
    assert said(line(code="?", acquired_disposed="D", price=None)) == "◇ Disposed of 10 shares of Common Stock"


def test_what_is_beyond_four_phrases_is_counted():
    some = [line(row, "A", security_title=f"Class {row} Common Stock") for row in range(1, 8)]
    assert said(*some).endswith("and 3 more")


def test_a_filing_of_holdings_says_so_and_an_empty_one_too():
    assert said(Line("I", "holding", 1), Line("II", "holding", 1)) == "◇Reports 2 holdings, no transaction"
    assert said() == "◇No securities in its tables"


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Common Stock", "shares of Common Stock"),
        ("Class A Common", "shares of Class A Common"),
        ("Ordinary Shares", "Ordinary Shares"),
        ("Depositary Units", "Depositary Units"),
        ("Stock Option (right to buy)", "Stock Option (right to buy)"),
        ("Common Stock Purchase Warrants", "Common Stock Purchase Warrants"),
    ],
)
def test_a_title_reads_well_after_a_number(title, words):
    assert of_title(title) == words


def test_a_phrase_knows_the_address_of_its_first_line():
    assert phrases([line(3), line(4)])[0].anchor == "I-t-3"
