"""What we sign, foreign libraries verify: Standard Webhooks' own, Svix's, and the helper of the peer's client."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from form4api import verify_webhook
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError
from svix.webhooks import Webhook as SvixWebhook
from svix.webhooks import WebhookVerificationError as SvixRefused

from accounts.delivery import webhook as signed
from accounts.models import Channel
from accounts.services import channels
from accounts.services.sending import send_owed
from tests.accounts.sending.conftest import QUICK, owe

SECRET = signed.new_secret()
BODY = '{"Words":"Ünï \N{SNOWMAN}","Number":1}'.encode()
HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


def headers(body=BODY, secret=SECRET, at=None):
    return signed.standard_headers([secret], "msg_1", at or datetime.now(UTC), body)


def accepted(body, given_headers, secret=SECRET):
    try:
        Webhook(secret).verify(body, given_headers, json_parse=False)
        ours = True
    except (WebhookVerificationError, ValueError):
        ours = False
    try:
        SvixWebhook(secret).verify(body, {k.replace("webhook-", "svix-"): v for k, v in given_headers.items()})
        svix = True
    except (SvixRefused, ValueError):
        svix = False
    assert ours == svix
    return ours


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none(), max_size=5))
@settings(max_examples=100, deadline=None)
def test_every_payload_verifies_with_all_three(payload):
    body = json.dumps(payload, ensure_ascii=False).encode("utf-8", "surrogatepass")
    try:
        body.decode()
    except UnicodeDecodeError:
        return  # such a payload cannot be owed
    assert accepted(body, headers(body))
    assert verify_webhook(body, signed.peer_signature(SECRET, body), SECRET)


@given(st.data())
@settings(max_examples=1000, deadline=None)
def test_one_changed_byte_anywhere_is_refused(data):
    sent = headers()
    where = data.draw(st.sampled_from(["body", *HEADERS]))
    if where == "body":
        at = data.draw(st.integers(0, len(BODY) - 1))
        changed = BODY[:at] + bytes([BODY[at] ^ data.draw(st.integers(1, 127))]) + BODY[at + 1 :]
        try:
            changed.decode()
        except UnicodeDecodeError:
            return
        assert not accepted(changed, sent)
        assert not verify_webhook(changed, signed.peer_signature(SECRET, BODY), SECRET)
        return
    words = sent[where]
    start = 3 if where == "webhook-signature" else 0
    end = len(words) - (2 if where == "webhook-signature" else 1)  # the last digit of base64 has idle bits
    at = data.draw(st.integers(start, end))
    letters = "0123456789" if where == "webhook-timestamp" else "abcXYZ0"
    drawn = data.draw(st.integers(0, len(letters) - 1))
    # The moment of signing differs from run to run, so what is drawn must not depend on it.
    letter = letters[drawn] if letters[drawn] != words[at] else letters[drawn - 1]
    if at == len(words) - 2 and where == "webhook-signature":
        return
    assert not accepted(BODY, sent | {where: words[:at] + letter + words[at + 1 :]})


@pytest.mark.parametrize(("seconds", "taken"), [(-299, True), (295, True), (-301, False), (302, False)])
def test_a_receiver_can_tell_an_old_delivery_that_somebody_repeats(seconds, taken):
    assert accepted(BODY, headers(at=datetime.now(UTC) + timedelta(seconds=seconds))) is taken


def test_a_secret_has_256_random_bits_and_the_prefix_of_the_standard():
    secrets = {signed.new_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert all(secret.startswith("whsec_") and len(secret) == 50 for secret in secrets)


@pytest.mark.django_db
class TestChannels:
    def test_what_arrives_verifies_with_the_secret_that_was_shown(self, webhook, sink):
        owe(webhook.channel)
        send_owed(pace=QUICK, until_empty=True)
        (got,) = sink.got
        assert accepted(got.body, {name: got.headers[name] for name in HEADERS}, webhook.secret)
        assert verify_webhook(got.body, got.headers["x-insider-signature"], webhook.secret)

    def test_both_secrets_verify_for_a_day_after_a_change_and_then_the_new_one_alone(self, webhook, sink):
        new = channels.rotate_secret(channel=webhook.channel)
        owe(webhook.channel)
        send_owed(pace=QUICK, until_empty=True)
        Channel.objects.update(previous_until=timezone.now())
        owe(webhook.channel)
        send_owed(pace=QUICK, until_empty=True)
        during, after = sink.got
        for secret in (new, webhook.secret):
            assert accepted(during.body, {name: during.headers[name] for name in HEADERS}, secret)
        assert verify_webhook(during.body, during.headers["x-insider-signature"], new)
        assert verify_webhook(during.body, during.headers["x-insider-signature-previous"], webhook.secret)
        assert accepted(after.body, {name: after.headers[name] for name in HEADERS}, new)
        assert not accepted(after.body, {name: after.headers[name] for name in HEADERS}, webhook.secret)
        assert "x-insider-signature-previous" not in after.headers

    def test_nothing_secret_stands_in_the_database_in_clear(self, olive, sink):
        opened = channels.open_webhook(
            user=olive, url=sink.url, event_types=["ClusterBuy"], auth_header=("X-Mine", "my very own words")
        )
        channels.rotate_secret(channel=opened.channel)
        with connection.cursor() as cursor:
            cursor.execute("SELECT row_to_json(c)::text FROM accounts_channel c")
            stored = "".join(row for (row,) in cursor.fetchall())
        assert "whsec_" not in stored
        assert opened.secret.removeprefix("whsec_") not in stored
        assert "my very own words" not in stored

    def test_a_changed_sealing_key_breaks_no_signature_and_the_old_one_can_go(self, webhook, sink, settings):
        old = settings.SEALING_KEYS
        settings.SEALING_KEYS = ["n" * 50, *old]
        owe(webhook.channel)
        assert send_owed(pace=QUICK, until_empty=True).sent == 1
        assert channels.reseal_all() == 1
        settings.SEALING_KEYS = ["n" * 50]
        owe(webhook.channel)
        assert send_owed(pace=QUICK, until_empty=True).sent == 1
        assert all(verify_webhook(got.body, got.headers["x-insider-signature"], webhook.secret) for got in sink.got)

    def test_a_lost_sealing_key_holds_deliveries_back_and_blames_nobody(self, webhook, sink, settings, caplog):
        delivery = owe(webhook.channel)
        settings.SEALING_KEYS = ["n" * 50]
        report = send_owed(pace=QUICK, until_empty=True)
        assert (report.again, sink.got) == (1, [])
        delivery.refresh_from_db()
        assert (delivery.status, delivery.attempts) == ("owed", 0)
        webhook.channel.refresh_from_db()
        assert webhook.channel.failing_since is None

    def test_the_receivers_own_header_goes_with_it(self, olive, sink):
        opened = channels.open_webhook(
            user=olive, url=sink.url, event_types=["ClusterBuy"], auth_header=("Authorization", "Bearer abc")
        )
        owe(opened.channel)
        send_owed(pace=QUICK, until_empty=True)
        assert sink.got[0].headers["authorization"] == "Bearer abc"

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("Host", "x"), ("content-length", "5"), ("X-Insider-Signature", "x"), ("webhook-id", "x"), ("X Y", "x"),
            ("X-A:", "x"), ("", "x"), ("X-A", ""), ("X-A", "a\r\nX-B: c"), ("X-A\r\nX-B", "a"), ("X-A", "a\nb"),
            ("X-A", "ü"), ("X-A", "a\x00"), ("Transfer-Encoding", "chunked"), ("X-Forwarded-For", "127.0.0.1"),
            ("X-A", " leading"), ("Cookie", "a=b"),
        ],
    )  # fmt: skip
    def test_a_header_that_would_change_the_message_is_refused(self, olive, sink, name, value):
        with pytest.raises(channels.ChannelRefused):
            channels.open_webhook(user=olive, url=sink.url, event_types=["ClusterBuy"], auth_header=(name, value))
        assert not Channel.objects.exists()


def test_a_body_that_cannot_be_text_is_no_body():
    with pytest.raises(UnicodeDecodeError):
        asyncio.run(asyncio.sleep(0, signed.standard_headers([SECRET], "m", datetime.now(UTC), b"\xff")))
