"""What every page holds to on any screen: accessible, still while it loads, never wider than the screen."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import PHONE, WIDE
from tests.pages.addresses import PAGES
from tests.pages.archive import accession, made_up, publish, publish_corpus, received, traded

sizes = pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
BROKEN = {"not found": "/nowhere/", "no filing": "/filings/banana/"}
WIDTHS = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
SHIFTS = """
    window.shifts = [];
    new PerformanceObserver(list => list.getEntries().forEach(entry => window.shifts.push(entry.value)))
        .observe({type: 'layout-shift', buffered: true});
"""


@pytest.fixture(autouse=True)
def filings(transactional_db):
    publish(received(made_up()), received(traded(), accession(500)))


@pytest.mark.parametrize(("viewport", "scheme"), [(WIDE, "light"), (PHONE, "dark")], ids=["wide-light", "phone-dark"])
def test_axe_finds_nothing_on_any_page(visit, viewport, scheme):
    page = visit("/", viewport=viewport, color_scheme=scheme)
    found = {}
    for name, address in PAGES.items():
        page.goto(address)
        violations = Axe().run(page).response["violations"]
        found[name] = [(each["id"], [node["html"][:120] for node in each["nodes"]][:3]) for each in violations]
    assert {name: violations for name, violations in found.items() if violations} == {}


def test_axe_finds_nothing_while_a_footnote_is_open(visit):
    page = visit(PAGES["filing"])
    page.locator(".fn").first.click()
    assert [each["id"] for each in Axe().run(page).response["violations"]] == []


def test_axe_would_find_something(visit):
    page = visit("/")
    page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=\"data:,\">')")
    assert "image-alt" in [each["id"] for each in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_page_is_wider_than_its_screen(visit, width):
    page = visit("/", viewport={"width": width, "height": 800})
    for name, address in PAGES.items():
        page.goto(address)
        wide, screen = page.evaluate(WIDTHS)
        assert wide <= screen, (name, wide, screen)


def test_no_filing_of_the_corpus_is_wider_than_a_phone(visit):
    page = visit("/", viewport=PHONE)
    for number in publish_corpus():
        page.goto(f"/filings/{number}/")
        wide, screen = page.evaluate(WIDTHS)
        assert wide <= screen, number


@sizes
def test_nothing_moves_while_a_page_loads(visit, viewport):
    page = visit("/", viewport=viewport)
    page.add_init_script(SHIFTS)
    for name, address in PAGES.items():
        page.goto(address)
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(60)
        assert page.evaluate("window.shifts.reduce((sum, each) => sum + each, 0)") < 0.01, name


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


def test_text_can_be_doubled_and_still_fits(visit):
    page = visit("/", viewport={"width": 640, "height": 800})  # 1280 at 200 % (WCAG 1.4.4, 1.4.10)
    for name, address in PAGES.items():
        page.goto(address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        wide, screen = page.evaluate(WIDTHS)
        assert wide <= screen, name


@sizes
def test_what_went_wrong_is_accessible_too(chromium, live_server, viewport):
    context = chromium.new_context(base_url=live_server.url, viewport=viewport)
    page = context.new_page()
    for name, address in BROKEN.items():
        page.goto(address)
        assert [each["id"] for each in Axe().run(page).response["violations"]] == [], name
        wide, screen = page.evaluate(WIDTHS)
        assert wide <= screen, name
    context.close()
