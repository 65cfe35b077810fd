"""The worked examples of 13F Insight's guide, with filings made after them: Mahon, Duda, and a sale that does alarm.

By the guide the pattern alone shows a plan in both cases, and the sixteen rows of each sale are part of the proof. Here
three cycles in five weeks are regular and too short to infer anything from (domain facts 7.13), and rows in one-dollar
bands mean nothing: that is how reports are written (5, guide 001).
"""

from __future__ import annotations

from datetime import date

import pytest

from filings.ownership.document import Owner
from signals.detectors.cadence import TOO_SHORT, cadence, sale_days
from signals.detectors.docket import Docket
from signals.detectors.thresholds import DEFAULTS
from signals.readings.prices import Prices
from signals.readings.trades import issuer_reading
from tests.signals.detectors.cases import LATER, Filings, all_found, find

MAHON = Owner("0009200001", "Mahon Example", is_officer=True, officer_title="EVP and General Counsel")
DUDA = Owner("0009200002", "Duda Example", is_officer=True, officer_title="CTO and SVP")
ALARMS = {
    "cluster_sell", "pattern_break", "sale_after_runup", "unscheduled_large_sale", "opportunistic_trade", "lockup_sale",
    "isolated_trade",
}  # fmt: skip


def mahon(**more) -> Filings:
    filings = Filings()
    filings.joins(MAHON, date(2022, 1, 10), 36_000)
    for on in (date(2026, 4, 2), date(2026, 4, 16), date(2026, 5, 7)):
        filings.exercises(MAHON, on, 8_300, strike="146.03", sells=8_300, price=560, tranches=16, held=36_000,
                          expires_on=date(2027, 3, 15), **more)  # fmt: skip
    return filings


def duda(**more) -> Filings:
    filings = Filings()
    filings.joins(DUDA, date(2022, 1, 10), 80_000)
    for on, price in (
        (date(2026, 2, 17), 130),
        (date(2026, 3, 17), 128),
        (date(2026, 4, 17), 158),
        (date(2026, 5, 18), 150),
    ):
        filings.exercises(DUDA, on, 32_000, strike="15.2625", sells=32_000, price=price, tranches=16, held=80_000,
                          expires_on=date(2027, 4, 1), **more)  # fmt: skip
    return filings


def alarms(filings: Filings) -> set[str]:
    return {signal.kind for signal in all_found(filings)} & ALARMS


def test_mahon_is_regular_and_too_short_to_infer():
    filings = mahon()
    assert find(filings, "inferred_plan") == []
    reading = issuer_reading(filings.forms)
    docket = Docket(reading, now=LATER, thresholds=DEFAULTS, prices=Prices.of(reading))
    found = cadence(docket, sale_days(docket, MAHON.cik))
    assert (found.status, found.score, found.span_days, len(found.days)) == (TOO_SHORT, None, 35, 3)
    assert found.regular
    holds = {mark.name: mark.facts for mark in found.marks if mark.holds}
    assert str(holds["constant_strike"]["strike"]) == "146.03"
    assert holds["fixed_quantity"] == {"shares": 8_300, "days": 3, "of": 3}


def test_duda_is_an_inferred_plan_with_its_evidence():
    filings = duda()
    [signal] = find(filings, "inferred_plan")
    assert signal.known_at == filings.forms[-1].known_at
    assert signal.evidence["level"] == "plan_like"
    assert signal.evidence["score"] == 90
    marks = {mark["mark"]: mark for mark in signal.evidence["marks"]}
    assert {name: mark["points"] for name, mark in marks.items()} == {
        "constant_strike": 25, "fixed_quantity": 25, "calendar": 30, "blackout_trading": 10, "price_ladder": 0,
        "company_sells_for_tax": 0,
    }  # fmt: skip
    assert marks["constant_strike"]["strike"] == 15.2625
    assert marks["fixed_quantity"] == {
        "mark": "fixed_quantity",
        "holds": True,
        "points": 25,
        "shares": 32_000,
        "days": 4,
        "of": 4,
    }
    assert marks["calendar"]["median_gap_days"] == 31
    assert signal.evidence["trade_days"] == ["2026-02-17", "2026-03-17", "2026-04-17", "2026-05-18"]
    assert len(signal.trades) == 4
    assert "$15.2625" in signal.sentence


def test_after_three_of_four_days_nothing_was_inferred():
    filings = duda()
    assert find(filings.forms[:-1], "inferred_plan") == []


@pytest.mark.parametrize("box", [True, False, None])
@pytest.mark.parametrize("who", [mahon, duda])
def test_no_alarm_for_either_whatever_the_box_says(who, box):
    filings = who(aff10b5_one=box)
    assert alarms(filings) == set()
    assert len(find(filings, "exercise_same_day_sale")) == len(filings.forms) - 1


@pytest.mark.parametrize(("who", "owner", "shares", "price"), [(mahon, MAHON, 8_300, 560), (duda, DUDA, 32_000, 150)])
def test_a_discretionary_sale_of_the_same_size_after_a_year_of_silence_does_alarm(who, owner, shares, price):
    filings = who()
    held = 36_000 if owner is MAHON else 80_000
    made = filings.sells(owner, date(2027, 6, 1), shares, price=price, after=held - shares)
    found = {signal.kind: signal for signal in all_found(filings) if signal.window[0] == date(2027, 6, 1)}
    assert {"unscheduled_large_sale", "pattern_break"} <= set(found)
    assert found["unscheduled_large_sale"].known_at == made.known_at
    assert found["pattern_break"].evidence["how"] == "never_before"
    assert [cited.accession for cited in found["unscheduled_large_sale"].trades] == [made.accession]


def test_the_same_sale_under_a_plan_does_not():
    filings = duda()
    filings.sells(DUDA, date(2027, 6, 1), 32_000, price=150, after=48_000, aff10b5_one=True)
    assert {"unscheduled_large_sale", "pattern_break"}.isdisjoint(alarms(filings))
