"""The filing page in a browser: sentences and cells light each other, cells answer, `e` changes the view."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.pages.archive import ACCESSION, made_up, publish, received

FILING = f"/filings/{ACCESSION}/"
NOTE = "Sold at prices ranging from $9.50 to $10.50 under a Rule 10b5-1 plan adopted on May 1, 2024."


@pytest.fixture
def sale(transactional_db):
    line = replace(
        made_up().lines[0], security_title="Common Stock", code="S", acquired_disposed="D", equity_swap=False,
        shares=Decimal(100), price=Decimal(10), total_value=None, footnotes={"price": ("F1",)}, form_type="4",
        shares_owned_following=Decimal(900), timeliness=None, deemed_execution_date=None,
    )  # fmt: skip
    publish(received(replace(made_up(), lines=(line,), footnotes={"F1": NOTE})))


def test_a_part_lights_its_cells_and_a_cell_its_part_by_mouse_and_by_keyboard(visit, sale):
    page = visit(FILING)
    part, cell = page.locator(".part", has_text="$9.50 to $10.50"), page.locator("#I-t-1-price")
    part.hover()
    assert "is-lit" in cell.get_attribute("class")
    assert "is-lit" in page.locator("#footnote-F1").get_attribute("class")
    page.mouse.move(0, 0)
    assert "is-lit" not in cell.get_attribute("class")
    part.focus()
    assert "is-lit" in cell.get_attribute("class")
    cell.locator(".tells").focus()
    assert "is-lit" in part.get_attribute("class")


def test_a_cell_opens_its_words_on_tap_and_on_pointing_and_a_click_keeps_them(visit, sale):
    page = visit(FILING)
    button = page.locator("#I-t-1-price .tells")
    words = page.locator("#" + button.get_attribute("popovertarget"))
    button.hover()
    words.wait_for(state="visible")
    assert "the footnote gives a range from $9.50 to $10.50" in words.inner_text()
    page.mouse.move(0, 0)
    words.wait_for(state="hidden")
    button.hover()
    words.wait_for(state="visible")
    button.click()
    page.mouse.move(0, 0)
    assert words.is_visible()


def test_the_key_e_changes_the_view_and_back(visit, sale):
    page = visit(f"{FILING}#I-t-1")
    page.keyboard.press("e")
    page.wait_for_url("**/?view=filed#I-t-1")
    assert page.locator(".tells").count() == 0
    page.keyboard.press("e")
    page.wait_for_url(f"**{FILING}#I-t-1")


def test_without_script_the_words_open_and_the_parts_are_links(visit, sale):
    page = visit(FILING, java_script_enabled=False)
    button = page.locator("#I-t-1-code .tells")
    words = page.locator("#" + button.get_attribute("popovertarget"))
    button.click()
    words.wait_for(state="visible")
    page.keyboard.press("Escape")
    page.locator(".part", has_text="$9.50 to $10.50").click()
    page.wait_for_url("**#I-t-1-price")
