"""What a reader does: from the list to a filing, to a line, to a footnote; with script and without."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import expect

from tests.browser.looks import PHONE, WIDE
from tests.pages.archive import ACCESSION, ISSUER_CIK, accession, made_up, publish, received

script = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
sizes = pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
FILING = f"/filings/{ACCESSION}/"
MARK = "#I-t-1 .fn"


@pytest.fixture(autouse=True)
def filings(transactional_db):
    document = made_up()
    lines = tuple(replace(document.lines[0], row=row) for row in range(1, 5)) + document.lines[1:]
    publish(
        received(replace(document, lines=lines), filed_on=date(2025, 3, 9)),
        *(received(document, accession(number)) for number in range(2, 60)),
    )


@script
@sizes
def test_from_the_list_to_a_filing_and_its_footnote(visit, script, viewport):
    page = visit("/", viewport=viewport, java_script_enabled=script)
    page.locator(".entry__issuer").first.click()
    page.wait_for_url(f"**{FILING}")
    expect(page.locator("h1")).to_contain_text("Name Plain (FICTIONAL)")
    mark = page.locator(MARK).first
    text = page.locator(f"[id='{mark.get_attribute('popovertarget')}']")
    expect(text).to_be_hidden()
    mark.click()
    expect(text).to_be_visible()
    expect(text).to_contain_text("Plain footnote 0 (FICTIONAL)")
    expect(text).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(text).to_be_hidden()
    expect(page.locator(".notes")).to_contain_text("Plain footnote 0 (FICTIONAL)")


@script
def test_a_footnote_opens_and_closes_by_keyboard(visit, script):
    page = visit(FILING, java_script_enabled=script)
    page.locator("#I-t-1 .formtable__row").focus()
    for _ in range(4):  # past what the row and the cell say
        page.keyboard.press("Tab")
        if page.locator(MARK).first.evaluate("mark => mark === document.activeElement"):
            break
    expect(page.locator(MARK).first).to_be_focused()
    page.keyboard.press("Enter")
    opened = page.locator(".note-pop:popover-open")
    expect(opened).to_contain_text("Plain footnote 0 (FICTIONAL)")
    page.keyboard.press("Escape")
    expect(opened).to_have_count(0)
    expect(page.locator(MARK).first).to_be_focused()


@script
@sizes
def test_the_address_of_a_line_leads_to_it_and_marks_it(visit, script, viewport):
    page = visit(f"{FILING}#I-t-3", viewport=viewport, java_script_enabled=script)
    line = page.locator("#I-t-3")
    expect(line).to_be_in_viewport()
    colour = "element => getComputedStyle(element.querySelector('td')).backgroundColor"
    assert line.evaluate(colour) != page.locator("#I-t-2").evaluate(colour)


@script
def test_older_filings_and_back(visit, script):
    page = visit("/", java_script_enabled=script)
    first = page.locator(".entry__issuer").first.get_attribute("href")
    page.locator("a[rel=next]").click()
    page.wait_for_url("**/?before=*")
    assert page.locator(".entry__issuer").first.get_attribute("href") != first
    page.go_back()
    expect(page.locator(".entry__issuer").first).to_have_attribute("href", first)


@script
def test_the_skip_link_leads_past_the_menu(visit, script):
    page = visit("/", java_script_enabled=script)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.wait_for_url("**#main")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@script
def test_search_from_any_page(visit, script):
    page = visit(FILING, java_script_enabled=script)
    page.locator("#search").fill("plain issuer")
    page.locator("#search").press("Enter")
    page.wait_for_url("**/search/?q=plain+issuer")
    expect(page.locator("main .hit").first).to_contain_text("Plain issuer (FICTIONAL)")


@script
def test_the_lines_of_an_issuer_and_back(visit, script):
    page = visit(f"/issuers/{ISSUER_CIK}/", java_script_enabled=script)
    page.locator("nav.tabs a", has_text="Lines").click()
    page.wait_for_url("**/issuers/*/?show=lines*")
    rows = page.locator("#filings table tbody tr")
    expect(rows.first).to_contain_text("Plain security title (FICTIONAL)")
    shown = rows.count()
    page.reload()
    expect(rows).to_have_count(shown)
    page.go_back()
    expect(page.locator("#filings .entry").first).to_be_visible()


def test_suggestions_come_while_typing_and_lead_on(visit):
    page = visit("/")
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("plain iss")
    hit = page.locator("#suggestions .hit a").first
    expect(hit).to_contain_text("Plain issuer (FICTIONAL)")
    hit.click()
    expect(page.locator("h1")).to_contain_text("Plain issuer (FICTIONAL)")


def test_j_and_k_walk_the_rows(visit):
    page = visit("/")
    rows = page.locator("[data-row]")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(2)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(1)).to_be_focused()
    for _ in range(5):
        page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    for _ in range(60):
        page.keyboard.press("j")
    expect(rows.last).to_be_focused()
    expect(rows.last).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.wait_for_url("**/filings/*/")


def test_j_and_k_are_letters_where_one_types(visit):
    page = visit("/")
    page.locator("#search").focus()
    page.keyboard.type("jk/?")
    expect(page.locator("#search")).to_have_value("jk/?")


def test_the_keys_walk_the_lines_of_a_filing(visit):
    page = visit(FILING)
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#I-t-2"


def test_the_document_as_received_opens_as_text_and_runs_nothing(visit):
    page = visit(FILING)
    page.locator("a", has_text="the document as received").click()
    page.wait_for_url("**/document.txt")
    assert page.evaluate("document.contentType") == "text/plain"
    expect(page.locator("pre")).to_contain_text("<ownershipDocument>")


@script
def test_paper_gets_the_form_alone(visit, script):
    page = visit(FILING, java_script_enabled=script)
    page.emulate_media(media="print")
    for gone in (".masthead", ".footer", ".skip"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.locator(".sheet")).to_be_visible()
    expect(page.locator(".notes")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
