"""A screen by its page, its file, the API and its alerts is the same rows, whatever it asks."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils.http import urlencode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Match
from accounts.services.evaluate import evaluate_owed
from accounts.services.live_screens import live
from accounts.services.screens import save
from signals.criteria import KINDS, SLUGS, STATUSES, from_query
from signals.models import Trade
from tests.pages.demo import UNTIL

pytestmark = [pytest.mark.db_and_celery, pytest.mark.slow]

BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)
AFTER_ALL = datetime(UNTIL.year, UNTIL.month, UNTIL.day, 23, tzinfo=UTC)
QUESTIONS = st.fixed_dictionaries(
    {},
    optional={
        "side": st.sampled_from(["bought", "sold", "market"]),
        "kind": st.lists(st.sampled_from(KINDS), min_size=1, max_size=3, unique=True).map(",".join),
        "role": st.lists(st.sampled_from(SLUGS), min_size=1, max_size=3, unique=True).map(",".join),
        "plan": st.lists(st.sampled_from(STATUSES), min_size=1, max_size=2, unique=True).map(",".join),
        "min_value": st.sampled_from(["1", "10000", "100000", "1000000"]),
        "max_value": st.sampled_from(["1000000", "5000000"]),
        "min_price": st.sampled_from(["1", "20", "100"]),
        "min_delay": st.sampled_from(["1", "2", "3"]),
        "exclude": st.sampled_from(["ten_percent", "derivative", "amended"]),
        "sort": st.sampled_from(["-value", "value", "-filed", "filed"]),
    },
)
Place = tuple[str, int]


def by_page(query: str) -> list[Place]:
    found: list[Place] = []
    after = ""
    while True:
        response = Client().get(f"/screen/?{query}" + (f"&{urlencode({'after': after})}" if after else ""), follow=True)
        assert response.status_code == 200, response.content[:300]
        page = response.context["answer"].page
        body = response.content.decode()
        assert all(f"/filings/{hit.trade.filing_id}/" in body for hit in page.rows)
        found += [(hit.trade.filing_id, hit.trade.number) for hit in page.rows]
        if page.after is None:
            return found
        after = page.after


def by_file(query: str) -> list[Place]:
    response = Client().get(f"/screen/rows.csv?{query}")
    lines = csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig")))
    return [(line["Accession"], int(line["Trade"])) for line in lines]


def by_api(api: Client, query: str) -> list[Place]:
    found: list[Place] = []
    after: str | None = ""
    while after is not None:
        part = api.get(f"/v1/trades?{query}&limit=60" + (f"&{urlencode({'after': after})}" if after else "")).json()
        found += [(row["accession"], row["number"]) for row in part["items"]]
        after = part["next"]
    return found


@settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # fmt: skip
@given(asked=QUESTIONS)
def test_the_page_the_file_and_the_api_give_the_same_rows_in_the_same_order(demo, api, asked):
    query = from_query(urlencode(asked)).query
    rows = by_api(api, query)
    assert len(set(rows)) == len(rows)
    assert by_file(query) == rows
    assert by_page(query) == rows


def test_alerts_are_told_of_the_same_rows(demo, api, olive):
    queries = [
        "side=bought", "side=sold&min_value=100000", "kind=exercise,withholding", "role=ceo,cfo", "plan=plan",
        "exclude=ten_percent&min_price=20",
    ]  # fmt: skip
    live.forget()
    screens = {query: save(owner=olive, name=query, criteria=from_query(query), now=BEFORE_ALL) for query in queries}
    assert evaluate_owed(now=AFTER_ALL, seconds=300).failed == 0
    for query, screen in screens.items():
        told = {
            (accession, int(number))
            for accession, number in (
                subject.split() for subject in Match.objects.filter(screen=screen).values_list("subject", flat=True)
            )
        }
        assert told == set(by_api(api, query))
        assert told, query
    live.forget()
    assert Trade.objects.count() > 300
