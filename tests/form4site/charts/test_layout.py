"""What every chart promises of its layout, whatever it is given."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from form4site.kit.charts import (
    BOUGHT,
    MECHANICS,
    NARROW,
    OUTSIDE_PLAN,
    PLANNED,
    SOLD,
    UNKNOWN,
    WIDE,
    Month,
    MonthlyBars,
    OwnershipLine,
    PositionChart,
    Price,
    Report,
    Sparkbar,
    Trade,
    TradesChart,
)
from form4site.kit.charts.drawing import TEXT
from form4site.kit.charts.examples import EXAMPLES, examples, prices, trades
from form4site.kit.charts.position import added_up
from form4site.kit.charts.shapes import gap_path, runs_of, step_path, thinned
from form4site.kit.charts.stacks import spread, stacked
from form4site.kit.charts.words import width

days = st.dates(date(2003, 6, 30), date(2026, 12, 31))
amounts = st.none() | st.decimals(0, 10**9, places=2)
DRAWN = [example for example in EXAMPLES if not example.chart.is_empty and not isinstance(example.chart, Sparkbar)]
LANES = ("Ann Alder", "Bo Birch <b>", "C")

some_trades = st.lists(
    st.builds(
        Trade,
        days,
        st.sampled_from((BOUGHT, SOLD, MECHANICS, UNKNOWN)),
        amounts,
        st.just("One trade"),
        st.just("/f/1"),
        st.sampled_from((PLANNED, OUTSIDE_PLAN)),
        st.sampled_from(LANES),
        st.booleans(),
    ),
    min_size=1,
    max_size=60,
).map(tuple)
some_lines = st.lists(
    st.builds(
        OwnershipLine,
        st.sampled_from(LANES),
        st.lists(st.builds(Report, days, amounts), min_size=1, max_size=20).map(tuple),
    ),
    min_size=1,
    max_size=9,
).map(tuple)
some_months = st.lists(st.builds(Month, days, amounts, amounts), min_size=1, max_size=40).map(tuple)


def in_plot(drawing):
    left, top, right, bottom = drawing.plot
    for mark in drawing.marks:
        x1, y1, x2, y2 = mark.box
        assert x1 >= left - 4, mark
        assert x2 <= right + 4, mark
        assert y1 >= top - 4, mark
        assert y2 <= bottom + 4, mark


def text_boxes(drawing):
    for label in drawing.labels:
        wide = width(label.text, TEXT)
        left = label.x - {"start": 0, "middle": wide / 2, "end": wide}[label.anchor]
        yield label, left, label.y - TEXT * 0.75, left + wide, label.y + TEXT * 0.2


def words_apart(drawing):
    boxes = list(text_boxes(drawing))
    for place, (one, x1, y1, x2, y2) in enumerate(boxes):
        assert x1 >= -1, one
        assert x2 <= drawing.width + 1, one
        for other, a1, b1, a2, b2 in boxes[place + 1 :]:
            assert x2 <= a1 + 0.5 or a2 <= x1 + 0.5 or y2 <= b1 + 0.5 or b2 <= y1 + 0.5, (one, other)


def marks_apart(drawing):
    boxes = [mark.box for mark in drawing.marks]
    for place, (x1, y1, x2, y2) in enumerate(boxes):
        for a1, b1, a2, b2 in boxes[place + 1 :]:
            assert x2 <= a1 or a2 <= x1 or y2 <= b1 or b2 <= y1


@given(some_trades, st.booleans(), st.booleans(), st.sampled_from((WIDE, NARROW)))
@settings(max_examples=60, deadline=None)
def test_trades_stand_inside_the_plot_and_on_no_other(given_trades, in_lanes, priced, size):
    tape = (
        (Price(date(2010, 1, 4), Decimal("12.5")), Price(date(2010, 1, 5), None), Price(date(2010, 2, 1), 9))
        if priced
        else ()
    )
    chart = TradesChart("t", given_trades, lanes=LANES if in_lanes else (), prices=tape)
    drawing = chart.layout(size)
    in_plot(drawing)
    marks_apart(drawing)
    words_apart(drawing)


@given(some_lines, st.sampled_from((WIDE, NARROW)))
@settings(max_examples=60, deadline=None)
def test_positions_stay_in_the_plot_and_names_apart(lines, size):
    chart = PositionChart("p", lines)
    if not chart.is_empty:
        drawing = chart.layout(size)
        in_plot(drawing)
        words_apart(drawing)


@given(some_months, st.sampled_from((WIDE, NARROW)))
@settings(max_examples=60, deadline=None)
def test_bars_stay_in_the_plot_and_start_at_zero(months, size):
    drawing = MonthlyBars("m", months).layout(size)
    in_plot(drawing)
    words_apart(drawing)
    zero = drawing.front[0].y1
    for mark in drawing.marks:
        nearest = mark.box[3] if "bought" in mark.name else mark.box[1]
        assert nearest == pytest.approx(zero, abs=0.06)


@pytest.mark.parametrize("example", DRAWN, ids=lambda example: example.chart.ident)
def test_every_example_is_laid_out_well_at_both_sizes(example):
    for drawing in example.chart.drawings:
        in_plot(drawing)
        words_apart(drawing)
        if isinstance(example.chart, TradesChart):
            marks_apart(drawing)
        for number in re.findall(r"-?\d+\.\d+", " ".join(mark.d for mark in drawing.marks)):
            assert len(number.partition(".")[2]) == 1  # tenths


def test_the_same_values_give_the_same_drawing():
    for one, other in zip(examples(), examples(), strict=True):
        assert one.chart == other.chart
        if not one.chart.is_empty:
            assert one.chart.layout(WIDE) == other.chart.layout(WIDE)


def test_the_order_of_trades_does_not_matter_to_what_is_merged():
    many = trades(900, 3)
    one, other = (TradesChart("t", order).arrangement(WIDE) for order in (many, many[::-1]))
    assert one.period == other.period != "trade"
    assert sorted((g.first, g.kind, g.plan, g.count) for g in one.groups) == sorted(
        (g.first, g.kind, g.plan, g.count) for g in other.groups
    )


def test_merging_loses_no_trade_and_no_dollar():
    many = trades(5000, 6, years=5)
    plan = TradesChart("t", many).arrangement(WIDE)
    assert sum(group.count for group in plan.groups) == 5000
    assert sum(group.value or 0 for group in plan.groups) == pytest.approx(float(sum(t.value or 0 for t in many)))
    assert sum(group.unvalued for group in plan.groups) == sum(t.value is None for t in many)


def test_more_than_400_marks_merge_by_week_and_the_caption_says_so():
    first = date(2024, 1, 1)
    every_day = tuple(Trade(first + timedelta(days=n), SOLD, 1000 + n, "Sold", f"/f/{n}") for n in range(401))
    chart = TradesChart("t", every_day)
    drawing = chart.layout(WIDE)
    assert len(drawing.marks) == 58  # weeks, Monday to Sunday, in 401 days from a Monday
    assert drawing.marks[0].sentence == "Week of 1 Jan 2024: 7 sales, $7k together"
    assert drawing.marks[0].href == "/f/6"  # its largest trade
    assert "401 trades are too many to draw one by one: trades of one kind are merged by week." in drawing.notes
    assert len(chart.rows()) == 58
    assert len(TradesChart("t", every_day[:400]).layout(WIDE).marks) == 400


def test_a_merged_mark_leads_where_the_page_says():
    same_week = tuple(Trade(date(2024, 1, 1 + n % 5), SOLD, 10, "Sold", "/f") for n in range(401))
    chart = TradesChart("t", same_week, merged_href=lambda first, last: f"/trades/?from={first}&to={last}")
    assert chart.layout(WIDE).marks[0].href == "/trades/?from=2024-01-01&to=2024-01-05"


def test_bought_stands_above_the_line_and_sold_below():
    chart = TradesChart(
        "t", (Trade(date(2024, 1, 2), BOUGHT, 5, "b", "/b"), Trade(date(2024, 1, 2), SOLD, 5, "s", "/s"))
    )
    drawing = chart.layout(WIDE)
    line = next(rule.y1 for rule in drawing.rules if rule.name == "zero")
    bought, sold = drawing.marks
    assert bought.box[3] < line < sold.box[1]


def test_marks_say_plan_and_missing_value_by_their_shape():
    made = (
        Trade(date(2024, 1, 2), SOLD, 5, "s", "/s", PLANNED),
        Trade(date(2024, 3, 2), SOLD, None, "s", "/s"),
        Trade(date(2024, 5, 2), MECHANICS, 5, "s", "/s"),
    )
    drawing = TradesChart("t", made).layout(WIDE)
    assert [mark.name for mark in drawing.marks] == [
        "mark--sold mark--planned",
        "mark--sold mark--unknown",
        "mark--mechanics",
    ]
    assert [item.word for item in drawing.key] == [
        "mechanics: grants, exercises, tax",
        "hollow: under a plan",
        "dotted: plan or value not known",
    ]


def test_a_side_without_trades_says_none():
    drawing = TradesChart("t", (Trade(date(2024, 1, 2), SOLD, 1_200_000, "s", "/s"),)).layout(WIDE)
    assert [label.text for label in drawing.labels[:2]] == ["▲ Bought: none", "▼ Sold $1.2M in 1 trade"]


def test_a_month_that_is_not_known_is_not_called_none():
    labels = [label.text for label in MonthlyBars("m", (Month(date(2024, 3, 1), None, 7),)).layout(WIDE).labels[:2]]
    assert labels == ["▲ Bought", "▼ Sold $7"]


def test_a_total_says_what_it_left_out():
    made = (Trade(date(2024, 1, 2), SOLD, 1_200_000, "s", "/s"), Trade(date(2024, 1, 3), SOLD, None, "s", "/s"))
    chart = TradesChart("t", made)
    assert "Sold: $1.2M in 2 trades (1 without a value)." in chart.summary


def test_the_price_line_breaks_where_there_is_no_price():
    tape = tuple(price for price in prices(4))
    drawing = TradesChart("t", trades(3, 1), prices=tape).layout(WIDE)
    assert next(line.d for line in drawing.lines if line.name == "price").count("M") == 2  # before and after the gap


def test_a_missing_number_breaks_the_steps_and_ends_nothing_early():
    reports = (Report(date(2024, 1, 1), 10), Report(date(2024, 2, 29), None), Report(date(2024, 6, 1), 20))
    drawing = PositionChart("p", (OwnershipLine("Direct", reports),)).layout(WIDE)
    assert drawing.lines[0].d.count("M") == 2
    assert "H" not in drawing.lines[0].d  # two single reports: no stretch is claimed between them


def test_lines_beyond_six_are_added_up_and_said():
    lines = tuple(OwnershipLine(f"Line {n}", (Report(date(2024, 1, 1), 100 - n),)) for n in range(9))
    chart = PositionChart("p", lines)
    assert [line.name for line in chart.drawn_lines] == [*(f"Line {n}" for n in range(6)), "3 others"]
    assert chart.drawn_lines[-1].reports[0].shares == 94 + 93 + 92
    assert chart.notes == ("The 6 largest holdings have a line of their own; 3 more are added up.",)


def test_a_sum_of_lines_is_unknown_while_one_of_them_is():
    total = added_up(
        [
            OwnershipLine("a", (Report(date(2024, 1, 1), 1), Report(date(2024, 3, 1), None))),
            OwnershipLine("b", (Report(date(2024, 2, 1), 2), Report(date(2024, 4, 1), 3))),
        ]
    )
    assert [report.shares for report in total.reports] == [1, 3, None, None]


@given(st.lists(st.tuples(st.floats(0, 600), st.floats(0, 300)), min_size=1, max_size=800))
def test_thinning_keeps_the_lowest_and_highest_of_every_column(points):
    points.sort(key=lambda point: point[0])
    kept = thinned(points)
    for column in {int(x) for x, _ in points}:
        before = [y for x, y in points if int(x) == column]
        after = [y for x, y in kept if int(x) == column]
        assert min(before) == min(after)
        assert max(before) == max(after)
        assert (before[0], before[-1]) == (after[0], after[-1])
        assert len(after) <= 4


def test_five_thousand_reports_are_thinned_and_the_caption_says_so():
    dense = next(e.chart for e in EXAMPLES if e.chart.ident == "position-dense")
    drawing = dense.layout(WIDE)
    assert drawing.notes[0].startswith("5,000 reports stand closer than a screen shows")
    assert len(drawing.lines[0].d) < 30_000
    assert len(dense.rows()) == 5000
    assert len(dense.tables[0].shown) == 400
    assert dense.tables[0].left_out == 4600


def test_paths_break_at_gaps_and_a_lone_point_is_a_dot():
    runs = [list(zip(*run, strict=True)) for run in runs_of([(0, 1.0), (1, None), (2, 3.0), (4, 5.0)])]
    assert gap_path(runs) == "M0 1h0M2 3L4 5"
    assert step_path(runs) == "M0 1M2 3H4V5"


@given(st.lists(st.tuples(st.floats(0, 400), st.floats(1, 20)), max_size=60))
def test_stacked_marks_do_not_overlap_and_stay_outside_the_line(marks):
    offsets = stacked(marks, limit=1e9, gap=1)
    assert offsets is not None
    boxes = [(x - h, x + h, y - h, y + h) for (x, h), y in zip(marks, offsets, strict=True)]
    for place, (left, right, low, high) in enumerate(boxes):
        assert low >= 1 - 1e-9
        for other_left, other_right, other_low, other_high in boxes[place + 1 :]:
            assert right <= other_left or other_right <= left or high <= other_low + 1e-9 or other_high <= low + 1e-9


def test_stacks_that_would_grow_too_high_are_refused():
    assert stacked([(10, 5)] * 3, limit=20) is None


@given(st.lists(st.floats(0, 100), max_size=8))
def test_names_are_spread_apart_within_their_room(places):
    moved = spread(places, apart=12, low=0, high=100)
    assert all(-1e-6 <= place <= 100 + 1e-6 for place in moved)
    in_order = sorted(moved)
    assert all(b - a >= 12 - 1e-6 for a, b in pairwise(in_order))


def test_months_left_out_are_months_without_trades_and_unknown_ones_are_marked():
    chart = MonthlyBars(
        "m", (Month(date(2024, 1, 31), 10, 0), Month(date(2024, 3, 1), None, None), Month(date(2024, 5, 5), 0, 7))
    )
    drawing = chart.layout(WIDE)
    assert [mark.sentence for mark in drawing.marks] == ["January 2024: bought $10", "May 2024: sold $7"]
    assert len([line for line in drawing.lines if line.name == "not-known"]) == 1
    assert chart.notes == ("A dotted line marks what is not known (1 month).",)


def test_too_many_months_become_quarters_and_the_note_says_so():
    months = tuple(Month(date(1990 + n // 12, n % 12 + 1, 1), 1, 2) for n in range(420))
    drawing = MonthlyBars("m", months).layout(WIDE)
    assert drawing.marks[0].sentence == "January to March 1990: bought $3"
    assert drawing.notes == ("Drawn by quarter: that many months would be too thin to see.",)


def test_wrong_values_are_refused_by_name():
    with pytest.raises(ValueError, match="kind is one of bought"):
        Trade(date(2024, 1, 1), "bonus", 1, "", "")
    with pytest.raises(ValueError, match="value of the trade on 2024-01-01 is -1"):
        Trade(date(2024, 1, 1), SOLD, -1, "", "")
    with pytest.raises(ValueError, match="sold of May 2024 is -3"):
        Month(date(2024, 5, 1), 0, -3)
    with pytest.raises(ValueError, match="not among the chart's lanes: Zed"):
        TradesChart("t", (Trade(date(2024, 1, 1), SOLD, 1, "", "", lane="Zed"),), lanes=("Ann",))
    with pytest.raises(ValueError, match="ident is lower-case"):
        PositionChart('x" onload="', ())
