"""The pages to learn from in an archive that holds nothing, or what a test gives it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from filings.models import Filing
from signals.learning.myths import MYTHS, PLANS, TOPICS, about
from signals.models import Trade
from signals.readings.plan import RULE_SINCE
from signals.selectors.plans import EDGES, plan_ages, plan_counts, states
from tests.pages.archive import ACCESSION, made_up, publish, received
from tests.pages.reading import read, squeezed

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]


@pytest.fixture
def make_trade(db):
    """A trade under a plan, as a reading would store it; what is given changes it."""

    def make(**given):
        if not Filing.objects.exists():
            publish(received(made_up()))
        Trade.objects.all().delete()
        filing = Filing.objects.get(accession=ACCESSION)
        values = {
            "filing": filing,
            "issuer": filing.issuer,
            "decision_maker": "9900000002",
            "known_at": filing.published_at,
            "filed_on": date(2025, 3, 5),
            "number": 1,
            "counted": True,
            "standing": True,
            "form": "4",
            "table": "I",
            "code": "S",
            "kind": "planned_sell",
            "direction": "disposed",
            "plan_status": "plan",
            "timeliness": "on_time",
            "security_class": "Common Stock",
            "family": "common",
            "shares": Decimal(1),
            "value": Decimal(1),
            "owners": ["9900000002"],
        }
        return Trade.objects.create(**(values | given))

    return make


def test_an_invented_form_is_walked_and_said_to_be_so(client):
    page = read(client.get("/learn/form-4/"))
    assert "so the one below is invented" in page.by_id("main").text
    assert "weighted average" in page.by_id("footnote-F2").text
    assert page.breaches() == []


def test_the_states_have_no_trade_and_no_example(client):
    assert [(state.trades, state.example) for state in states(plan_counts())] == [(0, None)] * 4
    assert read(client.get("/learn/10b5-1/")).text.count("None here now.") == 4


@pytest.mark.parametrize("days", [0, 29, 30, 89, 90, 119, 364, 365, 4000])
def test_a_wait_falls_into_the_band_that_begins_at_or_below_it(days, make_trade):
    adopted = date(2023, 3, 1)
    make_trade(plan_adopted_on=adopted, traded_on=adopted + timedelta(days=days))
    counts = [band.count for band in plan_ages(plan_counts()).since.bands]
    assert counts.index(1) == sum(edge <= days for edge in EDGES) - 1
    assert sum(counts) == 1


def test_a_trade_before_its_plan_is_no_wait(make_trade):
    make_trade(plan_adopted_on=date(2024, 3, 1), traded_on=date(2024, 2, 1))
    assert plan_ages(plan_counts()).since.total == 0


def test_plans_of_before_the_rule_are_counted_apart(make_trade):
    make_trade(plan_adopted_on=RULE_SINCE - timedelta(days=1), traded_on=RULE_SINCE)
    ages = plan_ages(plan_counts())
    assert (ages.before.total, ages.since.total) == (1, 0)


def test_every_lesson_is_on_the_first_page(client):
    links = {link.attributes["href"] for link in read(client.get("/learn/")).all("a")}
    lessons = ("form-4", "10b5-1", "exercises", "amendments", "myths", "signals", "thresholds", "score")
    assert links >= {f"/learn/{name}/" for name in lessons} | {"/codes/"}


def test_each_myth_stands_under_its_topic_with_fact_and_source(client):
    page = read(client.get("/learn/myths/"))
    assert {myth.topic for myth in MYTHS} == set(TOPICS)
    for myth in MYTHS:
        text = page.by_id(myth.key).text
        for words in (myth.said, myth.fact, myth.source):
            assert squeezed(words) in text


def test_the_myths_on_plans_stand_on_the_page_of_plans(client):
    page = read(client.get("/learn/10b5-1/"))
    for myth in about(PLANS):
        assert page.by_id(myth.key)


@pytest.mark.parametrize("page", ["exercises", "amendments", "myths", "10b5-1", "form-4"])
def test_no_link_of_a_lesson_is_dead(client, page):
    links = {link.attributes["href"] for link in read(client.get(f"/learn/{page}/")).all("a")}
    for address in links:
        assert address.startswith("#") or client.get(address).status_code in (200, 302), address
