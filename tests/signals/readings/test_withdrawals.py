from __future__ import annotations

import pytest

from signals.readings.withdrawals import withdrawal_of


@pytest.mark.parametrize(
    "text",
    ["The Form 4 filed on May 1 was filed in error and is withdrawn.",
     "No acquisition took place, and this amendment withdraws such Form 4.",
     "This report is a duplicate of one filed the day before.",
     "The reporting person inadvertently filed a Form 4 twice. The second report is void.",
     "Filed to rescind the Form 4 of that day."],
)  # fmt: skip
def test_words_that_take_back_a_whole_report(text):
    assert withdrawal_of(text).scope == "whole"


@pytest.mark.parametrize(
    "text",
    ["The sale reported in row 2 never occurred.", "This line was inadvertently reported and should be disregarded.",
     "A duplicate transaction is removed."],
)  # fmt: skip
def test_words_that_take_back_rows(text):
    assert withdrawal_of(text).scope == "rows"


@pytest.mark.parametrize(
    "text",
    ["Filed solely to correct an administrative error in the number of shares.",
     "Shares withdrawn from the plan's stock fund.",
     "The report was not withdrawn.",
     "Amended to correct the price, which was stated too high.",
     "A misreported additional holding has been removed.", "", None],
)  # fmt: skip
def test_corrections_and_other_withdrawals_take_nothing_back(text):
    assert withdrawal_of(text) is None


def test_the_words_are_the_sentence_that_says_it():
    text = "Filed late. The original report was filed in error. Nothing else changes."
    assert withdrawal_of(text).words == "The original report was filed in error."
