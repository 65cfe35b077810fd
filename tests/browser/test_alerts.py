"""How one is told, in a browser: the pages of channels, the inbox and the keys, on any screen."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from playwright.sync_api import expect

from accounts.delivery.plan import PACE
from accounts.models import ApiKey, Delivery
from accounts.services import channels, keys, outbox
from accounts.services.sending import send_owed
from tests.accounts.sending.sink import listening
from tests.browser.conftest import logged_in
from tests.browser.looks import PHONE, WIDE, troubles


@pytest.fixture(autouse=True)
def no_tries_yet(transactional_db):
    cache.clear()


def tell(channel, subject):
    return outbox.owe(
        channel=channel,
        event="ScreenMatched",
        subject_key=subject,
        payload={"Screen": "Officers who bought", "Filing": subject},
        title="Officers who bought: Anvil Works, Inc. (Demo)",
        text="Halloran Maeve, chief executive, bought 12,000 shares for $318,000 on 25 November 2026.",
        link="/codes/P/",
    )


@pytest.fixture
def told(olive, settings):
    """A webhook that took one delivery, refused another and was then stopped, a mailbox, and an inbox."""
    settings.WEBHOOK_ALLOW_PRIVATE = True
    EmailAddress.objects.create(user=olive, email=olive.email, verified=True, primary=True)
    channels.mailbox_of(olive)
    with listening() as sink:
        hook = channels.open_webhook(user=olive, url=sink.url, event_types=["ClusterBuy"], name="My program").channel
        tell(hook, "first")
        send_owed()
        sink.answer = lambda got, handler: 410
        tell(hook, "second")
        send_owed(pace=PACE, seconds=3)
    for subject in ("first", "second"):
        tell(channels.inbox_of(olive), subject)
    keys.call(keys.make(user=olive, name="Notebook").secret)
    return hook


def test_the_pages_of_alerts_and_keys_are_sound_on_any_screen_and_in_any_colours(visit, client, olive, told):
    failed = Delivery.objects.filter(channel=told, status="failed").first()
    addresses = [
        "/alerts/", f"/alerts/channels/{told.uid}/", f"/alerts/deliveries/{failed.uid}/", "/alerts/inbox/",
        "/alerts/channels/new/webhook/", "/alerts/channels/new/email/", "/alerts/channels/new/chat/", "/account/keys/",
    ]  # fmt: skip
    page = visit("/healthz", storage_state=logged_in(client, olive))
    for address in addresses:
        assert troubles(page, address) == [], address
        assert page.url.endswith(address), address


def test_the_log_is_filtered_in_place_and_the_address_says_so(visit, client, olive, told):
    page = visit(f"/alerts/channels/{told.uid}/", storage_state=logged_in(client, olive))
    rows = page.locator("#log tbody tr")
    expect(rows).to_have_count(2)
    page.select_option("#status", "missed")
    expect(rows).to_have_count(1)
    assert "status=missed" in page.url
    page.reload()
    expect(rows).to_have_count(1)


def test_on_a_phone_each_choice_of_the_log_stands_beside_its_name_and_each_part_of_a_page_apart(
    visit, client, olive, told
):
    failed = Delivery.objects.filter(channel=told, status="failed").first()
    Delivery.objects.filter(channel=told, status="sent").update(
        status="owed", attempts=1, sent_at=None, due_at=datetime(2026, 11, 30, 10, 28, tzinfo=UTC)
    )
    page = visit(f"/alerts/channels/{told.uid}/", viewport=PHONE, storage_state=logged_in(client, olive))
    for name in ("Show", "Event"):
        whole, choice = (
            page.locator(".filters__one", has=page.get_by_label(name, exact=True)),
            page.get_by_label(name, exact=True),
        )
        assert whole.bounding_box()["height"] < 1.5 * choice.bounding_box()["height"]
    parts = [part.bounding_box() for part in page.locator("main section").all()]
    assert len(parts) == 4
    assert all(below["y"] - above["y"] - above["height"] >= 32 for above, below in pairwise(parts))
    again = page.locator("#log td[data-label=State]", has_text="again")
    assert again.evaluate("cell => cell.scrollWidth - cell.clientWidth") == 0
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.locator("#log .scroll").evaluate("table => table.scrollWidth - table.clientWidth") == 0
    page.goto(f"/alerts/deliveries/{failed.uid}/")
    for sent in page.locator("section pre").all():
        heading = sent.locator("xpath=../h2").bounding_box()
        assert sent.bounding_box()["y"] - heading["y"] - heading["height"] >= 12


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_secret_that_is_shown_once_is_seen_whole(visit, client, olive, told, viewport):
    page = visit("/account/keys/", viewport=viewport, storage_state=logged_in(client, olive))
    page.fill("#id_name", "Plain")
    page.get_by_role("button", name="Make the key").click()
    page.fill("#id_password", "olive's long password")
    page.get_by_role("button", name="Go on").click()
    secret = page.get_by_label("Plain")
    expect(secret).to_have_value(keys._KEY)
    for direction in ("Width", "Height"):
        assert secret.evaluate(f"box => box.scroll{direction} - box.client{direction}") == 0, direction


def test_without_script_a_key_is_made_and_an_item_of_the_inbox_read(visit, client, olive, told):
    page = visit("/account/keys/", storage_state=logged_in(client, olive), java_script_enabled=False)
    page.fill("#id_name", "Plain")
    page.get_by_role("button", name="Make the key").click()
    page.fill("#id_password", "olive's long password")  # a browser left open gives out no key
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("#secret")).to_have_value(keys._KEY)
    page.goto("/alerts/inbox/")
    expect(page.get_by_role("status").first).to_contain_text("unread")
    page.get_by_role("button", name="Read it").first.click()
    assert page.url.endswith("/codes/P/") or "/alerts/channels/" in page.url


def test_boxes_that_lack_a_tick_are_marked_as_any_field_is_and_say_so_to_who_cannot_see_it(visit, client, olive, told):
    page = visit("/alerts/channels/new/webhook/", storage_state=logged_in(client, olive))
    # Chromium's console calls a refused form a failure, which the test would take for one of the page.
    page.route("**/new/webhook/", lambda route: route.fulfill(response=route.fetch(), status=200))
    page.fill("#id_url", "https://93.184.215.14/hook")
    page.get_by_role("checkbox", checked=True).uncheck()
    page.get_by_role("button", name="Add it").click()
    boxes = page.get_by_role("group", name="Events")
    expect(boxes).to_have_accessible_description(re.compile("This field is required."))
    expect(boxes).to_have_css("border-inline-start-width", "4px")
    expect(boxes).to_have_css("border-block-start-width", "0px")


def test_keys_that_ended_stand_within_their_frame(visit, client, olive, told):
    keys.revoke(key=ApiKey.objects.get())
    page = visit("/account/keys/", storage_state=logged_in(client, olive))
    page.get_by_text("Keys that ended (1)").click()
    frame, item = page.locator("details.disclosure"), page.locator("details.disclosure li")
    expect(item).to_be_visible()
    assert item.bounding_box()["x"] - frame.bounding_box()["x"] > 10
