"""A screen by its page, its file, the API and its alerts is the same rows, whatever it asks."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils.http import urlencode
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import Match
from accounts.services.evaluate import evaluate_owed
from accounts.services.live_screens import live
from accounts.services.screens import save
from signals.criteria import EXCLUSIONS, KINDS, PLAN_STATUSES, SIDES, SLUGS, from_query
from signals.models import Trade
from tests.pages.demo import UNTIL

pytestmark = [pytest.mark.db_and_celery, pytest.mark.slow]

BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)
AFTER_ALL = datetime(UNTIL.year, UNTIL.month, UNTIL.day, 23, tzinfo=UTC)


def some(choices: Sequence[str], most: int = 3) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(choices), min_size=1, max_size=most, unique=True).map(",".join)


QUESTIONS = st.fixed_dictionaries(
    {},
    optional={
        "side": st.sampled_from(tuple(SIDES)),
        "kind": some(KINDS, 6),
        "role": some(SLUGS, 4),
        "code": some("PSAMFG"),
        "plan": some(PLAN_STATUSES, 2),
        "ownership": some("DI", 1),
        "class": some(("common", "option", "unit")),
        "min_value": st.sampled_from(["1", "10000", "100000", "1000000"]),
        "max_value": st.sampled_from(["1000000", "5000000"]),
        "min_price": st.sampled_from(["1", "20", "100"]),
        "max_stake": st.sampled_from(["-5", "0", "50"]),
        "min_delay": st.sampled_from(["1", "2", "3"]),
        "min_score": st.sampled_from(["1", "3"]),
        "filed_from": st.dates(date(2025, 1, 1), UNTIL).map(str),
        "late": st.just("1"),
        "first": st.just("1"),
        "counted": st.just("1"),
        "superseded": st.just("1"),
        "exclude": some(tuple(EXCLUSIONS), 2),
        "sort": st.sampled_from(["-value", "value", "-filed", "filed"]),
    },
).map(lambda asked: from_query(urlencode(asked)).query)
Place = tuple[str, int]


def by_page(query: str) -> list[Place]:
    found: list[Place] = []
    after = ""
    while True:
        response = Client().get(f"/screen/?{query}" + (f"&{urlencode({'after': after})}" if after else ""), follow=True)
        assert response.status_code == 200, response.content[:300]
        page = response.context["answer"].page
        body = response.content.decode()
        assert all(f"/filings/{row.filing_id}/" in body for row in page.rows)
        found += [(row.filing_id, row.number) for row in page.rows]
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
@given(query=QUESTIONS)
def test_the_page_the_file_and_the_api_give_the_same_rows_in_the_same_order(demo, api, query):
    rows = by_api(api, query)
    assert len(set(rows)) == len(rows)
    assert by_file(query) == rows
    assert by_page(query) == rows


def drawn(number: int) -> list[str]:
    """So many different questions, always the same, for one evaluation of all: each by itself would take as long."""
    found: dict[str, None] = {}

    @settings(max_examples=2 * number, derandomize=True, database=None, phases=[Phase.generate])
    @given(query=QUESTIONS)
    def keep(query: str) -> None:
        found.setdefault(from_query(query).asked.query)

    keep()
    return list(found)[:number]


def test_alerts_are_told_of_the_same_rows(demo, api, olive):
    live.forget()
    screens = {query: save(owner=olive, name=query, criteria=from_query(query), now=BEFORE_ALL) for query in drawn(40)}
    assert evaluate_owed(now=AFTER_ALL, seconds=300).failed == 0
    told: dict[int, set[Place]] = {screen.pk: set() for screen in screens.values()}
    for screen, subject in Match.objects.values_list("screen", "subject"):
        accession, number = subject.split()
        told[screen].add((accession, int(number)))
    sizes = []
    for query, screen in screens.items():
        assert told[screen.pk] == set(by_api(api, query)), query
        sizes.append(len(told[screen.pk]))
    assert len([size for size in sizes if size]) > 15, "too few of the questions have rows to tell anything by"
    live.forget()
    assert Trade.objects.count() > 300
