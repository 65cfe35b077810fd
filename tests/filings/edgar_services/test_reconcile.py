"""Every difference between the ledger and the SEC's indexes is found, explained and mended, and nothing is invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command

from filings.models import Difference, Filing, IndexDay, IngestStage, Stage
from filings.services.backfill import read_indexes
from filings.services.poll import poll
from filings.services.reconcile import due, reconcile, reconcile_owed
from tests.filings.edgar import pages
from tests.filings.edgar.server import whole
from tests.filings.edgar_services.test_fetch import until_settled
from tests.filings.services.papers import accession, whole_tables

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db(transaction=True)]

WEDNESDAY = date(2026, 5, 13)
NIGHT = datetime(2026, 5, 14, 2, 45, tzinfo=UTC)  # 22:45 Eastern on that Wednesday
QUARTER = date(2026, 4, 1)


def stage(number: int) -> str:
    return IngestStage.objects.get(accession=accession(number)).stage


def kinds() -> list[tuple[str, str, bool]]:
    return sorted(
        (accession, kind, settled is not None)
        for accession, kind, settled in Difference.objects.values_list("accession", "kind", "settled_at")
    )


def night(small_sec, after: timedelta = timedelta()):
    with time_machine.travel(NIGHT + after, tick=True):
        report = reconcile_owed()
        until_settled()
    return report


def test_what_the_feed_missed_is_found_by_the_index_fetched_and_explained(small_sec):
    small_sec.file(*range(1, 10), on=WEDNESDAY, shown=True)
    with time_machine.travel(NIGHT - timedelta(hours=3), tick=True):
        poll()
    small_sec.file(10, 11, on=WEDNESDAY)

    report = night(small_sec)
    assert (report.compared.listed, report.compared.new) == (11, 2)
    assert Filing.objects.count() == 11
    assert kinds() == [(accession(10), "missing", True), (accession(11), "missing", True)]


def test_the_same_night_again_finds_nothing_and_changes_no_filing(small_sec):
    small_sec.file(*range(1, 5), on=WEDNESDAY)
    night(small_sec)
    night(small_sec)  # the quarterly index, of which there was nothing to compare before
    before = whole_tables()
    asked = len(small_sec.asked())

    assert night(small_sec).read == 0
    assert whole_tables() == before
    assert len(small_sec.asked()) == asked


def test_a_vanished_filing_is_withdrawn_after_a_second_look_and_keeps_its_facts(small_sec):
    small_sec.file(*range(1, 5), on=WEDNESDAY)
    night(small_sec)
    small_sec.unlist(accession(2))

    first = night(small_sec, timedelta(days=1))
    assert (first.compared.vanished, first.compared.withdrawn, stage(2)) == (1, 0, Stage.PUBLISHED)
    assert (accession(2), "vanished", False) in kinds()

    second = night(small_sec, timedelta(days=2))
    assert (second.compared.vanished, second.compared.withdrawn, stage(2)) == (0, 1, Stage.WITHDRAWN)
    assert (accession(2), "vanished", True) in kinds()
    assert Filing.objects.filter(accession=accession(2)).exists()
    assert IngestStage.objects.get(accession=accession(2)).note

    third = night(small_sec, timedelta(days=3))
    assert (third.compared.withdrawn, stage(2)) == (0, Stage.WITHDRAWN)


def test_two_looks_within_the_hour_confirm_nothing(small_sec):
    small_sec.file(*range(1, 5), on=WEDNESDAY)
    with time_machine.travel(NIGHT, tick=True):
        reconcile(days=1)
        small_sec.unlist(accession(2))
        reconcile(days=1)
        assert reconcile(days=1).compared.withdrawn == 0
    assert stage(2) == Stage.SEEN


def test_a_filing_that_is_listed_again_at_the_second_look_was_never_withdrawn(small_sec):
    small_sec.file(*range(1, 5), on=WEDNESDAY)
    night(small_sec)
    small_sec.unlist(accession(2))
    night(small_sec, timedelta(days=1))
    small_sec.list_again(accession(2))

    report = night(small_sec, timedelta(days=2))
    assert (report.compared.withdrawn, report.compared.relisted, stage(2)) == (0, 0, Stage.PUBLISHED)
    assert (accession(2), "vanished", True) in kinds()
    assert IngestStage.objects.get(accession=accession(2)).absent_from is None


@pytest.mark.parametrize("was", ["published", "never fetched"])
def test_a_withdrawn_filing_that_is_listed_again_is_back_where_it_was(small_sec, was):
    small_sec.file(*range(1, 5), on=WEDNESDAY)
    if was == "never fetched":
        small_sec.archive[accession(2)] = whole(pages.DENIED, "403 Forbidden")
    for nights in range(3):
        with time_machine.travel(NIGHT + timedelta(days=nights), tick=True):
            reconcile_owed()
            if was == "published":
                until_settled()
        if nights == 0:
            small_sec.unlist(accession(2))
    assert stage(2) == Stage.WITHDRAWN
    small_sec.archive.pop(accession(2), None)
    small_sec.list_again(accession(2))

    with time_machine.travel(NIGHT + timedelta(days=3), tick=True):
        assert reconcile_owed().compared.relisted == 1
        assert stage(2) == (Stage.PUBLISHED if was == "published" else Stage.SEEN)
        until_settled()
    assert stage(2) == Stage.PUBLISHED
    assert (accession(2), "relisted", True) in kinds()


def test_a_filing_that_only_the_feed_showed_is_withdrawn_when_the_next_days_list_it_neither(small_sec):
    small_sec.file(1, on=WEDNESDAY)
    small_sec.file(2, on=WEDNESDAY, indexed=False, shown=True)
    with time_machine.travel(NIGHT - timedelta(hours=3), tick=True):
        poll()
    night(small_sec)
    assert kinds() == [(accession(1), "missing", True)]  # it may still be listed a day later

    small_sec.file(3, on=WEDNESDAY + timedelta(days=1))
    for later in (1, 2, 3):
        night(small_sec, timedelta(days=later))
    assert stage(2) == Stage.WITHDRAWN
    assert stage(1) == stage(3) == Stage.PUBLISHED


def test_an_index_that_lost_most_of_its_filings_is_not_believed(small_sec):
    small_sec.file(*range(1, 41), on=WEDNESDAY)
    night(small_sec)
    small_sec.unlist(*small_sec.daily[WEDNESDAY][5:])

    for later in (1, 2, 3):
        report = night(small_sec, timedelta(days=later))
        assert "2026-05-13" in report.unread
    assert set(IngestStage.objects.values_list("stage", flat=True)) == {Stage.PUBLISHED}
    assert IngestStage.objects.filter(absent_from__isnull=False).count() == 0
    assert "not in it" in IndexDay.objects.get(day=WEDNESDAY).reason


@pytest.mark.parametrize("bad", [whole(pages.OUTAGE), whole(pages.DENIED, "403 Forbidden"), whole(b"")])
def test_an_index_that_cannot_be_had_withdraws_nothing(small_sec, bad):
    small_sec.file(*range(1, 5), on=WEDNESDAY)
    night(small_sec)
    handler = small_sec._handler
    small_sec._handler = lambda path: bad if ".idx" in path else handler(path)

    for later in (1, 2, 3):
        assert night(small_sec, timedelta(days=later)).compared.vanished == 0
    assert set(IngestStage.objects.values_list("stage", flat=True)) == {Stage.PUBLISHED}


def test_a_missing_business_day_stays_open_until_it_is_found_and_a_weekend_is_none(small_sec):
    for day in (11, 13):  # Monday and Wednesday; no Tuesday
        small_sec.file(day, on=date(2026, 5, day))
    report = night(small_sec)
    assert report.open_days == [date(2026, 5, day) for day in (12, 8, 7)]
    assert {look.day for look in IndexDay.objects.filter(reason__isnull=False)} == set(report.open_days)

    small_sec.file(12, on=date(2026, 5, 12))
    later = night(small_sec, timedelta(hours=2))
    assert later.open_days == [date(2026, 5, 8), date(2026, 5, 7)]
    assert IndexDay.objects.get(day=date(2026, 5, 12)).read_at
    assert stage(12) == Stage.PUBLISHED


def test_a_clock_that_stood_still_for_days_makes_good_what_it_missed(small_sec):
    for day in (11, 12, 13):
        small_sec.file(day, on=date(2026, 5, day))

    assert night(small_sec).read == 3


def test_no_index_is_asked_for_before_it_is_built(small_sec):
    small_sec.file(1, on=WEDNESDAY)
    with time_machine.travel(NIGHT - timedelta(minutes=20), tick=True):
        assert WEDNESDAY not in [item.day for item in due(datetime.now(UTC))]
    with time_machine.travel(NIGHT, tick=True):
        assert WEDNESDAY in [item.day for item in due(datetime.now(UTC))]


def test_the_weekly_quarterly_index_adds_withdraws_and_moves_exactly_what_was_corrected(small_sec):
    days = [date(2026, 4, 6) + timedelta(days=back) for back in range(5)]
    for place, day in enumerate(days):
        small_sec.file(*range(100 * place + 1, 100 * place + 11), on=day)
    with time_machine.travel(datetime(2026, 4, 20, 12, tzinfo=UTC), tick=True):
        read_indexes(since=days[0], until=days[-1])
        reconcile_owed()
        until_settled()

    names = small_sec.quarterly[2026, 2]
    for number in (3, 104, 205):
        names.remove(accession(number))
    for number in (6, 107):
        small_sec.papers[accession(number)].filed_on += timedelta(days=1)
    small_sec.file(*range(901, 908), on=days[2], indexed=False)
    names.extend(accession(number) for number in range(901, 908))
    small_sec.file(950, on=date(2026, 5, 1), indexed=False)  # of a day that this archive never claimed to have
    names.append(accession(950))

    found = []
    for week in (26, 33):
        with time_machine.travel(datetime(2026, 4, 1, 14, tzinfo=UTC) + timedelta(days=week), tick=True):
            found.append(reconcile_owed().compared)
            until_settled()
    assert (found[0].new, found[0].vanished, found[0].moved) == (7, 3, 2)
    assert (found[1].new, found[1].withdrawn, found[1].moved) == (0, 3, 0)
    assert {row.accession for row in IngestStage.objects.filter(stage=Stage.WITHDRAWN)} == {
        accession(number) for number in (3, 104, 205)
    }
    assert not IngestStage.objects.filter(accession=accession(950)).exists()

    # The daily indexes still name what was deleted. They do not overrule the correction.
    with time_machine.travel(datetime(2026, 5, 5, 14, tzinfo=UTC), tick=True):
        IndexDay.objects.update(read_at=None)
        assert read_indexes(since=days[0], until=days[-1]).compared.relisted == 0
    assert stage(3) == Stage.WITHDRAWN


def test_a_quarterly_index_is_read_once_a_week(small_sec):
    small_sec.file(1, on=date(2026, 4, 6))
    with time_machine.travel(datetime(2026, 4, 20, 12, tzinfo=UTC), tick=True):
        read_indexes(since=date(2026, 4, 6), until=date(2026, 4, 6))
        reconcile_owed()
        reconcile_owed()
    assert len(small_sec.asked("full-index")) == 1
    with time_machine.travel(datetime(2026, 4, 27, 12, tzinfo=UTC), tick=True):
        reconcile_owed()
    assert len(small_sec.asked("full-index")) == 2


def test_the_command_compares_fetches_and_says_what_differed(small_sec, capsys):
    small_sec.file(*range(1, 5), on=WEDNESDAY)
    with time_machine.travel(NIGHT, tick=True):
        call_command("reconcile", "--days", "2")

    said = capsys.readouterr().out
    assert "1 daily indexes read, 4 filings listed: 4 were missing" in said
    assert "2026-05-12: EDGAR was open and has no index (yet)" in said
    assert Filing.objects.count() == 4


def test_the_command_is_off_without_a_user_agent_and_says_so(small_sec, settings):
    settings.EDGAR_USER_AGENT = ""
    with pytest.raises(CommandError, match="EDGAR_USER_AGENT"):
        call_command("reconcile", "--days", "2")
    with pytest.raises(CommandError, match="from 1 to"):
        call_command("reconcile", "--days", "0")
    assert reconcile_owed().read == 0
    assert small_sec.server.connections == 0
