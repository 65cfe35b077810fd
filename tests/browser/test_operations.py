"""/ops/ in a real browser: accessible in every state, no wider than its screen, worked by keys and without script."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings as site
from django.utils import timezone

from filings.models import (
    Completeness,
    Difference,
    EdgarBudget,
    EdgarRefusal,
    FeedLook,
    Heartbeat,
    IndexDay,
    IngestStage,
    Stage,
)
from filings.ownership.calendar import business_days_after
from filings.services.heartbeat import beat
from filings.services.keep import Received
from filings.services.load import load_received
from tests.browser.looks import PHONE, WIDE, faults, troubles
from tests.pages.archive import accession

BAD = accession(900)


@pytest.fixture
def trouble(transactional_db, settings):
    """Something is wrong in every section."""
    settings.EDGAR_USER_AGENT = "Olive olive@example.test"
    now = timezone.now()
    day = business_days_after((now - timedelta(days=20)).date(), 1)
    load_received(received=[Received(BAD, b"<SEC-DOCUMENT>\nnot a form", "a test", Completeness.BARE_XML)])
    IngestStage.objects.create(
        accession=accession(1), stage=Stage.SEEN, due_at=now - timedelta(minutes=9), seen_at=now, changed_at=now,
        form="4", cik="1", listed_on=day, lane="live", attempts=2, note="status 503",
    )  # fmt: skip
    IndexDay.objects.create(day=day, looked_at=now, read_at=now, forms="3,4,5", listed=1)
    gap = business_days_after(day, 1)
    IndexDay.objects.create(day=gap, looked_at=now, due_at=now, reason="EDGAR lists no index of this day (yet)")
    FeedLook.objects.create(form="4", looked_at=now, read_at=now - timedelta(minutes=9), reason="x" * 200)
    EdgarBudget.objects.create(next_slot_at=now, refused_until=now + timedelta(minutes=5))
    EdgarRefusal.objects.create(
        refused_at=now, until=now, reason="Undeclared", address="https://x.example/" + "y" * 200
    )
    Difference.objects.create(index="2026Q3", accession=BAD, kind="vanished", explanation="z", found_at=now)
    beat(name=Heartbeat.CLOCK, now=now - timedelta(minutes=9))
    return gap


@pytest.fixture
def staff(visit, client, sue, live_server):
    """Opens a page as staff: with the session of a log-in that the test client made."""

    def open_page(address, **how):
        client.force_login(sue)
        session = client.cookies[site.SESSION_COOKIE_NAME].value
        page = visit("/", **how)
        page.context.add_cookies([{"name": site.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page.goto(address)
        return page

    return open_page


def test_it_is_sound_on_any_screen_and_in_any_colours_whatever_is_wrong(staff, trouble):
    assert troubles(staff("/healthz"), f"/ops/?month={trouble.month}&year={trouble.year}") == []


def test_nothing_is_wrong_with_it_while_its_details_are_open(staff, trouble):
    page = staff(f"/ops/?month={trouble.month}&year={trouble.year}", viewport=PHONE)
    page.locator("summary").first.click()
    assert faults(page) == []


def test_it_is_sound_where_there_is_nothing(staff, transactional_db):
    assert troubles(staff("/healthz"), "/ops/") == []


def test_the_banner_is_sound_on_any_screen_and_in_any_colours(visit, trouble):
    page = visit("/")
    assert page.locator(".stale").is_visible()
    assert troubles(page, "/") == []


@pytest.mark.parametrize(("viewport", "down"), [(WIDE, True), (PHONE, False)], ids=["wide", "phone"])
def test_months_are_rows_and_on_a_phone_columns(staff, trouble, viewport, down):
    page = staff("/ops/", viewport=viewport)
    first, second = (page.locator(".year tbody th").nth(place).bounding_box() for place in (0, 1))
    assert (second["y"] > first["y"], second["x"] > first["x"]) == (down, not down)
    marks = page.locator(".year td.day")
    assert marks.count() == 12 * 31
    assert all(marks.nth(place).bounding_box()["width"] >= 12 for place in (0, 200, 371))


def test_the_whole_calendar_is_reached_and_opened_by_keys(staff, trouble):
    page = staff("/ops/")
    page.locator(".year tbody th a").first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith("Feb")
    page.keyboard.press("Enter")
    page.wait_for_url("**month=2**")
    assert page.locator("#days").get_attribute("open") is not None


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_button_takes_a_filing_out_of_quarantine(staff, trouble, script):
    page = staff("/ops/", java_script_enabled=script)
    page.get_by_role("button", name=f"Retry {BAD}").click()
    page.wait_for_url("**/ops/")
    assert page.get_by_text(f"{BAD} will be read again").is_visible()
    assert IngestStage.objects.get(accession=BAD).stage == Stage.FETCHED
