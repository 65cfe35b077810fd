"""The demo archive comes once and goes without trace; what is real beside it stays to the last value."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.db import connection

from filings import demo
from filings.models import Filing, FirstLoad, Insider, Issuer, SearchName
from filings.ownership.submission import EASTERN
from filings.search import search
from filings.services import demo as service
from filings.services.demo import first_day_to_load, load_demo, purge_demo
from filings.services.load import load_received
from tests.pages.archive import made_up, publish, publish_corpus, received

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]
UNTIL = date(2026, 11, 20)


def tables(*, without=("filings_firstload",)):
    """Every row of every table of the facts, as the database writes it."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_app_config("filings").get_models(include_auto_created=True):
            name = model._meta.db_table
            if name not in without:
                cursor.execute(f'SELECT t::text FROM "{name}" t ORDER BY 1')
                found[name] = [row[0] for row in cursor.fetchall()]
    return found


def counts():
    return {name: len(rows) for name, rows in tables(without=()).items()}


def cut_short(monkeypatch, after):
    """The load ends after so many filings, as if the process were killed."""
    whole = load_received

    def interrupted(*, received, step):
        whole(received=(item for item, _ in zip(received, range(after), strict=False)), step=step)
        raise KeyboardInterrupt

    monkeypatch.setattr(service, "load_received", interrupted)
    with pytest.raises(KeyboardInterrupt):
        load_demo(until=UNTIL)
    monkeypatch.undo()


def test_the_archive_is_loaded_whole_through_the_door_of_every_filing():
    report = load_demo(until=UNTIL)
    assert (report.failed, report.published) == ([], len(list(demo.filings(UNTIL))))
    assert Filing.objects.count() == report.published
    assert {filing.accession for filing in demo.filings(UNTIL)} == set(Filing.objects.values_list("pk", flat=True))
    assert not Filing.objects.exclude(issues=[]).exists()


def test_loading_it_again_changes_no_row():
    load_demo(until=UNTIL)
    before = tables()
    report = load_demo(until=UNTIL)
    assert (report.published, report.unchanged) == (0, Filing.objects.count())
    assert tables() == before


def test_a_load_cut_short_is_owed_again_with_the_day_it_began_with_and_ends_as_if_never_cut(monkeypatch):
    cut_short(monkeypatch, 50)
    assert Filing.objects.count() == 50
    a_year_later = datetime(2027, 11, 20, tzinfo=UTC)
    assert first_day_to_load(a_year_later) == UNTIL
    load_demo(until=UNTIL)
    assert Filing.objects.count() == len(list(demo.filings(UNTIL)))
    assert first_day_to_load(a_year_later) is None


def test_the_demo_ends_on_yesterday_as_new_york_counts_days():
    just_after_midnight_in_greenwich = datetime(2026, 11, 21, 0, 30, tzinfo=UTC)
    assert just_after_midnight_in_greenwich.astimezone(EASTERN).date() == date(2026, 11, 20)
    assert first_day_to_load(just_after_midnight_in_greenwich) == date(2026, 11, 19)


def test_a_clock_that_is_years_behind_gets_the_earliest_archive():
    assert first_day_to_load(datetime(2001, 1, 1, tzinfo=UTC)) == demo.EARLIEST


def test_an_archive_that_has_a_filing_is_never_owed_the_demo():
    publish(received(made_up()))
    assert first_day_to_load() is None


def test_purging_into_an_archive_of_others_leaves_every_table_as_it_was():
    publish(received(made_up()))
    publish_corpus()
    before = tables()
    load_demo(until=UNTIL)
    while_there = tables()
    assert sum(map(len, while_there.values())) > sum(map(len, before.values())) + 2000
    assert purge_demo() == len(list(demo.filings(UNTIL)))
    assert tables() == before


def test_purging_an_archive_of_nothing_else_leaves_it_empty_but_for_the_memory_of_the_load():
    empty = counts()
    load_demo(until=UNTIL)
    purge_demo()
    left = {name: count for name, count in counts().items() if count != empty[name]}
    assert left == {"filings_firstload": 1}
    assert not search("quillmark")


def test_what_was_purged_does_not_come_back_with_the_next_start():
    load_demo(until=UNTIL)
    purge_demo()
    assert first_day_to_load() is None
    assert FirstLoad.objects.get().finished_at is not None


def test_purging_twice_and_purging_what_never_was_there_remove_nothing():
    publish(received(made_up()))
    before = tables()
    assert purge_demo() == 0
    load_demo(until=UNTIL)
    purge_demo()
    assert purge_demo() == 0
    assert tables() == before


def test_purging_a_load_that_was_cut_short_removes_it_too(monkeypatch):
    empty = tables()
    cut_short(monkeypatch, 30)
    assert purge_demo() == 30
    assert tables() == empty


def test_no_invented_party_shares_a_row_with_a_real_one():
    publish_corpus()
    real = {*Issuer.objects.values_list("cik", flat=True), *Insider.objects.values_list("cik", flat=True)}
    load_demo(until=UNTIL)
    names = SearchName.objects.exclude(cik__in=[int(cik) for cik in real])
    assert names.exists()
    assert not [name.title for name in names if not name.title.endswith("(Demo)")]
