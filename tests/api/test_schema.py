"""What the OpenAPI document says, the API does: no 5xx, no status, type or shape of an answer that is not declared.

A few questions to each endpoint, always the same; `make chaos` asks thousands (tests/chaos/test_api.py).
"""

from __future__ import annotations

import pytest

from tests.api.asking import ENDPOINTS, ask, one_connection, there  # noqa: F401

pytestmark = [pytest.mark.slow]


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_every_answer_is_declared(there, key, endpoint):  # noqa: F811
    ask(endpoint, there, key, 4, derandomize=True)
