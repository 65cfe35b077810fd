"""What the OpenAPI document says, the API does: no 5xx, no status, type or shape of an answer that is not declared.

Schemathesis asks every endpoint by the document, in this process and always the same; half of the time about things
that are there.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.delivery import gate
from accounts.services.screens import save
from filings.models import Filing
from form4site.api.v1 import openapi_document
from form4site.wsgi import application
from signals.criteria import from_query
from signals.models import Signal
from tests.accounts.evaluating.conftest import hook_of

pytestmark = [pytest.mark.db_and_celery, pytest.mark.slow]

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 12
ENDPOINTS = sorted(
    f"{method.upper()} {path}" for path, methods in openapi_document()["paths"].items() for method in methods
)


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Between two requests a server gives back its connection; here it holds the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def there(demo, olive, monkeypatch) -> dict[str, Any]:
    """Values of the parameters of paths for which there is something. No name leads anywhere."""

    def nowhere(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, host)

    monkeypatch.setattr(gate, "_resolve", nowhere)
    filing = Filing.objects.filter(issuer_ticker__isnull=False, form="4").order_by("accession")[0]
    screen = save(owner=olive, name="Purchases", criteria=from_query("side=bought"))
    return {
        "accession": filing.accession,
        "ticker": filing.issuer_ticker,
        "issuer": filing.issuer_ticker,
        "cik": filing.owners.all()[0].insider_id,
        "key": Signal.objects.order_by("key")[0].key,
        "number": hook_of(olive).pk,
        "uid": str(screen.uid),
    }


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_every_answer_is_declared(there, key, endpoint):
    schema = schemathesis.openapi.from_wsgi("/v1/openapi.json", application)
    method, path = endpoint.split()
    operation = schema[path][method]
    numbers = count()

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def ask(case: schemathesis.Case) -> None:
        if next(numbers) % 2:
            for name in case.path_parameters:
                case.path_parameters[name] = there[name]
        response = case.call(headers={"X-Api-Key": key, "Accept-Encoding": "identity"})
        case.validate_response(response, checks=CHECKS)

    ask()
