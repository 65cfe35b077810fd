"""Files of closes and splits: every layout, every fault by its line, and nothing lost beside a fault."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.readings.price_files import (
    PLAIN,
    STOOQ,
    WIDE,
    YAHOO,
    BadRow,
    PricedDay,
    PriceFile,
    SplitDay,
    SplitFile,
    ratio_of,
)


def closes(*lines: str) -> list[PricedDay | BadRow]:
    return list(PriceFile(lines))


def test_yahoo_gives_the_close_without_dividends_taken_out():
    file = PriceFile(["Date,Open,High,Low,Close,Adj Close,Volume", "1999-01-22,1.75,1.95,1.55,1.640625,1.518424,678"])
    assert file.layout == YAHOO
    assert list(file) == [PricedDay(2, None, date(1999, 1, 22), Decimal("1.640625"))]


def test_stooq_comes_from_its_page_and_in_bulk():
    page = PriceFile(["Date,Open,High,Low,Close,Volume", "2024-03-01,1,2,0.5,1.5,100"])
    assert (page.layout, list(page)) == (STOOQ, [PricedDay(2, None, date(2024, 3, 1), Decimal("1.5"))])
    bulk = PriceFile([
        "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>",
        "XMPL.US,D,20240301,000000,1,2,0.5,1.5,100,0",
    ])  # fmt: skip
    assert (bulk.layout, list(bulk)) == (STOOQ, [PricedDay(2, "XMPL", date(2024, 3, 1), Decimal("1.5"))])


def test_plain_files_may_name_the_symbol_or_the_cik_in_any_column():
    file = PriceFile(["cik,price,date", '9900000001,"1,234.50",03/01/2024'])
    assert file.layout == PLAIN
    assert list(file) == [PricedDay(2, "9900000001", date(2024, 3, 1), Decimal("1234.50"))]


def test_a_wide_file_has_a_column_for_each_symbol_and_its_blanks_are_no_faults():
    file = PriceFile(["Date,xlb,xlc", "2005-01-03,9.252,", "2005-01-04,9.1,8"])
    assert file.layout == WIDE
    assert [(row.symbol, row.price) for row in file] == [
        ("xlb", Decimal("9.252")), ("xlb", Decimal("9.1")), ("xlc", Decimal(8)),
    ]  # fmt: skip


def test_a_bad_row_is_named_by_its_line_and_the_rest_goes_on():
    found = closes("date,close", "2024-03-01,1", "", "yesterday,2", "2024-03-04,cheap", "2024-03-05,-1", "2024-03-06,3")
    assert [row.line for row in found if isinstance(row, BadRow)] == [4, 5, 6]
    assert "'yesterday' is no day" in found[1].reason
    assert [row.price for row in found if isinstance(row, PricedDay)] == [Decimal(1), Decimal(3)]


@pytest.mark.parametrize("words", ["null", "NaN", "N/A", "-", ""])
def test_a_day_without_a_number_is_left_out(words):
    assert closes("date,close", f"2024-03-01,{words}") == []


@pytest.mark.parametrize("lines", [[], ["", " "], ["a,b"], ["date"], ["close"], ["date,ticker"]])
def test_a_file_of_no_known_layout_is_refused(lines):
    with pytest.raises(ValueError, match="file"):
        PriceFile(lines)


@pytest.mark.parametrize(
    ("words", "ratio"),
    [("4", 4), ("4:1", 4), ("4-for-1", 4), ("4 for 1", 4), ("3/2", "1.5"), ("1-for-10", "0.1"), ("1:8", "0.125"),
     ("0.1", "0.1")],
)  # fmt: skip
def test_a_ratio_is_new_shares_for_one_old(words, ratio):
    assert ratio_of(words) == Decimal(ratio)


@pytest.mark.parametrize("words", ["", "1", "1:1", "0", "0:1", "4:0", "-2", "many", "1e9", "4:"])
def test_what_changes_nothing_or_cannot_be_is_no_ratio(words):
    assert ratio_of(words) is None


def test_yahoos_splits_and_plain_ones():
    assert list(SplitFile(["Date,Stock Splits", "2021-07-20,4:1"])) == [
        SplitDay(2, None, date(2021, 7, 20), Decimal(4))
    ]
    found = list(SplitFile(["ticker,date,ratio", "XMPL,2021-07-20,1-for-8", "XMPL,2021-07-21,none"]))
    assert found[0] == SplitDay(2, "XMPL", date(2021, 7, 20), Decimal("0.125"))
    assert isinstance(found[1], BadRow)
    with pytest.raises(ValueError, match="date and ratio"):
        SplitFile(["date,amount"])


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="\r\n"), max_size=40), max_size=20))
def test_no_row_whatever_stops_the_file(rows):
    found = list(PriceFile(["date,close", *rows]))
    assert all(isinstance(row, BadRow) or row.price > 0 for row in found)


@given(st.dictionaries(st.dates(date(1990, 1, 1)), st.decimals("0.0001", "99999", places=4), max_size=30))
def test_what_is_written_is_read(prices):
    lines = [f"{on},{price}" for on, price in prices.items()]
    assert {row.on: row.price for row in PriceFile(["date,close", *lines])} == prices
