from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from signals.readings.exercise import (
    KEPT_ALL,
    SOLD_EVERYTHING,
    SOLD_LATER,
    SOLD_PART,
    SOLD_TO_COVER,
    stories,
)
from signals.readings.trades import issuer_reading
from signals.readings.trading_days import is_trading_day, next_trading_day
from tests.signals.readings.archives import DAY, UNTIL, after_days, demo_reading_of, form, holding, row, sold

OPTION = {"table": "II", "title": "Stock Option (Right to Buy)", "conversion_or_exercise_price": Decimal(4), "price": 0}
UNITS = {"table": "II", "title": "Restricted Stock Units", "price": 0}
LATER = DAY + timedelta(days=400)


def exercise(shares: int = 100, left: int = 0) -> tuple:
    return row("M", "A", shares, 1000 + shares, price=4), row("M", "D", shares, left, **OPTION)


def told(*forms, as_of: date = LATER):
    return stories(issuer_reading(forms), as_of=as_of)


def only(*forms, as_of: date = LATER):
    [story] = told(*forms, as_of=as_of)
    return story


def test_shares_exercised_and_kept_are_kept_all_once_thirty_days_have_passed():
    filed = form(1, *exercise())
    early, late = only(filed, as_of=after_days(30)), only(filed, as_of=after_days(31))
    assert (early.outcome, early.provisional, early.settles_on) == (KEPT_ALL, True, after_days(30))
    assert (late.outcome, late.provisional) == (KEPT_ALL, False)
    assert (late.kept, late.cost) == (100, 400)


def test_all_sold_the_same_day_is_sold_everything():
    story = only(form(1, *exercise(), sold(60, 1040, price=9), sold(40, 1000, price=10)))
    assert (story.outcome, story.ratio, story.kept) == (SOLD_EVERYTHING, 1, 0)
    assert (story.cost, story.proceeds) == (400, 940)


def test_a_part_sold_the_next_trading_day_in_another_filing_belongs_to_the_story():
    first = form(1, *exercise())
    second = form(2, sold(40, 1060, on=after_days(1)), filed_on=after_days(2))
    story = only(first, second)
    assert (story.outcome, story.ratio) == (SOLD_PART, Decimal("0.4"))
    assert story.accessions == (first.accession, second.accession)


def test_the_next_trading_day_of_a_friday_is_the_monday():
    friday = DAY - timedelta(days=3)
    filed = form(1, row("M", "A", 100, 1100, price=4, on=friday), row("M", "D", 100, 0, on=friday, **OPTION),
                 sold(100, 1000, on=DAY))  # fmt: skip
    assert only(filed).outcome == SOLD_EVERYTHING


def test_a_sale_two_days_later_is_told_as_later():
    story = only(form(1, *exercise()), form(2, sold(50, 1050, on=after_days(10)), filed_on=after_days(11)))
    assert (story.outcome, story.provisional, story.kept) == (SOLD_LATER, False, 50)
    assert [strip.later for strip in story.strips if strip.step == "sold"] == [True]


def test_shares_withheld_are_no_sale_and_the_ratio_is_of_what_was_left():
    story = only(form(1, *exercise(), row("F", "D", 40, 1060, price=10), sold(60, 1000)))
    assert (story.withheld, story.sold, story.ratio, story.outcome) == (40, 60, 1, SOLD_EVERYTHING)


def test_shares_withheld_on_the_next_trading_day_belong_to_the_story():
    story = only(form(1, *exercise(), row("F", "D", 40, 1060, on=after_days(1)), filed_on=after_days(2)))
    assert (story.withheld, story.kept) == (40, 60)


def test_units_that_vest_are_a_vesting_and_a_sale_for_the_tax_is_told_as_that():
    said = sold(41, 1059, on=after_days(1), footnotes={"code": ("F1",)})
    note = "Shares sold to cover tax withholding due when the units vested."
    filed = form(1, row("M", "A", 100, 1100, price=0), row("M", "D", 100, 0, **UNITS), said, notes={"F1": note},
                 filed_on=after_days(2))  # fmt: skip
    story = only(filed)
    assert (story.kind, story.outcome, story.cost) == ("vest", SOLD_TO_COVER, None)


def test_the_grant_is_named_where_the_archive_has_it():
    words = {"F1": "Vests in four parts from March 2024."}
    noted = {"footnotes": {"exercise_date": ("F1",)}}
    grant = form(1, row("A", "A", 400, 400, **noted, **UNITS), notes=words, filed_on=after_days(1))
    on = after_days(90)
    vest = form(2, row("M", "A", 100, 1100, price=0, on=on), row("M", "D", 100, 300, on=on, **noted, **UNITS),
                notes=words, filed_on=after_days(91))  # fmt: skip
    story = only(grant, vest)
    assert [(strip.step, strip.accession) for strip in story.strips[:2]] == [
        ("grant", grant.accession),
        ("vest", vest.accession),
    ]


def test_a_sale_belongs_to_the_latest_exercise_that_it_can_follow():
    first = form(1, *exercise())
    on = after_days(1)
    second = form(2, row("M", "A", 50, 1150, price=4, on=on), row("M", "D", 50, 0, on=on, **OPTION),
                  sold(50, 1100, on=on), filed_on=after_days(2))  # fmt: skip
    early, late = told(first, second)
    assert (early.outcome, late.outcome) == (KEPT_ALL, SOLD_EVERYTHING)


def test_a_trusts_sale_is_not_of_the_shares_that_came():
    trust = {"ownership": "I", "nature_of_ownership": "By trust"}
    story = only(form(1, *exercise(), sold(500, 0, **trust), holding(1100)))
    assert (story.sold, story.outcome) == (0, KEPT_ALL)


def test_what_an_amendment_restated_tells_its_story_once():
    original = form(1, *exercise(), sold(100, 1000))
    mended = form(2, *exercise(), sold(100, 1000, price=11), kind="4/A", filed_on=after_days(9),
                  date_of_original_submission=original.filed_on)  # fmt: skip
    story = only(original, mended)
    assert (story.came, story.sold, story.accessions) == (100, 100, (mended.accession,))


def demo_outcomes(story: str) -> set[tuple[str, str, bool]]:
    reading, forms = demo_reading_of(story)
    mine = {one.accession for one in forms}
    return {
        (found.kind, found.outcome, found.provisional)
        for found in stories(reading, as_of=UNTIL)
        if any(strip.accession in mine for strip in found.strips if strip.step in ("exercise", "vest"))
    }


def test_the_demo_stories_end_as_their_docstrings_say():
    expected = {
        "exercise_and_hold": {("exercise", KEPT_ALL, False)},
        "exercise_and_partial_sale": {("exercise", SOLD_TO_COVER, False)},
        "exercise_and_same_day_sale": {("exercise", SOLD_EVERYTHING, False)},
        "exercise_paid_with_shares": {("exercise", KEPT_ALL, False)},
        "options_every_two_weeks": {("exercise", SOLD_EVERYTHING, False)},
        "options_every_month": {("exercise", SOLD_EVERYTHING, False)},
        "sell_to_cover": {("vest", SOLD_TO_COVER, False)},
        "employee_plan_between_filings": {("vest", KEPT_ALL, False)},
        "warrants_exercised": {("exercise", KEPT_ALL, False)},
    }
    assert {story: demo_outcomes(story) for story in expected} == expected


def test_the_exchanges_holidays_are_no_trading_days():
    for day in ("2024-03-29", "2024-11-28", "2023-01-02", "2022-06-20", "2026-07-03", "2021-12-24"):
        assert not is_trading_day(date.fromisoformat(day)), day
    for day in ("2021-12-31", "2021-06-18", "2024-10-14", "2024-11-11"):
        assert is_trading_day(date.fromisoformat(day)), day
    assert next_trading_day(date(2024, 3, 28)) == date(2024, 4, 1)
