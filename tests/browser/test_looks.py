"""What every page holds to on any screen: accessible, still while it loads, never wider than the screen."""

from __future__ import annotations

import pytest

from tests.browser.looks import CONTRAST, PHONE, WIDE, faults, overhang, troubles
from tests.pages.addresses import PAGES
from tests.pages.archive import accession, made_up, publish, publish_corpus, received, traded

sizes = pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
BROKEN = {"not found": "/nowhere/", "no filing": "/filings/banana/"}


@pytest.fixture(autouse=True)
def filings(transactional_db):
    publish(received(made_up()), received(traded(), accession(500)))


def test_every_page_is_sound_on_any_screen_and_in_any_colours(visit):
    page = visit("/healthz")
    found = {name: troubles(page, address) for name, address in PAGES.items()}
    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_words_of_the_main_pages_stand_out_from_their_ground(visit, scheme):
    page = visit("/healthz", color_scheme=scheme)
    for name in ("home", "filing", "issuer", "signal", "screen, grouped", "how to read a form"):
        page.goto(PAGES[name])
        assert faults(page, CONTRAST) == [], name


def test_axe_finds_nothing_while_a_footnote_is_open(visit):
    page = visit(PAGES["filing"])
    page.locator(".fn").first.click()
    assert faults(page) == []


def test_axe_would_find_something(visit):
    page = visit("/")
    page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=\"data:,\">')")
    assert "image-alt" in dict(faults(page))


def test_no_filing_of_the_corpus_is_wider_than_a_phone(visit):
    page = visit("/", viewport=PHONE)
    for number in publish_corpus():
        page.goto(f"/filings/{number}/")
        assert overhang(page) == 0, number


def test_a_phone_shows_every_cell_that_holds_something(visit):
    page = visit(PAGES["filing"], viewport=PHONE)
    hidden = page.evaluate(
        "[...document.querySelectorAll('.formtable td')].filter(cell => cell.textContent.trim()"
        " && !cell.checkVisibility()).map(cell => cell.textContent)"
    )
    assert hidden == []


def test_dark_is_dark_and_light_is_light(visit):
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    assert visit("/", color_scheme="light").evaluate(ground) == "rgb(251, 250, 246)"
    assert visit("/", color_scheme="dark").evaluate(ground) == "rgb(22, 24, 26)"


@sizes
def test_what_went_wrong_is_accessible_too(chromium, live_server, viewport):
    context = chromium.new_context(base_url=live_server.url, viewport=viewport)
    page = context.new_page()
    for name, address in BROKEN.items():
        page.goto(address)
        assert faults(page) == [], name
        assert overhang(page) == 0, name
    context.close()
