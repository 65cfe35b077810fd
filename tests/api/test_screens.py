"""A kept screen by its id: the rows of its page, for its owner alone."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.services.keys import make
from accounts.services.screens import save
from signals.criteria import from_query
from signals.selectors.matching import trades

pytestmark = [pytest.mark.db_and_celery, pytest.mark.slow]

QUERY = "kind=buy&min_value=10000&filed_days=3650"


@pytest.fixture
def screen(demo, olive):
    return save(owner=olive, name="Purchases", criteria=from_query(QUERY))


def places(rows):
    return [(row["accession"], row["number"]) for row in rows]


def test_a_kept_screen_gives_the_rows_of_its_page_and_of_its_criteria(screen, api):
    page = trades(from_query(QUERY), limit=500)
    expected = [(row.filing_id, row.number) for row in page.rows]
    assert expected
    assert places(api.get(f"/v1/screens/{screen.uid}/trades?limit=500").json()["items"]) == expected
    assert places(api.get(f"/v1/trades?{QUERY}&limit=500").json()["items"]) == expected


def test_walking_with_the_cursor_skips_and_repeats_nothing(screen, api):
    found, after = [], ""
    while after is not None:
        part = api.get(f"/v1/screens/{screen.uid}/trades", {"limit": 7, "after": after}).json()
        found += places(part["items"])
        after = part["next"]
    assert found == places(api.get(f"/v1/trades?{QUERY}&limit=500").json()["items"])


def test_it_is_listed_for_its_owner_and_is_nowhere_for_a_stranger(screen, api, stan):
    assert [row["id"] for row in api.get("/v1/screens").json()] == [str(screen.uid)]
    stranger = Client(headers={"X-Api-Key": make(user=stan, name="s").secret})
    assert stranger.get("/v1/screens").json() == []
    there, gone = (
        stranger.get(f"/v1/screens/{uid}/trades")
        for uid in (screen.uid, "00000000-0000-4000-8000-000000000000")
    )  # fmt: skip
    assert there.status_code == gone.status_code == 404
    assert there.json()["error"]["message"] == gone.json()["error"]["message"]


def test_criteria_that_say_nothing_are_refused_by_name(demo, api):
    response = api.get("/v1/trades?min_value=lots")
    assert response.status_code == 400
    assert "min_value" in response.json()["error"]["message"]


def test_companies_are_meant_by_symbol_as_on_the_page(demo, api):
    by_symbol = api.get("/v1/trades?issuer=HLDNDEMO").json()["items"]
    assert by_symbol
    assert by_symbol == api.get("/v1/trades?issuer=9990000114").json()["items"]
    assert api.get("/v1/ledger?issuer=HLDNDEMO").status_code == 200
    refused = api.get("/v1/trades?issuer=NOSUCH")
    assert refused.status_code == 400
    assert refused.json()["error"]["message"].startswith("issuer: ")


@pytest.mark.parametrize(("place", "criterion"), [("issuers/HLDNDEMO", "issuer"), ("insiders/9990001008", "insider")])
def test_a_timeline_has_all_trades_that_stand_and_walks_through_them(demo, api, place, criterion):
    whole = api.get(f"/v1/trades?{criterion}={place.split('/')[1]}&limit=500").json()["items"]
    assert len(whole) > 3
    found, after = [], ""
    while after is not None:
        part = api.get(f"/v1/timelines/{place}", {"limit": 3, "after": after}).json()
        found += part["items"]
        after = part["next"]
    assert found == whole
