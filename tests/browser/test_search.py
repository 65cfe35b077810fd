"""Searching in a browser: a key away, answered while one types, by mouse, by keyboard and without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.looks import MOST_SHIFT, PHONE, SHIFTS, WIDE, faults, overhang, shift, troubles

pytestmark = pytest.mark.usefixtures("demo_site")
sizes = pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])


def typing(visit, words, **how):
    page = visit("/codes/", **how)
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type(words)
    expect(page.locator("#suggestions a").first).to_be_visible()
    return page


@sizes
def test_suggestions_are_accessible_fit_and_move_nothing(visit, viewport):
    page = visit("/codes/", viewport=viewport)
    page.add_init_script(SHIFTS)
    page.goto("/codes/")
    page.keyboard.press("/")
    page.keyboard.type("demo")
    expect(page.locator("#suggestions a").nth(7)).to_be_visible()
    assert overhang(page) == 0
    assert faults(page) == []
    assert shift(page) < MOST_SHIFT


def test_arrows_walk_the_suggestions_and_enter_follows_one(visit):
    page = typing(visit, "quill")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#suggestions a").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/issuers/9990000101/")


def test_tab_reaches_the_suggestions_too(visit):
    page = typing(visit, "quill")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#suggestions a").first).to_be_focused()


def test_escape_closes_them_and_leaves_one_where_one_typed(visit):
    page = typing(visit, "demo")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator("#suggestions a")).to_have_count(0)
    expect(page.locator("#search")).to_be_focused()
    expect(page.locator("#search")).to_have_value("demo")


def test_looking_elsewhere_closes_them_and_coming_back_shows_them(visit):
    page = typing(visit, "demo")
    page.locator("h1").click()
    expect(page.locator("#suggestions a").first).to_be_hidden()
    page.locator("#search").focus()
    expect(page.locator("#suggestions a").first).to_be_visible()


def test_the_last_words_typed_win(visit):
    page = typing(visit, "demo")
    page.locator("#search").fill("tidewrack")
    expect(page.locator("#suggestions a").first).to_contain_text("Tidewrack Energy Corp. (Demo)")
    page.locator("#search").fill("")
    expect(page.locator("#suggestions a")).to_have_count(0)


def test_words_that_find_nothing_say_so(visit):
    page = visit("/")
    page.locator("#search").fill("zzzzqqqq")
    expect(page.locator("#suggestions")).to_contain_text("Nothing here by that name")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_enter_leads_to_the_page_of_results(visit, script):
    page = visit("/", java_script_enabled=script)
    page.locator("#search").fill("varga ilona")
    page.locator("#search").press("Enter")
    page.wait_for_url("**/search/?q=varga+ilona")
    expect(page.locator("main .hit").first).to_contain_text("Varga Ilona (Demo)")
    expect(page.locator("main .hit .badge--unknown").first).to_have_text("invented")


def test_the_page_of_results_is_sound_on_any_screen_and_in_any_colours(visit):
    assert troubles(visit("/healthz"), "/search/?q=demo") == []
