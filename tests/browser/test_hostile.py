"""In a real browser, whatever a filer wrote runs nothing, breaks nothing and fits the screen."""

from __future__ import annotations

from itertools import cycle

from tests.browser.looks import PHONE, WIDE, overhang
from tests.pages import hostile
from tests.pages.addresses import PAGES
from tests.pages.archive import accession, made_up, publish, received


def test_nothing_of_three_hundred_texts_runs_loads_or_overflows(visit, transactional_db):
    """Console, policy and requests to elsewhere are watched by `visit`."""
    texts = cycle(hostile.ALL)
    numbers = range(1, 13)  # each document has about seventy texts in its fields
    publish(*(received(made_up(lambda name: next(texts)), accession(number)) for number in numbers))
    page = visit("/", viewport=PHONE)
    addresses = [*PAGES.values(), *(f"/filings/{accession(number)}/" for number in numbers)]
    for address in addresses:
        page.goto(address)
        page.keyboard.press("Tab")
        page.mouse.move(200, 400)
        assert page.evaluate("window.owned") is None, address
        assert overhang(page) == 0, address


def test_the_browser_sees_no_element_that_is_not_ours(visit, transactional_db):
    kinds = (
        "[...new Set([...document.querySelectorAll('*')]"
        ".filter(element => !element.closest('.ticker')).map(element => element.tagName))].sort()"
    )
    publish(received(made_up()))
    page = visit(PAGES["filing"], viewport=WIDE)
    ours = page.evaluate(kinds)
    for words in hostile.SOME[:20:2]:
        publish(received(made_up(lambda name, words=words: words)))
        page.goto(PAGES["filing"])
        assert page.evaluate(kinds) == ours, words


def test_a_word_without_end_fits_every_screen(visit, transactional_db):
    publish(received(made_up(lambda name: hostile.LONG)))
    page = visit("/")
    for name, address in PAGES.items():
        page.goto(address)
        for viewport in (PHONE, WIDE):
            page.set_viewport_size(viewport)
            assert overhang(page) == 0, name
