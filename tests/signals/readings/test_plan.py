"""Was a row traded under a plan? Four states, from the box, the words on the row, and where they disagree."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.demo import filings as demo_filings
from filings.ownership.document import Issuer, Line, Owner, OwnershipDocument
from filings.ownership.parse import parse
from filings.ownership.submission import read_submission
from signals.readings.history import filed_form
from signals.readings.plan import BOX_SINCE, RULE_SINCE, cooling_off, evidence
from signals.readings.vocabulary import PLAN_STATUSES
from tests.signals.lines import lines as any_lines

EXPECTED = Path(__file__).with_name("real_plans.txt")
FILED = date(2026, 3, 5)
TRADED = date(2026, 3, 3)
PLANNED = "This sale was made pursuant to a Rule 10b5-1 trading plan adopted by the reporting person on June 1, 2025."
DENIED = "This sale was not made pursuant to a Rule 10b5-1 plan."
OFFICER = Owner("0000000001", is_officer=True)
HOLDER = Owner("0000000002", is_ten_percent_owner=True)


def sold(row=1, *, on=TRADED, code="S", table="I", notes=()):
    return Line(
        table, "transaction", row, security_title="Common Stock", transaction_date=on, code=code,
        acquired_disposed="A" if code in "PAM" else "D", footnotes=dict(notes),
    )  # fmt: skip


def noted(row=1, note="F1", cell="code", **more):
    return sold(row, notes={cell: (note,)}, **more)


def statuses(*rows, box=None, notes=None, remarks=None, filed=FILED, owners=(OFFICER,)):
    document = OwnershipDocument(
        "4", Issuer("0000000009"), owners, aff10b5_one=box, lines=rows, footnotes=notes or {}, remarks=remarks
    )
    form = filed_form(document, accession="1", filed_on=filed, accepted_at=None)
    return list(evidence(form).values())


def only(*rows, **more):
    (found,) = statuses(*rows, **more)
    return found


def test_a_note_that_names_a_plan_decides_with_or_without_a_box():
    for box in (True, None):
        found = only(noted(), notes={"F1": PLANNED}, box=box)
        assert (found.status, found.adopted_on, found.disagreement) == ("plan", date(2025, 6, 1), False)
        assert found.age_days == (TRADED - date(2025, 6, 1)).days
        assert found.evidence[0].source == "footnote"
        assert found.evidence[0].footnote == "F1"
        assert found.evidence[0].words in PLANNED


@pytest.mark.parametrize("cell", ["security_title", "transaction_date", "code", "shares", "price", "acquired_disposed"])
def test_a_note_on_any_cell_of_the_trade_speaks_of_it(cell):
    assert only(noted(cell=cell), notes={"F1": PLANNED}).status == "plan"


@pytest.mark.parametrize("cell", ["shares_owned_following", "nature_of_ownership", "ownership"])
def test_a_note_on_the_position_does_not_speak_of_the_trade(cell):
    assert only(noted(cell=cell), notes={"F1": PLANNED}, box=None).status == "unknown"


def test_words_that_cover_the_form_speak_of_every_row_they_cover():
    words = "The sales reported on this Form 4 were effected pursuant to a Rule 10b5-1 plan adopted on June 1, 2025."
    sale, purchase, withheld = statuses(sold(1), sold(2, code="P"), sold(3, code="F"), remarks=words)
    assert (sale.status, purchase.status, withheld.status) == ("plan", "unknown", "unknown")
    assert sale.evidence[0].footnote is None
    every = "All transactions were effected pursuant to a Rule 10b5-1 plan."
    assert [found.status for found in statuses(sold(1), sold(2, code="M"), sold(3, code="F"), remarks=every)] == [
        "plan", "plan", "unknown",
    ]  # fmt: skip


def test_a_note_under_an_empty_box_is_a_plan_and_a_disagreement():
    found = only(noted(), notes={"F1": PLANNED}, box=False)
    assert (found.status, found.disagreement) == ("plan", True)
    assert {said.source for said in found.evidence} == {"footnote", "box"}


def test_a_plan_from_before_the_rule_does_not_disagree_with_an_empty_box():
    old = PLANNED.replace("June 1, 2025", "January 5, 2023")
    found = only(noted(on=date(2023, 9, 5)), notes={"F1": old}, box=False, filed=date(2023, 9, 7))
    assert (found.status, found.disagreement) == ("plan", False)


def test_a_denial_makes_the_row_no_plan_box_or_no_box():
    for box, clash in ((None, False), (False, False), (True, True)):
        found = only(noted(), notes={"F1": DENIED}, box=box)
        assert (found.status, found.disagreement) == ("not_plan", clash)
        assert found.evidence[0].words.startswith("not made pursuant")


def test_a_ticked_box_that_another_row_explains_does_not_disagree_with_a_denial():
    planned, denied = statuses(noted(1), noted(2, "F2"), notes={"F1": PLANNED, "F2": DENIED}, box=True)
    assert (planned.status, denied.status, denied.disagreement) == ("plan", "not_plan", False)


def test_words_that_contradict_each_other_settle_nothing():
    found = only(sold(notes={"code": ("F1", "F2")}), notes={"F1": PLANNED, "F2": DENIED}, box=True)
    assert (found.status, found.disagreement) == ("unknown", True)


def test_a_ticked_box_means_the_only_trade_there_is():
    found = only(sold(), box=True)
    assert (found.status, found.adopted_on) == ("plan", None)
    assert [said.source for said in found.evidence] == ["box"]
    tranches = statuses(sold(1), sold(2), sold(3), box=True)
    assert {found.status for found in tranches} == {"plan"}


def test_a_ticked_box_over_several_trades_means_some_of_them():
    found = statuses(sold(1), sold(2, on=TRADED - timedelta(days=1)), box=True)
    assert {row.status for row in found} == {"plan_filing"}
    assert all(row.planned for row in found)


def test_a_ticked_box_that_is_explained_says_nothing_of_withholding():
    sale, withheld = statuses(noted(1), sold(2, code="F"), notes={"F1": PLANNED}, box=True)
    assert (sale.status, withheld.status) == ("plan", "unknown")


def test_tranches_of_a_noted_trade_are_of_its_plan_under_a_ticked_box():
    first, second = statuses(noted(1), sold(2), notes={"F1": PLANNED}, box=True)
    assert first.status == second.status == "plan"
    assert second.adopted_on == date(2025, 6, 1)


def test_both_tables_of_one_exercise_share_its_note():
    shares, option = statuses(noted(1, code="M"), sold(1, code="M", table="II"), notes={"F1": PLANNED})
    assert shares.status == option.status == "plan"


def test_an_empty_box_is_no_plan_once_the_box_exists():
    assert only(sold(), box=False, filed=BOX_SINCE).status == "not_plan"
    assert only(sold(), box=False, filed=BOX_SINCE - timedelta(days=1)).status == "unknown"


def test_no_box_is_unknown_whenever_it_was_filed():
    assert only(sold(), box=None).status == "unknown"
    assert only(sold(), box=None, filed=date(2015, 5, 5)).status == "unknown"


def test_an_empty_box_settles_nothing_where_the_form_speaks_of_a_plan_elsewhere():
    planned, silent = statuses(noted(1), sold(2, on=TRADED - timedelta(days=1)), notes={"F1": PLANNED}, box=False)
    assert (planned.status, silent.status) == ("plan", "unknown")


def test_a_box_that_the_words_take_back_counts_as_empty():
    assert only(sold(), box=True, remarks="The Rule 10b5-1 box was checked in error.").status == "not_plan"


@pytest.mark.parametrize(
    "words",
    [
        "The reporting person may enter into a Rule 10b5-1 plan.",
        "Other directors of the issuer have adopted Rule 10b5-1 plans.",
        "On May 5, 2025 she terminated her Rule 10b5-1 plan.",
        "The seller relied on Rule 10b-5.",
        "Sold under a pre-arranged trading plan.",
    ],
)
def test_plans_of_the_future_of_others_ended_or_unnamed_are_no_evidence(words):
    assert only(noted(), notes={"F1": words}, box=None).status == "unknown"
    assert only(noted(), notes={"F1": words}, box=False).status == "not_plan"


def test_a_trading_plan_without_the_rule_counts_beside_a_ticked_box():
    words = "Sold under a pre-arranged trading plan adopted on June 1, 2025."
    found = only(noted(), notes={"F1": words}, box=True)
    assert (found.status, found.adopted_on) == ("plan", date(2025, 6, 1))


def test_holdings_have_no_plan_status():
    assert statuses(Line("I", "holding", 1, footnotes={"security_title": ("F1",)}), notes={"F1": PLANNED}) == []


# Cooling-off


@pytest.mark.parametrize(
    ("adopted", "days", "owner", "status"),
    [
        (date(2025, 6, 1), 89, OFFICER, "too_soon"),
        (date(2025, 6, 1), 90, OFFICER, "depends"),
        (date(2025, 6, 1), 120, OFFICER, "depends"),
        (date(2025, 6, 1), 121, OFFICER, "satisfied"),
        (date(2025, 6, 1), 29, HOLDER, "too_soon"),
        (date(2025, 6, 1), 30, HOLDER, "satisfied"),
        (RULE_SINCE, 10, OFFICER, "too_soon"),
        (RULE_SINCE - timedelta(days=1), 1, OFFICER, "no_rule"),
        (date(2025, 6, 1), -1, OFFICER, "unknown"),
    ],
)
def test_the_wait_is_judged_by_the_rule_of_its_day_and_the_person(adopted, days, owner, status):
    found = cooling_off(adopted, None, adopted + timedelta(days=days), [owner])
    assert (found.status, found.days) == (status, days)
    assert found.reason.endswith(".")


def test_a_change_of_the_plan_starts_the_wait_anew():
    found = cooling_off(date(2024, 1, 2), date(2025, 6, 1), date(2025, 7, 1), [OFFICER])
    assert (found.status, found.days) == ("too_soon", 30)
    assert "was changed" in found.reason


def test_an_issuers_own_plan_and_a_plan_without_a_date_are_not_judged():
    assert cooling_off(date(2025, 6, 1), None, date(2025, 6, 2), [OFFICER], "issuer").status == "no_rule"
    assert cooling_off(None, None, date(2025, 6, 2), [OFFICER]).status == "unknown"


# Any form


@given(
    st.lists(any_lines(), max_size=6),
    st.sampled_from([True, False, None]),
    st.sampled_from([PLANNED, DENIED, "A note.", "Rule 10b5-1 plan"]),
    st.dates(date(2003, 1, 1), date(2030, 1, 1)),
)
def test_every_transaction_row_gets_one_status_whatever_is_filed(rows, box, words, filed):
    ids = {note for row in rows for notes in row.footnotes.values() for note in notes}
    rows = [replace(row, row=at) for at, row in enumerate(rows, 1)]
    found = statuses(*rows, box=box, notes=dict.fromkeys(ids, words), filed=filed)
    assert len(found) == sum(row.kind == "transaction" for row in rows)
    for row in found:
        assert row.status in PLAN_STATUSES
        assert row.as_json()["status"] == row.status
        if box is None and words == "A note.":
            assert row.status == "unknown"
        if row.status == "plan_filing":
            assert box is True
        assert row.status == "unknown" or row.evidence


# The archives


def story(name):
    for filing in demo_filings(date(2026, 11, 20)):
        if filing.story == name:
            document = parse(read_submission(filing.content).xml)
            form = filed_form(
                document, accession=filing.accession, filed_on=filing.filed_on, accepted_at=filing.accepted_at
            )
            yield from evidence(form).values()


@pytest.mark.parametrize(
    ("name", "status", "disagreement", "wait"),
    [
        ("plan_before_the_box", "plan", False, "no_rule"),
        ("old_plan_after_the_box", "plan", False, "no_rule"),
        ("box_without_a_note", "plan", False, "unknown"),
        ("note_without_the_box", "plan", True, "satisfied"),
        ("note_denies_a_plan", "not_plan", False, None),
        ("box_ticked_and_note_denies", "not_plan", True, None),
        ("first_sale_too_soon", "plan", False, "too_soon"),
        ("plan_modified", "plan", False, "too_soon"),
        ("gift_under_a_plan", "plan", False, "satisfied"),
        ("deemed_execution", "plan", False, "satisfied"),
    ],
)
def test_the_stories_of_the_demo_are_read_as_they_are_told(name, status, disagreement, wait):
    found = list(story(name))
    assert found
    for row in found:
        assert (row.status, row.disagreement) == (status, disagreement)
        assert (row.cooling_off.status if row.cooling_off else None) == wait


def test_the_checked_rows_of_real_filings_have_the_status_a_person_gave_them(real_filings):
    wrong, right = [], 0
    for text in EXPECTED.read_text(encoding="utf-8").splitlines():
        if text.startswith("#"):
            continue
        accession, filed_on, *groups = text.split()
        document = parse(read_submission((real_filings / f"{accession}.txt").read_bytes()).xml)
        accepted = datetime.combine(date.fromisoformat(filed_on), datetime.min.time(), UTC)
        form = filed_form(document, accession=accession, filed_on=date.fromisoformat(filed_on), accepted_at=accepted)
        found = {(ref.table, ref.row): row for ref, row in evidence(form).items()}
        for group in groups:
            place, _, said = group.partition("=")
            table, _, spans = place.partition(":")
            for span in spans.split(","):
                first, _, last = span.partition("-")
                for number in range(int(first), int(last or first) + 1):
                    row = found.pop((table, number))
                    told = f"{row.status}{'!' if row.disagreement else ''}@{row.adopted_on or '-'}"
                    right += told == said
                    if told != said:
                        wrong.append(f"{accession} {table}{number}: {told}, expected {said}")
        assert not found
    assert not wrong
    assert right > 1_000
