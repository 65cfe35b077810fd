"""The engine as a whole: no look-ahead, no dependence on order, stable keys, the JSON, thresholds, speed."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signals.detectors.catalogue import CATALOGUE
from signals.detectors.engine import DETECTORS, signals_of
from signals.detectors.signal import KINDS, TAGS, Signal
from signals.detectors.thresholds import DEFAULTS, TABLE, Thresholds, of_kind
from signals.readings.history import FiledForm, History
from signals.readings.trades import issuer_reading
from tests.signals.detectors.cases import (
    FUND,
    LATER,
    PAT,
    PEOPLE,
    Filings,
    all_found,
    bought,
    holding,
    row,
    sold,
)
from tests.signals.readings.archives import UNTIL, demo_readings

NOW = datetime(UNTIL.year, UNTIL.month, UNTIL.day, 12, tzinfo=UTC)
START = date(2022, 1, 3)


def as_of(history: History, moment: datetime) -> tuple[Signal, ...]:
    return signals_of(issuer_reading(history.as_of(moment)), now=moment)


def stamped_too_early(history: History, found: Iterable[Signal]) -> list[tuple[str, datetime]]:
    """Signals that were not to be found when they say they became known."""
    by_moment: dict[datetime, list[Signal]] = {}
    for signal in found:
        by_moment.setdefault(signal.known_at, []).append(signal)
    missing = []
    for moment, signals in by_moment.items():
        there = {(one.key, one.known_at) for one in as_of(history, moment)}
        missing += [(one.key, moment) for one in signals if (one.key, one.known_at) not in there]
    return missing


# --- anything that may be filed ---------------------------------------------------------------------------------------

OWNERS = (*PEOPLE[:4], FUND)


@st.composite
def histories(draw: st.DrawFn) -> list[FiledForm]:
    """Some months of trading of all sorts by five owners, reported on time, late, and amended."""
    filings = Filings()
    for owner in draw(st.lists(st.sampled_from(OWNERS), max_size=3, unique=True)):
        filings.joins(owner, START - timedelta(days=draw(st.integers(0, 1_200))), 100_000)
    for _ in range(draw(st.integers(1, 14))):
        owner = draw(st.sampled_from(OWNERS))
        on = START + timedelta(days=draw(st.integers(0, 500)))
        shares = draw(st.sampled_from([100, 1_000, 8_300, 60_000]))
        price = Decimal(draw(st.sampled_from([8, 10, 12, 20])))
        filed_on = on + timedelta(days=draw(st.sampled_from([1, 1, 1, 2, 9, 200])))
        box = draw(st.sampled_from([False, False, None, True]))
        what = draw(st.sampled_from("PPSSMMG"))
        if what == "P":
            made = filings.add(
                bought(shares, shares * 3, price=price, on=on), by=owner, filed_on=filed_on, aff10b5_one=box
            )
        elif what == "S":
            made = filings.add(
                sold(shares, shares * 3, price=price, on=on), by=owner, filed_on=filed_on, aff10b5_one=box
            )
        elif what == "M":
            sells = draw(st.sampled_from([0, shares // 2, shares]))
            made = filings.exercises(owner, on, shares, sells=sells, price=price, filed_on=filed_on, aff10b5_one=box)
        else:
            made = filings.add(row("G", "D", shares, 9, price=0, on=on), by=owner, filed_on=filed_on)
        if draw(st.integers(0, 6)) == 0:
            later = made.filed_on + timedelta(days=draw(st.integers(1, 60)))
            filings.add(*made.lines, by=owner, kind="4/A", filed_on=later, date_of_original_submission=made.filed_on,
                        aff10b5_one=draw(st.sampled_from([made.aff10b5_one, False])))  # fmt: skip
    return filings.forms


@given(histories())
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_signal_is_stamped_before_it_could_be_known(forms):
    history = History(forms)
    assert stamped_too_early(history, all_found(forms)) == []


@given(histories(), st.integers(0, 900))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_as_of_a_moment_is_the_same_as_never_having_seen_more(forms, days):
    moment = datetime(2022, 1, 3, 12, tzinfo=UTC) + timedelta(days=days)
    known = [form for form in forms if form.known_at <= moment]
    found = as_of(History(forms), moment)
    assert found == (signals_of(issuer_reading(known), now=moment) if known else ())
    assert all(signal.known_at <= moment for signal in found)


@given(histories(), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_order_of_arrival_does_not_matter(forms, chance):
    assert all_found(chance.sample(forms, len(forms))) == all_found(forms)


@given(histories())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_key_is_one_signals_and_every_figure_is_json(forms):
    found = all_found(forms)
    assert len({signal.key for signal in found}) == len(found)
    for signal in found:
        assert json.loads(json.dumps(signal.as_json())) == signal.as_json()
        assert 0 <= signal.strength <= 100
        assert signal.window[0] <= signal.window[1]
        assert set(signal.tags) <= set(TAGS)
        assert not signal.provisional or signal.settles_on is not None
        assert signal.insiders


# --- the demo archive -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo_signals() -> dict[str, tuple[Signal, ...]]:
    return {cik: signals_of(reading, now=NOW) for cik, reading in demo_readings().items()}


def test_the_demo_has_every_kind(demo_signals):
    assert {signal.kind for found in demo_signals.values() for signal in found} == set(KINDS)


def test_no_signal_of_the_demo_is_stamped_before_it_could_be_known(demo_signals):
    chance = random.Random(11)
    for cik, reading in demo_readings().items():
        found = demo_signals[cik]
        some = chance.sample(found, min(6, len(found)))
        assert stamped_too_early(reading.history, some) == []


def test_every_cited_row_is_a_row_of_the_history(demo_signals):
    for cik, reading in demo_readings().items():
        rows = {(form.accession, line.table, line.row) for form in reading.history for line in form.lines}
        for signal in demo_signals[cik]:
            for cited in (*signal.trades, *signal.excluded):
                assert all((cited.accession, *line) in rows for line in cited.lines)
            assert {cited.reason for cited in signal.trades} <= {None}
            assert all(cited.reason for cited in signal.excluded)


def test_a_signal_that_grows_or_settles_keeps_its_key(demo_signals):
    for cik, reading in demo_readings().items():
        final = {signal.key for signal in demo_signals[cik]}
        newest = reading.history.forms[-1]
        for signal in as_of(reading.history, newest.known_at):
            if not signal.provisional:
                assert signal.key in final


# --- the tables -------------------------------------------------------------------------------------------------------


def test_every_kind_has_a_detector_an_entry_and_thresholds():
    assert tuple(DETECTORS) == tuple(CATALOGUE) == KINDS
    for kind in KINDS:
        entry = CATALOGUE[kind]
        assert entry.definition
        assert entry.why
        assert entry.caveat
        assert entry.research_for or entry.research_against
        assert all(study.year and study.sample for study in (*entry.research_for, *entry.research_against))
        assert of_kind(kind), kind


def test_every_threshold_belongs_to_a_kind_and_says_why():
    told = {row.name for kind in KINDS for row in of_kind(kind)}
    assert told == set(TABLE)
    assert all(row.reason and row.source for row in TABLE.values())


@pytest.mark.parametrize(
    ("name", "value"),
    [("cluster_buy.insider", 3), ("cluster_buy.days", "x"), ("cluster_buy.days", -1), ("cluster_buy.days", "1.5"),
     ("large_purchase.value", "NaN"), ("large_purchase.value", 10**13)],
)  # fmt: skip
def test_thresholds_refuse_what_they_cannot_mean(name, value):
    with pytest.raises(ValueError, match=r"\w"):
        Thresholds({name: value})


def test_equal_thresholds_are_one():
    assert Thresholds({"cluster_buy.days": 14}) == DEFAULTS
    assert Thresholds({"cluster_buy.days": "7"}).own == {"cluster_buy.days": 7}
    assert hash(Thresholds({"cluster_buy.days": 7})) == hash(Thresholds({"cluster_buy.days": Decimal(7)}))


def test_nothing_filed_gives_nothing():
    assert signals_of(issuer_reading([]), now=LATER) == ()


# --- speed ------------------------------------------------------------------------------------------------------------


def busy(years: int, people: int) -> list[FiledForm]:
    """So many people who each trade about once a week, sometimes out of an exercise."""
    filings = Filings()
    chance = random.Random(3)
    for number in range(people):
        owner = PEOPLE[number % len(PEOPLE)]
        owner = type(owner)(f"00095{number:05d}", f"Person {number} Example", is_director=True)
        filings.add(holding(5_000_000), by=owner, kind="3", filed_on=START, period_of_report=START)
        for week in range(52 * years):
            on = START + timedelta(days=7 * week + chance.randrange(5))
            shares = chance.randrange(100, 9_000)
            if chance.random() < 0.3:
                filings.exercises(owner, on, shares, sells=shares if chance.random() < 0.7 else 0)
            else:
                side = sold if chance.random() < 0.8 else bought
                filings.add(side(shares, 4_000_000, price=20 + week % 9, on=on), by=owner)
    return filings.forms


def test_an_issuer_with_two_thousand_trades_takes_a_fraction_of_a_second():
    reading = issuer_reading(busy(years=7, people=5))
    assert len(reading.trades) >= 2_000
    best = 9.0
    for _ in range(3):
        began = time.process_time()
        assert signals_of(reading, now=LATER)
        best = min(best, time.process_time() - began)
    # 0.2 s is the promise, of a machine of one's own; CI's machines are several times slower and busy
    assert best < 1.5


def test_one_insider_with_as_many_trades_costs_about_as_much():
    few, one = issuer_reading(busy(years=3, people=6)), issuer_reading(busy(years=18, people=1))

    def seconds(reading) -> float:
        began = time.process_time()
        signals_of(reading, now=datetime(2045, 1, 1, tzinfo=UTC))
        return time.process_time() - began

    assert min(seconds(one), seconds(one)) < 6 * max(min(seconds(few), seconds(few)), 0.05)


def test_a_person_is_named_by_the_person_and_not_by_the_fund():
    filings = Filings()
    filings.add(bought(200_000, 400_000, price=10), by=(FUND, PAT))
    [signal] = [one for one in all_found(filings) if one.kind == "large_purchase"]
    assert [(one.cik, one.name) for one in signal.insiders] == [(PAT.cik, PAT.name)]
