"""The door to the SEC, pointed at a server of this test; and what to ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from filings.edgar import judge
from filings.edgar.client import Answer, Kind, Lane, fetch
from filings.edgar.judge import Limits
from tests.filings.edgar.server import Server, serving

AGENT = "form4site tests admin@form4site.example"
PATH = "/asked"


@pytest.fixture
def edgar(settings) -> Iterator[Server]:
    with serving() as server:
        settings.EDGAR_USER_AGENT = AGENT
        settings.EDGAR_BASE_URL = server.url
        settings.EDGAR_DATA_URL = server.url
        settings.EDGAR_PENALTY_SECONDS = 600
        yield server


@pytest.fixture
def ask(edgar) -> Callable[..., Answer]:
    """Asks that server for one path."""

    def asked(path: str = PATH, kind: Kind = Kind.SUBMISSION, lane: Lane = Lane.LIVE, patience: float = 5.0) -> Answer:
        return fetch(edgar.url + path, lane=lane, kind=kind, patience=patience)

    return asked


@pytest.fixture
def limit(monkeypatch) -> Callable[..., None]:
    """Gives a kind other limits than those of every day, so that reaching them takes no minutes."""

    def limited(kind: Kind = Kind.SUBMISSION, **changed: object) -> None:
        monkeypatch.setitem(judge._LIMITS, kind, kind.limits._replace(**changed))
        assert isinstance(kind.limits, Limits)

    return limited
