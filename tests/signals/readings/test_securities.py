from __future__ import annotations

import pytest

from signals.readings.securities import is_home_market, is_written, security_class


@pytest.mark.parametrize(
    "title",
    ["Common Stock", "COMMON STOCK", "common", "Common Shares", "Common Stock, $0.00125 par value",
     "Common Stock, par value $0.0001", "Common Shares, no par value", "Common Stock (1)"],
)  # fmt: skip
def test_the_spellings_of_common_stock_are_one_class(title):
    assert security_class(title).name == "Common Stock"


@pytest.mark.parametrize("title", ["Class A Common Stock", "CLASS A COMMON STOCK", "Class A Common Stoc",
                                   "Class A Common Stock, $0.0001 par value"])  # fmt: skip
def test_the_spellings_of_a_lettered_class_are_one_class(title):
    assert security_class(title).name == "Class A Common Stock"


def test_letters_kinds_and_receipts_tell_classes_apart():
    titles = ["Class A Common Stock", "Class B Common Stock", "Common Stock", "Ordinary Shares",
              "American Depositary Shares", "Series A Preferred Stock", "Class C Capital Stock"]  # fmt: skip
    assert len({security_class(title).name for title in titles}) == len(titles)


def test_depositary_shares_and_what_they_stand_for_are_different_and_both_equity():
    ads, ordinary = security_class("American Depositary Shares (ABC)"), security_class("Ordinary Shares (1234.TW)")
    assert ads.name != ordinary.name
    assert ads.common_equity
    assert ordinary.common_equity


@pytest.mark.parametrize(
    ("title", "family"),
    [("Restricted Stock Unit", "unit"), ("Non-Qualifed Stock Option (right to buy)", "option"),
     ("2.0% Convertible Senior Notes due 2027", "note"), ("Class B Common Stock Warrant (Right to buy)", "warrant"),
     ("Series B Preferred Stock", "preferred"), ("Equity Swap (obligation to sell)", "right"),
     ("Phantom Stock Units", "unit"), ("No securities are beneficially owned", "other"),
     (None, "other"), ("  ", "other")],
)  # fmt: skip
def test_titles_tell_the_family(title, family):
    assert security_class(title).family == family
    assert not security_class(title).common_equity


def test_a_home_market_is_named_by_the_issuers_symbol_or_by_the_shape_of_one():
    assert is_home_market("Common Shares (2330.TW)", None)
    assert is_home_market("PETR4 Preferred", "petr4")
    assert not is_home_market("American Depositary Shares (TSM)", "2330.TW")
    assert not is_home_market(None, "2330.TW")


def test_written_options_are_known_by_their_titles():
    assert is_written("Call Option (Obligation to Sell)")
    assert not is_written("Call Option (Right to Buy)")


def test_a_hostile_title_still_gets_a_class():
    for piece in ("class ", "(", "par value $0.", "common ", "$1 par ", "restricted stock "):
        assert security_class(piece * 2_000).name
