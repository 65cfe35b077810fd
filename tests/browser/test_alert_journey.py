"""The whole way of somebody who wants to be told: from opening an account to the mail, and out of it again.

With script and a passkey, and without both. The workers' services run here, in the order in which workers ring them.
"""

from __future__ import annotations

import email
import json
import os
import re
from datetime import date, timedelta
from decimal import Decimal
from email import policy
from email.message import EmailMessage
from pathlib import Path
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.utils import timezone
from form4api import verify_webhook
from playwright.sync_api import Page, expect
from standardwebhooks import Webhook

from accounts.services.evaluate import evaluate_owed
from accounts.services.live_screens import live
from accounts.services.sending import send_owed
from filings.models import Completeness
from filings.services.keep import Received
from filings.services.load import load_received
from signals.services.read import read_all_owed
from tests.accounts.conftest import mail_folder, mails  # noqa: F401
from tests.accounts.screens_archive import bought
from tests.accounts.sending.sink import Got, listening
from tests.accounts.test_journeys import ANNS, CODE, NEW
from tests.browser.looks import PHONE, WIDE, faults, overhang
from tests.browser.test_passkeys import DEVICE
from tests.filings.services.papers import accession, submission, xml

PICTURES = os.environ.get("PICTURES")  # a folder for screenshots, for whoever wants to look with their own eyes
ways = pytest.mark.parametrize(
    ("script", "viewport", "scheme"),
    [(True, WIDE, "light"), (True, PHONE, "dark"), (False, WIDE, "light")],
    ids=["wide-light", "phone-dark", "no-script"],
)


@pytest.fixture(autouse=True)
def nothing_remembered(transactional_db, settings, live_server):
    cache.clear()
    live.forget()
    settings.WEBHOOK_ALLOW_PRIVATE = True
    settings.BASE_URL = live_server.url  # the links in mails lead here


@ways
def test_from_an_account_to_an_alert_and_out_of_it_again(visit, mails, mail_folder, script, viewport, scheme):  # noqa: F811
    publish(1, days_ago=10)  # so that there is something to find before the screen is kept
    page = visit("/account/signup/", viewport=viewport, color_scheme=scheme, java_script_enabled=script)
    sign_up(page, mails)
    if script:
        add_a_passkey(page)
    keep_a_screen(page, script)
    with listening() as sink:
        secret = add_a_webhook(page, sink.url)
        publish(2, shares=40_000)
        work()
        (got,) = sink.got
        assert told(got, secret) == f"{accession(2)} 1"
        (mail,) = alerts_in(mail_folder)
        read_why(page, mail)
        unsubscribe(page, mail, script)
        publish(3, shares=50_000)
        work()
        assert [told(each, secret) for each in sink.got] == [f"{accession(2)} 1", f"{accession(3)} 1"]
    assert [each["Message-ID"] for each in alerts_in(mail_folder)] == [mail["Message-ID"]]
    page.goto("/alerts/inbox/")
    expect(page.get_by_role("status").first).to_contain_text("2 unread")
    looked_at(page, "inbox")


def looked_at(page: Page, name: str) -> None:
    if not page.evaluate("matchMedia('(scripting: enabled)').matches"):
        return  # axe would wait for ever; the same pages are looked at with script
    if PICTURES:
        dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        page.screenshot(path=Path(PICTURES) / f"{name}-{'phone-dark' if dark else 'wide-light'}.png", full_page=True)
    assert faults(page) == [], page.url
    assert overhang(page) == 0, page.url


def sign_up(page: Page, mails) -> None:  # noqa: F811
    page.fill("#id_email", NEW)
    page.fill("#id_password1", ANNS)
    page.get_by_role("button", name="Open the account").click()
    page.wait_for_url("**/account/confirm-email/")
    looked_at(page, "code")
    (mail,) = mails()
    page.fill("#id_code", CODE.search(mail.text)[1])
    page.get_by_role("button", name="Confirm the address").click()
    page.wait_for_url("**/account/")
    looked_at(page, "account")


def add_a_passkey(page: Page) -> None:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.goto("/account/security/webauthn/add/")
    page.fill("#id_password", ANNS)  # once more, before anything that opens the account
    page.get_by_role("button", name="Go on").click()
    page.fill("#id_name", "Kitchen laptop")
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url("**/account/security/recovery-codes/")
    page.goto("/account/security/")
    expect(page.locator(".thing strong")).to_have_text("Kitchen laptop")


def keep_a_screen(page: Page, script: bool) -> None:
    page.goto("/screen/")
    page.select_option("select[name=side]", "bought")
    page.fill("input[name=min_value]", "10000")
    if script:
        page.wait_for_url("**/screen/?side=bought&min_value=10000")  # pushed as the criteria change
    else:
        page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".tools strong")).to_have_text("1 trade")
    looked_at(page, "screen")
    page.get_by_role("link", name="Save this screen").click()
    expect(page.locator("main")).to_contain_text("Last 90 days: 1 hit")
    looked_at(page, "save")
    page.fill("#id_name", "Anybody who bought")
    page.get_by_label("at once").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile(r"/screens/[0-9a-f-]{36}/$"))
    expect(page.locator("main")).to_contain_text("Nothing yet.")
    looked_at(page, "kept")


def add_a_webhook(page: Page, url: str) -> str:
    """The secret, as it is shown this once."""
    page.goto("/alerts/")
    page.get_by_role("link", name="Add a webhook").click()
    page.fill("#id_url", url)
    looked_at(page, "webhook")
    page.get_by_role("button", name="Add it").click()
    secret = page.locator("#secret").input_value()
    looked_at(page, "secret")
    return secret


def publish(number: int, *, shares: int = 2_000, days_ago: int = 0) -> None:
    """A purchase that is accepted a moment from now, or days ago."""
    moment = timezone.now() - timedelta(days=days_ago) + timedelta(seconds=2)
    eastern = moment.astimezone(ZoneInfo("America/New_York"))
    day: date = eastern.date()
    lines = [bought(shares, transaction_date=day - timedelta(days=1), shares_owned_following=Decimal(90_000))]
    content = submission(number, xml(lines=lines, period=lines[0].transaction_date), filed=day,
                         accepted=f"{eastern:%Y%m%d%H%M%S}")  # fmt: skip
    load_received(received=[Received(accession(number), content, "tests", Completeness.ACCEPTED)])
    assert not read_all_owed().failed


def work() -> None:
    assert not evaluate_owed().left
    send_owed()  # and waits for the pace of a channel that was sent to a moment ago


def told(got: Got, secret: str) -> str:
    """What the webhook tells of, once both of its signatures hold and neither holds for other bytes."""
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    Webhook(secret).verify(got.body, {name: got.headers[name] for name in names})
    signature = got.headers["x-insider-signature"]
    assert verify_webhook(got.body, signature, secret)
    assert not verify_webhook(got.body + b" ", signature, secret)
    assert got.headers["x-event-type"] == "ScreenMatched"
    (match,) = json.loads(got.body)["matches"]
    return match["subject"]


def alerts_in(folder: Path) -> list[EmailMessage]:
    """The mails that can be unsubscribed from; those about the account cannot."""
    kept = [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(folder.glob("*.eml"))]
    return [mail for mail in kept if mail["List-Unsubscribe"]]


def read_why(page: Page, mail: EmailMessage) -> None:
    text = mail.get_body(("plain",)).get_content()
    assert mail["To"] == NEW
    assert "You are told because your screen “Anybody who bought” asks for:\nBought, for $10,000 or more." in text
    assert f"/filings/{accession(2)}/#I-t-1" in text
    page.goto(re.search(r"http://\S+/screens/\S+", text)[0])
    expect(page.locator("main")).to_contain_text("Bought, for $10,000 or more.")
    expect(page.locator(".hits")).to_contain_text("bought 40,000")
    looked_at(page, "why")
    page.locator(".hits a").click()
    page.wait_for_url(f"**/filings/{accession(2)}/#*")
    expect(page.locator("h1")).to_contain_text("bought 40,000")


def unsubscribe(page: Page, mail: EmailMessage, script: bool) -> None:
    """By the mail program, which brings no cookie (RFC 8058), or by the button of the page."""
    link = mail["List-Unsubscribe"].strip(" <>")
    if script:
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert urlopen(Request(link, b"List-Unsubscribe=One-Click")).status == 200
        page.goto(link)
    else:
        page.goto(link)
        page.get_by_role("button", name="Stop the mails").click()
    expect(page.locator("h1")).to_have_text("No more mails")
    looked_at(page, "unsubscribed")
