"""Mails: one a delivery, twenty an hour and then all in one; stopped by one click, and by no scanner."""

from __future__ import annotations

import asyncio
import re
import socket
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from allauth.account.models import EmailAddress
from django.core import mail, signing
from django.template import Context, Template
from django.test import Client
from django.utils import timezone

from accounts.delivery import email
from accounts.delivery.plan import MAILS_AN_HOUR
from accounts.models import Channel, Delivery, DeliveryStatus
from accounts.services import channels
from accounts.services.claiming import begin, claim, recover
from accounts.services.sending import send_owed
from tests.accounts.sending.conftest import QUICK, owe

pytestmark = [pytest.mark.db_and_celery, pytest.mark.django_db]


@pytest.fixture
def mailbox(olive):
    EmailAddress.objects.create(user=olive, email=olive.email, verified=True, primary=True)
    return channels.open_email(user=olive, address=olive.email)


class Keeper:
    """What a mail server got, and what it says to a command where the test wants something else than yes."""

    def __init__(self):
        self.got, self.says = [], {}

    async def handle_RCPT(  # noqa: N802
        self, server, session, envelope, address, options
    ):
        if "RCPT" in self.says:
            return self.says["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server, session, envelope
    ):
        self.got.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.says.get("DATA") == "hang":
            await asyncio.sleep(1.5)
        return self.says.get("DATA", "250 OK").replace("hang", "250 OK")


@pytest.fixture
def mail_server(settings):
    keeper = Keeper()
    controller = Controller(keeper, hostname="127.0.0.1", port=0)
    controller.port = free_port()
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", controller.port, 1
    yield keeper
    controller.stop()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def send(**options):
    return send_owed(pace=QUICK, **({"until_empty": True} | options))


def test_a_mail_has_text_html_a_stable_id_and_a_way_out(mailbox, mail_server, settings):
    html = Template("<p>{{ name }} bought</p>").render(Context({"name": "<b>Stranger & Co</b>"}))
    delivery = owe(mailbox, html=html)
    assert send().sent == 1
    (message,) = mail_server.got
    assert message["To"] == mailbox.address
    assert message["Subject"] == delivery.title
    assert message["Message-ID"] == email.message_id(delivery)
    assert message["Message-ID"].startswith(f"<{delivery.uid.hex}@")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = message.get_body(("plain",)).get_content()
    page = message.get_body(("html",)).get_content()
    assert delivery.text in text
    assert f"{settings.BASE_URL}/filings/" in text
    assert "&lt;b&gt;Stranger &amp; Co&lt;/b&gt; bought" in page
    link = re.fullmatch(r"<(.+)>", message["List-Unsubscribe"].replace("\n", "").replace(" ", ""))[1]
    assert link in text.replace("=\n", "")
    assert "<script" not in page
    assert "<style" not in page


@pytest.mark.parametrize(
    "title",
    [
        "Evil\r\nBcc: victim@example.test",
        "a\nb",
        "a\x00b",
        "tab\there",
        "\N{LINE SEPARATOR}x\x85y",
        "x" * 5000,
        "\x7f\x1b[31m",
    ],
)
def test_a_name_from_a_filing_begins_no_header_and_stops_no_mail(mailbox, mail_server, title):
    owe(mailbox, title=title, text=f"{title}\r\n.\r\nMAIL FROM:<x>")
    assert send().sent == 1
    (message,) = mail_server.got
    assert message["Bcc"] is None
    assert len(message["Subject"].strip()) <= email.LONGEST_SUBJECT
    assert len(mail_server.got) == 1


def test_opening_the_link_changes_nothing_and_one_click_stops_the_mails(mailbox):
    stranger = Client(enforce_csrf_checks=True)
    link = email.unsubscribe_url(mailbox).split("/", 3)[3]
    for _ in range(3):
        page = stranger.get(f"/{link}")
        assert page.status_code == 200
        stranger.head(f"/{link}")
        mailbox.refresh_from_db()
        assert mailbox.is_active
    assert mailbox.address not in page.content.decode()
    answer = stranger.post(f"/{link}", {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    mailbox.refresh_from_db()
    assert (mailbox.state, mailbox.stopped_reason) == ("stopped", "unsubscribed")
    assert "No more mails" in stranger.get(f"/{link}").content.decode()
    owe(mailbox)
    assert send().sent == 0


def test_the_link_of_one_channel_stops_no_other_and_a_made_up_one_none(mailbox, olive, sink):
    hook = channels.open_webhook(user=olive, url=sink.url, event_types=["ClusterBuy"]).channel
    link = email.unsubscribe_url(mailbox).split("/", 3)[3]
    wrong = link[:-2] + ("AA/" if not link.endswith("AA/") else "BB/")
    assert Client().post(f"/{wrong}").status_code == 404
    other = signing.Signer(salt=email.UNSUBSCRIBE_SALT).sign(hook.uid.hex)
    assert Client().post(f"/alerts/unsubscribe/{other}/").status_code == 404
    assert Channel.objects.filter(state="active").count() == 2


def test_only_confirmed_addresses_of_ones_own_can_be_told(olive, stan):
    EmailAddress.objects.create(user=stan, email=stan.email, verified=True, primary=True)
    EmailAddress.objects.create(user=olive, email=olive.email, verified=False, primary=True)
    for address in (olive.email, stan.email, "nobody@example.test"):
        with pytest.raises(channels.ChannelRefused):
            channels.open_email(user=olive, address=address)
    assert channels.mailbox_of(olive) is None


def test_an_address_that_is_no_longer_confirmed_is_told_nothing_more(mailbox, olive):
    owe(mailbox)
    EmailAddress.objects.filter(user=olive).update(verified=False)
    send()
    assert mail.outbox == []
    mailbox.refresh_from_db()
    assert mailbox.state == "stopped"


def test_twenty_mails_an_hour_and_then_the_rest_in_one(mailbox):
    began = timezone.now() + timedelta(seconds=1)
    for _ in range(MAILS_AN_HOUR + 30):
        owe(mailbox)
    for second in range(40):
        send(now=began + timedelta(seconds=second))
    assert len(mail.outbox) == MAILS_AN_HOUR
    assert send(now=began + timedelta(minutes=59)).sent == 0
    send(now=began + timedelta(minutes=61))
    assert len(mail.outbox) == MAILS_AN_HOUR + 1
    digest = mail.outbox[-1]
    assert digest.subject.startswith("30 alerts, among them: ")
    waiting = Delivery.objects.order_by("pk")[MAILS_AN_HOUR:]
    assert all(delivery.text in digest.body for delivery in waiting)
    assert {delivery.status for delivery in Delivery.objects.all()} == {DeliveryStatus.SENT}
    assert Delivery.objects.filter(carried_by__isnull=False).count() == 29
    assert send(now=began + timedelta(minutes=62)).sent == 0


def test_a_digest_that_failed_is_the_same_digest_again(mailbox, mail_server):
    began = timezone.now()
    first = owe(mailbox, now=began)
    for _ in range(4):
        owe(mailbox, now=began)
    Channel.objects.update(digesting=True)
    mail_server.says["DATA"] = "451 try later"
    assert send(now=began + timedelta(seconds=1)).again == 1
    owe(mailbox, now=began)
    mail_server.says.clear()
    Delivery.objects.exclude(pk=first.pk).filter(carried_by__isnull=True).update(due_at=began + timedelta(hours=2))
    send(now=began + timedelta(minutes=10))
    one, two = mail_server.got
    assert one["Message-ID"] == two["Message-ID"] == email.message_id(first)
    assert one["Subject"] == two["Subject"]
    assert one.get_body(("plain",)).get_content() == two.get_body(("plain",)).get_content()
    assert Delivery.objects.filter(status="sent").count() == 5


def test_the_cap_is_the_persons_whatever_the_number_of_their_addresses(mailbox, olive):
    EmailAddress.objects.create(user=olive, email="second@example.test", verified=True)
    second = channels.open_email(user=olive, address="second@example.test")
    began = timezone.now() + timedelta(seconds=1)
    for _ in range(15):
        owe(mailbox)
        owe(second)
    for second_ in range(40):
        send(now=began + timedelta(seconds=second_))
    assert len(mail.outbox) == MAILS_AN_HOUR


def test_a_mail_whose_fate_is_unknown_is_sent_once_more_and_then_left(mailbox):
    """Killed between the server's 250 and our commit, twice."""
    delivery = owe(mailbox)
    ids, moment = [], timezone.now()
    for _ in range(2):
        (held,) = claim(room=1, troubled_room=1, pace=QUICK, now=moment)
        begin([held.token], now=moment)
        ids.append(email.message(held.channel, held.deliveries).extra_headers["Message-ID"])
        moment += timedelta(seconds=61)
        assert recover(now=moment) == 1
    assert claim(room=1, troubled_room=1, pace=QUICK, now=moment + timedelta(days=1)) == []
    delivery.refresh_from_db()
    assert (delivery.status, delivery.due_at, delivery.unknowns) == (DeliveryStatus.UNKNOWN, None, 2)
    assert len(set(ids)) == 1
    assert channels.replay(channel=mailbox, since=delivery.made_at) == 1


@pytest.mark.parametrize(
    ("says", "status", "state"),
    [
        ({"RCPT": "450 greylisted"}, "owed", "active"),
        ({"RCPT": "550 no such user"}, "failed", "stopped"),
        ({"DATA": "451 busy"}, "owed", "active"),
        ({"DATA": "554 looks like spam"}, "failed", "active"),
        ({"DATA": "hang"}, "owed", "active"),
    ],
)
def test_what_a_mail_server_says_is_heeded(mailbox, mail_server, says, status, state):
    mail_server.says = says
    delivery = owe(mailbox)
    send()
    delivery.refresh_from_db()
    mailbox.refresh_from_db()
    assert (delivery.status, mailbox.state) == (status, state)


def test_a_mail_server_that_is_away_is_the_sites_trouble_and_costs_no_try(mailbox, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    delivery = owe(mailbox)
    send()
    delivery.refresh_from_db()
    mailbox.refresh_from_db()
    assert (delivery.status, delivery.attempts, mailbox.failing_since) == ("owed", 0, None)
