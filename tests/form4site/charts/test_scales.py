"""Scales and ticks: monotone, invertible, round, inside the domain, and never crowded."""

from __future__ import annotations

import math
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from form4site.kit.charts.drawing import TEXT
from form4site.kit.charts.scales import AreaScale, BandScale, LinearScale, TimeScale, day_domain, nice_domain
from form4site.kit.charts.shapes import half_extent
from form4site.kit.charts.ticks import label_place, nice_step, nice_ticks, time_ticks, value_ticks, widened
from form4site.kit.charts.words import cut, exact, short, width

numbers = st.floats(-1e15, 1e15, allow_nan=False)
days = st.dates(date(1934, 1, 1), date(2100, 12, 31))


@st.composite
def domains(draw):
    low, high = sorted((draw(numbers), draw(numbers)))
    assume(high - low > max(abs(low), abs(high), 1e-9) * 1e-6)
    return low, high


@given(domains(), st.lists(st.floats(0, 1), min_size=2, max_size=9))
def test_a_linear_scale_is_monotone_and_has_an_inverse(domain, parts):
    low, high = domain
    scale = LinearScale(low, high, 300, 10)
    places = [scale.at(low + part * (high - low)) for part in sorted(parts)]
    assert places == sorted(places, reverse=True)
    for part in parts:
        value = low + part * (high - low)
        assert scale.value(scale.at(value)) == pytest.approx(value, abs=(high - low) * 1e-9 + abs(low) * 1e-9)


@given(days, days, days)
def test_a_time_scale_gives_every_day_back(first, last, on):
    first, on, last = sorted((first, on, last))
    assume(first < last)
    scale = TimeScale(first, last, 40, 700)
    assert scale.day(scale.at(on)) == on
    assert 40 <= scale.at(on) <= 700
    if on < last:
        assert scale.at(on) < scale.at(on + timedelta(days=1))


def test_a_scale_refuses_what_it_cannot_place():
    with pytest.raises(ValueError, match="low is nan"):
        LinearScale(math.nan, 1, 0, 1)
    with pytest.raises(ValueError, match="low < high"):
        LinearScale(3, 3, 0, 1)
    with pytest.raises(ValueError, match="two days in order"):
        TimeScale(date(2024, 2, 29), date(2024, 2, 29), 0, 1)
    with pytest.raises(ValueError, match="finite numbers, not inf"):
        nice_domain([1.0, math.inf], from_zero=True)


@given(st.integers(1, 200), st.floats(0, 0.9))
def test_bands_are_in_order_and_do_not_touch(count, gap):
    bands = BandScale(count, 10, 700, gap)
    for place in range(count - 1):
        assert bands.at(place) + bands.band <= bands.at(place + 1) + 1e-9
    assert bands.at(0) >= 10
    assert bands.at(count - 1) + bands.band <= 700 + 1e-9


@given(st.floats(1, 1e12), st.floats(0, 1), st.floats(0, 1))
def test_area_is_in_proportion_to_value_above_the_smallest_mark(largest, one, other):
    area = AreaScale(largest, radius=18, least=2.6)
    first, second = area.radius_of(one * largest), area.radius_of(other * largest)
    assume(min(one, other) * largest > area.floor)
    assert (first / second) ** 2 == pytest.approx(one / other, rel=1e-6)


def test_every_shape_has_the_area_of_its_circle():
    for shape in ("up", "down", "diamond"):  # each fills half of its box
        assert (2 * half_extent(shape, 5)) ** 2 / 2 == pytest.approx(math.pi * 25)


@given(domains(), st.integers(2, 10))
def test_ticks_lie_within_the_domain_and_are_round(domain, count):
    low, high = domain
    step = nice_step(high - low, count)
    ticks = nice_ticks(low, high, count)
    slack = step * 1e-6
    assert len(ticks) <= count + 1
    assert all(low - slack <= tick <= high + slack for tick in ticks)
    assert all(later - earlier == pytest.approx(step, rel=1e-6) for earlier, later in pairwise(ticks))
    mantissa = step / 10 ** math.floor(math.log10(step) + 1e-9)
    assert any(mantissa == pytest.approx(nice) for nice in (1, 2, 5))
    assert all(tick / step == pytest.approx(round(tick / step), abs=1e-6) for tick in ticks)


@given(domains(), st.integers(2, 8))
def test_a_widened_domain_starts_and_ends_on_a_tick(domain, count):
    low, high = widened(*domain, count)
    slack = (high - low) * 1e-9
    assert low <= domain[0] + slack
    assert high >= domain[1] - slack
    step = nice_step(domain[1] - domain[0], count)
    assert low / step == pytest.approx(round(low / step), abs=1e-6)
    assert high / step == pytest.approx(round(high / step), abs=1e-6)


@given(domains(), st.integers(2, 8), st.booleans())
def test_two_ticks_of_one_axis_never_read_the_same(domain, count, money):
    low, high = domain
    assume(high - low > max(abs(low), abs(high)) * 1e-4)
    labels = [tick.label for tick in value_ticks(LinearScale(low, high, 200, 0), count, money=money)]
    assert len(set(labels)) == len(labels)


@given(days, st.integers(1, 60_000), st.floats(150, 900))
def test_labels_of_time_never_touch_and_stay_in_the_drawing(first, length, wide):
    last = min(first + timedelta(days=length), date(2300, 1, 1))
    scale = TimeScale(first, last, 40, wide - 5)
    ticks = time_ticks(scale, TEXT, left=0, right=wide)
    assert ticks
    end = 0.0
    for tick in ticks:
        assert first <= tick.on <= last
        middle, half = label_place(tick.at, tick.label, TEXT, 0, wide), width(tick.label, TEXT) / 2
        assert middle - half >= end - 1e-6
        end = middle + half
        assert end <= wide + 1e-6


def test_time_ticks_are_round_days_at_every_range():
    def on(first, last):
        return [tick.label for tick in time_ticks(TimeScale(first, last, 60, 700), TEXT, left=0, right=720)]

    assert on(date(2024, 2, 26), date(2024, 3, 2)) == ["26 Feb 2024", "27 Feb", "28 Feb", "29 Feb", "1 Mar", "2 Mar"]
    assert on(date(2024, 1, 3), date(2024, 3, 1))[:2] == ["8 Jan 2024", "15 Jan"]  # Mondays
    assert on(date(2023, 1, 3), date(2024, 12, 30))[:4] == ["Apr 2023", "Jul", "Oct", "2024"]
    assert on(date(2004, 1, 1), date(2026, 1, 1))[:2] == ["2004", "2006"]


def test_a_domain_of_one_day_is_widened_around_it():
    first, last = day_domain([date(2024, 2, 29)])
    assert (first, last) == (date(2024, 2, 14), date(2024, 3, 15))
    assert day_domain([])[0] < day_domain([])[1]
    assert day_domain([date.min])[0] == date.min
    assert day_domain([date.max])[1] == date.max


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "$0"),
        (1_234_567, "$1.2M"),
        (300_000, "$300k"),
        (-1_250_000, "−$1.2M"),
        (999_960, "$1M"),
        (12.5, "$12.50"),
        (2.4e12, "$2.4T"),
    ],
)
def test_money_is_short_on_an_axis(value, words):
    assert short(value, money=True) == words


def test_exact_numbers_keep_every_digit_and_unknown_says_so():
    assert exact(1_234_567) == "1,234,567"
    assert exact(0.1, money=True) == "$0.10"
    assert exact(-5, money=True) == "−$5.00"
    assert exact(None) == "not reported"


@given(st.text(max_size=60), st.floats(10, 300))
def test_cut_text_fits_its_room(text, room):
    kept = cut(text, TEXT, room)
    assert width(kept, TEXT) <= max(room, width("…", TEXT))
