"""What was seen is fetched and published once; no bad answer loses, doubles or invents a filing."""

from __future__ import annotations

import socket
import threading
import time
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from filings.edgar.budget import Lane
from filings.edgar.feeds import Reference
from filings.errors import NotFound
from filings.models import Document, EdgarBudget, Filing, IngestStage, Stage
from filings.services import fetch as fetching
from filings.services import retrying
from filings.services.discover import discover
from filings.services.fetch import WRONG_ANSWERS, FetchReport, Span, fetch_owed
from filings.services.keep import LEASE, keep
from filings.services.owed import publish_owed
from filings.services.quarantine import retry_quarantined
from tests.filings.edgar import pages
from tests.filings.edgar.server import chunked, dropped, head, raw, whole
from tests.filings.services.papers import accession, received, submission, whole_tables, xml

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db(transaction=True)]

DAY = date(2026, 5, 4)
CUT = submission(1, xml())[:-200]


def seen(*numbers: int, lane: Lane = Lane.LIVE, on: date = DAY) -> None:
    references = [Reference(accession(number), "4", on, None, "0009000200", "") for number in numbers]
    discover(references=references, lane=lane)


def until_settled(**how: object) -> FetchReport:
    """Rounds of fetching until nothing is owed."""
    total, ends_at = FetchReport(), time.monotonic() + 20
    while IngestStage.objects.filter(due_at__isnull=False).exists() and time.monotonic() < ends_at:
        total.add(fetch_owed(**how))
        time.sleep(0.02)
    return total


def test_what_is_seen_is_fetched_once_and_published_with_the_sec_s_own_times(small_sec):
    small_sec.file(1, on=DAY)
    seen(1)

    assert fetch_owed().published == 1
    filing, row = Filing.objects.select_related("document").get(), IngestStage.objects.get()
    assert (filing.filed_on, filing.accepted_at.isoformat()) == (DAY, "2026-05-04T21:03:00+00:00")
    assert (row.stage, row.note) == (Stage.PUBLISHED, None)
    assert filing.document.source.endswith(f"/9000200/{accession(1).replace('-', '')}/{accession(1)}.txt")
    assert filing.issuer_id == "0009000100"  # the document's, not the party's under which the feed listed it

    assert fetch_owed().settled == 0
    assert len(small_sec.asked("/data/")) == 1


@pytest.mark.parametrize(
    "bad",
    [
        whole(pages.OUTAGE),
        whole(pages.OUTAGE, "503 Service Unavailable"),
        whole(b"", "429 Too Many Requests"),
        whole(pages.DENIED, "403 Forbidden"),
        whole(pages.NO_KEY, "404 Not Found"),
        whole(b"\x8f\x02\x13garbage" * 100),
        whole(b""),
        whole(CUT),
        raw(head(Content_Length="5000") + submission(1, xml())[:900]),
        chunked(submission(1, xml()), end=b""),
        dropped(),
        whole(submission(2, xml())),
        whole(b"", "302 Found", Location="/elsewhere"),
    ],
    ids="html-200 503 429 denied no-key garbage empty cut short cut-chunks dropped wrong-accession redirect".split(),  # noqa: SIM905
)
def test_a_bad_answer_is_asked_again_and_leaves_nothing_behind(small_sec, bad, monkeypatch):
    monkeypatch.setattr(retrying, "FIRST_PAUSE", timedelta(seconds=5))
    (name,) = small_sec.file(1, on=DAY)
    small_sec.archive[name] = bad
    seen(1)
    report = fetch_owed(threads=1)
    row = IngestStage.objects.get()

    assert (report.settled, report.failed + report.not_there) == (0, 1)
    assert row.stage == Stage.SEEN
    assert row.due_at > timezone.now()
    assert row.note
    assert (Document.objects.count(), Filing.objects.count()) == (0, 0)
    EdgarBudget.objects.update(paused_until=None)  # what "too many requests" asked of everybody
    IngestStage.objects.update(due_at=timezone.now())
    del small_sec.archive[name]
    assert until_settled(threads=1).published == 1
    assert Document.objects.count() == 1


def test_not_there_yet_is_tried_again_and_never_read_as_absence(small_sec):
    seen(1)  # the feed is ahead of the archive
    for _ in range(3):
        IngestStage.objects.update(due_at=timezone.now())
        assert fetch_owed(threads=1).not_there == 1
    assert IngestStage.objects.get().stage == Stage.SEEN

    small_sec.file(1, on=DAY)
    assert until_settled(threads=1).published == 1


def test_pauses_grow_with_jitter_from_five_seconds_to_ten_minutes_for_news_and_four_hours_for_history():
    now = timezone.now()
    pauses = [retrying.next_try(attempts=n, now=now) - now for n in range(1, 40)]
    old = [retrying.next_try(attempts=n, now=now, longest=retrying.LONGEST_PAUSE) - now for n in range(1, 40)]

    assert timedelta(seconds=5) <= pauses[0] <= timedelta(seconds=7.5)
    assert all(timedelta(seconds=5) <= pause <= timedelta(minutes=15) for pause in pauses)
    assert pauses[-1] >= timedelta(minutes=10)
    assert timedelta(hours=4) <= old[-1] <= timedelta(hours=6)
    assert len({retrying.next_try(attempts=9, now=now) for _ in range(20)}) == 20
    asked = now + timedelta(minutes=30)
    assert retrying.next_try(attempts=1, now=now, asked=asked) > asked


def test_a_filing_served_under_another_s_number_is_set_aside_with_its_bytes_after_some_tries(small_sec):
    (name,) = small_sec.file(1, on=DAY)
    small_sec.archive[name] = whole(submission(2, xml()))
    seen(1)

    assert until_settled(threads=1).quarantined == 1
    row = IngestStage.objects.get()
    assert (row.stage, row.failed_stage, row.failed_path) == (Stage.QUARANTINED, "identify", "ACCESSION NUMBER")
    assert accession(2) in row.reason
    assert Document.objects.get().content == submission(2, xml())
    assert Filing.objects.count() == 0
    assert len(small_sec.asked("/data/")) == WRONG_ANSWERS


def test_what_was_set_aside_can_be_tried_again_and_only_that(small_sec):
    (name,) = small_sec.file(1, on=DAY)
    small_sec.archive[name] = whole(submission(1, b"<ownershipDocument><broken></ownershipDocument>"))
    seen(1)
    assert until_settled(threads=1).quarantined == 1

    del small_sec.archive[name]
    assert retry_quarantined(accession=name) == Stage.SEEN
    assert until_settled(threads=1).published == 1
    with pytest.raises(NotFound):
        retry_quarantined(accession=name)


def test_bytes_that_are_kept_already_are_published_and_not_doubled(small_sec):
    (name,) = small_sec.file(1, on=DAY)
    keep(received=[received(1, small_sec.papers[name].content)])
    IngestStage.objects.all().delete()
    seen(1)

    assert until_settled(threads=1).settled == 1
    assert (Document.objects.count(), IngestStage.objects.get().stage) == (1, Stage.PUBLISHED)


def test_live_filings_go_first_and_then_the_newest(small_sec):
    small_sec.file(1, 2, on=DAY)
    small_sec.file(3, on=DAY + timedelta(days=1))
    small_sec.file(4, on=DAY - timedelta(days=400))
    seen(1, 2, lane=Lane.HISTORIC)
    seen(3, lane=Lane.HISTORIC, on=DAY + timedelta(days=1))
    seen(4, on=DAY - timedelta(days=400))
    fetch_owed(threads=1)

    order = [path.rsplit("/", 1)[1].removesuffix(".txt") for path in small_sec.asked("/data/")]
    assert order == [accession(n) for n in (4, 3, 2, 1)]


def test_a_span_fetches_only_what_is_listed_for_its_days(small_sec):
    small_sec.file(1, on=DAY)
    small_sec.file(2, on=DAY + timedelta(days=1))
    seen(1)
    seen(2, on=DAY + timedelta(days=1))

    assert fetch_owed(span=Span(DAY, DAY), threads=1).published == 1
    assert Filing.objects.get().accession == accession(1)


def test_after_a_refusal_nothing_more_is_asked_and_no_attempt_is_counted(small_sec):
    names = small_sec.file(*range(1, 11), on=DAY)
    small_sec.archive |= dict.fromkeys(names, whole(pages.RATE))
    seen(*range(1, 11))

    report = fetch_owed(threads=1)
    assert report.refused
    assert report.refused_until > timezone.now() + timedelta(minutes=9)
    assert len(small_sec.asked()) == 1
    assert set(IngestStage.objects.values_list("stage", "attempts")) == {(Stage.SEEN, 0)}

    before = whole_tables()
    assert fetch_owed().refused
    assert whole_tables() == before
    assert len(small_sec.asked()) == 1


def test_without_a_user_agent_nothing_is_asked_and_nothing_changes(small_sec, settings):
    small_sec.file(1, on=DAY)
    seen(1)
    settings.EDGAR_USER_AGENT = ""
    before = whole_tables()

    assert fetch_owed().off
    assert small_sec.server.connections == 0
    assert whole_tables() == before


def test_a_fetch_whose_process_died_is_taken_over_when_its_lease_is_over_and_not_before(small_sec):
    small_sec.file(1, on=DAY)
    seen(1)
    assert fetching._claim(Lane.LIVE, Span()) is not None  # and here its process dies

    assert fetch_owed(threads=1).settled == 0
    assert IngestStage.objects.get().due_at > timezone.now() + LEASE - timedelta(seconds=10)
    IngestStage.objects.update(due_at=timezone.now())
    assert fetch_owed(threads=1).published == 1


def test_an_owner_who_comes_too_late_changes_nothing(small_sec):
    (name,) = small_sec.file(1, on=DAY)
    seen(1)

    def slow(client: socket.socket, path: str) -> None:
        IngestStage.objects.update(due_at=timezone.now())  # its lease is over
        small_sec.archive.pop(name)
        assert fetch_owed(threads=1).published == 1
        connection.close()
        whole(small_sec.papers[name].content.replace(b"Common Stock", b"Other Stock!"))(client, path)

    small_sec.archive[name] = slow
    assert fetch_owed(threads=1).settled == 0
    assert Document.objects.count() == 1
    assert Filing.objects.get().lines.get().security_title == "Common Stock"


def test_a_process_that_dies_between_keeping_and_publishing_loses_nothing(small_sec, monkeypatch):
    small_sec.file(1, on=DAY)
    seen(1)
    with monkeypatch.context() as dying:
        dying.setattr(fetching, "publish", lambda **_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            fetch_owed(threads=1)

    assert IngestStage.objects.get().stage == Stage.FETCHED
    assert publish_owed(now=timezone.now() + LEASE).published == [accession(1)]


def test_one_slow_answer_does_not_hold_up_the_others(small_sec):
    names = small_sec.file(*range(1, 31), on=DAY)
    others_are_here = threading.Event()
    small_sec.archive[names[-1]] = lambda client, path: others_are_here.wait(20)  # the first to be asked for
    seen(*range(1, 31))
    settled: list[int] = []

    def count(filings: int) -> None:
        settled.append(filings)
        if sum(settled) == 29:
            others_are_here.set()

    fetch_owed(threads=4, seconds=30, step=count)
    assert others_are_here.is_set()
    assert Filing.objects.count() == 29
