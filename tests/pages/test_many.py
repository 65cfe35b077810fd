"""An issuer and an insider with five thousand trades: few queries, a bounded page, every number's rows."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from form4site.kit.charts import BOUGHT, OUTSIDE_PLAN, PLAN_UNKNOWN, PLANNED, SOLD, WIDE
from signals.choice import Choice
from signals.models import Trade
from signals.selectors.parties import find_issuer, issuer_page
from signals.selectors.prices import PriceBook
from signals.selectors.seats import seats_at
from signals.selectors.timelines import OF_ISSUER, happened_to, issuer_scope, timeline
from tests.pages.archive import publish, received, traded
from tests.pages.many import ONE_INSIDER, QUERIES, make_many
from tests.pages.reading import read

pytestmark = pytest.mark.db_and_celery
MOST_QUERIES, MOST_BYTES = 10, 300_000


@pytest.fixture(scope="module")
def many_rows(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        publish(received(traded()))
        yield make_many()
        transaction.set_rollback(True)


@pytest.fixture
def many(many_rows, db) -> str:
    return many_rows


@pytest.mark.parametrize("party", ["issuers", "insiders"])
@pytest.mark.parametrize("query", QUERIES)
def test_a_page_of_five_thousand_trades_is_bounded(client, many, party, query):
    cik = many if party == "issuers" else ONE_INSIDER
    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"/{party}/{cik}/{query}")
    assert response.status_code == 200
    assert len(queries) <= MOST_QUERIES, [each["sql"][:80] for each in queries]
    assert len(response.content) < MOST_BYTES
    assert read(response).breaches() == []


def test_the_marks_of_five_thousand_trades_lose_none_and_each_leads_to_its_own(many):
    issuer = find_issuer(many)
    page = issuer_page(issuer, seats_at(issuer.issuer, kept=issuer.seated))
    happened = happened_to(int(many), OF_ISSUER, Choice(), issuer.last_on)
    along = timeline(issuer_scope(page, PriceBook()), Choice(), happened)
    trades = Trade.objects.filter(issuer=many, counted=True, traded_on__range=(along.since, along.until))
    groups = along.charts[0].arrangement(WIDE).groups
    assert sum(group.count for group in groups) == trades.count() > 2_000
    assert sum(group.value for group in groups) == pytest.approx(
        float(trades.aggregate(total=Sum("value"))["total"]), rel=1e-12
    )
    kinds = {BOUGHT: ("buy", "planned_buy"), SOLD: ("sell", "planned_sell")}
    plans = {PLANNED: ("plan", "plan_filing"), OUTSIDE_PLAN: ("not_plan",), PLAN_UNKNOWN: ("unknown",)}
    for group in groups:
        its_own = trades.filter(
            traded_on__range=(group.first, group.last), kind__in=kinds[group.kind], plan_status__in=plans[group.plan]
        )
        assert its_own.count() == group.count
        assert f"since={group.first}&until={group.last}" in group.href
    assert {group.plan for group in groups} == set(plans)
