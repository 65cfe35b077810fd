"""The component gallery in a browser: every component in every state, accessible on any screen."""

from __future__ import annotations

from tests.browser.conftest import logged_in
from tests.browser.looks import COLOURLESS, CONTRAST, EVERYTHING, PHONE, faults, overhang
from tests.conftest import THOROUGH


def test_every_component_is_accessible_in_any_colours_and_fits_any_screen(visit, client, sue):
    page = visit("/gallery/", storage_state=logged_in(client, sue))
    assert page.locator(".specimen").count() > 80
    # One component stands here in many states, each with its name: only on a page of its own is that name unique.
    first = EVERYTHING if THOROUGH else COLOURLESS  # the light colours are looked at on pages, in `test_looks.py`
    assert [each for each in faults(page, first) if each[0] != "landmark-unique"] == []
    page.set_viewport_size(PHONE)
    assert overhang(page) == 0
    page.emulate_media(color_scheme="dark")
    assert faults(page, CONTRAST) == []
