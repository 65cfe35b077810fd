"""The operations page is told how everything stands, and what is not known is never shown as nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from filings import ledger
from filings.edgar import budget
from filings.ledger import DayState
from filings.models import FeedLook, IngestStage, Stage
from filings.services.backfill import read_indexes
from filings.services.fetch import fetch_owed
from filings.services.poll import poll
from tests.filings.edgar import pages
from tests.filings.edgar.server import whole
from tests.filings.edgar_services.test_fetch import until_settled
from tests.filings.services.papers import accession, submission

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db(transaction=True)]

NOON = datetime(2026, 5, 13, 16, tzinfo=UTC)
WEEK = (date(2026, 5, 4), date(2026, 5, 12))


def days() -> dict[int, ledger.Coverage]:
    return {row.day.day: row for row in ledger.coverage(first_day=WEEK[0], last_day=WEEK[1])}


@time_machine.travel(NOON, tick=True)
def test_each_day_is_complete_filling_open_closed_or_not_looked_at(small_sec):
    names = small_sec.file(1, 2, 3, on=date(2026, 5, 6))
    small_sec.file(4, on=date(2026, 5, 7))
    small_sec.archive[names[0]] = whole(pages.DENIED, "403 Forbidden")
    assert {row.state for row in days().values()} == {DayState.UNLOOKED, DayState.CLOSED}
    read_indexes(since=date(2026, 5, 6), until=WEEK[1])
    fetch_owed(threads=1, seconds=1)

    found = days()
    assert [found[day].state for day in range(4, 13)] == [
        DayState.UNLOOKED, DayState.UNLOOKED, DayState.FILLING, DayState.COMPLETE, DayState.OPEN,
        DayState.CLOSED, DayState.CLOSED, DayState.OPEN, DayState.OPEN,
    ]  # fmt: skip
    assert (found[6].listed, found[6].published, found[6].owed) == (3, 2, 1)
    assert found[4].listed is None  # not looked at is not "none"
    assert found[8].reason

    del small_sec.archive[names[0]]
    until_settled(threads=1)
    assert days()[6].state == DayState.COMPLETE


@time_machine.travel(NOON, tick=True)
def test_every_filing_ever_seen_is_in_exactly_one_stage_with_its_reason(small_sec):
    names = small_sec.file(1, 2, 3, 4, on=date(2026, 5, 6))
    small_sec.archive[names[0]] = whole(pages.DENIED, "403 Forbidden")
    small_sec.archive[names[1]] = whole(submission(2, b"<ownershipDocument><broken></ownershipDocument>"))
    read_indexes(since=date(2026, 5, 6), until=date(2026, 5, 6))
    fetch_owed(threads=1, seconds=1)

    state = ledger.operations(first_day=WEEK[0], last_day=WEEK[1])
    counts = {row.stage: row.count for row in state.backlog}
    assert counts == {
        Stage.SEEN: 1, Stage.FETCHED: 0, Stage.PUBLISHED: 2, Stage.QUARANTINED: 1, Stage.WITHDRAWN: 0,
    }  # fmt: skip
    assert (
        next(row.oldest for row in state.backlog if row.stage == Stage.SEEN)
        == IngestStage.objects.get(stage=Stage.SEEN).seen_at
    )
    assert [row.accession for row in state.quarantined] == [accession(2)]
    assert state.quarantined[0].reason
    assert [(row.accession, "AccessDenied" in row.note) for row in state.waiting] == [(accession(1), True)]
    assert state.requests.historic > 0


def test_the_number_of_queries_does_not_grow_with_what_there_is(small_sec, django_assert_num_queries):
    with time_machine.travel(NOON, tick=True):
        small_sec.file(*range(1, 30), on=date(2026, 5, 6), shown=True)
        poll()
        read_indexes(since=WEEK[0], until=WEEK[1])
        fetch_owed()
        with django_assert_num_queries(14):
            ledger.operations(first_day=date(2025, 1, 1), last_day=WEEK[1])
        with django_assert_num_queries(2):
            ledger.freshness()


def test_fresh_is_said_only_after_every_feed_was_read_whole_and_not_for_long(small_sec):
    assert ledger.freshness().stale
    assert ledger.freshness().checked_at is None
    poll()
    fresh = ledger.freshness()
    assert (fresh.stale, fresh.off, fresh.reason) == (False, False, None)
    assert fresh.checked_at == min(FeedLook.objects.values_list("read_at", flat=True))

    assert not ledger.freshness(now=fresh.checked_at + timedelta(minutes=4)).stale
    late = ledger.freshness(now=fresh.checked_at + timedelta(minutes=6))
    assert late.stale
    assert late.reason


def test_one_feed_that_cannot_be_read_makes_it_stale_with_the_reason(small_sec):
    poll()
    small_sec.feed["3", 0] = whole(pages.OUTAGE)
    poll()
    read_at = FeedLook.objects.get(form="3").read_at

    later = ledger.freshness(now=read_at + timedelta(minutes=10))
    assert later.stale
    assert later.checked_at == read_at
    assert "HTML" in later.reason


def test_a_refusal_is_said_at_once(small_sec):
    poll()
    until = budget.refused("Request Rate Threshold Exceeded", "https://www.sec.gov/a")

    state = ledger.freshness()
    assert (state.stale, state.refused_until) == (True, until)
    requests = ledger.request_state()
    assert (requests.refused, requests.refusals[0].reason) == (True, "Request Rate Threshold Exceeded")


def test_without_a_user_agent_it_says_that_live_updates_are_off(settings):
    settings.EDGAR_USER_AGENT = ""
    state = ledger.freshness()
    assert (state.off, state.stale) == (True, True)
    assert "EDGAR_USER_AGENT" in state.reason
