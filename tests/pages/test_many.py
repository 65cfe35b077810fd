"""An issuer and an insider with five thousand trades: few queries, a bounded page, every number's rows."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

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
