"""What a reader should be able to see in the stories about trades: plans, clockwork, buying, selling, habits, delay."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from filings.demo import calendar
from filings.ownership.document import Line
from filings.ownership.submission import EASTERN
from tests.filings.demo.conftest import UNTIL, Read

Told = Callable[[str], list[Read]]
ADOPTED = re.compile(r"on (\w+ \d+, \d{4}), and intended")


def rows(entries: list[Read], code: str) -> list[Line]:
    return [line for entry in entries for line in entry.transactions if line.code == code]


def on(line: Line) -> date:
    assert line.transaction_date
    return line.transaction_date


def dates(lines: list[Line]) -> list[date]:
    return sorted({on(line) for line in lines})


def value(line: Line) -> Decimal:
    assert line.shares is not None
    assert line.price is not None
    return line.shares * line.price


def before(line: Line) -> Decimal:
    """What the line held before this row."""
    assert line.shares is not None
    assert line.shares_owned_following is not None
    return line.shares_owned_following + line.shares * (1 if line.acquired_disposed == "D" else -1)


def words(entry: Read) -> str:
    return " ".join(entry.document.footnotes.values())


def days_since_adoption(entry: Read) -> int:
    found = ADOPTED.search(words(entry))
    assert found, words(entry)
    adopted = datetime.strptime(found[1], "%B %d, %Y").date()  # noqa: DTZ007 - a date without a time
    return (on(entry.transactions[0]) - adopted).days


# --- plans ------------------------------------------------------------------------------------------------------------


def test_the_ceo_sells_every_month_under_two_plans_with_box_and_date(told: Told) -> None:
    entries = told("monthly_sales_under_plans")
    assert len(entries) == 30
    assert all(entry.document.aff10b5_one for entry in entries)
    assert len({ADOPTED.search(words(entry))[1] for entry in entries}) == 2  # type: ignore[index]
    assert min(days_since_adoption(entry) for entry in entries) > 120


def test_before_the_box_only_a_footnote_tells_of_a_plan(told: Told) -> None:
    for entry in told("plan_before_the_box"):
        assert entry.document.aff10b5_one is None
        assert entry.filing.filed_on < date(2023, 3, 20)
        assert "10b5-1" in words(entry)


def test_a_plan_older_than_the_rule_leaves_the_box_empty(told: Told) -> None:
    for entry in told("old_plan_after_the_box"):
        assert entry.document.aff10b5_one is False
        assert "January 17, 2023" in words(entry)


def test_box_and_note_can_each_stand_alone_or_contradict(told: Told) -> None:
    assert told("box_without_a_note")[0].document.aff10b5_one
    assert not told("box_without_a_note")[0].document.footnotes
    assert told("note_without_the_box")[0].document.aff10b5_one is False
    assert days_since_adoption(told("note_without_the_box")[0]) == 150
    assert told("note_denies_a_plan")[0].document.aff10b5_one is False
    assert "not made under a Rule 10b5-1" in words(told("note_denies_a_plan")[0])
    assert told("box_ticked_and_note_denies")[0].document.aff10b5_one
    assert "not effected pursuant to a Rule 10b5-1" in words(told("box_ticked_and_note_denies")[0])


def test_cooling_off_is_violated_just_kept_or_started_again(told: Told) -> None:
    assert days_since_adoption(told("first_sale_too_soon")[0]) == 45
    assert days_since_adoption(told("first_sale_in_the_earliest_window")[0]) == 97
    assert "as modified on" in words(told("plan_modified")[0])


def test_a_plan_with_one_trade_has_had_a_year_without_another(told: Told) -> None:
    (entry,) = told("plan_with_a_single_trade")
    assert UNTIL - on(entry.transactions[0]) > timedelta(days=365)


def test_a_deemed_execution_date_makes_five_business_days_punctual(told: Told) -> None:
    (entry,) = told("deemed_execution")
    (line,) = entry.transactions
    assert line.deemed_execution_date
    assert entry.filing.filed_on == calendar.business_days_after(line.deemed_execution_date, 2)


def test_purchases_under_a_plan_have_one_size_and_the_box(told: Told) -> None:
    entries = told("purchases_under_a_plan")
    assert {line.shares for line in rows(entries, "P")} == {Decimal(400)}
    assert all(entry.document.aff10b5_one for entry in entries)


# --- clockwork --------------------------------------------------------------------------------------------------------


def test_options_every_two_weeks_have_one_strike_one_size_and_no_word_of_a_plan(told: Told) -> None:
    entries = told("options_every_two_weeks")
    exercises = [line for line in rows(entries, "M") if line.table == "II"]
    assert {(line.shares, line.conversion_or_exercise_price) for line in exercises} == {(8300, Decimal("118.40"))}
    gaps = [(later - earlier).days for earlier, later in pairwise(dates(exercises))]
    assert len(gaps) == 7
    assert all(11 <= gap <= 17 for gap in gaps)  # a holiday moves one by a weekend
    for entry in entries:
        sales = rows([entry], "S")
        assert len(sales) == 16
        assert sum(line.shares or 0 for line in sales) == 8300
        assert entry.document.aff10b5_one is False
        assert "10b5" not in words(entry)


def test_options_every_month_come_near_one_day_of_the_month(told: Told) -> None:
    entries = told("options_every_month")
    exercises = [line for line in rows(entries, "M") if line.table == "II"]
    assert {(line.shares, line.conversion_or_exercise_price) for line in exercises} == {(32000, Decimal("14.7375"))}
    assert len(dates(exercises)) == 10
    assert all(13 <= day.day <= 17 for day in dates(exercises))


def test_a_sale_of_the_same_size_after_a_year_of_silence_is_no_clockwork(told: Told) -> None:
    earlier, later = (on(line) for line in rows(told("same_size_without_a_clock"), "S"))
    assert later - earlier > timedelta(days=365)


def test_seventy_rows_of_one_day_take_three_accessions(told: Told) -> None:
    entries = told("seventy_rows_in_one_day")
    assert [len(entry.transactions) for entry in entries] == [30, 30, 10]
    assert len(dates(rows(entries, "S"))) == 1
    assert sum(line.shares or 0 for line in rows(entries, "S")) == 42_000


def test_weighted_averages_lie_inside_the_range_that_their_footnote_gives(archive: list[Read]) -> None:
    ranges = 0
    for entry in archive:
        for line in entry.transactions:
            if found := re.search(r"at prices ranging from \$([\d.]+) to \$([\d.]+),", entry.notes_on(line, "price")):
                low, high = map(Decimal, found.groups())
                assert line.price is not None
                assert low <= line.price <= high
                ranges += 1
    assert ranges > 300


# --- buying -----------------------------------------------------------------------------------------------------------


def test_a_tight_cluster_buys_in_a_dip(told: Told) -> None:
    entries = told("tight_cluster_in_a_dip")
    purchases = rows(entries, "P")
    assert len({entry.document.owners[0].cik for entry in entries}) == 4
    assert dates(purchases)[-1] - dates(purchases)[0] <= timedelta(days=7)
    assert min(value(line) for line in purchases) > 10_000
    highest = max(line.price or 0 for line in rows(told("whole_stake_sold"), "S"))
    assert all(line.price and line.price < highest * Decimal("0.8") for line in purchases)


def test_a_loose_cluster_fits_two_weeks_and_nobody_buys_within_two_days_of_another(told: Told) -> None:
    days = dates(rows(told("loose_cluster"), "P"))
    assert len(days) == 3
    assert days[-1] - days[0] < timedelta(days=14)
    assert all(later - earlier > timedelta(days=3) for earlier, later in pairwise(days))


def test_a_fresh_cluster_stands_at_the_end(told: Told) -> None:
    days = dates(rows(told("fresh_cluster_near_the_low"), "P"))
    assert len(days) == 4
    assert UNTIL - days[-1] < timedelta(days=10)


def test_a_private_placement_has_one_price_one_day_and_a_footnote_against_clusters(told: Told) -> None:
    entries = told("private_placement")
    assert {(on(line), line.price) for line in rows(entries, "P")} == {
        (on(entries[0].transactions[0]), Decimal("1.25"))
    }
    assert all("private placement" in words(entry) for entry in entries)


def test_a_first_purchase_comes_seven_years_after_the_form_3(told: Told, archive: list[Read]) -> None:
    form3, purchase = told("first_purchase_after_long_tenure")
    assert purchase.filing.filed_on - form3.filing.filed_on > timedelta(days=6 * 365)
    director = purchase.document.owners[0].cik
    bought = [entry for entry in archive if entry.document.owners[0].cik == director and rows([entry], "P")]
    assert bought == [purchase]


def test_chief_executive_and_chief_financial_officer_buy_much(told: Told) -> None:
    assert sum(value(line) for line in rows(told("chief_executive_buys_a_million"), "P")) > 1_000_000
    (line,) = rows(told("chief_financial_officer_raises_stake"), "P")
    assert value(line) > 100_000
    assert (line.shares or 0) / before(line) > Decimal("0.2")


def test_averaging_down_buys_each_time_a_good_deal_lower(told: Told) -> None:
    prices = [line.price or Decimal(0) for line in rows(told("averaging_down"), "P")]
    assert prices[1] < prices[0] * Decimal("0.85")
    assert prices[2] < prices[1] * Decimal("0.85")


# --- selling and habits -----------------------------------------------------------------------------------------------


def test_a_cluster_of_sellers_parts_with_much_of_its_stakes_on_different_days(told: Told) -> None:
    sales = rows(told("cluster_of_sellers"), "S")
    assert len(dates(sales)) == 3
    assert dates(sales)[-1] - dates(sales)[0] < timedelta(days=14)
    assert all((line.shares or 0) / before(line) > Decimal("0.05") and value(line) > 100_000 for line in sales)


def test_an_unscheduled_sale_takes_four_fifths_of_a_stake_that_was_never_sold_from(
    told: Told, archive: list[Read]
) -> None:
    (entry,) = told("unscheduled_large_sale")
    sales = rows([entry], "S")
    assert sum(line.shares or 0 for line in sales) / before(sales[0]) > Decimal("0.78")
    assert entry.document.aff10b5_one is False
    seller = entry.document.owners[0].cik
    assert [e for e in archive if e.document.owners[0].cik == seller and rows([e], "S")] == [entry]


def test_a_full_exit_leaves_zero_and_not_nothing(told: Told) -> None:
    assert rows(told("whole_stake_sold"), "S")[0].shares_owned_following == 0


def test_prices_are_missing_or_only_in_words_where_a_story_says_so(told: Told) -> None:
    missing, in_words = told("sale_without_a_price")[0], told("price_only_in_a_footnote")[0]
    assert missing.transactions[0].price is None
    assert not re.search(r"\$\d", missing.notes_on(missing.transactions[0], "price"))
    assert in_words.transactions[0].price is None
    assert re.search(r"\$\d+\.\d\d per share", in_words.notes_on(in_words.transactions[0], "price"))


def test_a_total_value_stands_in_place_of_shares(told: Told) -> None:
    (line,) = told("total_value_in_place_of_shares")[0].transactions
    assert line.shares is None
    assert line.total_value == Decimal("450000.00")


def test_a_quarterly_buyer_falls_silent_for_a_year_and_sells(told: Told) -> None:
    entries = told("quarterly_buyer_sells")
    bought, sales = dates(rows(entries, "P")), dates(rows(entries, "S"))
    assert len(bought) == 8
    assert all(80 < (b - a).days < 100 for a, b in pairwise(bought))
    assert sales[0] - bought[-1] > timedelta(days=365)


def test_the_february_seller_sold_four_years_running_and_not_this_year(told: Told) -> None:
    days = dates(rows(told("february_seller_skips"), "S"))
    assert [(day.year, day.month) for day in days] == [(UNTIL.year - back, 2) for back in (4, 3, 2, 1)]


def test_one_routine_and_one_irregular_trader_trade_in_each_of_four_years(told: Told) -> None:
    routine, irregular = (dates(rows(told(s), "S")) for s in ("same_month_every_year", "different_month_every_year"))
    assert len({day.year for day in routine}) == len({day.year for day in irregular}) == 4
    assert {day.month for day in routine} == {6}
    assert len({day.month for day in irregular}) == 4


def test_a_seller_turns_buyer(told: Told) -> None:
    entries = told("seller_turns_buyer")
    assert len(rows(entries, "S")) == 5
    assert entries[-1].transactions[0].code == "P"


def test_monthly_buying_ends_before_the_last_month(told: Told) -> None:
    days = dates(rows(told("monthly_buying_ends"), "P"))
    assert len({(day.year, day.month) for day in days}) == 4
    assert UNTIL - days[-1] > timedelta(days=62)


def test_a_lone_sale_is_filed_late_in_the_evening(told: Told) -> None:
    assert told("after_hours_and_alone")[0].filing.accepted_at.astimezone(EASTERN).hour == 21


# --- lateness and slips -----------------------------------------------------------------------------------------------


def test_one_director_is_late_five_times_within_two_years(told: Told) -> None:
    entries = told("habitually_late")
    assert len(entries) == 5
    assert len({entry.document.owners[0].cik for entry in entries}) == 1
    assert entries[-1].filing.filed_on - entries[0].filing.filed_on < timedelta(days=730)


def test_a_first_statement_comes_a_month_late(told: Told) -> None:
    (entry,) = told("first_statement_too_late")
    assert entry.document.period_of_report
    assert entry.filing.filed_on - entry.document.period_of_report > timedelta(days=30)


def test_the_yearly_form_cleans_up_what_should_have_come_before(told: Told) -> None:
    (entry,) = told("year_end_clean_up")
    assert entry.document.form4_transactions_reported
    assert entry.document.form3_holdings_reported
    assert [(line.code, line.form_type, line.timeliness) for line in entry.document.lines] == [
        ("L", "5", None),
        ("S", "4", "L"),
        (None, "3", None),
    ]


def test_slips_of_the_pen_are_there_as_filed(told: Told) -> None:
    assert on(told("year_mistyped")[0].transactions[0]).year < 100
    assert told("price_is_a_total")[0].transactions[0].price > 10_000  # type: ignore[operator]
    (line,) = told("balance_is_impossible")[0].transactions
    assert (line.shares or 0) > (line.shares_owned_following or 0)
