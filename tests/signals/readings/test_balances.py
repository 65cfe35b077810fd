from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from signals.readings.balances import RUNNING, TOTAL, UNCLEAR, Movement, in_order


def steps(*rows: tuple[int, int], known: int | None = None):
    return in_order(
        [Movement(Decimal(moved), Decimal(stated)) for moved, stated in rows],
        None if known is None else Decimal(known),
    )


def gaps(found) -> list[int]:
    return [int(step.gap) for step in found.steps]


def test_running_balances_follow_row_by_row():
    found = steps((-100, 900), (-200, 700), known=1000)
    assert (found.convention, gaps(found), found.opening, found.closing) == (RUNNING, [0, 0], 1000, 700)


def test_the_position_after_all_on_every_row_is_understood():
    found = steps((-100, 700), (-200, 700), known=1000)
    assert (found.convention, gaps(found)) == (TOTAL, [0, 0])
    assert [step.before for step in found.steps] == [1000, 900]


def test_the_position_after_each_day_on_its_rows_is_understood():
    found = steps((-100, 700), (-200, 700), (-50, 600), (-50, 600), known=1000)
    assert gaps(found) == [0, 0, 0, 0]


def test_rows_from_last_to_first_or_in_any_order_are_put_in_order():
    for rows in (((-200, 700), (-100, 900)), ((-50, 650), (-100, 900), (-200, 700))):
        found = steps(*rows, known=1000)
        assert not any(gaps(found))


def test_a_holding_moves_nothing():
    assert gaps(steps((0, 1000), known=1000)) == [0]


def test_what_came_without_a_report_is_one_gap_before_the_first_row():
    assert gaps(steps((-100, 950), (-100, 850), known=1000)) == [50, 0]


def test_rows_that_do_not_add_up_are_unclear_and_each_break_is_a_gap():
    found = steps((-100, 900), (-100, 750), known=1000)
    assert (found.convention, gaps(found)) == (UNCLEAR, [0, -50])


def test_a_line_without_history_opens_with_what_its_first_row_implies():
    found = steps((-100, 900), (-100, 800))
    assert (found.opening, gaps(found)) == (1000, [0, 0])


@given(st.lists(st.integers(-50, 50).filter(bool), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_any_running_history_adds_up_in_any_order_of_rows(moves, random):
    balance, rows = 1000, []
    for moved in moves:
        balance += moved
        rows.append((moved, balance))
    if len({after for _, after in rows}) < len(rows) or any(after == 1000 for _, after in rows):
        return  # balances that come back leave more than one order
    random.shuffle(rows)
    found = steps(*rows, known=1000)
    assert not any(gaps(found))
    assert (found.opening, found.closing) == (1000, balance)


@given(
    st.lists(st.tuples(st.integers(-90, 90), st.integers(0, 900)), min_size=1, max_size=12),
    st.integers(0, 900) | st.none(),
)
def test_every_row_has_one_step_and_gaps_account_for_the_difference(rows, known):
    found = steps(*rows, known=known)
    assert sorted(step.index for step in found.steps) == list(range(len(rows)))
    assert all(step.after - step.before == rows[step.index][0] for step in found.steps)
    if known is not None:
        assert known + sum(gaps(found)) + sum(moved for moved, _ in rows) == found.closing
