"""References become rows of the ledger once, whoever names them and however often."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from filings.edgar.budget import Lane
from filings.edgar.feeds import Reference
from filings.models import IngestStage, Stage
from filings.services.discover import discover
from filings.services.load import load_received
from tests.filings.services.papers import accession, received, whole_tables, xml

pytestmark = [pytest.mark.db_and_celery]

NOON = datetime(2026, 5, 4, 16, tzinfo=UTC)
DAY = date(2026, 5, 4)


def reference(number: int, **fields: object) -> Reference:
    values = {"form": "4", "filed_on": DAY, "accepted_at": NOON, "cik": "0009000200"}
    return Reference(accession=accession(number), path="", **values | fields)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_new_filing_is_seen_and_due_at_once():
    found = discover(references=[reference(1)], lane=Lane.LIVE, now=NOON)

    row = IngestStage.objects.get()
    assert found.new == (row.accession,) == (accession(1),)
    assert (row.stage, row.due_at, row.seen_at, row.lane) == (Stage.SEEN, NOON, NOON, "live")
    assert (row.form, row.cik, row.listed_on, row.accepted_at) == ("4", "0009000200", DAY, NOON)


@pytest.mark.django_db
def test_a_filing_named_under_each_of_its_parties_is_one():
    parties = [reference(1, cik="0009000100"), reference(1), reference(1, cik="0009000300")]

    assert discover(references=parties, lane=Lane.LIVE).named == 1
    assert IngestStage.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "place", [{}, {"daily": DAY}, {"quarter": date(2026, 4, 1)}], ids=["feed", "daily index", "quarterly index"]
)
def test_a_second_sighting_writes_nothing(place):
    discover(references=[reference(1), reference(2)], lane=Lane.LIVE, now=NOON, **place)
    before = whole_tables()

    assert discover(references=[reference(1), reference(2)], lane=Lane.LIVE, **place).new == ()
    assert whole_tables() == before


@pytest.mark.django_db
def test_nothing_listed_is_nothing_written():
    assert discover(references=[], lane=Lane.LIVE).new == ()
    assert IngestStage.objects.count() == 0


@pytest.mark.django_db
def test_a_filing_that_came_as_a_file_stays_published_when_a_list_names_it():
    load_received(received=[received(1, xml())])

    assert discover(references=[reference(1)], lane=Lane.HISTORIC, daily=DAY).new == ()
    row = IngestStage.objects.get()
    assert (row.stage, row.due_at, row.in_daily, row.listed_on) == (Stage.PUBLISHED, None, DAY, DAY)


@pytest.mark.django_db
def test_what_history_owes_becomes_live_when_the_feed_shows_it_and_never_the_other_way():
    discover(references=[reference(1)], lane=Lane.HISTORIC)
    discover(references=[reference(1)], lane=Lane.LIVE)
    assert IngestStage.objects.get().lane == "live"

    discover(references=[reference(1)], lane=Lane.HISTORIC, daily=DAY)
    assert IngestStage.objects.get().lane == "live"


@pytest.mark.django_db
def test_an_index_corrects_the_filing_date_and_the_feed_does_not():
    discover(references=[reference(1)], lane=Lane.LIVE)
    discover(references=[reference(1, filed_on=date(2026, 5, 5))], lane=Lane.LIVE)
    assert IngestStage.objects.get().listed_on == DAY

    discover(references=[reference(1, filed_on=date(2026, 5, 5))], lane=Lane.HISTORIC, daily=date(2026, 5, 5))
    assert IngestStage.objects.get().listed_on == date(2026, 5, 5)


@pytest.mark.django_db
def test_a_feed_without_filing_dates_gives_the_date_that_the_rules_give():
    late = datetime(2026, 5, 5, 2, 30, tzinfo=UTC)  # 22:30 Eastern, after the last hour of the day before
    discover(references=[reference(1, filed_on=None, accepted_at=late)], lane=Lane.LIVE)

    assert IngestStage.objects.get().listed_on == date(2026, 5, 5)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_four_at_once_with_the_same_lists_make_one_row_each_and_name_it_new_once():
    lists = [[reference(n) for n in range(start, start + 300)] for start in (1, 50, 100, 150)]
    new: list[str] = []

    def work(references: list[Reference]) -> None:
        new.extend(discover(references=references, lane=Lane.LIVE).new)
        connection.close()

    threads = [
        threading.Thread(target=work, args=(list(reversed(part)) if i % 2 else part,)) for i, part in enumerate(lists)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(new) == [accession(n) for n in range(1, 450)]
    assert IngestStage.objects.filter(due_at__lte=datetime.now(UTC) + timedelta(seconds=1)).count() == 449
