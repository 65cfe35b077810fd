"""The demo archive as a whole: invented and saying so, readable, consistent, and the same every time."""

from __future__ import annotations

from collections import Counter
from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from filings import demo
from filings.demo import calendar, stories
from filings.demo.identity import MARK, REMARK
from filings.demo.ledger import Ledger
from filings.demo.rows import sold
from filings.demo.scene import Scene, World
from filings.ownership.document import Line
from filings.ownership.submission import EASTERN
from tests.filings.demo.conftest import UNTIL, Read, read

DAYS = [
    date(2026, 10, 1),
    date(2026, 11, 22),
    date(2027, 1, 1),
    date(2026, 12, 27),
    date(2027, 6, 5),
    date(2028, 2, 29),
]


def test_equal_days_and_seeds_give_equal_bytes() -> None:
    assert list(demo.filings(UNTIL, seed=4)) == list(demo.filings(UNTIL, seed=4))


def test_another_seed_gives_other_prices() -> None:
    first, second = (Counter(filing.content for filing in demo.filings(UNTIL, seed)) for seed in (1, 2))
    assert len(first - second) > 300


def test_another_day_shifts_the_archive() -> None:
    later = UNTIL + timedelta(days=364)
    assert max(filing.filed_on for filing in demo.filings(later)) == later


def test_a_day_before_foreign_insiders_had_filed_is_refused() -> None:
    with pytest.raises(ValueError, match="2026-10-01"):
        list(demo.filings(date(2026, 9, 30)))


@pytest.mark.slow
@pytest.mark.parametrize("until", DAYS)
@pytest.mark.parametrize("seed", [1, 77])
def test_every_day_and_seed_gives_a_whole_archive(until: date, seed: int) -> None:
    entries = [read(filing) for filing in demo.filings(until, seed)]
    assert 380 <= len(entries) <= 450
    assert not [entry.filing.accession for entry in entries if entry.document.issues]
    # In the week of Christmas nothing trades, so that the last reports can be some days old.
    last_day = calendar.last_business_day(until)
    assert last_day - timedelta(days=7) < entries[-1].filing.filed_on <= last_day
    assert _unexplained(entries) == []
    assert _filed_before_it_happened(entries) == []


def test_most_of_it_is_of_the_last_three_years(archive: list[Read]) -> None:
    start = UNTIL.replace(year=UNTIL.year - 3)
    assert 1 <= sum(entry.filing.filed_on < start for entry in archive) <= 20


def test_accession_numbers_are_unique_and_count_up_within_a_year(archive: list[Read]) -> None:
    numbers = [entry.filing.accession for entry in archive]
    assert len(set(numbers)) == len(numbers)
    assert numbers == sorted(numbers)
    assert all(demo.is_demo_accession(number) for number in numbers)


def test_filings_come_oldest_first_on_days_and_hours_when_edgar_is_open(archive: list[Read]) -> None:
    accepted = [entry.filing.accepted_at for entry in archive]
    assert accepted == sorted(accepted)
    for entry in archive:
        eastern = entry.filing.accepted_at.astimezone(EASTERN)
        assert eastern.date() == entry.filing.filed_on
        assert calendar.edgar_open(entry.filing.filed_on)
        assert time(6) <= eastern.time() <= time(22)


def test_the_last_days_are_busy_up_to_the_last_business_day(archive: list[Read]) -> None:
    assert sum(entry.filing.filed_on > UNTIL - timedelta(days=10) for entry in archive) >= 15
    assert sum(entry.filing.filed_on == UNTIL for entry in archive) >= 5


def test_every_document_is_read_without_an_issue_and_as_its_header_says(archive: list[Read]) -> None:
    for entry in archive:
        header, document = entry.submission, entry.document
        assert document.issues == ()
        assert (header.accession, header.form) == (entry.filing.accession, document.form)
        assert (header.filed_on, header.accepted_at) == (entry.filing.filed_on, entry.filing.accepted_at)
        assert header.issuer
        assert (header.issuer.cik, header.issuer.name) == (document.issuer.cik, document.issuer.name)
        assert header.issuer.sic
        assert header.issuer.fiscal_year_end
        assert [(p.cik, p.name) for p in header.owners] == [(o.cik, o.name) for o in document.owners]


def test_every_party_ticker_and_filing_says_that_it_is_invented(archive: list[Read]) -> None:
    for entry in archive:
        document = entry.document
        for party in (document.issuer, *document.owners):
            assert demo.is_demo_cik(party.cik)
            assert party.name
            assert party.name.endswith(MARK)
        assert document.issuer.ticker
        assert document.issuer.ticker.endswith("DEMO")
        assert len(document.issuer.ticker) > 5
        assert document.remarks
        assert document.remarks.endswith(REMARK)
        assert all(MARK in (signature.name or "") for signature in document.signatures)


@pytest.mark.parametrize("cik", ["0000320193", 1318605, "1999999999", "9990100000", "99900001", "", "x"])
def test_no_cik_that_the_sec_could_assign_is_a_demo_cik(cik: str | int) -> None:
    assert not demo.is_demo_cik(cik)


@pytest.mark.parametrize("accession", ["0000320193-26-000061", "9999999997-26-000001", "999000000126000001", ""])
def test_no_other_accession_number_is_a_demo_one(accession: str) -> None:
    assert not demo.is_demo_accession(accession)


def test_the_cast_is_fourteen_issuers_and_some_fifty_people_with_their_funds_and_trusts(archive: list[Read]) -> None:
    assert len({entry.document.issuer.cik for entry in archive}) == 14
    owners = {owner.cik for entry in archive for owner in entry.document.owners}
    assert 45 <= len(owners) <= 85


def test_one_issuer_has_a_dense_history_and_one_a_single_filing(archive: list[Read]) -> None:
    filings = Counter(entry.document.issuer.cik for entry in archive)
    assert min(filings.values()) == 1
    trades = Counter(
        cik
        for cik, *_ in {
            (entry.document.issuer.cik, entry.filing.accession, line.transaction_date, line.code, line.ownership)
            for entry in archive
            for line in entry.transactions
            if line.table == "I"
        }
    )
    assert max(trades.values()) >= 100


def test_all_eighteen_codes_and_both_marks_that_are_no_codes_occur(archive: list[Read]) -> None:
    lines = [(entry.document.form, line) for entry in archive for line in entry.transactions]
    assert {line.code for _, line in lines} == set("ACDEFGHIJLMOPSUWXZ")
    assert [line for form, line in lines if form == "4" and line.form_type == "5" and line.timeliness == "E"]  # V
    assert [line for _, line in lines if line.equity_swap]  # K


def test_all_forms_and_their_amendments_occur(archive: list[Read]) -> None:
    assert {entry.document.form for entry in archive} == {"3", "3/A", "4", "4/A", "5", "5/A"}


def test_the_schema_version_is_the_one_of_the_day_and_so_are_its_fields(archive: list[Read]) -> None:
    seen = set()
    for entry in archive:
        document, filed_on = entry.document, entry.filing.filed_on
        seen.add(document.schema_version)
        assert (document.schema_version == "X0609") == (filed_on >= date(2026, 3, 18))
        if document.schema_version != "X0609":
            assert all(owner.non_us_address is None for owner in document.owners)
        boxed = document.form[0] != "3" and filed_on >= date(2023, 3, 20)
        assert (document.aff10b5_one is not None) == boxed
    assert seen == {"X0206", "X0306", "X0407", "X0508", "X0609"}


def test_no_form_is_larger_than_the_sec_takes(archive: list[Read]) -> None:
    for entry in archive:
        document = entry.document
        assert len(document.owners) <= 10
        assert all(sum(line.table == table for line in document.lines) <= 30 for table in ("I", "II"))
        assert len(document.footnotes) <= 99
        assert all(len(text) <= 1000 for text in document.footnotes.values())
        cited = {ref for line in document.lines for refs in line.footnotes.values() for ref in refs}
        assert cited == set(document.footnotes)
        assert all(len(owner.officer_title or "") <= 30 for owner in document.owners)
        assert all(len(line.security_title or "") <= 60 for line in document.lines)
        assert len(document.issuer.ticker or "") <= 10


def test_a_report_without_rows_only_ticks_the_exit_box_or_owns_nothing(archive: list[Read]) -> None:
    for entry in archive:
        if not entry.document.lines:
            assert entry.document.no_securities_owned or entry.document.not_subject_to_section16


LATE_ON_PURPOSE = {"habitually_late", "late_by_one_day", "original_not_in_the_archive", "deemed_execution"}


def test_reports_are_punctual_unless_their_story_is_about_lateness(archive: list[Read]) -> None:
    for entry in archive:
        judged = [line for line in entry.transactions if line.form_type == "4" and line.transaction_date]
        if entry.document.form == "4" and judged and entry.filing.story != "year_mistyped":
            first = min(line.transaction_date for line in judged if line.transaction_date)
            late = entry.filing.filed_on > calendar.business_days_after(first, 2)
            assert late == (entry.filing.story in LATE_ON_PURPOSE), entry.filing.accession


def test_no_trade_is_filed_before_it_happened(archive: list[Read]) -> None:
    assert _filed_before_it_happened(archive) == []


def _filed_before_it_happened(entries: list[Read]) -> list[str]:
    return [
        entry.filing.accession
        for entry in entries
        for line in entry.transactions
        if line.transaction_date is None or line.transaction_date > entry.filing.filed_on
    ]


def _line_key(entry: Read, line: Line) -> tuple[object, ...]:
    return (
        entry.document.owners[0].cik,
        entry.document.issuer.cik,
        *(line.table, line.security_title, line.conversion_or_exercise_price, line.expiration_date),
        *(line.ownership, line.nature_of_ownership),
        # Units of several awards share their title; their vesting footnote tells them apart.
        entry.notes_on(line, "exercise_date") if line.table == "II" else None,
    )


def _unexplained(entries: list[Read]) -> list[str]:
    """Rows whose balance follows neither from the filings before nor from a declared gap."""
    balances: dict[tuple[object, ...], Decimal] = {}
    wrong = []
    for entry in entries:
        gaps = {(gap.table, gap.kind, gap.row): gap.reason for gap in entry.filing.gaps}
        for line in entry.document.lines:
            key, after = _line_key(entry, line), line.shares_owned_following
            assert after is not None
            reason = gaps.get((line.table, line.kind, line.row))
            if reason is None and key in balances:
                moved = (line.shares or Decimal(0)) * (1 if line.acquired_disposed == "A" else -1)
                if balances[key] + moved != after:
                    wrong.append(f"{entry.filing.accession} {line.table} {line.row}: {balances[key]} {moved} {after}")
            if reason is None or "restated" not in reason:
                balances[key] = after
    return wrong


def test_balances_follow_from_filing_to_filing_except_where_a_gap_is_declared(archive: list[Read]) -> None:
    assert _unexplained(archive) == []


def test_gaps_are_few_and_say_why(archive: list[Read]) -> None:
    reasons = Counter(gap.reason for entry in archive for gap in entry.filing.gaps)
    assert all(len(reason) > 20 for reason in reasons)
    assert sum(reasons.values()) < 40


def test_every_story_is_told_and_says_what_to_see(archive: list[Read]) -> None:
    names = [story.__name__ for story in stories.STORIES]
    assert len(set(names)) == len(names)
    assert set(names) == {entry.filing.story for entry in archive}
    assert all(story.__doc__ and len(story.__doc__) > 60 for story in stories.STORIES)


def test_prices_of_ordinary_trades_lie_near_the_days_price(archive: list[Read]) -> None:
    """Trades of one issuer, class and week agree with each other, so that no range or chart jumps without a reason."""
    odd = {"price_is_a_total", "price_corrected", "corrected_within_the_week", "private_placement"}
    odd |= {"initial_public_offering", "home_market_purchase", "share_plan_purchases"}
    by_week: dict[tuple[str, str | None, int], list[Decimal]] = {}
    for entry in archive:
        for line in entry.transactions:
            if line.table == "I" and line.code in ("P", "S") and line.price and entry.filing.story not in odd:
                assert line.transaction_date
                week = line.transaction_date.toordinal() // 7
                by_week.setdefault((entry.document.issuer.cik, line.security_title, week), []).append(line.price)
    assert all(max(prices) < min(prices) * Decimal("1.25") for prices in by_week.values())


def test_a_story_that_disposes_of_more_than_there_is_is_refused() -> None:
    world = World(UNTIL, seed=1)
    scene = Scene(world, "greedy")
    scene.form4(stories.recent.cast.CORRIGAN, sold(10_000_000, scene.ago(30), Decimal("1.00")))
    with pytest.raises(ValueError, match="greedy: Corrigan Dag would hold"):
        Ledger(world.opening, world.splits).enter(world.drafts)
