"""An issuer's page and what stands around it, over the demo archive, on any screen, with script and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from filings.models import Filing
from tests.browser.conftest import logged_in
from tests.browser.looks import troubles, unseen_focus
from tests.pages.demo import accessions_of

pytestmark = pytest.mark.usefixtures("demo_site")
script = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
ISSUER = "/issuers/QLMKDEMO/"
PAGES = (
    "/", ISSUER, "/issuers/VRLNDEMO/?show=lines", "/issuers/HLDNDEMO/", "/issuers/HSKWDEMO/", "/issuers/BXIFDEMO/",
    "/codes/", "/codes/S/",
)  # fmt: skip


def test_every_page_of_the_demo_is_sound_on_any_screen_and_in_any_colours(visit):
    group, chain = accessions_of("group_too_large_for_one_form")[0], accessions_of("fund_chain_reports_twice")[0]
    page = visit("/healthz")
    found = {address: troubles(page, address) for address in (*PAGES, f"/filings/{group}/", f"/filings/{chain}/")}
    assert {address: each for address, each in found.items() if each} == {}


@script
def test_the_tabs_show_filings_and_lines_in_place(visit, script):
    page = visit(ISSUER, java_script_enabled=script)
    page.locator("#show-lines").click()
    page.wait_for_url("**/?show=lines*")
    expect(page.locator("#filings table")).to_be_visible()
    expect(page.locator("#show-lines")).to_have_attribute("aria-current", "true")
    page.locator("#show-filings").click()
    expect(page.locator("#filings .entry").first).to_be_visible()


def test_after_a_swap_the_focus_is_where_it_was_and_one_can_go_back(visit):
    page = visit(ISSUER)
    page.locator("#show-lines").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#filings table")).to_be_visible()
    expect(page.locator("#show-lines")).to_be_focused()
    page.go_back()
    expect(page.locator("#filings .entry").first).to_be_visible()
    expect(page.locator("h1")).to_contain_text("Quillmark Robotics Inc. (Demo)")


@script
def test_the_numbers_behind_a_chart_open_and_a_mark_leads_to_its_filing(visit, script):
    page = visit(ISSUER, java_script_enabled=script)
    numbers = page.locator("#trades-numbers")
    expect(numbers.locator("table").first).to_be_hidden()
    numbers.locator("summary").first.click()
    expect(numbers.locator("table").first).to_be_visible()
    page.locator("#trades .chart__form:visible a.mark").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/filings/9990000001-*/")


def test_whoever_follows_by_keyboard_stays_on_the_button(visit, client, olive):
    page = visit(ISSUER, storage_state=logged_in(client, olive))
    for pressed, then in (("Follow", "Follow no more"), ("Follow no more", "Follow")):
        page.get_by_role("button", name=pressed, exact=True).press("Enter")
        expect(page.get_by_role("button", name=then, exact=True)).to_be_focused()


def test_every_stop_of_the_keyboard_is_seen(visit):
    page = visit(ISSUER)
    assert unseen_focus(page, 30) == []
    page.goto("/")
    assert unseen_focus(page, 30) == []


def test_home_says_at_once_what_is_invented_and_shows_who_traded(visit):
    page = visit("/", viewport={"width": 1280, "height": 720})
    notice = page.locator(".notice", has_text="Demonstration.")
    expect(notice).to_be_in_viewport()
    expect(page.locator(".freshness")).to_be_in_viewport()
    expect(page.locator("#lately .chart__form:visible a.mark").first).to_be_visible()


@script
def test_the_filing_prints_as_a_form_and_nothing_else(visit, script):
    accession = Filing.objects.latest_first().first().accession
    page = visit(f"/filings/{accession}/", java_script_enabled=script)
    page.emulate_media(media="print")
    for gone in (".masthead", ".footer", ".skip"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.locator(".sheet")).to_be_visible()
    expect(page.locator(".notice", has_text="Invented.")).to_be_visible()
    sheet = page.pdf(prefer_css_page_size=True)
    assert sheet.startswith(b"%PDF")
    assert sheet.count(b"/Type /Page\n") <= 4
