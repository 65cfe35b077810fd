"""A large archive is counted once a day, a small one whenever somebody asks."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from filings.models import Line
from filings.services.load import load_received
from signals.models import Signal, Tally, Trade
from signals.selectors.codes import code_counts
from signals.selectors.kinds import kind_counts
from signals.selectors.plans import plan_counts, states
from signals.services import tally
from signals.services.read import read_all_owed
from tests.filings.services.papers import received, sale, xml

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]


def test_a_small_archive_is_counted_now_and_a_large_one_as_last_tallied(monkeypatch):
    load_received(received=[received(1, xml())])
    assert tally.tally() is None
    now = code_counts()
    assert (now.on, sum(one.lines for one in now.codes)) == (None, 1)

    monkeypatch.setattr(tally, "CHEAP", -2)
    assert tally.tally() is not None
    assert tally.tally() is None, "once a day"
    assert tally.tally(anew=True) is not None, "after a load"
    Line.objects.all().delete()
    large = code_counts()
    assert large.codes == now.codes
    assert large.on is not None

    assert Tally.objects.get().kinds is not None

    monkeypatch.setattr(tally, "CHEAP", 1_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE filings_line")
    tally.tally()
    assert not Tally.objects.exists(), "it is small again"


def test_plans_and_kinds_of_a_large_archive_are_those_of_the_last_tally_and_say_when(client, monkeypatch):
    lines = [sale(code="P", acquired_disposed="A", transaction_date=date(2024, 5, day)) for day in (1, 2)]
    load_received(received=[received(1, xml(lines=lines, aff10b5_one=True)), received(2, xml(lines=[sale()]))])
    read_all_owed()
    plans, kinds = plan_counts(), kind_counts()
    assert (plans.on, kinds.on) == (None, None)
    before = [(state.status, state.trades, state.since_box, state.example) for state in states(plans)]
    assert any(example for *_, example in before)
    assert sum(kind.count for kind in kinds.kinds) == Signal.objects.count() > 0

    monkeypatch.setattr(tally, "CHEAP", -2)
    tally.tally()
    plans, later = plan_counts(), kind_counts()
    assert [(state.status, state.trades, state.since_box, state.example) for state in states(plans)] == before
    assert [(kind.entry.kind, kind.years) for kind in later.kinds] == [
        (kind.entry.kind, kind.years) for kind in kinds.kinds
    ]
    assert plans.on == later.on is not None
    for page in ("/learn/10b5-1/", "/learn/signals/", f"/learn/signals/{Signal.objects.first().kind}/"):
        assert f"on {plans.on:%-d %B %Y}" in client.get(page).content.decode(), page

    Trade.objects.update(standing=False, counted=False, reasons=1)
    assert not any(state.example for state in states(plans)), "what is read otherwise since is no example"
