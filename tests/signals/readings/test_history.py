from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from signals.readings.history import History, known_at
from tests.signals.readings.archives import after_days, bought, form


def test_forms_stand_in_the_order_of_knowledge_whatever_the_order_of_arrival():
    first, second = form(2, bought(1, 1), filed_on=after_days(1)), form(1, bought(1, 1), filed_on=after_days(2))
    assert [one.accession for one in History([second, first])] == [first.accession, second.accession]


def test_forms_of_one_moment_stand_by_accession():
    first, second = form(1, bought(1, 1)), form(2, bought(1, 1))
    assert History([second, first]).forms == (first, second)


def test_of_one_moment_a_report_stands_before_its_amendment():
    report, amendment = form(2, bought(1, 1)), form(1, bought(1, 1), kind="4/A")
    assert History([amendment, report]).forms == (report, amendment)


def test_a_filing_without_an_acceptance_time_is_known_at_ten_in_the_evening_in_new_york():
    assert known_at(date(2024, 1, 10), None) == datetime(2024, 1, 11, 3, tzinfo=UTC)
    assert known_at(date(2024, 7, 10), None) == datetime(2024, 7, 11, 2, tzinfo=UTC)


def test_as_of_a_moment_includes_that_moment_and_nothing_later():
    early, late = form(1, bought(1, 1), filed_on=after_days(1)), form(2, bought(1, 1), filed_on=after_days(2))
    assert History([early, late]).as_of(early.known_at).forms == (early,)


def test_a_history_is_of_one_issuer_and_holds_each_accession_once():
    one = form(1, bought(1, 1))
    with pytest.raises(ValueError, match="one issuer"):
        History([one, form(2, bought(1, 1), issuer="0009900002")])
    with pytest.raises(ValueError, match="once"):
        History([one, one])
