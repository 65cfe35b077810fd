"""What holds of every answer under /v1: envelopes, keys, limits, conditional requests, CORS, no redirect, no cookie."""

from __future__ import annotations

import gzip
import json

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import Scope
from accounts.services.keys import make, revoke
from form4site.api.v1 import openapi_document
from signals.api import parties
from signals.criteria import FIELDS
from signals.criteria_words import ABOUT

pytestmark = [pytest.mark.django_db]


def error(response):
    return response.status_code, response.json()["error"]


@pytest.mark.parametrize("path", ["/v1/transactions/", "/v1/", "/v1/nothing", "/v1/insiders/1/x", "/v1//transactions"])
def test_what_is_not_there_is_an_envelope_and_no_redirect(api, path):
    status, body = error(api.get(path))
    assert (status, body["code"]) == (404, "NOT_FOUND")
    assert set(body) >= {"code", "message", "requestId"}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_wrong_method_is_an_envelope(api, method):
    status, body = error(getattr(api, method)("/v1/transactions"))
    assert (status, body["code"]) == (405, "METHOD_NOT_ALLOWED")


def test_a_fault_of_ours_is_an_envelope_without_a_trace(api, monkeypatch):
    monkeypatch.setattr(parties, "filings", lambda *_: [][0])
    status, body = error(api.get("/v1/filings"))
    assert (status, body["code"]) == (500, "INTERNAL_ERROR")
    assert "Traceback" not in json.dumps(body)


def test_without_a_key_and_with_a_wrong_one(client, olive):
    assert error(client.get("/v1/filings"))[1]["code"] == "MISSING_API_KEY"
    made = make(user=olive, name="gone")
    revoke(key=made.key)
    for words in ("x", "f4s_" + "a" * 49, made.secret):
        assert error(client.get("/v1/filings", headers={"X-Api-Key": words}))[1]["code"] == "INVALID_API_KEY"


def test_a_key_in_the_address_is_no_key(client, key):
    assert client.get(f"/v1/filings?api_key={key}&X-Api-Key={key}").status_code == 401


def test_a_session_decides_nothing(client, olive):
    client.force_login(olive)
    assert client.get("/v1/filings").status_code == 401


def test_a_key_does_no_more_than_its_scopes(olive):
    reader = Client(headers={"X-Api-Key": make(user=olive, name="r", scopes=[Scope.READ]).secret})
    assert reader.get("/v1/filings").status_code == 200
    assert error(reader.get("/v1/webhooks"))[0] == 403


@pytest.mark.parametrize(
    "path", ["/v1/stats", "/v1/data-quality", "/v1/status/history", "/health/live", "/health/ready"]
)
def test_what_is_about_the_site_needs_no_key(client, path):
    assert client.get(path).status_code == 200


def test_beyond_the_limit_it_is_429_with_whole_seconds(api):
    settings.API_CALLS_PER_MINUTE = 3
    answers = [api.get("/v1/filings") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    last = answers[-1]
    assert error(last)[1]["code"] == "RATE_LIMIT_EXCEEDED"
    assert 1 <= int(last["Retry-After"]) <= 60
    assert answers[0]["X-RateLimit-Remaining"] == "2"


def test_the_same_answer_again_is_304_and_another_is_not(api):
    first = api.get("/v1/filings")
    assert api.get("/v1/filings", headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert api.get("/v1/filings", headers={"If-None-Match": '"other"'}).status_code == 200


def test_large_answers_are_packed(api):
    response = api.get("/v1/openapi.json", headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(response.content))["openapi"].startswith("3.1")


def test_browsers_of_other_sites_may_ask_without_credentials(client, api):
    asked = client.options("/v1/filings", headers={"Origin": "https://x.test", "Access-Control-Request-Method": "GET"})
    assert (asked.status_code, asked["Access-Control-Allow-Origin"]) == (204, "*")
    assert "X-Api-Key" in asked["Access-Control-Allow-Headers"]
    answer = api.get("/v1/filings", headers={"Origin": "https://x.test"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    assert not answer.cookies


@pytest.mark.parametrize(
    "address",
    ["/v1/transactions?ticker=%00", "/v1/trades?issuer=%00", "/v1/signals/feed?issuer=a%00b", "/v1/companies/%00",
     "/v1/webhooks/events?since=9999-12-31T23:59:59-23:00", "/v1/webhooks/events?since=0001-01-01T00:00:00%2B14:00"],
)  # fmt: skip
def test_what_no_text_and_no_moment_can_be_is_refused(api, address):
    assert error(api.get(address))[0] == 400


def test_every_parameter_is_told_of_in_words_and_every_criterion_is_a_parameter():
    paths = openapi_document()["paths"]
    asked = [one for methods in paths.values() for told in methods.values() for one in told.get("parameters", ())]
    assert len(asked) > 100
    assert all(one["description"].endswith(".") for one in asked)
    assert {field.key for field in FIELDS if field.of != "view"} <= {
        one["name"] for one in paths["/v1/trades"]["get"]["parameters"]
    }
    assert {field.key.removeprefix("min_").removeprefix("max_") for field in FIELDS} == set(ABOUT)


def test_lists_of_what_is_out_of_scope_are_empty(api):
    for path in ("form144", "holdings", "managers", "ownership/13d-13g", "congress/trades", "signals/convergence"):
        response = api.get(f"/v1/{path}")
        assert (response.status_code, response.json()) == (200, [])
