"""Which names lead in searches is settled by the clock and after a large load, not only on request."""

from __future__ import annotations

import pytest

from filings import tasks
from filings.models import LeadingRank, SearchName
from filings.services import load, search_index
from form4site.schedule import beat_schedule
from tests.pages.archive import made_up, received

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]


def names(count: int) -> None:
    SearchName.objects.bulk_create(
        SearchName(
            kind="insider", cik=str(9_000 + n), title=f"N {n}", detail="", lexemes="'n'", rank=n, is_leading=True
        )
        for n in range(count)
    )


def test_the_clock_rings_for_it() -> None:
    assert tasks.appoint_leaders.name in {job["task"] for job in beat_schedule(30).values()}


def test_a_ring_leaves_as_many_leaders_as_there_may_be(monkeypatch) -> None:
    monkeypatch.setattr(search_index, "LEADERS", 5)
    names(40)

    tasks.appoint_leaders()

    assert LeadingRank.objects.count() == 1
    assert 0 < SearchName.objects.filter(is_leading=True).count() <= 10


def test_a_large_load_settles_it_too(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(search_index, "LEADERS", 5)
    monkeypatch.setattr(load, "MANY", 1)
    names(40)
    filing = received(made_up())
    path = tmp_path / f"{filing.accession}.txt"
    path.write_bytes(filing.content)

    report = load.load(paths=[path])

    assert report.published == 1
    assert SearchName.objects.filter(is_leading=True).count() <= 10
