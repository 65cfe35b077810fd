"""The services that follow the SEC, pointed at the stand-in for sec.gov, or at a small SEC of this test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from filings.edgar import budget
from filings.services import poll, retrying, waiting
from tests.filings.edgar.conftest import AGENT
from tests.filings.edgar.server import serving
from tests.filings.edgar_services.small_sec import SmallSec
from tests.filings.edgar_services.standin import StandIn, standing_in


@pytest.fixture
def swift(monkeypatch) -> None:
    """Slots and pauses of milliseconds: what is tested here is what is done, not how slowly."""
    monkeypatch.setattr(budget, "SPACING", timedelta(milliseconds=2))
    monkeypatch.setattr(budget, "LATEST_START", timedelta(seconds=5))
    monkeypatch.setattr(retrying, "FIRST_PAUSE", timedelta(milliseconds=100))
    monkeypatch.setattr(waiting, "FIRST_WAIT", 0.005)
    monkeypatch.setattr(poll, "FIRST_WAIT", 0.02)


@pytest.fixture
def stand_in(settings, swift) -> Iterator[Callable[..., StandIn]]:
    """Starts the stand-in with these options and points the site at it."""
    running: list[StandIn] = []

    def start(**options: object) -> StandIn:
        sec = standing_in(**{"rate": 100_000} | options)
        running.append(sec)
        settings.EDGAR_USER_AGENT = AGENT
        settings.EDGAR_BASE_URL = settings.EDGAR_DATA_URL = sec.url
        return sec

    yield start
    for sec in running:
        sec.stop()


@pytest.fixture
def small_sec(settings, swift) -> Iterator[SmallSec]:
    """A SEC whose lists and filings are what the test says."""
    with serving() as server:
        sec = SmallSec(server)
        settings.EDGAR_USER_AGENT = AGENT
        settings.EDGAR_BASE_URL = settings.EDGAR_DATA_URL = server.url
        yield sec
