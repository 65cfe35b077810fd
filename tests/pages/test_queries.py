"""Every page costs a fixed number of queries, however large the archive: `tests/query_baseline.json`.

A query is a message to PostgreSQL; several statements may go in one. A list of trades that goes on beyond its page is
counted, which is one more. At most eight; a page of groups nine.

A change that moves a number shows it in review. To write the file anew:

    QUERY_BASELINE=write .venv/bin/python -m pytest tests/pages/test_queries.py
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.pages.addresses import PAGES
from tests.pages.archive import ACCESSION, accession, made_up, publish, publish_corpus, received

pytestmark = pytest.mark.db_and_celery
BASELINE = Path(__file__).parent.parent / "query_baseline.json"
MOST = 8
MORE = {"screen, grouped": 9}
COUNTED = {
    **PAGES,
    "filing, its document": f"/filings/{ACCESSION}/document.txt",
    "filing, not here": "/filings/0000320193-99-999999/",
    "health": "/healthz",
    "readiness": "/readyz",
}

# Whose rows are all on the first page in a small archive, and are not in a large one; and whose examples are looked up,
# of which a small one has none.
GOING_ON = ("screen", "screen, of an issuer", "plans")


def _most(name: str) -> int:
    return MORE.get(name) or MORE.get(name.partition(",")[0], MOST)


def counts(client):
    found = {}
    for name, address in COUNTED.items():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address)
        found[name] = len(queries)
    return found


@pytest.fixture
def large(small_archive):
    """Many filings of the same parties, one of them with 60 lines, and all of the corpus."""
    document = made_up()
    wide = replace(
        document,
        lines=tuple(replace(document.lines[0], row=row, security_title=f"Class {row}") for row in range(1, 61)),
    )
    publish(received(wide), *(received(document, accession(number), date(2025, 3, 7)) for number in range(2, 90)))
    publish_corpus()


@pytest.fixture(scope="module")
def baseline():
    return json.loads(BASELINE.read_text(encoding="utf-8"))


def test_each_page_costs_the_queries_of_the_baseline(client, small_archive):
    found = counts(client)
    if os.environ.get("QUERY_BASELINE") == "write":
        BASELINE.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    assert found == json.loads(BASELINE.read_text(encoding="utf-8"))


def test_a_large_archive_costs_no_more(client, large, baseline):
    assert counts(client) == baseline | {name: baseline[name] + 1 for name in GOING_ON}


def test_no_page_may_cost_more_than_it_should(baseline):
    assert {name: count for name, count in baseline.items() if count > _most(name)} == {}


def test_a_visitor_who_is_logged_in_costs_two_more_at_most(client, large, olive, baseline):
    client.force_login(olive)
    for name, count in counts(client).items():
        assert count <= baseline[name] + 2, name
