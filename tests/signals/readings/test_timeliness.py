"""When was it due, and did it come in time? Six answers, each with its dates and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.demo import filings as demo_filings
from filings.ownership.calendar import business_days_after, business_days_between, edgar_open
from filings.ownership.document import Issuer, Line, Owner, OwnershipDocument
from filings.ownership.parse import parse
from filings.ownership.submission import read_submission
from signals.readings.history import filed_form
from signals.readings.plan import evidence
from signals.readings.timeliness import judge
from signals.readings.vocabulary import TIMELINESS
from tests.signals.lines import lines as any_lines

TUESDAY = date(2026, 3, 3)


def judged(
    traded=TUESDAY, filed=None, *, form="4", code="S", to="D", row_form="4", flag=None, deemed=None, kind="transaction",
    period=None, notes=None, cell="code", remarks=None, days=2, **more,
):  # fmt: skip
    line = Line(
        "I", kind, 1, transaction_date=traded, code=code, acquired_disposed=to, form_type=row_form, timeliness=flag,
        deemed_execution_date=deemed, footnotes={cell: tuple(notes)} if notes else {},
    )  # fmt: skip
    document = OwnershipDocument(
        form, Issuer("0000000009"), (Owner("0000000001"),), lines=(line,), footnotes=notes or {}, remarks=remarks,
        period_of_report=period or traded,
    )  # fmt: skip
    filed = filed or business_days_after(traded, days)
    return judge(filed_form(document, accession="1", filed_on=filed, accepted_at=None), line, **more)


def test_the_second_business_day_is_in_time_and_the_third_is_late():
    on_time, late = judged(days=2), judged(days=3)
    assert (on_time.status, on_time.due_on, on_time.late_business_days) == ("on_time", date(2026, 3, 5), 0)
    assert (late.status, late.due_on, late.late_business_days) == ("late", date(2026, 3, 5), 1)
    assert "1 business day late" in late.reason


def test_business_days_are_those_of_edgar():
    assert judged(date(2026, 10, 8), date(2026, 10, 13)).status == "on_time"  # Columbus Day lies between
    assert judged(date(2026, 4, 1), date(2026, 4, 3)).status == "on_time"  # Good Friday is a business day
    assert judged(date(2026, 4, 1), date(2026, 4, 6)).late_business_days == 1
    assert judged(date(2025, 1, 7), date(2025, 1, 10)).status == "on_time"  # a day of mourning lies between


@pytest.mark.parametrize(
    ("days", "status"), [(2, "on_time"), (3, "extension_possible"), (5, "extension_possible"), (6, "late")]
)
def test_a_plan_trade_may_be_deemed_executed_up_to_three_days_later(days, status):
    assert judged(days=days, planned=True).status == status
    assert judged(days=days, code="I").status == status


def test_a_trade_under_no_plan_has_no_extension():
    assert judged(days=3).status == "late"


def test_a_deemed_execution_date_moves_the_due_day_and_no_further_than_the_rule():
    third = business_days_after(TUESDAY, 3)
    assert judged(deemed=third, days=5).status == "on_time"
    assert judged(deemed=third, days=6).late_business_days == 1
    assert judged(deemed=third, days=6, planned=True).status == "late"
    far = judged(deemed=TUESDAY + timedelta(days=60), days=5)
    assert (far.status, far.due_on) == ("on_time", business_days_after(TUESDAY, 5))
    misused = judged(deemed=TUESDAY - timedelta(days=9), days=2)
    assert (misused.status, misused.due_on) == ("on_time", business_days_after(TUESDAY, 2))


def test_a_row_reported_early_by_choice_is_not_judged():
    assert judged(row_form="5", flag="E", days=30).status == "not_judged"


@pytest.mark.parametrize(
    ("code", "to", "traded", "status"),
    [
        ("L", "A", TUESDAY, "not_judged"),
        ("W", "A", TUESDAY, "not_judged"),
        ("G", "A", TUESDAY, "not_judged"),
        ("G", "D", date(2023, 2, 24), "not_judged"),
        ("G", "D", date(2023, 2, 27), "late"),
        ("G", "D", TUESDAY, "late"),
    ],
)
def test_what_may_wait_for_form_5_is_not_judged(code, to, traded, status):
    assert judged(traded, code=code, to=to, days=20).status == status


def test_form_5_is_due_45_days_after_the_fiscal_year():
    year_end = date(2025, 12, 31)  # 45 days later is a Saturday, and Monday is a holiday
    on_time = judged(
        TUESDAY.replace(year=2025), date(2026, 2, 17), form="5", code="L", to="A", row_form="5", period=year_end
    )
    assert (on_time.status, on_time.due_on) == ("on_time", date(2026, 2, 17))
    late = judged(
        TUESDAY.replace(year=2025), date(2026, 2, 19), form="5", code="W", to="A", row_form="5", period=year_end
    )
    assert (late.status, late.late_business_days) == ("late", 2)


def test_a_gift_given_away_since_2023_is_late_on_form_5():
    found = judged(date(2025, 3, 3), date(2026, 2, 10), form="5", code="G", row_form="5", period=date(2025, 12, 31))
    assert (found.status, found.due_on) == ("late", date(2025, 3, 5))


@pytest.mark.parametrize(
    "more",
    [
        {"form": "5", "row_form": "4", "period": date(2025, 12, 31)},
        {"flag": "L"},
        {"notes": {"F1": "This transaction is being reported late."}},
        {"notes": {"F1": "It should have been reported on Form 4 before."}},
        {"remarks": "These transactions are being reported late due to an oversight."},
    ],
)
def test_what_the_filer_calls_late_is_late_by_his_own_word(more):
    found = judged(date(2025, 3, 3), date(2026, 2, 10), **more)
    assert (found.status, found.due_on) == ("self_declared_late", date(2025, 3, 5))
    assert found.late_business_days == business_days_between(date(2025, 3, 5), date(2026, 2, 10))


def test_a_note_on_the_balance_declares_no_trade_late():
    notes = {"F1": "The balance counts shares that should have been reported before."}
    assert judged(notes=notes, cell="shares_owned_following").status == "on_time"


def test_a_holding_is_judged_only_as_an_omission_of_form_3():
    assert judged(kind="holding").status == "not_judged"
    missing = judged(None, date(2026, 2, 10), form="5", kind="holding", row_form="3", period=date(2025, 12, 31))
    assert missing.status == "self_declared_late"


@pytest.mark.parametrize("traded", [None, date(25, 3, 3), date(1026, 3, 3), date(2027, 3, 3)])
def test_dates_that_cannot_be_are_unknown(traded):
    found = judged(traded, date(2026, 3, 5))
    assert (found.status, found.due_on, found.late_business_days) == ("unknown", None, None)


def test_trades_before_the_two_day_rule_are_not_judged():
    assert judged(date(2002, 8, 28), date(2002, 9, 10)).status == "not_judged"
    assert judged(date(2002, 8, 29), date(2002, 9, 10)).status == "late"


def test_an_amendment_is_judged_by_its_original_or_not_at_all():
    assert judged(form="4/A", days=200).status == "unknown"
    first = judged(days=3)
    found = judged(form="4/A", days=200, original=first)
    assert (found.status, found.due_on, found.late_business_days) == (first.status, first.due_on, 1)
    assert found.reason.startswith("The original report decides.")


def test_a_row_that_an_amendment_adds_is_judged_by_itself():
    assert judged(form="4/A", days=40, addition=True).late_business_days == 38


@pytest.mark.parametrize(
    ("filed", "status", "due_on"),
    [
        (date(2026, 3, 13), "on_time", date(2026, 3, 13)),
        (date(2026, 3, 16), "late", date(2026, 3, 13)),
        (date(2026, 3, 2), "on_time", date(2026, 3, 3)),
    ],
)
def test_form_3_is_due_ten_days_after_the_event(filed, status, due_on):
    found = judged(None, filed, form="3", kind="holding", period=TUESDAY)
    assert (found.status, found.due_on) == (status, due_on)


def test_form_3_due_on_a_closed_day_may_come_on_the_next_open_one():
    found = judged(None, date(2026, 3, 16), form="3", kind="holding", period=date(2026, 3, 4))
    assert (found.status, found.due_on) == ("on_time", date(2026, 3, 16))


def test_form_3_at_an_initial_public_offering_is_known_only_if_it_came_by_the_event():
    notes = {"F1": "Converts upon the closing of the issuer's initial public offering."}
    assert judged(None, TUESDAY, form="3", kind="holding", period=TUESDAY, notes=notes).status == "on_time"
    assert judged(None, date(2026, 3, 9), form="3", kind="holding", period=TUESDAY, notes=notes).status == "unknown"
    assert judged(None, date(2026, 3, 30), form="3", kind="holding", period=TUESDAY, notes=notes).status == "late"


def test_first_reports_for_foreign_issuers_had_grace_until_april():
    started = date(2026, 3, 18)
    assert judged(None, date(2026, 4, 1), form="3", kind="holding", period=started).status == "extension_possible"
    assert judged(None, date(2026, 4, 2), form="3", kind="holding", period=started).status == "late"


def test_a_form_3_with_an_impossible_event_is_unknown():
    assert judged(None, TUESDAY, form="3", kind="holding", period=date(2062, 3, 3)).status == "unknown"


@given(
    any_lines(),
    st.sampled_from(["3", "3/A", "4", "4/A", "5", "5/A"]),
    st.dates(date(2003, 1, 1), date(2030, 1, 1)),
    st.dates() | st.none(),
    st.booleans(),
    st.booleans(),
)
def test_every_row_gets_one_answer_and_a_sentence(line, form, filed, period, planned, addition):
    document = OwnershipDocument(form, Issuer("0000000009"), (), lines=(line,), period_of_report=period)
    found = judge(
        filed_form(document, accession="1", filed_on=filed, accepted_at=None), line, planned=planned, addition=addition
    )
    assert found.status in TIMELINESS
    assert found.reason.endswith(".")
    assert "\n" not in found.reason
    assert found.due_on is None or edgar_open(found.due_on) or form.startswith("3")
    assert (found.late_business_days or 0) >= 0
    if found.status in ("late", "extension_possible"):
        assert found.late_business_days == business_days_between(found.due_on, filed) > 0
    if found.status in ("unknown", "not_judged"):
        assert found.due_on is found.late_business_days is None
    assert found.as_json()["due_on"] == (found.due_on and found.due_on.isoformat())


@given(st.dates(date(2003, 1, 1), date(2030, 1, 1)), st.integers(0, 40))
def test_a_later_filing_is_never_less_late(traded, lag):
    first, second = judged(traded, traded + timedelta(days=lag)), judged(traded, traded + timedelta(days=lag + 1))
    assert (second.late_business_days or 0) >= (first.late_business_days or 0)


# The archives


@dataclass
class Filed:
    accession: str
    filed_on: date
    accepted_at: datetime | None = None


def verdicts(filing, document):
    form = filed_form(document, accession=filing.accession, filed_on=filing.filed_on, accepted_at=filing.accepted_at)
    plans = evidence(form)
    for line in document.lines:
        plan = plans.get(form.ref(line))
        yield judge(form, line, planned=bool(plan and plan.planned))


@pytest.fixture(scope="module")
def demo():
    found: dict[str, list] = {}
    for filing in demo_filings(date(2026, 11, 20)):
        document = parse(read_submission(filing.content).xml)
        found.setdefault(filing.story, []).extend(
            (document.form, verdict.status, verdict.late_business_days) for verdict in verdicts(filing, document)
        )
    return found


def test_the_late_stories_of_the_demo_are_late_and_no_other(demo):
    late = {story: [days for _, status, days in found if status == "late"] for story, found in demo.items()}
    assert {story: days for story, days in late.items() if days} == {
        "late_by_one_day": [1],
        "habitually_late": [7, 15, 4, 41, 6],
    }


def test_the_other_stories_of_the_demo_are_told_apart(demo):
    assert demo["deemed_execution"] == [("4", "on_time", 0)]
    assert [status for _, status, _ in demo["year_mistyped"]] == ["unknown"]
    assert sorted(status for _, status, _ in demo["year_end_clean_up"]) == [
        "on_time", "self_declared_late", "self_declared_late",
    ]  # fmt: skip
    assert sorted(status for _, status, _ in demo["yearly_gift_on_form_5"]) == ["on_time", "self_declared_late"]


# Business days late by a calendar, counted by hand; filing dates are the SEC's own or the signature's.
REAL_LATE = {
    "0000899243-20-025611": {117},
    "0000899243-20-034355": {2},
    "0001062993-23-012371": {1},
    "0001493152-25-009612": {56},
    "0001494730-11-000002": {282},
    "9999999997-25-000006": {42, 44},
    "9999999997-25-000066": {12},
}


def test_the_late_rows_of_the_real_filings_are_those_that_are_late(real_filings):
    found: dict[str, set] = {}
    declared = set()
    for path in sorted(real_filings.glob("*.txt")):
        submission = read_submission(path.read_bytes(), path.name)
        document = parse(submission.xml)
        signed = [signature.signed_on for signature in document.signatures if signature.signed_on]
        filed = submission.filed_on or max(signed)
        for verdict in verdicts(Filed(submission.accession, filed), document):
            if verdict.status == "late":
                found.setdefault(path.stem, set()).add(verdict.late_business_days)
            if verdict.status == "self_declared_late":
                declared.add(path.stem)
    assert found == REAL_LATE
    assert declared == {"9999999997-25-000015"}
