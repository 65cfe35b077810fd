"""Late reports, lock-ups, hedges and gifts."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from signals.readings.splits import Close
from tests.signals.detectors.cases import (
    FUND,
    JO,
    KIM,
    LEE,
    PAT,
    SAM,
    Filings,
    bought,
    find,
    holding,
    row,
    sold,
)

MONDAY = date(2024, 3, 4)  # due on Wednesday the 6th

# --- late reports -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filed_on", "band"),
    [
        (date(2024, 3, 6), None),
        (date(2024, 3, 7), "1-3"),
        (date(2024, 3, 11), "1-3"),
        (date(2024, 3, 12), "4-10"),
        (date(2024, 3, 20), "4-10"),
        (date(2024, 3, 21), "over 10"),
        (date(2025, 3, 4), "over a year"),
    ],
)
def test_business_days_after_the_last_day(filed_on, band):
    filings = Filings()
    filings.buys(PAT, MONDAY, 100, filed_on=filed_on)
    found = find(filings, "late_filing")
    assert [signal.evidence["band"] for signal in found] == ([band] if band else [])
    for signal in found:
        assert signal.trades[0].lines == (("I", 1),)
        assert signal.known_at == filings.forms[0].known_at


def test_a_plan_trade_a_few_days_late_may_be_excused():
    filings = Filings()
    filings.sells(PAT, MONDAY, 100, filed_on=date(2024, 3, 8), aff10b5_one=True)
    assert find(filings, "late_filing") == []
    filings.sells(PAT, MONDAY, 200, filed_on=date(2024, 3, 13), aff10b5_one=True)
    assert len(find(filings, "late_filing")) == 1


def test_rows_that_could_have_waited_are_not_late():
    filings = Filings()
    filings.add(row("P", "A", 10, 10, on=MONDAY, form_type="5"), filed_on=date(2024, 5, 1))
    assert find(filings, "late_filing") == []


def test_an_amendment_is_judged_by_what_it_adds():
    filings = Filings()
    filings.buys(PAT, MONDAY, 100, after=100)
    day = date(2024, 3, 5)
    again = bought(100, 100, on=MONDAY)
    filings.add(again, filed_on=date(2024, 5, 1), kind="4/A", date_of_original_submission=day)
    assert find(filings, "late_filing") == []
    filings.add(again, bought(70, 170, on=MONDAY, price=11), filed_on=date(2024, 5, 2), kind="4/A",
                date_of_original_submission=day)  # fmt: skip
    [signal] = find(filings, "late_filing")
    assert signal.trades[0].lines == (("I", 2),)


def test_three_in_two_years_are_a_habit():
    filings = Filings()
    for number in range(3):
        on = MONDAY + timedelta(days=70 * number)
        filings.buys(PAT, on, 100 + number, filed_on=on + timedelta(days=30))
    filings.buys(SAM, MONDAY, 999, filed_on=MONDAY + timedelta(days=400))
    tags = {signal.insiders[0].cik: signal.tags for signal in find(filings, "late_filing")}
    assert tags == {PAT.cik: ("habitual",), SAM.cik: ()}
    assert [signal.tags for signal in find(filings, "late_filing")][:2] == [(), ()]


def test_a_late_form_3():
    filings = Filings()
    filings.add(holding(5), kind="3", period_of_report=MONDAY, filed_on=date(2024, 4, 1))
    [signal] = find(filings, "late_filing")
    assert "Form 3" in signal.sentence


# --- lock-ups ---------------------------------------------------------------------------------------------------------

OFFERED = date(2024, 1, 9)
EXPIRY = date(2024, 7, 8)  # 180 days later is Sunday the 7th
IPO = {"F1": "Shares will convert upon the closing of the Issuer's initial public offering."}


def offered(words: dict[str, str] = IPO, people=(PAT, SAM, LEE)) -> Filings:
    filings = Filings()
    for owner in people:
        line = holding(100_000, footnotes={"security_title": ("F1",)})
        filings.add(line, by=owner, kind="3", period_of_report=OFFERED, filed_on=OFFERED, notes=words)
    return filings


def two_sell(filings: Filings, on: date, shares: int = 1_000, who=(PAT, SAM)) -> Filings:
    for owner in who:
        filings.sells(owner, on, shares, price=20, after=100_000 - shares)
    return filings


@pytest.mark.parametrize(
    ("on", "tags"),
    [
        (EXPIRY - timedelta(days=3), ("early_release",)),
        (EXPIRY - timedelta(days=2), ()),
        (EXPIRY + timedelta(days=14), ()),
        (EXPIRY + timedelta(days=15), None),
    ],
)
def test_two_sell_when_the_lock_up_ends(on, tags):
    filings = two_sell(offered(), on)
    found = find(filings, "lockup_sale")
    assert [signal.tags for signal in found] == ([tags] if tags is not None else [])
    for signal in found:
        assert signal.known_at == filings.forms[-1].known_at
        assert signal.evidence["expiry"] == EXPIRY.isoformat()


def test_one_seller_is_enough_only_with_a_tenth_of_what_insiders_held():
    assert find(two_sell(offered(), EXPIRY, 29_000, (PAT,)), "lockup_sale") == []
    [signal] = find(two_sell(offered(), EXPIRY, 30_000, (PAT,)), "lockup_sale")
    assert signal.evidence["insiders_held"] == 300_000


@pytest.mark.parametrize(
    "filings",
    [
        offered(people=(PAT, SAM)),  # two Forms 3 only
        offered(words={"F1": "Held directly."}),  # nobody speaks of an offering
        offered(words={"F1": IPO["F1"] + " In connection with the spin-off from the parent."}),
    ],
)
def test_without_an_offering_that_filings_show_there_is_no_lock_up(filings):
    assert find(two_sell(filings, EXPIRY), "lockup_sale") == []


def test_an_issuer_with_earlier_filings_did_not_begin_that_day():
    filings = offered()
    filings.buys(JO, date(2023, 6, 5), 100)
    assert find(two_sell(filings, EXPIRY), "lockup_sale") == []


def test_funds_are_shown_apart():
    filings = two_sell(offered(), EXPIRY)
    filings.sells(FUND, EXPIRY, 50_000, price=20)
    [signal] = find(filings, "lockup_sale")
    assert (signal.evidence["insiders"], signal.evidence["funds_sold"]) == (2, 50_000)
    assert [one.reason for one in signal.excluded] == ["a fund’s or 10% owner’s sale, shown apart"]


# --- hedges -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "code", "direction", "side"),
    [
        ("Put Option (Right to Sell)", "P", "A", "hedge"),
        ("Put Option (Obligation to Buy)", "S", "A", "opposite"),
        ("Call Option (Obligation to Sell)", "S", "A", "hedge"),
        ("Call Option (Right to Buy)", "P", "A", "opposite"),
        ("Prepaid Variable Forward Contract (Obligation to Sell)", "J", "D", "hedge"),
        ("Zero-cost collar", "J", "A", "hedge"),
        ("Cash-Settled Total Return Swap", "J", "A", "unclear"),
    ],
)
def test_which_side_the_holder_took(title, code, direction, side):
    filings = Filings()
    filings.add(row(code, direction, 100, 100, table="II", title=title, price=1))
    [signal] = find(filings, "hedging")
    assert signal.evidence["side"] == side


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Stock Option (Right to Buy)", "P"),
        ("Restricted Stock Units", "J"),
        ("Put Option (Right to Sell)", "E"),  # an expiry is no new hedge
        ("Call Option (Obligation to Sell)", "H"),
    ],
)
def test_pay_and_expiries_are_no_hedges(title, code):
    filings = Filings()
    filings.add(row(code, "A", 100, 100, table="II", title=title, price=1))
    assert find(filings, "hedging") == []


def test_a_swap_that_the_form_marks():
    filings = Filings()
    filings.add(sold(100, 900, equity_swap=True))
    [signal] = find(filings, "hedging")
    assert signal.evidence["instrument"] == "swap"


def test_a_pledge_is_told_once_a_year():
    filings = Filings()
    note = {"F1": "Includes 50,000 shares pledged as security for a loan."}
    for days in (0, 100, 365):
        filings.buys(PAT, MONDAY + timedelta(days=days), 100, notes=note)
    assert [signal.tags for signal in find(filings, "hedging")] == [("pledge",), ("pledge",)]
    denied = Filings()
    denied.buys(PAT, MONDAY, 100, notes={"F1": "None of these shares are pledged as security."})
    assert find(denied, "hedging") == []


# --- gifts ------------------------------------------------------------------------------------------------------------


def gift(shares: int, price: object = 20, note: str | None = None, by=KIM) -> Filings:
    filings = Filings()
    filings.buys(SAM, MONDAY - timedelta(days=30), 100, price=price)
    line = row("G", "D", shares, 100_000, price=0, on=MONDAY, footnotes={"code": ("F1",)} if note else {})
    filings.add(line, by=by, notes={"F1": note} if note else {}, filed_on=MONDAY + timedelta(days=2))
    return filings


@pytest.mark.parametrize(("shares", "fires"), [(50_000, True), (49_999, False)])
def test_a_gift_worth_a_million_at_the_last_price_that_was_filed(shares, fires):
    found = find(gift(shares), "gift_timing")
    assert bool(found) is fires
    assert all(signal.evidence["delay_days"] == 2 for signal in found)


def test_who_received_it():
    charity = gift(50_000, note="Gift of shares to a charitable foundation.")
    family = gift(50_000, note="Bona fide gift to the reporting person's children.")
    assert find(charity, "gift_timing")[0].evidence["receiver"] == "foundation"
    [signal] = find(family, "gift_timing")
    assert (signal.evidence["receiver"], signal.evidence["estate_freeze_more_likely"]) == ("family", True)


def test_without_a_price_there_is_no_value_and_closes_come_first():
    alone = Filings()
    alone.add(row("G", "D", 50_000, 100_000, price=0, on=MONDAY), by=KIM)
    assert find(alone, "gift_timing") == []
    [signal] = find(alone, "gift_timing", closes={"Common Stock": [Close(MONDAY, Decimal(25))]})
    assert (signal.evidence["price_source"], signal.evidence["tests"][0]["found"]) == ("closes", 1_250_000)


def test_a_gift_received_is_none():
    filings = Filings()
    filings.buys(SAM, MONDAY - timedelta(days=30), 100, price=20)
    filings.add(row("G", "A", 50_000, 100_000, price=0, on=MONDAY), by=KIM)
    assert find(filings, "gift_timing") == []
