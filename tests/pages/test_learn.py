"""The pages to learn from: the form is walked whole, plans are counted as they stand, and myths are told apart."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from filings.ownership.facsimile import COLUMNS
from signals.learning.plans import STATES
from signals.models import Trade
from signals.readings.plan import BOX_SINCE, RULE_SINCE
from signals.selectors.plans import EDGES, plan_ages, plan_counts, states
from signals.selectors.walks import walk
from tests.pages.reading import read, squeezed

pytestmark = [pytest.mark.db_and_celery, pytest.mark.usefixtures("demo")]


def test_the_form_walked_is_one_of_the_archive_that_fills_in_both_tables(client):
    filing = walk().filing
    moved = {(line.table, line.kind) for line in filing.lines.all()}
    assert {("I", "transaction"), ("II", "transaction")} <= moved
    page = read(client.get("/learn/form-4/"))
    assert page.breaches() == []
    links = [link.attributes["href"] for link in page.all("a")]
    assert reverse("signals:filing", args=[filing.accession]) in links
    assert "It is invented." in page.by_id("main").text


def test_every_column_has_its_place_and_what_stands_in_it(client):
    shown = walk()
    page = read(client.get("/learn/form-4/"))
    for name, steps in (("I", shown.table_i), ("II", shown.table_ii)):
        assert [step.column for step in steps] == list(COLUMNS["4"][name])
        for step in steps:
            place = page.by_id(step.ident)
            assert step.column.name in place.text
            assert squeezed(step.item.silent) in place.text
            for cells in step.cells:
                assert all(cell.text in place.text for cell in cells)


def test_the_states_count_every_trade_on_the_market_once():
    found = states(plan_counts())
    on_market = Trade.objects.filter(standing=True, kind__in=("buy", "sell", "planned_buy", "planned_sell"))
    assert [state.status for state in found] == list(STATES)
    assert sum(state.trades for state in found) == on_market.count() > 0
    assert sum(state.since_box for state in found) == on_market.filter(filed_on__gte=BOX_SINCE).count()


def test_the_example_of_a_state_is_its_newest_trade():
    for state in states(plan_counts()):
        on_market = Trade.objects.filter(standing=True, kind__in=("buy", "sell", "planned_buy", "planned_sell"))
        newest = on_market.filter(plan_status=state.status).order_by("-filed_on", "-filing", "-number").first()
        assert state.example == newest


def test_a_plan_is_counted_once_at_its_first_trade():
    dated = Trade.objects.filter(kind__in=("planned_buy", "planned_sell"), standing=True)
    first = {}
    for trade in dated.exclude(plan_adopted_on=None).exclude(traded_on=None):
        if trade.traded_on >= trade.plan_adopted_on:
            key = (trade.issuer_id, trade.decision_maker, trade.plan_adopted_on)
            first[key] = min(first.get(key, date.max), trade.traded_on)
    waits = [((on - adopted).days, adopted >= RULE_SINCE) for (_, _, adopted), on in first.items()]
    ages = plan_ages(plan_counts())
    for chart, since in ((ages.since, True), (ages.before, False)):
        wanted = [0] * len(EDGES)
        for days, is_since in waits:
            if is_since is since:
                wanted[sum(edge <= days for edge in EDGES) - 1] += 1
        assert [band.count for band in chart.bands] == wanted
    assert ages.since.total > 0


def test_the_page_shows_the_words_that_each_example_rests_on(client):
    text = read(client.get("/learn/10b5-1/")).by_id("main").text
    shown = [state.example for state in states(plan_counts()) if state.example]
    assert shown
    for trade in shown:
        assert squeezed(trade.detail.sentence) in text
        for said in trade.detail.plan["evidence"][:2]:
            assert squeezed(said["words"]) in text
