from __future__ import annotations

from collections import Counter
from decimal import Decimal

from signals.readings.gap_causes import (
    CAUSES,
    EXEMPT,
    FORM_CHANGED,
    MISSING,
    MISSTATED,
    RESTATED,
    SPLIT,
    WITHDRAWN,
    WRITTEN,
)
from signals.readings.ownership_lines import signed
from signals.readings.position import FOLLOWS, GAP, OPENS, RESTATES, ledger
from tests.signals.readings.archives import (
    FUND,
    PAT,
    after_days,
    bought,
    demo_archive,
    demo_readings,
    form,
    holding,
    row,
    sold,
)

TRUST = {"ownership": "I", "nature_of_ownership": "By trust"}
UNITS = {"table": "II", "title": "Restricted Stock Units", "price": 0}


def book_of(*forms):
    return ledger(forms)


def statuses(book) -> list[str]:
    return [entry.status for entry in book.entries.values()]


def gap(book):
    [found] = [entry for entry in book.entries.values() if entry.status == GAP]
    return found.gap


def test_balances_that_follow_from_filing_to_filing_reconcile():
    book = book_of(form(1, holding(1000), kind="3"), form(2, sold(100, 900), sold(50, 850), filed_on=after_days(3)))
    assert statuses(book) == [OPENS, FOLLOWS, FOLLOWS]
    [line] = book
    assert (line.balance, line.gaps) == (850, ())


def test_both_ways_of_stating_balances_reconcile():
    start = form(1, holding(1000), kind="3")
    for rows in ((sold(100, 900), sold(50, 850)), (sold(100, 850), sold(50, 850))):
        book = book_of(start, form(2, *rows, filed_on=after_days(3)))
        assert statuses(book) == [OPENS, FOLLOWS, FOLLOWS]


def test_direct_shares_each_trust_and_each_class_are_lines_of_their_own():
    other = {**TRUST, "nature_of_ownership": "By spouse"}
    book = book_of(
        form(
            1, holding(1), holding(2, **TRUST), holding(3, **other), holding(4, title="Class B Common Stock"), kind="3"
        )
    )
    assert [line.balance for line in book] == [1, 2, 3, 4]


def test_two_trusts_that_a_filer_calls_alike_are_told_apart_by_their_balances():
    first = form(1, holding(500, **TRUST), holding(70, **TRUST), kind="3")
    second = form(2, sold(100, 400, **TRUST), holding(70, **TRUST), filed_on=after_days(3))
    book = book_of(first, second)
    assert sorted(line.balance for line in book) == [70, 400]
    assert statuses(book) == [OPENS, OPENS, FOLLOWS, FOLLOWS]


def test_awards_of_one_title_are_told_apart_by_their_footnotes_and_balances():
    words = {"F1": "Vests in four parts from May 2023.", "F2": "Vests in four parts from May 2024."}
    first, second = {"exercise_date": ("F1",)}, {"exercise_date": ("F2",)}
    book = book_of(
        form(1, row("A", "A", 400, 400, footnotes=first, **UNITS), row("A", "A", 800, 800, footnotes=second, **UNITS),
             notes=words),
        form(2, row("M", "D", 100, 300, footnotes=first, **UNITS), notes=words, filed_on=after_days(9)),
        form(3, row("M", "D", 200, 600, footnotes=second, **UNITS), notes=words, filed_on=after_days(19)),
    )  # fmt: skip
    assert statuses(book) == [OPENS, OPENS, FOLLOWS, FOLLOWS]


def test_shares_that_came_without_a_report_are_a_gap_with_the_words_that_say_so():
    said = sold(100, 912, footnotes={"shares_owned_following": ("F1",)})
    note = "Includes 12 shares acquired under the employee stock purchase plan."
    found = gap(book_of(form(1, holding(1000), kind="3"), form(2, said, notes={"F1": note}, filed_on=after_days(9))))
    assert (found.cause, found.amount, found.words) == (EXEMPT, 12, note)


def test_a_gap_that_nothing_explains_may_be_filings_that_are_missing_here():
    found = gap(book_of(form(1, holding(1000), kind="3"), form(2, sold(100, 300), filed_on=after_days(9))))
    assert (found.cause, found.amount, found.guessed) == (MISSING, -600, True)
    assert CAUSES[MISSING] in found.text


def test_a_small_rise_is_probably_exempt_and_marked_as_a_guess():
    found = gap(book_of(form(1, holding(1000), kind="3"), form(2, sold(100, 905), filed_on=after_days(9))))
    assert (found.cause, found.guessed) == (EXEMPT, True)


def test_a_balance_that_is_a_whole_multiple_is_probably_a_split():
    found = gap(book_of(form(1, holding(1000), kind="3"), form(2, sold(100, 2900), filed_on=after_days(9))))
    assert found.cause == SPLIT
    assert "3 times" in found.text


def test_a_report_split_into_two_filings_is_no_share_split():
    parts = form(2, sold(100, 1900), remarks="This report is split into two filings.", filed_on=after_days(9))
    assert gap(book_of(form(1, holding(900), kind="3"), parts)).cause == MISSING


def test_shares_that_moved_from_one_line_to_another_changed_their_form():
    book = book_of(
        form(1, holding(1000), holding(500, **TRUST), kind="3"),
        form(2, sold(10, 690), holding(800, **TRUST), filed_on=after_days(9)),
    )
    assert {entry.gap.cause for entry in book.entries.values() if entry.gap} == {FORM_CHANGED}


def test_a_balance_that_cannot_be_is_misstated_and_the_line_goes_on_without_it():
    book = book_of(
        form(1, holding(1000), kind="3"),
        form(2, bought(1000, 400), filed_on=after_days(3)),
        form(3, sold(500, 1500), filed_on=after_days(9)),
    )
    assert gap(book).cause == MISSTATED
    assert statuses(book) == [OPENS, GAP, FOLLOWS]


def test_a_balance_that_a_note_explains_by_a_transfer_is_not_called_misstated():
    said = row("C", "A", 1000, 400, footnotes={"shares_owned_following": ("F1",)})
    note = "Adjusted to reflect changes in form of beneficial ownership, exempt under Rule 16a-13."
    found = gap(book_of(form(1, holding(50), kind="3"), form(2, said, notes={"F1": note}, filed_on=after_days(3))))
    assert (found.cause, found.words) == (FORM_CHANGED, note)


def test_a_written_option_counts_what_is_owed():
    call = {"table": "II", "title": "Call Option (Obligation to Sell)"}
    assert gap(book_of(form(1, row("S", "D", 10, 10, **call)))).cause == WRITTEN


def test_an_amendment_restates_and_moves_later_balances_by_what_it_corrects():
    original = form(1, sold(100, 900))
    later = form(2, sold(100, 800), filed_on=after_days(3))
    mended = form(3, sold(150, 850), kind="4/A", filed_on=after_days(5), date_of_original_submission=original.filed_on)
    last = form(4, sold(50, 700), filed_on=after_days(9))
    book = book_of(last, original, later, mended)
    assert statuses(book) == [OPENS, FOLLOWS, RESTATES, FOLLOWS]
    assert book.entries[mended.ref(mended.lines[0])].gap.by == original.accession


def test_what_a_withdrawn_report_had_moved_is_known_when_the_next_balance_leaves_it_out():
    start = form(1, holding(1000), kind="3")
    wrong = form(2, bought(200, 1200), filed_on=after_days(2))
    mended = form(3, bought(200, 1200), kind="4/A", filed_on=after_days(4), date_of_original_submission=wrong.filed_on,
                  remarks="The original report was filed in error and is withdrawn.")  # fmt: skip
    last = form(4, bought(10, 1010), filed_on=after_days(9))
    found = gap(book_of(start, wrong, mended, last))
    assert (found.cause, found.by) == (WITHDRAWN, mended.accession)


def test_a_copy_by_another_owner_restates_the_event():
    fund = form(1, bought(100, 900), owners=(FUND,))
    director = form(2, bought(100, 900, **TRUST), filed_on=after_days(2))
    entry = book_of(fund, director).entries[director.ref(director.lines[0])]
    assert (entry.status, entry.gap.cause, entry.gap.by) == (RESTATES, RESTATED, fund.accession)


def test_a_holding_that_contradicts_the_sale_beside_it_does_not_become_the_balance():
    book = book_of(form(1, holding(1000), kind="3"), form(2, sold(100, 900), holding(38), filed_on=after_days(9)))
    assert gap(book).cause == MISSTATED
    [line] = book
    assert line.balance == 900


def test_the_lines_of_one_owner_include_those_of_joint_filings():
    book = book_of(form(1, holding(10)), form(2, holding(70, **TRUST), owners=(PAT, FUND), filed_on=after_days(3)))
    assert [line.balance for line in book.of(PAT.cik)] == [10, 70]
    assert [line.balance for line in book.of(FUND.cik)] == [70]


def test_fractions_are_kept():
    book = book_of(form(1, holding("10.25"), kind="3"), form(2, sold("0.1250", "10.1250"), filed_on=after_days(2)))
    [line] = book
    assert line.balance == Decimal("10.1250")


def demo_gaps() -> dict:
    return {
        tuple(entry.row): entry.gap.cause
        for reading in demo_readings().values()
        for entry in reading.ledger.entries.values()
        if entry.gap
    }


def test_the_ledger_finds_every_gap_that_the_demo_archive_declares_and_no_other():
    declared = {(told.form.accession, gap.table, gap.kind, gap.row) for told in demo_archive() for gap in told.gaps}
    assert set(demo_gaps()) == declared
    assert len(declared) == 28


def test_the_ledger_names_the_cause_of_every_gap_of_the_demo_archive():
    assert Counter(demo_gaps().values()) == {
        RESTATED: 14, SPLIT: 7, WRITTEN: 3, EXEMPT: 2, WITHDRAWN: 1, MISSTATED: 1,
    }  # fmt: skip


def test_without_a_direction_the_code_decides_and_a_code_that_can_be_either_moves_nothing():
    assert signed(row("S", None, 10)) == -10
    assert signed(row("A", None, 10)) == 10
    assert signed(row("J", None, 10)) == 0
