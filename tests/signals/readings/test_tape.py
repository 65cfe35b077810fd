from __future__ import annotations

from decimal import Decimal

from signals.readings.tape import Quote, Tape
from tests.signals.readings.archives import DAY, after_days


def tape(*quotes: tuple[int, str, object]) -> Tape:
    return Tape(Quote("Common Stock", after_days(day), name, Decimal(str(price))) for day, name, price in quotes)


def doubt(of: Tape, price: object, shares: object = 100, accession: str = "own") -> str | None:
    return of.doubt("Common Stock", DAY, accession, Decimal(str(price)), Decimal(str(shares)))


def test_a_price_far_from_those_of_other_filings_near_that_day_is_doubted():
    others = tape((-5, "a", 20), (3, "b", 21))
    assert doubt(others, 200)
    assert doubt(others, 2)
    assert doubt(others, 60) is None


def test_a_price_that_another_filing_supports_is_never_doubted():
    assert doubt(tape((-50, "a", 20), (-40, "b", 21), (2, "c", 205)), 200) is None


def test_the_filings_own_rows_neither_support_nor_doubt():
    assert doubt(tape((0, "own", 200), (-5, "a", 20), (3, "b", 21)), 200)
    assert doubt(tape((0, "own", 20)), 200) is None


def test_a_total_in_the_price_cell_is_known_by_what_it_is_for_one_share():
    found = doubt(tape((-300, "a", 20)), 10_000, shares=500)
    assert "total" in found


def test_prices_after_a_share_split_are_not_doubted():
    before = tape((-30, "a", 1200), (-20, "b", 1190))
    assert doubt(before, 120) is None
    after = tape((20, "a", 120), (30, "b", 119))
    assert doubt(after, 1200) is None


def test_without_prices_of_others_nothing_is_doubted():
    assert doubt(tape(), 1_000_000) is None
