"""In reverse: a trade finds exactly the screens that it meets, however many and however different they are."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.criteria import EVERYTHING, ScreenCriteria, from_query
from signals.matching_index import ScreenIndex, meets
from tests.signals.screens.invented import TODAY, Invented, asked, columns, invented

TRADES = st.integers(0, 2**32).map(lambda seed: Invented(columns(random.Random(seed), seed % 100)))


@settings(max_examples=60, deadline=None)
@given(st.lists(asked(), max_size=40), st.lists(TRADES, min_size=1, max_size=3))
def test_the_index_finds_what_asking_one_by_one_finds(screens, trades):
    index = ScreenIndex(screens)
    for trade in trades:
        assert index.matches(trade, TODAY) == [n for n, one in enumerate(screens) if meets(one, trade, TODAY)]


@pytest.fixture(scope="module")
def thousands() -> tuple[list[ScreenCriteria], ScreenIndex]:
    screens = [from_query(f"min_value={step}&max_delay={step % 40}") for step in range(0, 300_000, 97)]
    return screens, ScreenIndex(screens)


@settings(max_examples=15, deadline=None)
@given(trade=TRADES)
def test_bounds_by_the_thousand_are_as_exact_as_few(thousands, trade):
    screens, index = thousands
    assert index.matches(trade, TODAY) == [n for n, one in enumerate(screens) if meets(one, trade, TODAY)]


def test_many_who_follow_one_issuer_are_all_found():
    trade = invented(1)[0]
    screens = [from_query(f"issuer={trade.issuer_id}" if n % 3 else "issuer=1") for n in range(2_000)]
    trade.columns["standing"] = True
    assert ScreenIndex(screens).matches(trade, TODAY) == [n for n in range(2_000) if n % 3]


def test_an_index_of_none_finds_none():
    assert ScreenIndex([]).matches(invented(1)[0], TODAY) == []


def test_a_screen_that_asks_nothing_is_met_by_all_that_stands():
    standing, fallen = (Invented({**invented(1)[0].columns, "standing": stands}) for stands in (True, False))
    index = ScreenIndex([EVERYTHING, from_query("superseded=1")])
    assert index.matches(standing, TODAY) == [0, 1]
    assert index.matches(fallen, TODAY) == [1]
