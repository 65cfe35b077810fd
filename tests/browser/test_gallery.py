"""The component gallery in a browser: every component in every state, accessible on any screen."""

from __future__ import annotations

from tests.browser.conftest import logged_in
from tests.browser.looks import troubles


def test_every_component_is_sound_on_any_screen_and_in_any_colours(visit, client, sue):
    page = visit("/healthz", storage_state=logged_in(client, sue))
    # One component stands here in many states, each with its name: only on a page of its own is that name unique.
    assert troubles(page, "/gallery/", but=frozenset({"landmark-unique"})) == []
    assert page.locator(".specimen").count() > 80
