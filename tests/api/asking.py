"""Questions by the OpenAPI document, made up, and the checks that every answer has to pass. Half of the questions are
about things that are there. In this process, within the transaction of the test.
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

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ENDPOINTS = sorted(
    f"{method.upper()} {path}" for path, methods in openapi_document()["paths"].items() for method in methods
)


def ask(endpoint: str, there: dict[str, Any], key: str, examples: int, **how: Any) -> None:
    """Asks so many questions of an endpoint. Fails on the first answer that is not declared, with its question."""
    schema = schemathesis.openapi.from_wsgi("/v1/openapi.json", application)
    method, path = endpoint.split()
    numbers = count()

    @settings(
        max_examples=examples, deadline=None, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck), **how,
    )  # fmt: skip
    @given(case=schema[path][method].as_strategy())
    def one(case: schemathesis.Case) -> None:
        if next(numbers) % 2:
            for name in case.path_parameters:
                case.path_parameters[name] = there[name]
        response = case.call(headers={"X-Api-Key": key, "Accept-Encoding": "identity"})
        case.validate_response(response, checks=CHECKS)

    one()


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
