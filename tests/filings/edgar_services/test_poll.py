"""The current feed is read back to what is known: bursts, cuts, faults and outages hide nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from filings.models import FeedLook, Filing, IngestStage, Stage
from filings.services import poll as polling
from filings.services.poll import poll
from tests.filings.edgar import pages
from tests.filings.edgar.server import in_turn, whole
from tests.filings.edgar_services.test_fetch import until_settled
from tests.filings.services.papers import whole_tables

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db(transaction=True)]

DAY = date(2026, 1, 5)
OUTAGE = whole(pages.OUTAGE, "503 Service Unavailable")
HTML = whole(pages.OUTAGE)


def known() -> set[str]:
    return set(IngestStage.objects.values_list("accession", flat=True))


def test_each_form_and_its_amendments_are_found_and_asked_for_owners_only(small_sec):
    for number, form in enumerate(("3", "3/A", "4", "4/A", "5", "5/A"), 1):
        small_sec.file(number, on=DAY, form=form, shown=True)

    assert len(poll().new) == 6
    assert set(IngestStage.objects.values_list("form", flat=True)) == {"3", "3/A", "4", "4/A", "5", "5/A"}
    assert all("owner=only" in path and "count=100" in path for path in small_sec.asked("browse-edgar"))


def test_a_second_pass_finds_nothing_new_and_changes_no_filing(small_sec):
    small_sec.file(*range(1, 20), on=DAY, shown=True)
    poll()
    before = whole_tables()
    again = poll()

    assert (again.new, again.incomplete) == ([], {})
    after = whole_tables()
    assert {name for name in before if before[name] != after[name]} <= {"filings_feedlook", "filings_edgarbudget"}


def test_a_burst_over_many_pages_is_whole(small_sec):
    small_sec.file(*range(1, 11), on=DAY, shown=True)
    poll()
    small_sec.file(*range(11, 400), on=DAY, accepted="18:30:00", shown=True)  # 778 rows, eight pages

    assert len(poll().new) == 389
    assert len(known()) == 399


def test_a_feed_that_ends_with_a_full_page_ends_there(small_sec):
    small_sec.file(*range(1, 101), on=DAY, shown=True)  # 200 rows: two full pages, and past them an outage's face

    report = poll()
    assert (len(report.new), report.incomplete) == (100, {})


def test_what_a_cut_short_pass_left_behind_is_found_behind_what_is_known_by_now(small_sec):
    small_sec.file(*range(1, 11), on=DAY, shown=True)
    poll()
    small_sec.file(*range(11, 161), on=DAY, accepted="18:30:00", shown=True)
    small_sec.feed["4", 200] = HTML  # the third page cannot be had
    first = poll()
    assert len(first.new) == 100
    assert "4" in first.incomplete

    del small_sec.feed["4", 200]
    second = poll()
    assert len(second.new) == 50
    assert second.incomplete == {}
    assert known() == set(small_sec.papers)


@pytest.mark.parametrize("bad", [HTML, OUTAGE, whole(b""), whole(pages.feed()[:-9])])
def test_a_bad_page_is_asked_again_and_never_read_as_no_filings(small_sec, bad):
    small_sec.file(1, on=DAY, shown=True)
    good = whole(pages.feed(pages.entry("4", 9000200, next(iter(small_sec.papers)))))
    small_sec.feed["4", 0] = in_turn(bad, bad, good)
    assert len(poll().new) == 1

    small_sec.file(2, on=DAY, shown=True)
    small_sec.feed["4", 0] = bad
    report = poll()
    assert list(report.incomplete) == ["4"]
    look = FeedLook.objects.get(form="4")
    assert look.reason
    assert look.read_at < look.looked_at


def test_an_outage_in_the_middle_of_the_feed_is_not_its_end(small_sec):
    small_sec.file(*range(1, 151), on=DAY, shown=True)  # 300 rows
    page = small_sec._feed("4", 100)
    small_sec.feed["4", 100] = in_turn(OUTAGE, page)

    report = poll()
    assert (len(report.new), report.incomplete) == (150, {})


def test_one_form_s_trouble_does_not_hold_up_the_others(small_sec):
    small_sec.file(1, on=DAY, shown=True)
    small_sec.file(2, on=DAY, form="3", shown=True)
    small_sec.feed["4", 0] = HTML

    assert len(poll().new) == 1
    assert FeedLook.objects.get(form="3").reason is None


def test_a_refusal_ends_the_pass_at_once(small_sec):
    small_sec.feed["4", 0] = whole(pages.RATE, "403 Forbidden")

    assert poll().refused
    assert poll().refused
    assert len(small_sec.asked()) == 1


def test_only_one_process_reads_the_feed_at_a_time(small_sec):
    with connection.copy().cursor() as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended('form4site poll', 0))")
        assert poll().busy
        assert small_sec.asked() == []
        other.execute("SELECT pg_advisory_unlock_all()")
        assert not poll().busy
        other.connection.close()


def test_how_long_a_filing_took_to_come_here_is_remembered(small_sec):
    accepted = timezone.now() - timedelta(seconds=40)
    small_sec.feed["4", 0] = whole(pages.feed(pages.entry("4", 9000200, "0009000001-26-000001", accepted.isoformat())))
    poll()

    look = FeedLook.objects.get(form="4")
    assert look.newest_accepted_at == accepted
    assert timedelta(seconds=40) <= look.lag < timedelta(seconds=60)
    assert look.new == 1


def test_the_command_says_that_live_updates_are_off_without_a_user_agent(small_sec, settings):
    settings.EDGAR_USER_AGENT = ""
    with pytest.raises(CommandError, match="EDGAR_USER_AGENT"):
        call_command("poll")
    assert poll().off
    assert small_sec.server.connections == 0


def test_the_command_is_one_pass_and_brings_the_filings(small_sec, capsys):
    small_sec.file(1, 2, 3, on=DAY, shown=True)
    call_command("poll")

    assert "3 new filings seen on 3 pages; 3 published" in capsys.readouterr().out
    assert Filing.objects.count() == 3


@pytest.mark.slow
@pytest.mark.processes
def test_filings_are_found_as_the_stand_in_publishes_them_while_a_fifth_of_its_answers_are_faulty(stand_in):
    faults = dict.fromkeys(("503", "html", "garbage", "truncate", "drop"), 0.04)
    sec = stand_in(published=20, fault=faults)
    published = 20
    while published < 120:
        poll()
        published = sec.publish(17)
    for _ in range(20):
        if not poll().incomplete:
            break
    until_settled()

    assert known() == set(sec.accessions[:published])
    assert set(IngestStage.objects.values_list("stage", flat=True)) == {Stage.PUBLISHED}
    assert polling.FORMS == ("4", "3", "5")
