"""Callers of the API: with a key that may do all, over the demo archive."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from accounts.services.keys import make
from tests.browser.conftest import demo_site  # noqa: F401
from tests.pages.demo import demo, demo_rows  # noqa: F401


@pytest.fixture(autouse=True)
def plenty():
    before = settings.API_CALLS_PER_MINUTE
    settings.API_CALLS_PER_MINUTE = 100_000
    yield
    settings.API_CALLS_PER_MINUTE = before


@pytest.fixture
def key(olive) -> str:
    return make(user=olive, name="tests").secret


@pytest.fixture
def api(key) -> Client:
    return Client(headers={"X-Api-Key": key})
