"""An archive with one made-up filing, in which every address of `addresses.PAGES` answers."""

from __future__ import annotations

import pytest

from tests.pages.archive import made_up, publish, received


@pytest.fixture
def one_filing(db):
    return publish(received(made_up()))
