"""The component gallery in a browser: every component in every state, accessible on any screen."""

from __future__ import annotations

import pytest

from tests.browser.conftest import PHONE, WIDE, logged_in
from tests.browser.looks import SHIFTS, faults, overhang, shift


@pytest.mark.parametrize(
    ("viewport", "scheme"),
    [(WIDE, "light"), (PHONE, "dark")],
    ids=["wide-light", "phone-dark"],
)
def test_every_component_is_accessible_fits_and_stays_still(visit, client, sue, viewport, scheme):
    page = visit("/", viewport=viewport, color_scheme=scheme, storage_state=logged_in(client, sue))
    page.add_init_script(SHIFTS)
    page.goto("/gallery/")
    assert page.locator(".specimen").count() > 80
    assert overhang(page) == 0
    # One component stands here in many states, each with its name: only on a page of its own is that name unique.
    assert [each for each in faults(page) if each[0] != "landmark-unique"] == []
    assert shift(page) < 0.01
