from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import permutations

from signals.readings.amendments import BY_CHAIN, BY_TRANSACTION_DATE, amendments, side_by_side
from signals.readings.history import History
from tests.signals.readings.archives import (
    DAY,
    FUND,
    PAT,
    SAM,
    after_days,
    bought,
    demo_reading_of,
    form,
    holding,
    sold,
)

FILED = after_days(1)


def amendment(number: int, *lines, named=FILED, days: int = 6, kind: str = "4/A", **more):
    return form(number, *lines, kind=kind, filed_on=after_days(days), date_of_original_submission=named, **more)


def state(found, one, number: int = 1, kind: str = "transaction") -> str:
    ref = next(one.ref(line) for line in one.lines if (line.kind, line.row) == (kind, number))
    return "withdrawn" if ref in found.withdrawn else "superseded" if ref in found.superseded else "stands"


def test_a_corrected_price_supersedes_that_row_and_leaves_the_others():
    original = form(1, sold(1500, 900), sold(2500, 650, price=59))
    mended = amendment(2, sold(2500, 650, price=49))
    found = amendments([original, mended])
    assert [state(found, original, row) for row in (1, 2)] == ["stands", "superseded"]
    [pair] = found.by_accession[mended.accession].pairs
    assert [(change.field, change.old, change.new) for change in pair.changes] == [("price", Decimal(59), Decimal(49))]
    assert found.by_accession[mended.accession].not_restated == (original.ref(original.lines[0]),)


def test_a_row_that_was_left_out_is_added_and_supersedes_nothing():
    original = form(1, sold(2000, 800))
    mended = amendment(2, sold(2000, 800), sold(750, 50))
    found = amendments([original, mended]).by_accession[mended.accession]
    assert [pair.changes for pair in found.pairs] == [()]
    assert found.added == (mended.ref(mended.lines[1]),)


def test_a_lone_row_with_the_price_of_a_reported_one_is_added_where_its_note_says_that_it_was_left_out():
    original = form(1, sold(2000, 800))
    said = sold(750, 50, footnotes={"shares": ("F1",)})
    mended = amendment(2, said, notes={"F1": "This sale was inadvertently omitted from the original report."})
    assert amendments([original, mended]).by_accession[mended.accession].added == (mended.ref(mended.lines[0]),)


def test_a_corrected_number_of_shares_is_matched_by_day_code_class_and_price():
    original = form(1, sold(2000, 800), sold(10, 790, price=11))
    found = amendments([original, amendment(2, sold(2200, 600))])
    assert state(found, original) == "superseded"


def test_corrected_dates_codes_classes_and_owners_of_the_line_are_matched_too():
    original = form(1, sold(2000, 800))
    for wrong in (
        sold(2000, 800, on=after_days(-30)),
        replace(sold(2000, 800), code="F"),
        sold(2000, 800, title="Class A Common Stock"),
        sold(2000, 800, ownership="I", nature_of_ownership="By trust"),
    ):
        assert state(amendments([original, amendment(2, wrong)]), original) == "superseded"


def test_shares_and_price_both_corrected_are_matched_where_nothing_else_can_be_meant():
    original = form(1, sold(2000, 800))
    assert state(amendments([original, amendment(2, sold(2200, 600, price=11))]), original) == "superseded"


def test_identical_rows_are_matched_one_to_one():
    original = form(1, sold(100, 900), sold(100, 800), sold(100, 700))
    mended = amendment(2, sold(100, 900), sold(100, 800))
    found = amendments([original, mended]).by_accession[mended.accession]
    assert len(found.pairs) == 2
    assert found.not_restated == (original.ref(original.lines[2]),)


def test_the_report_that_shares_the_rows_is_amended_among_several_of_one_day():
    reports = [form(n, sold(100 * n, 1000), filed_on=FILED) for n in (1, 2, 3)]
    mended = amendment(9, sold(200, 1000, price=12))
    found = amendments([*reports, mended])
    assert found.by_accession[mended.accession].original == reports[1].accession
    assert [state(found, report) for report in reports] == ["stands", "superseded", "stands"]


def test_other_owners_issuers_families_and_later_reports_are_never_amended():
    mended = amendment(9, sold(100, 900))
    for other in (
        form(1, sold(100, 900), owners=(SAM,)),
        form(1, sold(100, 900), kind="5"),
        form(1, sold(100, 900), filed_on=after_days(7)),
    ):
        found = amendments([other, mended])
        assert not found.by_accession[mended.accession].original_found
        assert state(found, other) == "stands"


def test_an_original_that_is_not_here_is_said_to_be_not_found():
    mended = amendment(1, sold(100, 900))
    found = amendments([mended]).by_accession[mended.accession]
    assert (found.original, found.added) == (None, (mended.ref(mended.lines[0]),))


def test_where_the_named_day_is_the_day_of_the_trade_the_rows_find_the_original():
    original = form(1, sold(100, 900), filed_on=after_days(20))
    mended = amendment(2, sold(100, 900, price=11), named=DAY, days=30)
    found = amendments([original, mended]).by_accession[mended.accession]
    assert (found.original, found.found_by) == (original.accession, BY_TRANSACTION_DATE)


def test_a_chain_of_amendments_ends_in_the_last_and_each_supersedes_the_one_before():
    original = form(1, sold(100, 900, price=1))
    second = amendment(2, sold(100, 900, price=2), days=4)
    third = amendment(3, sold(100, 900, price=3), days=8)
    for order in permutations([original, second, third]):
        found = amendments(order)
        assert [state(found, one) for one in (original, second, third)] == ["superseded", "superseded", "stands"]
        assert found.superseded[original.ref(original.lines[0])] == second.accession
        assert found.first_version(third.ref(third.lines[0])) == original.ref(original.lines[0])


def test_a_chain_whose_original_is_missing_is_still_a_chain():
    second = amendment(2, sold(100, 900, price=2), days=4)
    third = amendment(3, sold(100, 900, price=3), days=8)
    found = amendments([second, third])
    assert found.by_accession[third.accession].found_by == BY_CHAIN
    assert not found.by_accession[third.accession].original_found
    assert state(found, second) == "superseded"


def test_a_later_amendment_may_amend_a_row_that_an_earlier_one_added():
    original = form(1, sold(100, 900))
    second = amendment(2, sold(100, 900), sold(50, 850), days=4)
    third = amendment(3, sold(50, 850, price=12), days=8)
    found = amendments([original, second, third])
    assert state(found, second, 2) == "superseded"
    assert state(found, second, 1) == "stands"


def test_a_report_withdrawn_takes_back_its_rows_and_their_repetition():
    original = form(1, bought(100, 900), bought(5, 905))
    words = "The original report was filed in error and is hereby withdrawn."
    mended = amendment(2, bought(100, 900), remarks=words)
    found = amendments([original, mended])
    assert [state(found, original, row) for row in (1, 2)] == ["withdrawn", "withdrawn"]
    assert state(found, mended) == "withdrawn"
    assert {taken.words for taken in found.withdrawn.values()} == {words}


def test_a_withdrawal_of_one_row_leaves_the_others():
    original = form(1, bought(100, 900), bought(5, 905))
    gone = bought(5, 905, footnotes={"code": ("F1",)})
    mended = amendment(2, gone, notes={"F1": "This purchase did not occur and was reported in error."})
    found = amendments([original, mended])
    assert [state(found, original, row) for row in (1, 2)] == ["stands", "withdrawn"]


def test_an_exit_box_amendment_without_rows_replaces_nothing():
    original = form(1, sold(100, 900))
    mended = amendment(2, remarks="Filed to tick the exit box.")
    assert state(amendments([original, mended]), original) == "stands"


def test_holdings_are_matched_by_class_and_place():
    trust = {"ownership": "I", "nature_of_ownership": "By trust"}
    original = form(1, holding(8200), kind="3")
    mended = amendment(2, holding(8200), holding(5000, **trust), kind="3/A")
    found = amendments([original, mended]).by_accession[mended.accession]
    assert (len(found.pairs), len(found.added)) == (1, 1)


def test_a_joint_filer_who_was_left_out_does_not_hide_the_original():
    original = form(1, sold(100, 900), owners=(PAT,))
    mended = amendment(2, sold(100, 900), owners=(PAT, FUND))
    assert amendments([original, mended]).by_accession[mended.accession].original == original.accession


def test_side_by_side_shows_what_was_corrected_repeated_added_and_left_alone():
    original = form(1, sold(100, 900), sold(200, 700), sold(300, 400), sold(5, 395))
    mended = amendment(2, sold(100, 900), sold(200, 700, price=12), sold(40, 355, price=13))
    rows = side_by_side([original, mended], mended.accession)
    assert [row.state for row in rows] == ["repeated", "corrected", "added", "not_restated", "not_restated"]
    assert rows[2].old is None
    assert rows[3].new is None


def test_the_demo_stories_of_amendments_end_as_their_docstrings_say():
    expected = {
        "price_corrected": ("corrected", "not_restated"),
        "missed_line_added": ("repeated", "added"),
        "report_withdrawn": ("withdrawn",),
        "duplicate_withdrawn": ("withdrawn",),
        "only_the_box_is_added": ("repeated",),
        "exit_box_alone": ("not_restated",),
        "original_date_is_wrong": ("corrected",),
        "original_not_in_the_archive": ("added",),
        "form_3_amended": ("repeated", "added"),
        "form_5_amended": ("corrected",),
        "corrected_within_the_week": ("corrected",),
    }
    for story, states in expected.items():
        reading, forms = demo_reading_of(story)
        [mended] = [one for one in forms if one.is_amendment]
        assert tuple(row.state for row in side_by_side(reading.history, mended.accession)) == states, story


def test_as_of_a_day_before_the_amendment_the_original_stands():
    original, mended = form(1, sold(100, 900)), amendment(2, sold(100, 900, price=12))
    history = History([original, mended])
    assert state(amendments(history.as_of(original.known_at)), original) == "stands"
    assert state(amendments(history), original) == "superseded"
