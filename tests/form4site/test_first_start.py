"""`./manage.py first_start` without a SOURCE: the demo archive on the first start, and never again."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.management import call_command

from filings import demo
from filings.models import Filing, FirstLoad
from filings.services import demo as service
from tests.pages.archive import made_up, publish, received

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]


def first_start():
    out, err = io.StringIO(), io.StringIO()
    status = 0
    try:
        call_command("first_start", stdout=out, stderr=err)
    except SystemExit as end:
        status = int(end.code or 0)
    return status, out.getvalue(), err.getvalue()


def test_an_empty_archive_gets_the_demo_and_is_told_how_to_be_rid_of_it():
    status, out, err = first_start()
    assert (status, err) == (0, "")
    assert "invented companies" in out
    assert "./manage.py purge_demo" in out
    assert f"{Filing.objects.count():,} filings loaded, 0 failed." in out
    assert Filing.objects.count() > 350


def test_the_second_start_loads_nothing_and_says_nothing_of_it():
    first_start()
    stamps = list(Filing.objects.order_by("pk").values_list("pk", "published_at"))
    status, out, _ = first_start()
    assert status == 0
    assert "First start" not in out
    assert list(Filing.objects.order_by("pk").values_list("pk", "published_at")) == stamps


def test_a_start_that_was_cut_short_is_finished_by_the_next_with_the_same_archive(monkeypatch):
    whole = service.load_received

    def interrupted(*, received, step):
        whole(received=(item for item, _ in zip(received, range(20), strict=False)), step=step)
        raise KeyboardInterrupt

    monkeypatch.setattr(service, "load_received", interrupted)
    with pytest.raises(KeyboardInterrupt):
        first_start()
    monkeypatch.undo()
    begun = FirstLoad.objects.get()
    assert (Filing.objects.count(), begun.finished_at) == (20, None)
    assert first_start()[0] == 0
    until = date.fromisoformat(begun.source.rpartition(" ")[2])
    wanted = {filing.accession for filing in demo.filings(until)}
    assert set(Filing.objects.values_list("pk", flat=True)) == wanted
    assert FirstLoad.objects.get().finished_at is not None


def test_an_archive_with_filings_gets_no_demo():
    publish(received(made_up()))
    status, out, _ = first_start()
    assert status == 0
    assert "invented" not in out
    assert Filing.objects.count() == 1


def test_after_a_purge_the_next_start_brings_nothing_back():
    first_start()
    out = io.StringIO()
    call_command("purge_demo", stdout=out)
    assert "invented filings removed" in out.getvalue()
    first_start()
    assert Filing.objects.count() == 0
