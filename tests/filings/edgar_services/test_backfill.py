"""History from the indexes: whole, newest first, resumable, and honest about the days that it could not have."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command

from filings.models import Filing, IndexDay, IngestStage, Stage
from filings.services import backfill
from filings.services.backfill import fetch_span, parts, read_indexes
from filings.services.fetch import Span
from filings.services.load import load
from tests.conftest import ROOT
from tests.filings.edgar import pages
from tests.filings.edgar.conftest import AGENT
from tests.filings.edgar.server import in_turn, whole
from tests.filings.edgar_services.standin import LAST_DAY
from tests.filings.services.papers import facts, site_environment, whole_tables

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db(transaction=True)]

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)  # a Wednesday
FAULTS = ("503", "html", "garbage", "truncate", "drop")  # "429" asks everybody to wait a second: in tests/chaos


def stages() -> dict[str, int]:
    found: dict[str, int] = {}
    for stage in IngestStage.objects.values_list("stage", flat=True):
        found[stage] = found.get(stage, 0) + 1
    return found


def test_whole_past_quarters_cost_one_index_and_other_days_one_each_newest_first():
    found = parts(date(2025, 12, 15), date(2026, 5, 19), date(2026, 5, 19))

    assert [(part.first_day, part.quarterly) for part in found] == [
        (date(2026, 4, 1), False),
        (date(2026, 1, 1), True),
        (date(2025, 10, 1), False),
    ]
    assert [day for part in found for day in part.days] == sorted(
        (day for part in found for day in part.days), reverse=True
    )
    assert sum(len(part.days) for part in found) == (date(2026, 5, 19) - date(2025, 12, 15)).days + 1


@time_machine.travel(NOW, tick=True)
def test_days_without_an_index_stay_open_unless_edgar_was_closed(small_sec):
    small_sec.file(1, on=date(2026, 4, 2))
    small_sec.file(2, on=date(2026, 4, 7))

    report = read_indexes(since=date(2026, 4, 2), until=date(2026, 4, 8))
    assert sorted(report.open_days) == [date(2026, 4, 3), date(2026, 4, 6), date(2026, 4, 8)]  # Good Friday is open
    assert report.compared.new == 2
    look = IndexDay.objects.get(day=date(2026, 4, 6))
    assert (look.read_at, bool(look.reason)) == (None, True)

    small_sec.file(3, on=date(2026, 4, 6))
    again = read_indexes(since=date(2026, 4, 2), until=date(2026, 4, 8))
    assert sorted(again.open_days) == [date(2026, 4, 3), date(2026, 4, 8)]
    assert (again.compared.new, again.read, again.known) == (1, 1, 2)


@time_machine.travel(NOW, tick=True)
def test_only_the_forms_that_were_asked_for_are_taken_and_the_others_can_follow(small_sec):
    day = date(2026, 4, 2)
    for number, form in enumerate(("3", "4", "4/A", "5"), 1):
        small_sec.file(number, on=day, form=form)

    read_indexes(since=day, until=day, forms=frozenset({"4"}))
    assert set(IngestStage.objects.values_list("form", flat=True)) == {"4", "4/A"}
    read_indexes(since=day, until=day)
    assert IngestStage.objects.count() == 4
    assert read_indexes(since=day, until=day).known == 1


@time_machine.travel(NOW, tick=True)
@pytest.mark.parametrize("bad", [whole(pages.OUTAGE), whole(pages.OUTAGE, "503 Service Unavailable"), whole(b"junk")])
def test_an_index_that_cannot_be_read_is_asked_again_and_then_said_and_never_read_as_empty(small_sec, bad):
    day = date(2026, 4, 2)
    small_sec.file(1, on=day)
    handler = small_sec._handler
    good = handler("/Archives/edgar/daily-index/2026/QTR2/form.20260402.idx")
    spoiled = in_turn(bad, bad, good)
    small_sec._handler = lambda path: spoiled if path.endswith("form.20260402.idx") else handler(path)
    assert read_indexes(since=day, until=day).compared.new == 1

    IndexDay.objects.all().delete()
    small_sec._handler = lambda path: bad if path.endswith("form.20260402.idx") else handler(path)
    report = read_indexes(since=day, until=day)
    assert list(report.unread) == ["2026-04-02"]
    look = IndexDay.objects.get()
    assert (look.read_at, bool(look.due_at)) == (None, True)


@time_machine.travel(NOW, tick=True)
def test_a_day_that_was_read_before_its_end_is_read_again(small_sec):
    day = date(2026, 5, 19)
    small_sec.file(1, on=day)
    with time_machine.travel(datetime(2026, 5, 20, 2, 40, tzinfo=UTC), tick=True):  # 22:40 Eastern
        assert read_indexes(since=day, until=day).read == 1
        IndexDay.objects.update(read_at=datetime(2026, 5, 19, 20, tzinfo=UTC))
    small_sec.file(2, on=day)

    assert read_indexes(since=day, until=day).compared.new == 1


def test_the_command_refuses_what_it_cannot_do_by_name(small_sec, settings):
    with pytest.raises(CommandError, match="is not a date"):
        call_command("backfill", "--from", "yesterday", "--to", "2026-04-02")
    with pytest.raises(CommandError, match="is after"):
        call_command("backfill", "--from", "2026-04-03", "--to", "2026-04-02")
    with pytest.raises(CommandError, match="3,4,5"):
        call_command("backfill", "--from", "2026-04-01", "--to", "2026-04-02", "--forms", "8-K")
    settings.EDGAR_USER_AGENT = ""
    with pytest.raises(CommandError, match="EDGAR_USER_AGENT"):
        call_command("backfill", "--from", "2026-04-01", "--to", "2026-04-02")
    assert small_sec.server.connections == 0


@time_machine.travel(NOW, tick=True)
def test_a_filing_that_cannot_be_had_is_said_and_the_rest_is_done(small_sec, capsys, monkeypatch):
    monkeypatch.setattr(backfill, "MOST_ATTEMPTS", 3)
    day = date(2026, 4, 2)
    names = small_sec.file(*range(1, 11), on=day)
    small_sec.archive[names[4]] = whole(pages.DENIED, "403 Forbidden")
    with pytest.raises(SystemExit) as left:
        call_command("backfill", "--from", "2026-04-02", "--to", "2026-04-02")

    assert left.value.code == 1
    assert stages() == {Stage.PUBLISHED: 9, Stage.SEEN: 1}
    assert "9 filings fetched, 0 of them set aside; 1 still owed" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.processes
def test_filings_come_by_backfill_with_a_third_of_the_answers_faulty_and_again_changes_nothing(stand_in, real_filings):
    """The last hundred of them, with the indexes that list those; all of them in tests/chaos."""
    sec = stand_in(fault=dict.fromkeys(FAULTS, 0.33 / len(FAULTS)))
    since = sorted(sec.filed_on.values())[-100]
    span = Span(since, LAST_DAY)
    for _ in range(3):
        report = read_indexes(since=since, until=LAST_DAY)
        if not report.unread:
            break
    wanted = set(IngestStage.objects.filter(listed_on__gte=since).values_list("accession", flat=True))
    fetch_span(span=span, threads=4)

    assert stages()[Stage.PUBLISHED] == len(wanted) >= 100
    assert set(Filing.objects.values_list("accession", flat=True)) == wanted
    fetched = facts()

    before = whole_tables()
    assert read_indexes(since=since, until=LAST_DAY).compared.new == 0
    assert fetch_span(span=span).settled == 0
    after = whole_tables()
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"filings_indexday", "filings_indexquarter", "filings_edgarbudget"}

    Filing.objects.all().delete()
    report = load(paths=[file for file in sorted(real_filings.glob("*.txt")) if file.stem in wanted])
    assert (report.published, report.failed) == (len(wanted), [])
    assert facts() == fetched  # the same bytes by either way


@pytest.mark.slow
@pytest.mark.processes
def test_a_backfill_that_is_killed_again_and_again_ends_whole(stand_in):
    sec = stand_in(rate=10)
    since, until = date(2026, 4, 1), date(2026, 6, 30)
    wanted = sec.filed_between(since, until)
    environment = site_environment() | {
        "EDGAR_USER_AGENT": AGENT, "EDGAR_BASE_URL": sec.url, "EDGAR_DATA_URL": sec.url,
    }  # fmt: skip
    command = [sys.executable, "manage.py", "backfill", "--from", f"{since}", "--to", f"{until}"]
    chance, kills, said = random.Random(7), 0, ""
    while True:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            said, _ = process.communicate(timeout=1.2 + 2 * chance.random() if kills < 4 else 200)
            break
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            kills += 1
            IngestStage.objects.filter(attempts__gt=0, stage__in=[Stage.SEEN, Stage.FETCHED]).update(due_at=NOW)

    assert process.returncode == 0, said
    assert kills >= 1
    assert set(Filing.objects.values_list("accession", flat=True)) == wanted
    assert stages() == {Stage.PUBLISHED: len(wanted)}
    assert sec.stats()["busiest_second"] <= 8
    assert not any(name.startswith("refused") for name in sec.stats()["seen"])
