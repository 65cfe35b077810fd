"""Thousands of made-up questions to every endpoint of the API, others each time: no 5xx, no undeclared answer."""

from __future__ import annotations

import os

import pytest

from tests.api.asking import ENDPOINTS, ask, one_connection, there  # noqa: F401
from tests.api.conftest import demo, demo_rows, key, plenty  # noqa: F401

pytestmark = [pytest.mark.chaos, pytest.mark.db_and_celery, pytest.mark.slow]

EXAMPLES = int(os.environ.get("API_QUESTIONS", "2000"))


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_every_answer_is_declared(there, key, endpoint):  # noqa: F811
    ask(endpoint, there, key, EXAMPLES)
