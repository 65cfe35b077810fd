"""A small archive in which every address of `addresses.PAGES` answers."""

from __future__ import annotations

import pytest

from tests.pages.archive import accession, made_up, publish, received, traded
from tests.pages.demo import demo, demo_rows  # noqa: F401


@pytest.fixture
def small_archive(db):
    return publish(received(made_up()), received(traded(), accession(500)))
