"""The screen under one's fingers: what is pressed is what one gets, whatever was typed a moment before."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import Page, Request, Route, expect

from accounts.services import screens
from signals.criteria import from_query
from tests.browser.conftest import logged_in

pytestmark = pytest.mark.usefixtures("demo_site")
NEW = re.compile(r"/account/login/.*screens/new")  # where a stranger who saves a screen is sent


@pytest.fixture
def page(visit) -> Page:
    page = visit("/screen/")
    page.select_option("select[name=side]", "bought")
    page.wait_for_url("**/screen/?side=bought")
    return page


def pressed_long(
    page: Page, name: str, *, meanwhile: Callable[[], None] = lambda: None, and_away: bool = False
) -> list[Request]:
    """What was asked for from when the finger came down until long after an answer could have come."""
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    link = page.get_by_role("link", name=name, exact=True)
    link.scroll_into_view_if_needed()
    box = link.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    meanwhile()
    page.wait_for_timeout(900)
    before = list(asked)
    if and_away:
        page.mouse.move(5, 5, steps=5)
    page.mouse.up()
    return before


def test_a_link_pressed_after_typing_is_followed_and_nothing_is_asked_twice(page):
    page.fill("input[name=min_value]", "10000")
    page.wait_for_url("**/screen/?side=bought&min_value=10000")
    assert pressed_long(page, "Save this screen") == []
    page.wait_for_url(NEW)


def test_a_screen_saved_at_once_has_what_was_typed(page):
    page.fill("input[name=min_value]", "12345")
    pressed_long(page, "Save this screen")
    page.wait_for_url(NEW)
    assert "min_value%3D12345" in page.url


@pytest.fixture
def held(page) -> list[Route]:
    """Typed, and asked for, while the answer waits for whoever lets it go."""
    routes: list[Route] = []
    page.route("**/screen/?**min_value=54321**", lambda route: routes.append(route), times=1)
    with page.expect_request("**/screen/?**min_value=54321**"):
        page.fill("input[name=min_value]", "54321")
    return routes


def test_a_link_is_followed_that_was_pressed_before_the_answer_came(page, held):
    pressed_long(page, "Save this screen", meanwhile=lambda: held[0].continue_())
    page.wait_for_url(NEW)
    assert "min_value%3D54321" in page.url


def test_an_answer_that_came_during_a_press_is_shown_after_it(page, held):
    pressed_long(page, "Save this screen", meanwhile=lambda: held[0].continue_(), and_away=True)
    expect(page.locator(".pills")).to_contain_text("54,321")


def test_what_was_typed_is_shown_once_a_press_that_leads_nowhere_is_over(page):
    page.fill("input[name=min_value]", "12345")
    pressed_long(page, "Save this screen", and_away=True)
    page.wait_for_url("**/screen/?side=bought&min_value=12345")
    expect(page.locator(".pills")).to_contain_text("12,345")


def test_a_screen_saved_by_a_tap_has_what_was_typed(visit):
    page = visit("/screen/", has_touch=True)
    page.fill("input[name=min_value]", "12345")
    link = page.get_by_role("link", name="Save this screen", exact=True)
    link.scroll_into_view_if_needed()
    link.tap()
    page.wait_for_url(NEW)
    assert "min_value%3D12345" in page.url


def test_what_is_typed_after_a_menu_was_opened_on_a_link_is_asked(page):
    page.get_by_role("link", name="Save this screen", exact=True).hover()
    page.mouse.down(button="right")  # many a system tells nobody when a menu takes the button's release
    page.fill("input[name=min_value]", "12345")
    page.wait_for_url("**/screen/?side=bought&min_value=12345")


def test_the_same_criteria_can_be_asked_for_again_by_their_button(page):
    with page.expect_response("**/screen/?side=bought*"):
        page.get_by_role("button", name="Show", exact=True).click()


def test_of_ones_own_screens_each_has_its_words_below_its_name_and_its_buttons_in_one_row(visit, client, olive):
    EmailAddress.objects.create(user=olive, email=olive.email, verified=True, primary=True)
    kept = screens.save(owner=olive, name="Bought", criteria=from_query("side=bought"))
    page = visit("/screens/", storage_state=logged_in(client, olive))
    name, words = page.locator(".hit a"), page.locator(".hit p")
    assert words.bounding_box()["y"] > name.bounding_box()["y"] + name.bounding_box()["height"] / 2
    expect(page.get_by_role("link", name="Build a screen")).to_be_visible()
    page.goto(f"/screens/{kept.uid}/")
    buttons = page.locator(".actions .button").all()
    assert len(buttons) == 3
    assert len({button.bounding_box()["y"] for button in buttons}) == 1
    page.get_by_role("button", name="Remove Bought").click()
    expect(page.get_by_role("status")).to_contain_text("Removed")
